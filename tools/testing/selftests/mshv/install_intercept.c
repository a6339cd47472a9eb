// SPDX-License-Identifier: GPL-2.0
/* MSHV_INSTALL_INTERCEPT: what it accepts; what it causes is in exits_programmed.c. */
#include <errno.h>

#include "fixture.h"

static const struct { __u32 type, mask; } fitting[] = {
	{ INTERCEPT_PORT, ACCESS_READ | ACCESS_WRITE },
	{ INTERCEPT_MSR, ACCESS_READ | ACCESS_WRITE },
	{ INTERCEPT_CPUID, ACCESS_EXECUTE },
	{ INTERCEPT_EXCEPTION, ACCESS_EXECUTE },
};

#define VECTOR_UD	6

TEST_F(guest, each_type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fitting); i++) {
		__u64 parameter = fitting[i].type == INTERCEPT_EXCEPTION ? VECTOR_UD : 0;

		EXPECT_EQ(0, __intercept(self->guest.part, fitting[i].mask, fitting[i].type,
					 parameter)) TH_LOG("type %u", fitting[i].type);
	}
}

/* Again, off, and off once more */
TEST_F(guest, repeated_and_removed)
{
	size_t i;
	int j;

	for (i = 0; i < ARRAY_SIZE(fitting); i++) {
		__u64 parameter = fitting[i].type == INTERCEPT_EXCEPTION ? VECTOR_UD : 0;

		for (j = 0; j < 4; j++)
			EXPECT_EQ(0, __intercept(self->guest.part, j < 2 ? fitting[i].mask : 0,
						 fitting[i].type, parameter));
	}
}

/* Of all masks only the one of the type, and none at all */
TEST_F(guest, masks)
{
	size_t i;
	__u32 mask;

	for (i = 0; i < ARRAY_SIZE(fitting); i++) {
		for (mask = 1; mask < 16; mask++) {
			__u64 parameter = fitting[i].type == INTERCEPT_EXCEPTION ? VECTOR_UD : 0;

			if (mask == fitting[i].mask)
				continue;
			EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
				   __intercept(self->guest.part, mask, fitting[i].type, parameter))
				TH_LOG("type %u, mask %#x", fitting[i].type, mask);
		}
		EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
			   __intercept(self->guest.part, fitting[i].mask | 1u << 31,
				       fitting[i].type, 0));
	}
}

TEST_F(guest, types)
{
	/* The first four exist, but what they send is not for a VMM: a VP would wait for ever. */
	static const __u32 types[] = {
		4, 5, 7, 0xb, 0xc, 0xd, 0x20, 0x7fffffff, 0x80000002, 0xffffffff,
	};
	size_t i;
	__u32 mask;

	window_zero();
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (mask = 0; mask < 8; mask++)
			EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
				   __intercept(self->guest.part, mask, types[i], 0))
				TH_LOG("type %#x, mask %#x", types[i], mask);
	}
	EXPECT_EQ(0, window_calls(CALL_INSTALL_INTERCEPT));
}

/* No exception has a vector of 32 or more, and an NMI is none. */
TEST_F(guest, vectors)
{
	int part = self->guest.part;
	__u32 vector;

	for (vector = 0; vector < 32; vector++) {
		if (vector == 2)
			continue;
		EXPECT_EQ(0, __intercept(part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, vector))
			TH_LOG("vector %u", vector);
	}
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
		   __intercept(part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, 2));
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
		   __intercept(part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, 32));
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EINVAL,
		   __intercept(part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, 0xffff));
}

/* Of the parameter counts what the type has: clients leave the rest of the union as it was. */
TEST_F(guest, parameter_garbage)
{
	const __u64 garbage = 0x5a5a5a5a00000000;
	int part = self->guest.part;

	EXPECT_EQ(0, __intercept(part, 3, INTERCEPT_PORT, garbage | 0x5a5a0000 | 0x80));
	EXPECT_EQ(0, __intercept(part, 3, INTERCEPT_MSR, garbage));
	EXPECT_EQ(0, __intercept(part, 4, INTERCEPT_CPUID, garbage | 0x12345678));
	EXPECT_EQ(0, __intercept(part, 4, INTERCEPT_EXCEPTION, garbage | 0x5a5a0000 | VECTOR_UD));
}

TEST_F(guest, bad_pointer)
{
	int part = self->guest.part;
	__u8 *pages = pages_alloc(2 * GUEST_PAGE);

	ASSERT_EQ(0, munmap(pages + GUEST_PAGE, GUEST_PAGE));
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EFAULT,
		   ioctl(part, MSHV_INSTALL_INTERCEPT, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EFAULT,
		   ioctl(part, MSHV_INSTALL_INTERCEPT, pages + GUEST_PAGE - 15) ? -errno : 0);
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EFAULT,
		   ioctl(part, MSHV_INSTALL_INTERCEPT, -4096l) ? -errno : 0);
	munmap(pages, GUEST_PAGE);
}

/* A partition's own, and with exactly this size */
TEST_F(guest, wrong_fd_or_size)
{
	struct mshv_install_intercept args = { .access_type_mask = 3 };
	const int other[] = { self->guest.dev, self->guest.vp };
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(other); i++)
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_INSTALL_INTERCEPT, &args) ? -errno : 0);
	for (size = 0; size < 64; size++) {
		if (size == sizeof(args))
			continue;
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.part, _IOC(_IOC_WRITE, 0xb8, 8, size), &args) ?
			  -errno : 0);
	}
}

/* While a VP runs, from as early as there is a partition */
TEST_F(guest, running)
{
	struct guest *guest = &self->guest;
	struct runner r;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	EXPECT_EQ(0, __intercept(guest->part, ACCESS_EXECUTE, INTERCEPT_CPUID, 1));
	EXPECT_FALSE(runner_done(&r));
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
}

TEST_F(device, without_vp)
{
	int part = part_create(self->dev, 0);

	EXPECT_EQ(0, __intercept(part, ACCESS_EXECUTE, INTERCEPT_CPUID, 1));
	close(part);
}

/* More leaves than a page of any kind holds: refused at some point, and all gone at the end */
TEST_F(device, many_leaves)
{
	const __u32 most = rounds(5000, 1500);
	int part = part_create(self->dev, 0);
	int ret = 0;
	__u32 leaf;

	for (leaf = 0; leaf < most && !ret; leaf++)
		ret = __intercept(part, ACCESS_EXECUTE, INTERCEPT_CPUID, leaf);
	EXPECT_GT(leaf, 1000);
	EXPECT_TRUE(!ret || ret == -ENOTRECOVERABLE || ret == -ENOMEM || ret == -EINVAL);
	if (ret)
		EXPECT_EQ(0, __intercept(part, 0, INTERCEPT_CPUID, 0));
	close(part);
}

struct closer {
	pthread_t thread;
	int part;
};

static void *installer_main(void *arg)
{
	struct closer *c = arg;
	int ret;

	do {
		ret = __intercept(c->part, ACCESS_EXECUTE, INTERCEPT_CPUID, 1);
	} while (!ret);
	return (void *)(long)ret;
}

/* The fd is closed in the midst of it. */
TEST_F(device, concurrent_close)
{
	unsigned long n = rounds(50, 8), i;
	struct closer c;
	void *ret;

	random_init();
	for (i = 0; i < n; i++) {
		c.part = part_create(self->dev, 0);
		ASSERT_EQ(0, pthread_create(&c.thread, NULL, installer_main, &c));
		sleep_us(random_below(2000));
		close(c.part);
		pthread_join(c.thread, &ret);
		EXPECT_EQ(-EBADF, (long)ret);
	}
}

TEST_HARNESS_MAIN

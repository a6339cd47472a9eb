// SPDX-License-Identifier: GPL-2.0
/* MSHV_CREATE_VP: indices, errors, and the state a VP is born in. */
#include <errno.h>
#include <sys/resource.h>

#include "fixture.h"

FIXTURE(partition) {
	struct books books;
	int dev, part;
};

FIXTURE_SETUP(partition)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	self->dev = dev_open();
	self->part = part_create(self->dev, 0);
}

FIXTURE_TEARDOWN(partition)
{
	close(self->part);
	close(self->dev);
	EXPECT_TRUE(books_balanced(&self->books));
}

TEST_F(partition, works)
{
	int vp = vp_create(self->part, 0);

	EXPECT_EQ(1 + self->books.live[LIVE_VPS], window_live(LIVE_VPS));
	close(vp);
}

/* Each below the limit, in any order */
TEST_F(partition, indices)
{
	static const __u32 good[] = { MSHV_MAX_VPS - 1, 0, 128, 1 };
	static const __u32 bad[] = {
		MSHV_MAX_VPS, MSHV_MAX_VPS + 1, 0x10000, 0x7fffffff, 0xffffffff,
	};
	int fds[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_ERR(MSHV_CREATE_VP, EINVAL, __vp_create(self->part, bad[i]));
	for (i = 0; i < 4; i++)
		fds[i] = vp_create(self->part, good[i]);
	for (i = 0; i < 4; i++)
		EXPECT_ERR(MSHV_CREATE_VP, EEXIST, __vp_create(self->part, good[i]));
	for (i = 0; i < 4; i++)
		close(fds[i]);
	/* A VP lives as long as its partition: its index isn't free again. */
	for (i = 0; i < 4; i++)
		EXPECT_ERR(MSHV_CREATE_VP, EEXIST, __vp_create(self->part, good[i]));
}

/* The APIC id is the index: one byte, of which 255 is everybody. */
TEST_F(partition, indices_with_lapic)
{
	static const __u32 bad[] = { 255, 256, 257, 511, MSHV_MAX_VPS - 1, MSHV_MAX_VPS };
	struct lapic_state lapic;
	int part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED), vp;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_ERR(MSHV_CREATE_VP, EINVAL, __vp_create(part, bad[i]))
			TH_LOG("VP %u", bad[i]);
	EXPECT_EQ(self->books.live[LIVE_VPS], window_live(LIVE_VPS));
	vp = vp_create(part, 254);
	lapic_get(vp, &lapic);
	EXPECT_EQ(254u << 24, lapic.id);
	close(vp);
	/* What was refused has left nothing behind. */
	EXPECT_ERR(MSHV_CREATE_VP, EINVAL, __vp_create(part, 255));
	close(part);
}

TEST_F(partition, bad_pointer)
{
	EXPECT_ERR(MSHV_CREATE_VP, EFAULT, ioctl(self->part, MSHV_CREATE_VP, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_CREATE_VP, EFAULT, ioctl(self->part, MSHV_CREATE_VP, -4096l) ? -errno : 0);
}

/* Without a free file descriptor the index stays free. */
TEST_F(partition, no_descriptor_left)
{
	struct rlimit old, none;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = self->part + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERR(MSHV_CREATE_VP, EMFILE, __vp_create(self->part, 7));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	EXPECT_EQ(self->books.live[LIVE_VPS], window_live(LIVE_VPS));
	close(vp_create(self->part, 7));
}

/* Explicitly suspended at the reset vector */
TEST_F(partition, reset_state)
{
	static const struct { __u32 name; __u64 value; } want[] = {
		{ HV_REGISTER_EXPLICIT_SUSPEND, 1 },
		{ HV_REGISTER_INTERCEPT_SUSPEND, 0 },
		{ HV_X64_REGISTER_RIP, 0xfff0 },
		{ HV_X64_REGISTER_RFLAGS, 2 },
		{ HV_X64_REGISTER_RAX, 0 },
		{ HV_X64_REGISTER_RSP, 0 },
		{ HV_X64_REGISTER_CR0, 0x60000010 },
		{ HV_X64_REGISTER_CR3, 0 },
		{ HV_X64_REGISTER_CR4, 0 },
		{ HV_X64_REGISTER_EFER, 0 },
		{ HV_X64_REGISTER_DR7, 0x400 },
		{ HV_X64_REGISTER_DR6, 0xffff0ff0 },
		{ HV_X64_REGISTER_PAT, 0x0007040600070406 },
		{ HV_X64_REGISTER_XFEM, 1 },
	};
	struct mshv_hv_register_assoc seg = { .name = HV_X64_REGISTER_CS };
	int vp = vp_create(self->part, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++)
		EXPECT_EQ(want[i].value, reg_get(vp, want[i].name))
			TH_LOG("register %#x", want[i].name);
	regs_get(vp, &seg, 1);
	EXPECT_EQ(0xf000, seg.value.segment.selector);
	EXPECT_EQ(0xffff0000, seg.value.segment.base);
	EXPECT_EQ(0xffff, seg.value.segment.limit);
	EXPECT_EQ(0x9b, seg.value.segment.attributes);
	seg.name = HV_X64_REGISTER_DS;
	regs_get(vp, &seg, 1);
	EXPECT_EQ(0, seg.value.segment.selector);
	EXPECT_EQ(0, seg.value.segment.base);
	EXPECT_EQ(0xffff, seg.value.segment.limit);
	EXPECT_EQ(0x93, seg.value.segment.attributes);
	close(vp);
}

/* Run as it is born, a VP fetches from the reset vector: nothing there. */
TEST_F(partition, reset_vector)
{
	const struct mshv_hv_x64_memory_intercept_message *mem;
	struct mshv_hv_message msg;
	int vp = vp_create(self->part, 0);

	mem = (const void *)msg.payload;
	vp_run(vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_UNMAPPED_GPA, msg.header.message_type);
	EXPECT_EQ(0xfffffff0, mem->guest_physical_address);
	EXPECT_EQ(2, mem->header.intercept_access_type);
	EXPECT_EQ(0xfff0, mem->header.rip);
	close(vp);
}

/* Real firmware: 16-bit code at the top of 4 GiB, from a read-only mapping */
TEST_F(partition, firmware)
{
	/* mov $0x5a, %al; out %al, $0x10 */
	static const __u8 code[] = { 0xb0, 0x5a, 0xe6, 0x10 };
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_user_mem_region region;
	__u8 *page = pages_alloc(GUEST_PAGE);
	struct mshv_hv_message msg;
	int vp = vp_create(self->part, 0);

	io = (const void *)msg.payload;
	memcpy(page + 0xff0, code, sizeof(code));
	ASSERT_EQ(0, mprotect(page, GUEST_PAGE, PROT_READ));
	region = mem_region(page, 0xfffff000, GUEST_PAGE,
			    HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE);
	mem_map(self->part, &region);
	vp_run(vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(0x5a, io->rax & 0xff);
	EXPECT_EQ(0xfff2, io->header.rip);
	EXPECT_EQ(0xffff0000, io->header.cs_segment.base);
	close(vp);
}

struct racer {
	pthread_t thread;
	int part;
	int made;
};

static void *racer_main(void *arg)
{
	struct racer *r = arg;
	int i, fd;

	for (i = 0; i < 16; i++) {
		fd = __vp_create(r->part, i);
		die_if(fd < 0 && fd != -EEXIST, "MSHV_CREATE_VP: %d", fd);
		if (fd >= 0) {
			r->made++;
			close(fd);
		}
	}
	return NULL;
}

/* Each index is won once. */
TEST_F(partition, concurrently)
{
	struct racer racer[3] = {};
	int i;

	for (i = 0; i < 3; i++) {
		racer[i].part = self->part;
		ASSERT_EQ(0, pthread_create(&racer[i].thread, NULL, racer_main, &racer[i]));
	}
	for (i = 0; i < 3; i++)
		pthread_join(racer[i].thread, NULL);
	EXPECT_EQ(16, racer[0].made + racer[1].made + racer[2].made);
	EXPECT_EQ(16 + self->books.live[LIVE_VPS], window_live(LIVE_VPS));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_CHECK_EXTENSION, and what /dev/mshv itself answers. */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

static int __check(int dev, __u32 cap)
{
	int ret = ioctl(dev, MSHV_CHECK_EXTENSION, &cap);

	return ret < 0 ? -errno : ret;
}

TEST_F(device, core_api_not_declared_stable)
{
	EXPECT_EQ(0, __check(self->dev, MSHV_CAP_CORE_API_STABLE));
}

/* Our own extensions: from 0x40, and there */
TEST_F(device, own_extensions)
{
	EXPECT_EQ(0x40, MSHV_CAP_CANCEL_RUN);
	EXPECT_GE(__check(self->dev, MSHV_CAP_CANCEL_RUN), 1);
}

/* Unknown is no error. */
TEST_F(device, unknown_is_zero)
{
	static const __u32 unknown[] = { 1, 2, 0x3f, 0x7f, 0xffff, 0x80000000, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(0, __check(self->dev, unknown[i]));
}

TEST_F(device, argument_is_a_pointer)
{
	__u32 *page = pages_alloc(2 * GUEST_PAGE);

	EXPECT_ERR(MSHV_CHECK_EXTENSION, EFAULT, ioctl(self->dev, MSHV_CHECK_EXTENSION, NULL) ?
		   -errno : 0);
	EXPECT_ERR(MSHV_CHECK_EXTENSION, EFAULT, ioctl(self->dev, MSHV_CHECK_EXTENSION, -4096l) ?
		   -errno : 0);
	ASSERT_EQ(0, munmap(page + GUEST_PAGE / 4, GUEST_PAGE));
	page[GUEST_PAGE / 4 - 1] = 0;
	EXPECT_EQ(0, ioctl(self->dev, MSHV_CHECK_EXTENSION, page + GUEST_PAGE / 4 - 1));
	EXPECT_EQ(-1, ioctl(self->dev, MSHV_CHECK_EXTENSION,
			    (char *)(page + GUEST_PAGE / 4) - 2));
	EXPECT_EQ(EFAULT, errno);
}

static int __ask(int fd, unsigned long request)
{
	__u8 buf[512];
	int ret;

	poison(buf, sizeof(buf));
	ret = ioctl(fd, request, buf);
	return ret < 0 ? -errno : ret;
}

/* Every number that none of the three kinds of file knows */
TEST_F(guest, unknown_ioctls)
{
	const int fds[] = { self->guest.dev, self->guest.part, self->guest.vp };
	unsigned int nr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		for (nr = 0x10; nr < 0x100; nr++) {
			if (nr == 0x40)
				continue;
			ASSERT_ERR(any, ENOTTY, __ask(fds[i], _IO(0xb8, nr)));
			ASSERT_ERR(any, ENOTTY, __ask(fds[i], _IOWR(0xb8, nr, __u64)));
		}
		EXPECT_ERR(any, ENOTTY, __ask(fds[i], 0));
		EXPECT_ERR(any, ENOTTY, __ask(fds[i], _IO('T', 1)));
	}
}

/* The right number on the wrong file, or with another size */
TEST_F(guest, misplaced_ioctls)
{
	static const unsigned long for_dev[] = { MSHV_CHECK_EXTENSION, MSHV_CREATE_PARTITION };
	static const unsigned long for_part[] = {
		MSHV_MAP_GUEST_MEMORY, MSHV_UNMAP_GUEST_MEMORY, MSHV_CREATE_VP,
	};
	static const unsigned long for_vp[] = {
		MSHV_GET_VP_REGISTERS, MSHV_SET_VP_REGISTERS, MSHV_RUN_VP, MSHV_CANCEL_RUN,
	};
	struct guest *g = &self->guest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(for_dev); i++) {
		EXPECT_ERR(any, ENOTTY, __ask(g->part, for_dev[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->vp, for_dev[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->dev, for_dev[i] + (1 << 16)));
	}
	for (i = 0; i < ARRAY_SIZE(for_part); i++) {
		EXPECT_ERR(any, ENOTTY, __ask(g->dev, for_part[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->vp, for_part[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->part, for_part[i] + (1 << 16)));
	}
	for (i = 0; i < ARRAY_SIZE(for_vp); i++) {
		EXPECT_ERR(any, ENOTTY, __ask(g->dev, for_vp[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->part, for_vp[i]));
		EXPECT_ERR(any, ENOTTY, __ask(g->vp, for_vp[i] + (1 << 16)));
	}
}

/* There is nothing to read, write or map. */
TEST_F(guest, no_other_operations)
{
	const int fds[] = { self->guest.dev, self->guest.part, self->guest.vp };
	char byte = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		EXPECT_EQ(-1, read(fds[i], &byte, 1));
		EXPECT_EQ(-1, write(fds[i], &byte, 1));
	}
	EXPECT_EQ(MAP_FAILED, mmap(NULL, GUEST_PAGE, PROT_READ, MAP_SHARED, self->guest.dev, 0));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, GUEST_PAGE, PROT_READ, MAP_SHARED, self->guest.part, 0));
}

/* Every way that a VMM may open it */
TEST_F(device, open_flags)
{
	static const int flags[] = {
		O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_NONBLOCK | O_CLOEXEC, O_RDWR | O_CLOEXEC,
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fd = __dev_open(flags[i]);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, __check(fd, 0));
		close(fd);
	}
}

TEST_F(guest, close_on_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->guest.part, F_GETFD));
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->guest.vp, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(self->guest.vp, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(O_RDWR, fcntl(self->guest.part, F_GETFL) & O_ACCMODE);
}

TEST_HARNESS_MAIN

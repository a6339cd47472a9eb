/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixtures that nearly every test uses.  Both check that nothing is left
 * in the hypervisor when a test has ended; included once a program.
 */
#ifndef MSHV_FIXTURE_H
#define MSHV_FIXTURE_H

#include <kselftest_harness.h>

#include "mshv_test.h"

/* A time-out as the kernel at hand needs it: tests register at run time. */
#undef TEST_F
#define TEST_F(fixture, name)	TEST_F_TIMEOUT(fixture, name, 30 * time_scale())

/* An expected errno, in a form that a script finds: ioctl, errno, call. */
#define EXPECT_ERR(ioctl, err, call)	EXPECT_EQ(-(err), (call))
#define ASSERT_ERR(ioctl, err, call)	ASSERT_EQ(-(err), (call))

/* The harness takes the type of what it compares, which a bit field lacks. */
#define EXPECT_BITS(want, field)	EXPECT_EQ(want, +(field))

#define SKIP_WITHOUT_WINDOW() do {					\
	if (!window_present())						\
		SKIP(return, "no test window: not on the test hypervisor");	\
	if (access("/dev/mshv", F_OK))					\
		SKIP(return, "no /dev/mshv");				\
} while (0)

/* An open /dev/mshv */
FIXTURE(device) {
	struct books books;
	int dev;
};

FIXTURE_SETUP(device)
{
	SKIP_WITHOUT_WINDOW();
	books_open(&self->books);
	self->dev = dev_open();
}

FIXTURE_TEARDOWN(device)
{
	close(self->dev);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* A partition without local APIC, with memory and VP 0 */
FIXTURE(guest) {
	struct books books;
	struct guest guest;
};

FIXTURE_SETUP(guest)
{
	SKIP_WITHOUT_WINDOW();
	books_open(&self->books);
	guest_create(&self->guest, 0);
}

FIXTURE_TEARDOWN(guest)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

#endif /* MSHV_FIXTURE_H */

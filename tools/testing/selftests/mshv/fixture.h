/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixtures that nearly every test uses.  Both check that nothing is left
 * in the hypervisor when a test has ended; included once a program.
 */
#ifndef MSHV_FIXTURE_H
#define MSHV_FIXTURE_H

#include <kselftest_harness.h>

#include "mshv_test.h"

/*
 * A time-out as the kernel at hand needs it: tests register at run time. However long a test would
 * wait, run.sh shall not have killed the file by then, without a word of which test it was.
 */
#undef TEST_F_TIMEOUT
#define TEST_F_TIMEOUT(fixture, name, seconds)	\
	__TEST_F_IMPL(fixture, name, -1, patience(seconds))
#undef TEST_F
#define TEST_F(fixture, name)	TEST_F_TIMEOUT(fixture, name, 90 * time_scale())

/* An expected errno, in a form that a script finds: ioctl, errno, call. */
#define EXPECT_ERR(ioctl, err, call)	EXPECT_EQ(-(err), ((void)#ioctl, (call)))
#define ASSERT_ERR(ioctl, err, call)	ASSERT_EQ(-(err), ((void)#ioctl, (call)))

/* The harness takes the type of what it compares, which a bit field lacks. */
#define EXPECT_BITS(want, field)	EXPECT_EQ(want, 0 + (field))

/* Why a test can't run here, or NULL */
static inline const char *missing(void)
{
	if (!window_present())
		return "no test window: not on the test hypervisor";
	if (access("/dev/mshv", F_OK))
		return "no /dev/mshv";
	return NULL;
}

/* An open /dev/mshv */
FIXTURE(device) {
	struct books books;
	int dev;
};

FIXTURE_SETUP(device)
{
	if (missing())
		SKIP(return, "%s", missing());
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
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
}

FIXTURE_TEARDOWN(guest)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

#endif /* MSHV_FIXTURE_H */

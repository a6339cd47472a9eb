// SPDX-License-Identifier: GPL-2.0
/* Each status has its errno and its name. */
#include <kunit/test.h>
#include <linux/string.h>

/*
 * The table itself: this module runs also where the driver does not load. Under
 * names of its own, as both may be built into one kernel.
 */
#define mshv_status_errno	unit_status_errno
#define mshv_status_name	unit_status_name
#define mshv_status_reps	unit_status_reps
#include "../status.c"

struct status_case {
	u64 status;
	int error;
};

static const struct status_case status_cases[] = {
	{ 0x00, 0 },
	{ 0x02, -EOPNOTSUPP },
	{ 0x03, -ENOTRECOVERABLE },
	{ 0x04, -ENOTRECOVERABLE },
	{ 0x05, -EINVAL },
	{ 0x06, -EACCES },
	{ 0x07, -EBADFD },
	{ 0x08, -EACCES },
	{ 0x09, -EINVAL },
	{ 0x0a, -EINVAL },
	{ 0x0b, -ENOMEM },
	{ 0x0d, -ENOTRECOVERABLE },
	{ 0x0e, -EINVAL },
	{ 0x10, -ENOTRECOVERABLE },
	{ 0x11, -ENOTRECOVERABLE },
	{ 0x12, -ENOTRECOVERABLE },
	{ 0x13, -ENOTRECOVERABLE },
	{ 0x14, -EBADFD },
	{ 0x15, -EBADFD },
	{ 0x1d, -ENOTRECOVERABLE },
	{ 0x41, -EINVAL },
	{ 0x50, -EINVAL },
};

static void status_errno_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(status_cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, mshv_status_errno(status_cases[i].status),
				    status_cases[i].error, "status 0x%llx",
				    status_cases[i].status);
}

static void status_complete_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(status_cases), ARRAY_SIZE(statuses));
}

/* The second list of literal numbers; what it calls by lower-case letters. */
static const struct {
	const char *name;
	u64 status;
} literals[] = {
#define TLFS_NUMBER(...)
#define TLFS_SIZE(...)
#define TLFS_OFFSET(...)
#define TLFS_STATUS(name, value) { #name, value },
#include "../tlfs_abi.tbl"
};

static void status_name_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(literals); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    strcasecmp(mshv_status_name(literals[i].status),
					       literals[i].name), 0, "%s",
				    literals[i].name);
}

static void status_unknown_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mshv_status_errno(0x01), -ENOTRECOVERABLE);
	KUNIT_EXPECT_EQ(test, mshv_status_errno(0xffff), -ENOTRECOVERABLE);
	KUNIT_EXPECT_STREQ(test, mshv_status_name(0xffff), "unknown");
}

/* Completed reps and reserved bits above the status don't count. */
static void status_masked_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mshv_status_errno(0xffffffffffff0000), 0);
	KUNIT_EXPECT_EQ(test, mshv_status_errno(0x0000000300000005), -EINVAL);
	KUNIT_EXPECT_STREQ(test, mshv_status_name(0x0000000300000005),
			   "INVALID_PARAMETER");
}

static void status_sane_test(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		KUNIT_EXPECT_LE(test, statuses[i].error, 0);
		/* The deposit loop's own word. */
		KUNIT_EXPECT_NE(test, statuses[i].error, -EAGAIN);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE(test, statuses[i].status,
					statuses[j].status);
	}
}

static void status_reps_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mshv_status_reps(0x500000000, 10), 5);
	KUNIT_EXPECT_EQ(test, mshv_status_reps(0x500000006, 10), 5);
	KUNIT_EXPECT_EQ(test, mshv_status_reps(0x500000000, 4), 4);
	KUNIT_EXPECT_EQ(test, mshv_status_reps(0, 4), 0);
	/* No call was made. */
	KUNIT_EXPECT_EQ(test, mshv_status_reps(U64_MAX, 10), 0);
}

static struct kunit_case status_test_cases[] = {
	KUNIT_CASE(status_errno_test),
	KUNIT_CASE(status_reps_test),
	KUNIT_CASE(status_complete_test),
	KUNIT_CASE(status_name_test),
	KUNIT_CASE(status_unknown_test),
	KUNIT_CASE(status_masked_test),
	KUNIT_CASE(status_sane_test),
	{}
};

static struct kunit_suite status_suite = {
	.name = "mshv_status",
	.test_cases = status_test_cases,
};

kunit_test_suite(status_suite);

// SPDX-License-Identifier: GPL-2.0
/* Ranges of guest memory: which can be, and which overlap. */
#include <kunit/test.h>

#include "../range.h"

#define RWX	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)

static int check(u64 gfn, u64 nr_pages, u32 flags)
{
	const struct mshv_range range = {
		.gfn = gfn, .nr_pages = nr_pages, .flags = flags,
	};

	return mshv_range_check(&range);
}

static void range_valid_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(0, 1, RWX), 0);
	KUNIT_EXPECT_EQ(test, check(0x100000, 0x40000, RWX), 0);
}

static void range_empty_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(0, 0, RWX), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(MSHV_GFN_END, 0, RWX), -EINVAL);
}

static void range_end_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(MSHV_GFN_END - 1, 1, RWX), 0);
	KUNIT_EXPECT_EQ(test, check(MSHV_GFN_END - 1, 2, RWX), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(MSHV_GFN_END, 1, RWX), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(0, MSHV_GFN_END, RWX), 0);
	KUNIT_EXPECT_EQ(test, check(1, MSHV_GFN_END, RWX), -EINVAL);
}

static void range_wrap_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, check(U64_MAX, 1, RWX), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(U64_MAX, 2, RWX), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(2, U64_MAX, RWX), -EINVAL);
}

static void flags_ok_test(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, mshv_range_flags_ok(0));
	KUNIT_EXPECT_TRUE(test, mshv_range_flags_ok(0x1));
	KUNIT_EXPECT_TRUE(test, mshv_range_flags_ok(0x3));
	KUNIT_EXPECT_TRUE(test, mshv_range_flags_ok(0xd));
	KUNIT_EXPECT_TRUE(test, mshv_range_flags_ok(0xf));
}

static void flags_inexpressible_test(struct kunit *test)
{
	/* Write, or execute, without read. */
	KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(0x2));
	KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(0xc));
	KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(0xe));
	/* Kernel execute without user execute, and the other way round. */
	KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(0x5));
	KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(0x9));
}

static void flags_unknown_test(struct kunit *test)
{
	unsigned int bit;

	for (bit = 4; bit < 32; bit++)
		KUNIT_EXPECT_FALSE(test, mshv_range_flags_ok(RWX | BIT(bit)));
}

struct tree_fixture {
	struct maple_tree tree;
	int token;
};

static int tree_init(struct kunit *test)
{
	struct tree_fixture *fixture;

	fixture = kunit_kzalloc(test, sizeof(*fixture), GFP_KERNEL);
	if (!fixture)
		return -ENOMEM;
	mt_init(&fixture->tree);
	test->priv = fixture;
	return 0;
}

static void tree_exit(struct kunit *test)
{
	struct tree_fixture *fixture = test->priv;

	if (fixture)
		mtree_destroy(&fixture->tree);
}

static int insert(struct kunit *test, u64 gfn, u64 nr_pages)
{
	const struct mshv_range range = { .gfn = gfn, .nr_pages = nr_pages };
	struct tree_fixture *fixture = test->priv;

	return mshv_range_insert(&fixture->tree, &range, &fixture->token);
}

static void overlap_test(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, insert(test, 100, 10), 0);
	KUNIT_EXPECT_EQ(test, insert(test, 100, 10), -EEXIST);
	KUNIT_EXPECT_EQ(test, insert(test, 103, 2), -EEXIST);
	KUNIT_EXPECT_EQ(test, insert(test, 90, 100), -EEXIST);
	KUNIT_EXPECT_EQ(test, insert(test, 91, 10), -EEXIST);
	KUNIT_EXPECT_EQ(test, insert(test, 109, 1), -EEXIST);
}

static void adjacent_test(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, insert(test, 100, 10), 0);
	KUNIT_EXPECT_EQ(test, insert(test, 90, 10), 0);
	KUNIT_EXPECT_EQ(test, insert(test, 110, 10), 0);
	KUNIT_EXPECT_EQ(test, insert(test, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, insert(test, MSHV_GFN_END - 1, 1), 0);
}

static void many_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, insert(test, 2 * i, 1), 0);
	KUNIT_EXPECT_EQ(test, insert(test, 0, 2000), -EEXIST);
	KUNIT_EXPECT_EQ(test, insert(test, 1001, 1), 0);
}

static struct kunit_case range_test_cases[] = {
	KUNIT_CASE(range_valid_test),
	KUNIT_CASE(range_empty_test),
	KUNIT_CASE(range_end_test),
	KUNIT_CASE(range_wrap_test),
	KUNIT_CASE(flags_ok_test),
	KUNIT_CASE(flags_inexpressible_test),
	KUNIT_CASE(flags_unknown_test),
	KUNIT_CASE(overlap_test),
	KUNIT_CASE(adjacent_test),
	KUNIT_CASE(many_test),
	{}
};

static struct kunit_suite range_suite = {
	.name = "mshv_range",
	.init = tree_init,
	.exit = tree_exit,
	.test_cases = range_test_cases,
};

kunit_test_suite(range_suite);

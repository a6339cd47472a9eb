// SPDX-License-Identifier: GPL-2.0
/* Regions cut into hypercalls: pages of two sizes, none forgotten or doubled. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* Pages are numbers here: what a page is and where depends on the memory model. */
#undef page_to_pfn
#define page_to_pfn(page) ((unsigned long)(page))

#include "../chunk.h"

#define NR_PAGES	(6 * MSHV_LARGE_PAGES)

#define PFN		0x100000UL

static struct page *page_of(unsigned long pfn)
{
	return (struct page *)pfn;
}

static int chunk_init(struct kunit *test)
{
	struct page **pages;
	unsigned long i;

	pages = kunit_kcalloc(test, NR_PAGES, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < NR_PAGES; i++)
		pages[i] = page_of(PFN + i);
	test->priv = pages;
	return 0;
}

static void expect_chunk(struct kunit *test, struct mshv_chunk chunk,
			 unsigned int reps, unsigned int shift)
{
	KUNIT_EXPECT_EQ(test, chunk.reps, reps);
	KUNIT_EXPECT_EQ(test, chunk.shift, shift);
}

static void chunk_large_test(struct kunit *test)
{
	struct page **pages = test->priv;

	expect_chunk(test, mshv_chunk_first(0x1000, pages, NR_PAGES), 6, 9);
	expect_chunk(test, mshv_chunk_first(0x1000, pages, 512), 1, 9);
	expect_chunk(test, mshv_chunk_first(0x1000, pages, 511), 509, 0);
	expect_chunk(test, mshv_chunk_first(0x1000, pages, 1), 1, 0);
}

static void chunk_disabled_test(struct kunit *test)
{
	struct page **pages = test->priv;

	expect_chunk(test, mshv_chunk_first_small(0x1000, pages, NR_PAGES),
		     509, 0);
	expect_chunk(test, mshv_chunk_first_small(0x1000, pages, 7), 7, 0);
}

/* Small pages end where a large one can begin. */
static void chunk_head_test(struct kunit *test)
{
	struct page **pages = test->priv;

	expect_chunk(test, mshv_chunk_first(0x1ff0, pages + 0x1f0, 1024),
		     16, 0);
	expect_chunk(test, mshv_chunk_first(0x1ff0, pages + 0x1f0, 527),
		     509, 0);
	expect_chunk(test, mshv_chunk_first(0x1ff0, pages + 0x1f0, 528),
		     16, 0);
	/* An aligned block that is no large page takes two calls. */
	pages[3] = page_of(PFN);
	expect_chunk(test, mshv_chunk_first(0x1000, pages, NR_PAGES), 509, 0);
	expect_chunk(test, mshv_chunk_first(0x1000 + 509, pages + 509,
					    NR_PAGES - 509), 3, 0);
}

static void chunk_tail_test(struct kunit *test)
{
	struct page **pages = test->priv;

	expect_chunk(test, mshv_chunk_first(0x1000, pages, 1024 + 5), 2, 9);
	expect_chunk(test, mshv_chunk_first(0x1400, pages + 1024, 5), 5, 0);
}

/* Aligned in the guest, but not alike in memory; and the other way round. */
static void chunk_unlike_test(struct kunit *test)
{
	struct page **pages = test->priv;

	expect_chunk(test, mshv_chunk_first(0x1000, pages + 1, 1024), 509, 0);
	expect_chunk(test, mshv_chunk_first(0x1001, pages, 1024), 509, 0);
}

static void chunk_hole_test(struct kunit *test)
{
	struct page **pages = test->priv;

	pages[1023] = page_of(PFN + NR_PAGES);
	expect_chunk(test, mshv_chunk_first(0x1000, pages, NR_PAGES), 1, 9);
	KUNIT_EXPECT_FALSE(test, mshv_chunk_is_large(0x1200, pages + 512,
						     NR_PAGES - 512));
	KUNIT_EXPECT_TRUE(test, mshv_chunk_is_large(0x1400, pages + 1024,
						    NR_PAGES - 1024));
}

static u8 *kinds_of_cut(struct kunit *test, u64 gfn, struct page **pages,
			unsigned long count)
{
	u8 *kinds = kunit_kzalloc(test, count, GFP_KERNEL);
	struct mshv_chunk chunk;
	unsigned long at = 0, i;

	KUNIT_ASSERT_NOT_NULL(test, kinds);
	while (at < count) {
		chunk = mshv_chunk_first(gfn + at, pages + at, count - at);
		KUNIT_ASSERT_GT(test, chunk.reps, 0);
		KUNIT_ASSERT_LE(test, chunk.reps, MSHV_CHUNK_MAX);
		KUNIT_ASSERT_EQ(test, chunk.gfn, gfn + at);
		KUNIT_ASSERT_LE(test, at + ((u64)chunk.reps << chunk.shift),
				count);
		for (i = 0; i < (u64)chunk.reps << chunk.shift; i++)
			kinds[at + i] = 1 + chunk.shift;
		at += i;
	}
	return kinds;
}

/*
 * A failure can divide a region wherever a repetition ends; what is unmapped
 * then, from its first page to there, must be cut as it was mapped.
 */
static void chunk_divided_test(struct kunit *test)
{
	struct page **pages = test->priv;
	const unsigned long first = 100, count = NR_PAGES - 300;
	const u64 gfn = 0x1000 + first;
	unsigned long end, step;
	u8 *whole, *part;

	pages[700] = page_of(PFN);
	pages += first;
	whole = kinds_of_cut(test, gfn, pages, count);
	for (end = 1; end <= count; end += step) {
		step = whole[end - 1] > 1 || end % 64 ? 1 : 7;
		if (end < count && whole[end - 1] > 1 &&
		    (gfn + end) % MSHV_LARGE_PAGES)
			continue;
		part = kinds_of_cut(test, gfn, pages, end);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(part, whole, end), 0,
				    "divided after %lu", end);
		kunit_kfree(test, part);
	}
}

static struct kunit_case chunk_test_cases[] = {
	KUNIT_CASE(chunk_large_test),
	KUNIT_CASE(chunk_disabled_test),
	KUNIT_CASE(chunk_head_test),
	KUNIT_CASE(chunk_tail_test),
	KUNIT_CASE(chunk_unlike_test),
	KUNIT_CASE(chunk_hole_test),
	KUNIT_CASE(chunk_divided_test),
	{}
};

static struct kunit_suite chunk_suite = {
	.name = "mshv_chunk",
	.init = chunk_init,
	.test_cases = chunk_test_cases,
};

kunit_test_suite(chunk_suite);

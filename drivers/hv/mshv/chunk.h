/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a region is cut into hypercalls: runs of 4 KiB pages, and runs of 2 MiB
 * pages where guest address and memory are aligned alike; pure, so that it is
 * tested alone.
 *
 * Whether a 2 MiB block is one large page depends on nothing but the block, so
 * that it is unmapped as it was mapped, wherever a failure divided the region.
 */
#ifndef _MSHV_CHUNK_H
#define _MSHV_CHUNK_H

#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/types.h>

#define MSHV_LARGE_SHIFT	9
#define MSHV_LARGE_PAGES	BIT(MSHV_LARGE_SHIFT)

/* Repetitions of one call: an input page's worth of page numbers. */
#define MSHV_CHUNK_MAX		509UL

/**
 * struct mshv_chunk - what one hypercall maps or unmaps
 * @gfn: guest page number of its start
 * @pages: its pages
 * @reps: repetitions
 * @shift: pages of one repetition, as a power of two: 0 or MSHV_LARGE_SHIFT
 */
struct mshv_chunk {
	u64 gfn;
	struct page **pages;
	unsigned int reps;
	unsigned int shift;
};

/**
 * mshv_chunk_is_large - whether a block can be one large page
 * @gfn: guest page number of its start
 * @pages: pages from there on
 * @count: how many
 *
 * Return: true if 2 MiB from here on are there, contiguous and aligned.
 */
static inline bool mshv_chunk_is_large(u64 gfn, struct page **pages,
				       unsigned long count)
{
	unsigned long pfn, i;

	if (count < MSHV_LARGE_PAGES || gfn & (MSHV_LARGE_PAGES - 1))
		return false;
	pfn = page_to_pfn(pages[0]);
	if (pfn & (MSHV_LARGE_PAGES - 1))
		return false;
	for (i = 1; i < MSHV_LARGE_PAGES; i++)
		if (page_to_pfn(pages[i]) != pfn + i)
			return false;
	return true;
}

/**
 * mshv_chunk_small - the first chunk of what begins with no large page
 * @gfn: guest page number of its start
 * @pages: pages from there on
 * @count: how many, not 0
 *
 * Return: a chunk that ends before the next large page.
 */
static inline struct mshv_chunk mshv_chunk_small(u64 gfn, struct page **pages,
						 unsigned long count)
{
	unsigned long next = MSHV_LARGE_PAGES - (gfn & (MSHV_LARGE_PAGES - 1));
	unsigned long reps = min(count, MSHV_CHUNK_MAX);

	if (next < reps &&
	    mshv_chunk_is_large(gfn + next, pages + next, count - next))
		reps = next;
	return (struct mshv_chunk){ .gfn = gfn, .pages = pages, .reps = reps };
}

/**
 * mshv_chunk_first - the first chunk of some pages
 * @gfn: guest page number of their start
 * @pages: pages
 * @count: how many, not 0
 *
 * Return: a chunk of pages of one size.
 */
static inline struct mshv_chunk mshv_chunk_first(u64 gfn, struct page **pages,
						 unsigned long count)
{
	unsigned long reps = 0, at = 0;

	while (reps < MSHV_CHUNK_MAX &&
	       mshv_chunk_is_large(gfn + at, pages + at, count - at)) {
		reps++;
		at += MSHV_LARGE_PAGES;
	}
	if (!reps)
		return mshv_chunk_small(gfn, pages, count);
	return (struct mshv_chunk){
		.gfn = gfn,
		.pages = pages,
		.reps = reps,
		.shift = MSHV_LARGE_SHIFT,
	};
}

/**
 * mshv_chunk_first_small - likewise, without large pages
 * @gfn: guest page number of their start
 * @pages: pages
 * @count: how many, not 0
 *
 * Return: a chunk of 4 KiB pages.
 */
static inline struct mshv_chunk
mshv_chunk_first_small(u64 gfn, struct page **pages, unsigned long count)
{
	return (struct mshv_chunk){
		.gfn = gfn,
		.pages = pages,
		.reps = min(count, MSHV_CHUNK_MAX),
	};
}

#endif /* _MSHV_CHUNK_H */

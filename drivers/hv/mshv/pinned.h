/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User memory that is pinned for a region, from its first page on.
 *
 * The list of its pages is in blocks that end at multiples of 1 GiB of guest
 * addresses, so that no large page lies across two, and that are allocated as
 * they are filled: a region has any size, and costs what is pinned.
 */
#ifndef _MSHV_PINNED_H
#define _MSHV_PINNED_H

#include <linux/types.h>
#include <linux/xarray.h>

struct mshv_range;
struct page;

/**
 * struct mshv_pinned - pinned pages of a range
 * @range: range; constant
 * @blocks: lists of pages, by the gigabyte
 * @count: how many pages are pinned
 */
struct mshv_pinned {
	const struct mshv_range *range;
	struct xarray blocks;
	unsigned long count;
};

/**
 * mshv_pinned_init - begin with none
 * @pinned: to initialize
 * @range: which memory; stays where it is
 */
void mshv_pinned_init(struct mshv_pinned *pinned,
		      const struct mshv_range *range);

/**
 * mshv_pinned_add - pin all of the range
 * @pinned: of the current process
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, -EFAULT, or -EINTR on a fatal signal, and some are.
 */
int mshv_pinned_add(struct mshv_pinned *pinned);

/**
 * mshv_pinned_run - a list of pages that follow each other
 * @pinned: pinned pages
 * @index: the first, less than @count
 * @nr: how many are wanted, and how many there are, which may be less
 *
 * Return: the list.
 */
struct page **mshv_pinned_run(struct mshv_pinned *pinned,
			      unsigned long index, unsigned long *nr);

/**
 * mshv_pinned_release - unpin all
 * @pinned: whatever is pinned
 *
 * Context: may sleep.
 */
void mshv_pinned_release(struct mshv_pinned *pinned);

/**
 * mshv_pinned_destroy - free the lists
 * @pinned: what is pinned still stays so for ever
 *
 * Context: may sleep.
 */
void mshv_pinned_destroy(struct mshv_pinned *pinned);

#endif /* _MSHV_PINNED_H */

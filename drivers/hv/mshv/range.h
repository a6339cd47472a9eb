/* SPDX-License-Identifier: GPL-2.0 */
/* Arithmetic of ranges of guest memory; pure, so that it is tested alone. */
#ifndef _MSHV_RANGE_H
#define _MSHV_RANGE_H

#include <linux/errno.h>
#include <linux/maple_tree.h>
#include <linux/overflow.h>
#include <linux/types.h>
#include <asm/mshv.h>

/**
 * struct mshv_range - what user space asks to map
 * @gfn: guest page number of its start
 * @nr_pages: pages, not 0
 * @uaddr: user address of its start
 * @flags: HV_MAP_GPA_*
 */
struct mshv_range {
	u64 gfn;
	u64 nr_pages;
	u64 uaddr;
	u32 flags;
};

/* Guest page numbers of 64-bit guest physical addresses are less than this. */
#define MSHV_GFN_END	BIT_ULL(52)

/**
 * mshv_range_flags_ok - whether page tables can express permissions
 * @flags: HV_MAP_GPA_*
 *
 * One execute bit stands for kernel and user; nothing goes without read.
 *
 * Return: true if so.
 */
static inline bool mshv_range_flags_ok(u32 flags)
{
	u32 execute = flags & HV_MAP_GPA_EXECUTABLE;

	if (flags & ~HV_MAP_GPA_PERMISSIONS_MASK)
		return false;
	if (execute && execute != HV_MAP_GPA_EXECUTABLE)
		return false;
	return !flags || (flags & HV_MAP_GPA_READABLE);
}

/**
 * mshv_range_check - whether a range can be mapped at all
 * @range: range
 *
 * Return: 0 or -EINVAL: no pages, permissions that page tables cannot express,
 * or guest addresses that do not exist.
 */
static inline int mshv_range_check(const struct mshv_range *range)
{
	u64 end;

	if (!range->nr_pages || !mshv_range_flags_ok(range->flags))
		return -EINVAL;
	if (check_add_overflow(range->gfn, range->nr_pages, &end) ||
	    end > MSHV_GFN_END)
		return -EINVAL;
	return 0;
}

/**
 * mshv_range_insert - take the guest addresses of a range
 * @tree: what is taken, by guest page number
 * @range: range; mshv_range_check() has approved of it
 * @entry: what stands for it, not NULL
 *
 * Context: may sleep.
 * Return: 0; -EEXIST if a page of it is taken, -ENOMEM.
 */
static inline int mshv_range_insert(struct maple_tree *tree,
				    const struct mshv_range *range,
				    void *entry)
{
	return mtree_insert_range(tree, range->gfn,
				  range->gfn + range->nr_pages - 1, entry,
				  GFP_KERNEL);
}

#endif /* _MSHV_RANGE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A region: user memory, pinned and mapped into a partition.
 *
 * Regions belong to a set, one for each partition, keyed by guest page number;
 * no two overlap there. A region that is being mapped or unmapped stands in the
 * set and is marked busy: its guest addresses are taken, but no lock is held
 * while pages are pinned and hypercalls made.
 *
 * A page is unpinned only after the hypervisor confirmed that it is unmapped, or
 * finalized the partition. What cannot be unmapped stays in the set.
 */
#ifndef _MSHV_REGION_H
#define _MSHV_REGION_H

#include <linux/maple_tree.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "pinned.h"
#include "range.h"

struct mm_struct;
struct mshv_deposit;

/**
 * struct mshv_region - a range of guest memory
 * @range: as it was asked for; constant
 * @busy: somebody maps or unmaps it; protected by the set's lock
 * @pinned: its pages; this and what follows is of whom made it busy
 * @mapped_first: index of the first page that may be mapped
 * @mapped_end: index after the last page that may be mapped
 * @small_from: index from which on it is not mapped by large pages
 */
struct mshv_region {
	struct mshv_range range;
	bool busy;

	struct mshv_pinned pinned;
	unsigned long mapped_first;
	unsigned long mapped_end;
	unsigned long small_from;
};

/**
 * struct mshv_regions - the regions of one partition
 * @lock: protects @tree and @busy of the regions; held shortly
 * @tree: regions by guest page number
 * @mm: whose pinned_vm is charged; constant, as is the next
 * @large: map large pages
 */
struct mshv_regions {
	struct mutex lock; /* see above */
	struct maple_tree tree;
	struct mm_struct *mm;
	bool large;
};

/**
 * mshv_regions_init - begin with no region, charging the current process
 * @set: to initialize
 * @large: map 2 MiB pages where guest address and memory are aligned alike
 */
void mshv_regions_init(struct mshv_regions *set, bool large);

/**
 * mshv_regions_map - pin a range of the caller's memory and map it
 * @set: the partition's regions
 * @pool: the partition's pool; it names the partition
 * @range: what; mshv_range_check() has approved of it
 *
 * Context: may sleep.
 * Return: 0; -EEXIST if guest addresses are taken; -EFAULT, -ENOMEM, -EINTR, or
 * a status's errno.
 */
int mshv_regions_map(struct mshv_regions *set, struct mshv_deposit *pool,
		     const struct mshv_range *range);

/**
 * mshv_regions_unmap - unmap and unpin one region
 * @set: the partition's regions
 * @partition_id: partition
 * @range: the region's; flags are ignored
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if there is no such region, -EBUSY if somebody maps or
 * unmaps it, -EINTR, or a status's errno, then the region stays.
 */
int mshv_regions_unmap(struct mshv_regions *set, u64 partition_id,
		       const struct mshv_range *range);

/**
 * mshv_regions_destroy - forget all regions
 * @set: set that nobody else can reach any more
 * @unmapped: pages that may be unpinned: the partition has been finalized
 *
 * Without @unmapped the guest may still write to the pages, so they stay
 * pinned, and charged, for ever.
 */
void mshv_regions_destroy(struct mshv_regions *set, bool unmapped);

#endif /* _MSHV_REGION_H */

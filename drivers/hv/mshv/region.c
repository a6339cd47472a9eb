// SPDX-License-Identifier: GPL-2.0
/* Regions: pinning user memory, mapping it into a partition, and undoing it. */
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <asm/mshyperv.h>

#include "region.h"
#include "chunk.h"
#include "deposit.h"
#include "hvcall_memory.h"
#include "lock.h"

void mshv_regions_init(struct mshv_regions *set, bool large)
{
	mutex_init(&set->lock);
	mt_init(&set->tree);
	mmgrab(current->mm);
	set->mm = current->mm;
	set->large = large;
}

static int charge(struct mm_struct *mm, unsigned long pages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;

	if (atomic64_add_return(pages, &mm->pinned_vm) <= limit ||
	    capable(CAP_IPC_LOCK))
		return 0;
	atomic64_sub(pages, &mm->pinned_vm);
	return -ENOMEM;
}

static void uncharge(struct mm_struct *mm, unsigned long pages)
{
	atomic64_sub(pages, &mm->pinned_vm);
}

/*
 * The first chunk of the pages from @first to @end. Large pages are tried up to
 * where the hypervisor refused one, so that pages are unmapped as they were
 * mapped.
 */
static struct mshv_chunk next_chunk(struct mshv_region *region,
				    unsigned long first, unsigned long end)
{
	bool large = first < region->small_from;
	unsigned long nr = (large ? min(end, region->small_from) : end) - first;
	struct page **pages = mshv_pinned_run(&region->pinned, first, &nr);
	u64 gfn = region->range.gfn + first;

	return large ? mshv_chunk_first(gfn, pages, nr) :
		       mshv_chunk_first_small(gfn, pages, nr);
}

/* Whatever it does not like about a large page, it may take its pieces. */
static bool try_small(struct mshv_region *region, const struct mshv_chunk *chunk,
		      int ret)
{
	if (!chunk->shift || ret == -ENOMEM || ret == -EINTR)
		return false;
	region->small_from = region->mapped_end;
	return true;
}

static int map(struct mshv_region *region, struct mshv_deposit *pool)
{
	struct mshv_chunk chunk;
	unsigned long done;
	int ret;

	while (region->mapped_end < region->range.nr_pages) {
		chunk = next_chunk(region, region->mapped_end,
				   region->range.nr_pages);
		ret = mshv_hvcall_map_gpa_pages(pool, &chunk,
						region->range.flags, &done);
		region->mapped_end += done;
		if (ret && ret != -EAGAIN && !try_small(region, &chunk, ret))
			return ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int unmap_chunk(struct mshv_region *region, u64 partition_id)
{
	struct mshv_chunk chunk = next_chunk(region, region->mapped_first,
					     region->mapped_end);
	unsigned long done;
	int ret;

	ret = mshv_hvcall_unmap_gpa_pages(partition_id, &chunk, &done);
	region->mapped_first += done;
	cond_resched();
	return ret;
}

/* From the first page on, so that the rest can be tried again after a failure. */
static int unmap(struct mshv_region *region, u64 partition_id)
{
	int ret = 0;

	while (!ret && region->mapped_first < region->mapped_end)
		ret = unmap_chunk(region, partition_id);
	return ret;
}

static int unmap_killably(struct mshv_region *region, u64 partition_id)
{
	int ret = 0;

	while (!ret && region->mapped_first < region->mapped_end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = unmap_chunk(region, partition_id);
	}
	return ret;
}

/* Accepts a half-built region. Whatever is pinned must be unmapped. */
static void region_free(struct mshv_region *region)
{
	mshv_pinned_release(&region->pinned);
	mshv_pinned_destroy(&region->pinned);
	kfree(region);
}

static struct mshv_region *region_alloc(const struct mshv_regions *set,
					const struct mshv_range *range)
{
	struct mshv_region *region;

	region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);
	if (!region)
		return NULL;
	region->range = *range;
	region->small_from = set->large ? ULONG_MAX : 0;
	region->busy = true;
	mshv_pinned_init(&region->pinned, &region->range);
	return region;
}

static int regions_insert(struct mshv_regions *set, struct mshv_region *region)
{
	scoped_cond_guard(mutex_kill, return -EINTR, &set->lock)
		return mshv_range_insert(&set->tree, &region->range, region);
	return -EINTR;
}

/*
 * To forget a region can take memory, too, and the region is about to be freed:
 * so the tree waits for it. mtree_erase() would keep the entry without a word.
 */
static void regions_erase(struct mshv_regions *set, struct mshv_region *region)
{
	MA_STATE(mas, &set->tree, region->range.gfn,
		 region->range.gfn + region->range.nr_pages - 1);

	guard(mutex)(&set->lock);
	mas_lock(&mas);
	mas_store_gfp(&mas, NULL, GFP_KERNEL | __GFP_NOFAIL);
	mas_unlock(&mas);
}

static void regions_release(struct mshv_regions *set,
			    struct mshv_region *region)
{
	guard(mutex)(&set->lock);
	region->busy = false;
}

/* The region's charge is the caller's to take and to give back. */
static int region_populate(struct mshv_region *region,
			   struct mshv_deposit *pool)
{
	int ret;

	ret = mshv_pinned_add(&region->pinned);
	return ret ?: map(region, pool);
}

int mshv_regions_map(struct mshv_regions *set, struct mshv_deposit *pool,
		     const struct mshv_range *range)
{
	struct mshv_region *region = region_alloc(set, range);
	int ret;

	if (!region)
		return -ENOMEM;
	ret = regions_insert(set, region);
	if (ret)
		goto out_free;
	ret = charge(set->mm, range->nr_pages);
	if (ret)
		goto out_erase;
	ret = region_populate(region, pool);
	if (ret && !unmap(region, pool->partition_id))
		goto out_uncharge;

	/* Mapped; or partly mapped and not to be unmapped now: kept, pinned. */
	regions_release(set, region);
	return ret;

out_uncharge:
	mshv_pinned_release(&region->pinned);
	uncharge(set->mm, range->nr_pages);
out_erase:
	regions_erase(set, region);
out_free:
	region_free(region);
	return ret;
}

static struct mshv_region *regions_claim(struct mshv_regions *set,
					 const struct mshv_range *range)
{
	struct mshv_region *region;

	scoped_cond_guard(mutex_kill, return ERR_PTR(-EINTR), &set->lock) {
		region = mtree_load(&set->tree, range->gfn);
		if (!region || region->range.gfn != range->gfn ||
		    region->range.nr_pages != range->nr_pages ||
		    region->range.uaddr != range->uaddr)
			return ERR_PTR(-EINVAL);
		if (region->busy)
			return ERR_PTR(-EBUSY);
		region->busy = true;
	}
	return region;
}

int mshv_regions_unmap(struct mshv_regions *set, u64 partition_id,
		       const struct mshv_range *range)
{
	struct mshv_region *region = regions_claim(set, range);
	int ret;

	if (IS_ERR(region))
		return PTR_ERR(region);
	ret = unmap_killably(region, partition_id);
	if (ret) {
		regions_release(set, region);
		return ret;
	}
	/* All is given back before the guest addresses are: then it is done. */
	mshv_pinned_release(&region->pinned);
	uncharge(set->mm, region->range.nr_pages);
	regions_erase(set, region);
	region_free(region);
	return 0;
}

void mshv_regions_destroy(struct mshv_regions *set, bool unmapped)
{
	struct mshv_region *region;
	unsigned long index = 0;

	mt_for_each(&set->tree, region, index, ULONG_MAX) {
		if (!unmapped)
			region->pinned.count = 0;
		mshv_pinned_release(&region->pinned);
		if (unmapped)
			uncharge(set->mm, region->range.nr_pages);
		region_free(region);
		cond_resched();
	}
	mtree_destroy(&set->tree);
	mutex_destroy(&set->lock);
	mmdrop(set->mm);
}

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

/* So many at a time that a signal does not wait long. */
#define PIN_BATCH	16384UL

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

/* Whatever makes memory unfit to be pinned for long, it is one thing here. */
static int pin_errno(int ret)
{
	return ret == -ENOMEM || ret == -EINTR ? ret : -EFAULT;
}

static int pin(struct mshv_region *region)
{
	const struct mshv_range *range = &region->range;
	unsigned int gup = FOLL_LONGTERM;
	unsigned long left;
	int ret;

	if (range->flags & HV_MAP_GPA_WRITABLE)
		gup |= FOLL_WRITE;
	while (region->pinned < range->nr_pages) {
		left = range->nr_pages - region->pinned;
		ret = pin_user_pages_fast(range->uaddr +
					  (region->pinned << PAGE_SHIFT),
					  min(left, PIN_BATCH), gup,
					  region->pages + region->pinned);
		if (ret <= 0)
			return pin_errno(ret);
		region->pinned += ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* In batches: a list of all pages of a large guest keeps the processor long. */
static void unpin(struct mshv_region *region)
{
	bool dirty = region->range.flags & HV_MAP_GPA_WRITABLE;
	unsigned long count;

	while (region->pinned) {
		count = min(region->pinned, PIN_BATCH);
		region->pinned -= count;
		unpin_user_pages_dirty_lock(region->pages + region->pinned,
					    count, dirty);
		cond_resched();
	}
}

/* The first chunk of the pages from @first to @end. */
static struct mshv_chunk next_chunk(const struct mshv_region *region,
				    unsigned long first, unsigned long end)
{
	u64 gfn = region->range.gfn + first;
	struct page **pages = region->pages + first;

	if (!region->large)
		return mshv_chunk_first_small(gfn, pages, end - first);
	return mshv_chunk_first(gfn, pages, end - first);
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
		if (ret && ret != -EAGAIN)
			return ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* From the first page on, so that the rest can be tried again after a failure. */
static int unmap(struct mshv_region *region, u64 partition_id)
{
	struct mshv_chunk chunk;
	unsigned long done;
	int ret;

	while (region->mapped_first < region->mapped_end) {
		chunk = next_chunk(region, region->mapped_first,
				   region->mapped_end);
		ret = mshv_hvcall_unmap_gpa_pages(partition_id, &chunk, &done);
		region->mapped_first += done;
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

/* Accepts a half-built region. Whatever is pinned must be unmapped. */
static void region_free(struct mshv_region *region)
{
	if (region->pinned)
		unpin(region);
	kvfree(region->pages);
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
	region->large = set->large;
	region->busy = true;
	return region;
}

static int regions_insert(struct mshv_regions *set, struct mshv_region *region)
{
	scoped_cond_guard(mutex_kill, return -EINTR, &set->lock)
		return mshv_range_insert(&set->tree, &region->range, region);
	return -EINTR;
}

static void regions_erase(struct mshv_regions *set, struct mshv_region *region)
{
	guard(mutex)(&set->lock);
	mtree_erase(&set->tree, region->range.gfn);
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

	region->pages = kvcalloc(region->range.nr_pages,
				 sizeof(*region->pages),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!region->pages)
		return -ENOMEM;
	ret = pin(region);
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
	unpin(region);
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
	ret = unmap(region, partition_id);
	if (ret) {
		regions_release(set, region);
		return ret;
	}
	/* All is given back before the guest addresses are: then it is done. */
	unpin(region);
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
			region->pinned = 0;
		unpin(region);
		if (unmapped)
			uncharge(set->mm, region->range.nr_pages);
		region_free(region);
		cond_resched();
	}
	mtree_destroy(&set->tree);
	mutex_destroy(&set->lock);
	mmdrop(set->mm);
}

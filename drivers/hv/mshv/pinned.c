// SPDX-License-Identifier: GPL-2.0
/* User memory that is pinned for a region. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <asm/mshv.h>

#include "pinned.h"
#include "range.h"

/* So many at a time that a signal does not wait long. */
#define PIN_BATCH	16384UL

#define BLOCK_SHIFT	(30 - PAGE_SHIFT)
#define BLOCK_PAGES	BIT(BLOCK_SHIFT)

/**
 * struct block - part of the list
 * @number: its index
 * @first: index of its first page in the range
 * @nr: pages of the range in it
 */
struct block {
	unsigned long number;
	unsigned long first;
	unsigned long nr;
};

/* The first one begins where the range does, in the midst of its gigabyte. */
static struct block block_of(const struct mshv_range *range,
			     unsigned long index)
{
	unsigned long before = range->gfn & (BLOCK_PAGES - 1);
	struct block block = { .number = (before + index) >> BLOCK_SHIFT };
	unsigned long end = ((block.number + 1) << BLOCK_SHIFT) - before;

	if (block.number)
		block.first = (block.number << BLOCK_SHIFT) - before;
	block.nr = min_t(u64, end, range->nr_pages) - block.first;
	return block;
}

void mshv_pinned_init(struct mshv_pinned *pinned,
		      const struct mshv_range *range)
{
	pinned->range = range;
	xa_init(&pinned->blocks);
	pinned->count = 0;
}

static struct page **block_alloc(struct mshv_pinned *pinned,
				 const struct block *block)
{
	struct page **pages;

	pages = kvcalloc(block->nr, sizeof(*pages),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return NULL;
	if (xa_err(xa_store(&pinned->blocks, block->number, pages,
			    GFP_KERNEL_ACCOUNT | __GFP_NOWARN))) {
		kvfree(pages);
		return NULL;
	}
	return pages;
}

/* Whatever makes memory unfit to be pinned for long, it is one thing here. */
static int pin_errno(int ret)
{
	return ret == -ENOMEM || ret == -EINTR ? ret : -EFAULT;
}

static int pin_batch(struct mshv_pinned *pinned, unsigned int gup)
{
	const struct mshv_range *range = pinned->range;
	struct block block = block_of(range, pinned->count);
	unsigned long at = pinned->count - block.first;
	struct page **pages = xa_load(&pinned->blocks, block.number);
	int ret;

	pages = pages ?: block_alloc(pinned, &block);
	if (!pages)
		return -ENOMEM;
	ret = pin_user_pages_fast(range->uaddr + (pinned->count << PAGE_SHIFT),
				  min(block.nr - at, PIN_BATCH), gup,
				  pages + at);
	if (ret <= 0)
		return pin_errno(ret);
	pinned->count += ret;
	return 0;
}

int mshv_pinned_add(struct mshv_pinned *pinned)
{
	unsigned int gup = FOLL_LONGTERM;
	int ret;

	if (pinned->range->flags & HV_MAP_GPA_WRITABLE)
		gup |= FOLL_WRITE;
	while (pinned->count < pinned->range->nr_pages) {
		ret = pin_batch(pinned, gup);
		if (ret)
			return ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

struct page **mshv_pinned_run(struct mshv_pinned *pinned,
			      unsigned long index, unsigned long *nr)
{
	struct block block = block_of(pinned->range, index);
	struct page **pages = xa_load(&pinned->blocks, block.number);

	*nr = min(*nr, block.first + block.nr - index);
	return pages + (index - block.first);
}

/* In batches: a list of all pages of a large guest keeps the processor long. */
void mshv_pinned_release(struct mshv_pinned *pinned)
{
	bool dirty = pinned->range->flags & HV_MAP_GPA_WRITABLE;
	unsigned long first, nr;
	struct page **pages;
	struct block block;

	while (pinned->count) {
		block = block_of(pinned->range, pinned->count - 1);
		nr = min(pinned->count - block.first, PIN_BATCH);
		first = pinned->count - nr;
		pages = mshv_pinned_run(pinned, first, &nr);
		unpin_user_pages_dirty_lock(pages, nr, dirty);
		pinned->count = first;
		cond_resched();
	}
}

void mshv_pinned_destroy(struct mshv_pinned *pinned)
{
	struct page **pages;
	unsigned long number;

	xa_for_each(&pinned->blocks, number, pages) {
		kvfree(pages);
		cond_resched();
	}
	xa_destroy(&pinned->blocks);
}

// SPDX-License-Identifier: GPL-2.0
/* Depositing memory with the hypervisor, and withdrawing it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <asm/mshyperv.h>

#include "args.h"
#include "deposit.h"
#include "status.h"
#include "tlfs.h"

/* Small enough for a list on the stack: teardown needs no memory for it. */
#define WITHDRAW_BATCH	32

void mshv_deposit_init(struct mshv_deposit *pool, u64 partition_id)
{
	pool->partition_id = partition_id;
	xa_init(&pool->ledger);
}

void mshv_deposit_destroy(struct mshv_deposit *pool)
{
	xa_destroy(&pool->ledger);
}

static u64 deposit_memory(u64 partition_id, const struct list_head *pages,
			  unsigned int count)
{
	CLASS(mshv_args, args)();
	struct hv_deposit_memory *in = args.in;
	struct page *page;
	unsigned int i = 0;

	in->partition_id = partition_id;
	list_for_each_entry(page, pages, lru)
		in->gpa_page_list[i++] = page_to_pfn(page);
	return hv_do_rep_hypercall(HVCALL_DEPOSIT_MEMORY, count, 0, in, NULL);
}

static int alloc_pages_of(struct list_head *pages, unsigned int count)
{
	struct page *page;

	while (count--) {
		page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO |
				  __GFP_NOWARN);
		if (!page)
			return -ENOMEM;
		list_add_tail(&page->lru, pages);
	}
	return 0;
}

static void free_pages_of(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

/* Before the call: afterwards it would be too late to run out of memory. */
static int enter_in_ledger(struct mshv_deposit *pool,
			   const struct list_head *pages)
{
	struct page *page;
	int ret;

	list_for_each_entry(page, pages, lru) {
		ret = xa_insert(&pool->ledger, page_to_pfn(page), page,
				GFP_KERNEL | __GFP_NOWARN);
		if (ret)
			return ret;
	}
	return 0;
}

static void strike_from_ledger(struct mshv_deposit *pool,
			       const struct list_head *pages)
{
	struct page *page;

	list_for_each_entry(page, pages, lru)
		xa_erase(&pool->ledger, page_to_pfn(page));
}

/* Those that the hypervisor took, even if it failed then, are its own now. */
static int hand_over(u64 partition_id, struct list_head *pages,
		     unsigned int count)
{
	u64 status = deposit_memory(partition_id, pages, count);
	unsigned int taken = mshv_status_reps(status, count);

	while (taken-- && !list_empty(pages))
		list_del(pages->next);
	return mshv_status_errno(status);
}

int mshv_deposit_add(struct mshv_deposit *pool, unsigned int count)
{
	LIST_HEAD(pages);
	int ret;

	/* A hypervisor that is never content must not eat all memory. */
	if (fatal_signal_pending(current))
		return -EINTR;

	ret = alloc_pages_of(&pages, count);
	if (!ret)
		ret = enter_in_ledger(pool, &pages);
	if (!ret)
		ret = hand_over(pool->partition_id, &pages, count);
	strike_from_ledger(pool, &pages);
	free_pages_of(&pages);
	return ret;
}

int mshv_deposit_add_to_root(void)
{
	LIST_HEAD(pages);
	int ret;

	if (fatal_signal_pending(current))
		return -EINTR;

	ret = alloc_pages_of(&pages, 1);
	if (!ret)
		ret = hand_over(hv_current_partition_id, &pages, 1);
	free_pages_of(&pages);
	return ret;
}

struct page *mshv_deposit_find(struct mshv_deposit *pool, u64 pfn)
{
	return xa_load(&pool->ledger, pfn);
}

static u64 withdraw_memory(u64 partition_id, u64 *pfns)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_withdraw_memory *in = args.in;
	unsigned int done;
	u64 status;

	*in = (struct mshv_hvin_withdraw_memory){
		.partition_id = partition_id,
	};
	status = hv_do_rep_hypercall(HVCALL_WITHDRAW_MEMORY, WITHDRAW_BATCH, 0,
				     in, args.out);
	done = mshv_status_reps(status, WITHDRAW_BATCH);
	memcpy(pfns, args.out, done * sizeof(*pfns));
	return status;
}

/* False if the hypervisor names a page that it was never given. */
static bool free_withdrawn(struct mshv_deposit *pool, const u64 *pfns,
			   unsigned int count)
{
	struct page *page;
	unsigned int i;

	for (i = 0; i < count; i++) {
		page = xa_erase(&pool->ledger, pfns[i]);
		if (!page)
			return false;
		__free_page(page);
	}
	return true;
}

bool mshv_deposit_withdraw(struct mshv_deposit *pool)
{
	u64 pfns[WITHDRAW_BATCH];
	unsigned int count;
	u64 status;

	while (!xa_empty(&pool->ledger)) {
		status = withdraw_memory(pool->partition_id, pfns);
		count = mshv_status_reps(status, WITHDRAW_BATCH);
		if (!free_withdrawn(pool, pfns, count)) {
			pr_err_ratelimited("partition %llu: the hypervisor returned a page it never got\n",
					   pool->partition_id);
			return false;
		}
		if (!hv_result_success(status) && !xa_empty(&pool->ledger)) {
			pr_err_ratelimited("partition %llu: WITHDRAW_MEMORY: %s; deposited pages are lost\n",
					   pool->partition_id,
					   mshv_status_name(status));
			return false;
		}
		cond_resched();
	}
	return true;
}

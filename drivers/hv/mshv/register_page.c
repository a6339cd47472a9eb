// SPDX-License-Identifier: GPL-2.0
/* A VP's register page, asked for once and given back at the end. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <asm/mshv.h>

#include "register_page.h"
#include "deposit.h"
#include "hvcall_state.h"
#include "lock.h"

void mshv_register_page_init(struct mshv_register_page *page)
{
	mutex_init(&page->lock);
}

/* Whatever else the hypervisor names would give user space somebody's memory. */
static int page_get(struct mshv_register_page *page, struct mshv_deposit *pool,
		    u32 vp_index)
{
	struct page *deposited;
	u64 pfn;
	int ret;

	lockdep_assert_held(&page->lock);
	if (page->shared)
		return 0;
	ret = mshv_hvcall_map_register_page(pool, vp_index, &pfn);
	if (ret)
		return ret;
	deposited = mshv_deposit_find(pool, pfn);
	if (!deposited) {
		mshv_hvcall_unmap_register_page(pool->partition_id, vp_index);
		return -ENOTRECOVERABLE;
	}
	page->pfn = pfn;
	/* Pairs with mshv_register_page_set_rip(), which has no lock. */
	smp_store_release(&page->shared, page_address(deposited));
	return 0;
}

int mshv_register_page_get(struct mshv_register_page *page,
			   struct mshv_deposit *pool, u32 vp_index, u64 *pfn)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &page->lock) {
		ret = page_get(page, pool, vp_index);
		*pfn = page->pfn;
	}
	return ret;
}

/* User space can write there too, at its own peril. */
bool mshv_register_page_set_rip(struct mshv_register_page *page, u64 rip)
{
	struct mshv_hv_vp_register_page *shared;

	/* Pairs with the release in page_get(). */
	shared = smp_load_acquire(&page->shared);
	if (!shared || !READ_ONCE(shared->isvalid))
		return false;
	WRITE_ONCE(shared->rip, rip);
	WRITE_ONCE(shared->dirty,
		   READ_ONCE(shared->dirty) | HV_X64_REGISTER_CLASS_IP);
	return true;
}

/* Should this fail, FINALIZE takes the page all the same. */
void mshv_register_page_release(struct mshv_register_page *page,
				u64 partition_id, u32 vp_index)
{
	guard(mutex)(&page->lock);
	if (page->shared)
		mshv_hvcall_unmap_register_page(partition_id, vp_index);
	page->shared = NULL;
}

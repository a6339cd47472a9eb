// SPDX-License-Identifier: GPL-2.0
/* A VP's register page, asked for once and given back at the end. */
#include <linux/errno.h>

#include "register_page.h"
#include "hvcall_state.h"
#include "lock.h"

void mshv_register_page_init(struct mshv_register_page *page)
{
	mutex_init(&page->lock);
}

int mshv_register_page_get(struct mshv_register_page *page,
			   struct mshv_deposit *pool, u32 vp_index, u64 *pfn)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &page->lock) {
		if (!page->mapped)
			ret = mshv_hvcall_map_register_page(pool, vp_index,
							    &page->pfn);
		page->mapped = !ret;
		*pfn = page->pfn;
	}
	return ret;
}

/* Should this fail, FINALIZE takes the page all the same. */
void mshv_register_page_release(struct mshv_register_page *page,
				u64 partition_id, u32 vp_index)
{
	guard(mutex)(&page->lock);
	if (page->mapped)
		mshv_hvcall_unmap_register_page(partition_id, vp_index);
	page->mapped = false;
}

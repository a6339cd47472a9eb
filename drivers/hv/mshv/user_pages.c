// SPDX-License-Identifier: GPL-2.0
/* Pages of the caller's memory, pinned for as long as one hypercall takes. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "user_pages.h"

int mshv_user_pages_pin(struct mshv_user_pages *set, u64 uaddr,
			unsigned int count, unsigned int gup_flags)
{
	int ret;

	set->pages = kcalloc(count, sizeof(*set->pages), GFP_KERNEL_ACCOUNT);
	if (!set->pages)
		return -ENOMEM;
	set->written = gup_flags & FOLL_WRITE;
	while (set->count < count) {
		ret = pin_user_pages_fast(uaddr + ((u64)set->count << PAGE_SHIFT),
					  count - set->count, gup_flags,
					  set->pages + set->count);
		if (ret <= 0)
			return ret == -ENOMEM || ret == -EINTR ? ret : -EFAULT;
		set->count += ret;
	}
	return 0;
}

void mshv_user_pages_release(struct mshv_user_pages *set)
{
	if (set->count)
		unpin_user_pages_dirty_lock(set->pages, set->count,
					    set->written);
	kfree(set->pages);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of the caller's memory, pinned for as long as one hypercall takes. */
#ifndef _MSHV_USER_PAGES_H
#define _MSHV_USER_PAGES_H

#include <linux/cleanup.h>
#include <linux/types.h>

struct page;

/**
 * struct mshv_user_pages - pinned pages
 * @pages: which
 * @count: how many are pinned
 * @written: the hypervisor has, or may have, written to them
 */
struct mshv_user_pages {
	struct page **pages;
	unsigned int count;
	bool written;
};

/**
 * mshv_user_pages_pin - pin pages of the current process
 * @set: zeroed; to be released, also after an error
 * @uaddr: user address of a page
 * @count: how many; the caller has bounded it
 * @gup_flags: FOLL_WRITE if they are to be written to, or 0
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EFAULT, or -EINTR on a fatal signal.
 */
int mshv_user_pages_pin(struct mshv_user_pages *set, u64 uaddr,
			unsigned int count, unsigned int gup_flags);

/**
 * mshv_user_pages_release - unpin pages
 * @set: zeroed, half pinned or pinned
 */
void mshv_user_pages_release(struct mshv_user_pages *set);

/* CLASS(mshv_user_pages, set)() is empty, and is released at the scope's end. */
DEFINE_CLASS(mshv_user_pages, struct mshv_user_pages,
	     mshv_user_pages_release(&_T), (struct mshv_user_pages){}, void)

#endif /* _MSHV_USER_PAGES_H */

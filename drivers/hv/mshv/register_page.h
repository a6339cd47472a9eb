/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VP's register page: memory that the hypervisor, which writes a VP's registers
 * there when it stops, shares with the VMM.
 *
 * It is one of the pages deposited for the partition. The first mmap of a VP fd
 * asks for it, and it is given back when the partition is destroyed; by then no
 * mapping is left, as each holds the file and so the partition. User space gets
 * it by number, without a reference, so that nobody can pin it.
 */
#ifndef _MSHV_REGISTER_PAGE_H
#define _MSHV_REGISTER_PAGE_H

#include <linux/mutex.h>
#include <linux/types.h>

struct mshv_deposit;
struct mshv_hv_vp_register_page;

/**
 * struct mshv_register_page - a register page, once there is one
 * @lock: protects what follows. Taken under mmap_lock, so nothing that touches
 *	user memory is done under it
 * @pfn: page number, once there is one
 * @shared: where the kernel sees it, NULL for none yet; published by a release
 */
struct mshv_register_page {
	struct mutex lock; /* see above */
	u64 pfn;
	struct mshv_hv_vp_register_page *shared;
};

/**
 * mshv_register_page_init - begin with no page
 * @page: to initialize, zeroed
 */
void mshv_register_page_init(struct mshv_register_page *page);

/**
 * mshv_register_page_get - the number of the page, asked for the first time
 * @page: a VP's
 * @pool: its partition's pool
 * @vp_index: VP
 * @pfn: page number, once there is one
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_register_page_get(struct mshv_register_page *page,
			   struct mshv_deposit *pool, u32 vp_index, u64 *pfn);

/**
 * mshv_register_page_set_rip - let a VP go on elsewhere
 * @page: of a VP that is suspended
 * @rip: where
 *
 * Context: any, by the runner.
 * Return: false if there is no page, or it is not valid.
 */
bool mshv_register_page_set_rip(struct mshv_register_page *page, u64 rip);

/**
 * mshv_register_page_release - give the page back
 * @page: of a VP that nobody can reach any more
 * @partition_id: partition, not finalized yet
 * @vp_index: VP
 *
 * Context: may sleep.
 */
void mshv_register_page_release(struct mshv_register_page *page,
				u64 partition_id, u32 vp_index);

#endif /* _MSHV_REGISTER_PAGE_H */

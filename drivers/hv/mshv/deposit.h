/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory deposited with the hypervisor for one partition.
 *
 * The hypervisor keeps what it needs to know of a partition in pages that the
 * root gives it. From a successful deposit until it is withdrawn a page is the
 * hypervisor's: the root neither touches nor frees it. A ledger of these pages
 * is kept, and only what is in it is ever freed, whatever a withdrawal returns.
 */
#ifndef _MSHV_DEPOSIT_H
#define _MSHV_DEPOSIT_H

#include <linux/types.h>
#include <linux/xarray.h>

struct page;

/* HvCallDepositMemory takes this many pages at most: one input page's worth. */
#define MSHV_DEPOSIT_MAX	511

/**
 * struct mshv_deposit - what one partition holds
 * @partition_id: partition
 * @ledger: by page number, each page that is the hypervisor's; own lock
 */
struct mshv_deposit {
	u64 partition_id;
	struct xarray ledger;
};

/**
 * mshv_deposit_init - begin with an empty ledger
 * @pool: to initialize
 * @partition_id: partition
 */
void mshv_deposit_init(struct mshv_deposit *pool, u64 partition_id);

/**
 * mshv_deposit_add - deposit pages for a partition
 * @pool: the partition's pool
 * @count: pages, 1 to MSHV_DEPOSIT_MAX
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EINTR on a fatal signal, or a status's errno.
 */
int mshv_deposit_add(struct mshv_deposit *pool, unsigned int count);

/**
 * mshv_deposit_add_to_root - deposit one page for the root partition itself
 *
 * Creating a partition takes memory of its creator. It is never given back.
 *
 * Context: may sleep.
 * Return: as mshv_deposit_add().
 */
int mshv_deposit_add_to_root(void);

/**
 * mshv_deposit_find - a page that is the hypervisor's, by its number
 * @pool: pool
 * @pfn: what the hypervisor says
 *
 * Context: any.
 * Return: the page, or NULL if it is none of this pool.
 */
struct page *mshv_deposit_find(struct mshv_deposit *pool, u64 pfn);

/**
 * mshv_deposit_withdraw - take back and free everything that was deposited
 * @pool: the pool of a partition that has been finalized
 *
 * Context: may sleep.
 * Return: true if nothing is left. Otherwise what is left stays the
 * hypervisor's for ever, and that has been logged.
 */
bool mshv_deposit_withdraw(struct mshv_deposit *pool);

/**
 * mshv_deposit_destroy - forget the ledger, without freeing any page
 * @pool: pool
 */
void mshv_deposit_destroy(struct mshv_deposit *pool);

#endif /* _MSHV_DEPOSIT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The loop that gives the hypervisor memory as it asks for it. */
#ifndef _MSHV_HVCALL_H
#define _MSHV_HVCALL_H

#include <linux/types.h>

struct mshv_deposit;

/**
 * mshv_hvcall_settle - what to do after a hypercall that may lack memory
 * @result: its result word
 * @pool: the pool it draws on
 * @pages: how many pages to deposit if it lacks memory
 *
 * Context: may sleep.
 * Return: 0 for success; -EAGAIN if memory was deposited and the call is to be
 * repeated; otherwise the errno of the deposit or of the status.
 */
int mshv_hvcall_settle(u64 result, struct mshv_deposit *pool,
		       unsigned int pages);

#endif /* _MSHV_HVCALL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What the hypervisor's statuses are called, and the errnos that stand for them. */
#ifndef _MSHV_STATUS_H
#define _MSHV_STATUS_H

#include <linux/types.h>

/**
 * mshv_status_errno - the errno of a hypercall's result
 * @result: result word; only its status is looked at
 *
 * Context: any.
 * Return: 0 or a negative errno, -ENOTRECOVERABLE for what has no better one.
 */
int mshv_status_errno(u64 result);

/**
 * mshv_status_reps - how many repetitions a hypercall has completed
 * @result: its result word
 * @most: how many it was asked for
 *
 * Context: any.
 * Return: 0 to @most.
 */
unsigned int mshv_status_reps(u64 result, unsigned int most);

/**
 * mshv_status_name - the TLFS's name of a hypercall's status
 * @result: result word; only its status is looked at
 *
 * Context: any.
 * Return: a constant string, "unknown" for a status without a name here.
 */
const char *mshv_status_name(u64 result);

#endif /* _MSHV_STATUS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Running a VP until it has a message, or somebody wants the thread back. */
#ifndef _MSHV_RUN_H
#define _MSHV_RUN_H

#include <linux/compiler_types.h>

struct mshv_hv_message;
struct mshv_partition;
struct mshv_vp;

/**
 * mshv_run - MSHV_RUN_VP
 * @partition: its partition
 * @vp: VP
 * @message: where the message goes
 *
 * Context: may sleep.
 * Return: 0 with a message; -EINTR after a signal or a cancel; -EBUSY if another
 * thread runs it; -EIO if it is dead; -EFAULT, then the message is kept; or the
 * errno of the status that the hypervisor did not resume it with.
 */
int mshv_run(struct mshv_partition *partition, struct mshv_vp *vp,
	     struct mshv_hv_message __user *message);

/**
 * mshv_run_cancel - MSHV_CANCEL_RUN
 * @vp: VP
 *
 * Context: any.
 */
void mshv_run_cancel(struct mshv_vp *vp);

/**
 * mshv_run_stop_all - stop all VPs for good; their runs end with -EIO
 *
 * Context: may sleep.
 */
void mshv_run_stop_all(void);

#endif /* _MSHV_RUN_H */

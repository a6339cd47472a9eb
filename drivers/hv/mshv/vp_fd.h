/* SPDX-License-Identifier: GPL-2.0 */
/* The VP fd: its ioctls. */
#ifndef _MSHV_VP_FD_H
#define _MSHV_VP_FD_H

#include <linux/types.h>

struct mshv_partition;

/**
 * mshv_vp_fd_create - create a VP and an fd for it
 * @partition: partition; the fd takes a reference
 * @vp_index: VP
 *
 * Context: may sleep.
 * Return: the fd, or a negative errno.
 */
int mshv_vp_fd_create(struct mshv_partition *partition, u32 vp_index);

#endif /* _MSHV_VP_FD_H */

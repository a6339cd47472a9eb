/* SPDX-License-Identifier: GPL-2.0 */
/* The partition fd: its ioctls. */
#ifndef _MSHV_PARTITION_FD_H
#define _MSHV_PARTITION_FD_H

struct mshv_create_partition;

/**
 * mshv_partition_fd_create - create a partition and an fd for it
 * @args: what user space asks for; its flags have been checked
 *
 * Context: may sleep.
 * Return: the fd, or a negative errno.
 */
int mshv_partition_fd_create(const struct mshv_create_partition *args);

#endif /* _MSHV_PARTITION_FD_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/mshv */
#ifndef _MSHV_DEV_H
#define _MSHV_DEV_H

/**
 * mshv_dev_init - register /dev/mshv
 *
 * Everything must be ready: it can be opened before this returns.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int mshv_dev_init(void);

/**
 * mshv_dev_exit - unregister /dev/mshv
 *
 * Context: may sleep.
 */
void mshv_dev_exit(void);

#endif /* _MSHV_DEV_H */

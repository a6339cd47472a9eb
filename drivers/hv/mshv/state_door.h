/* SPDX-License-Identifier: GPL-2.0 */
/* The VP fd's ioctls for state that is no register. */
#ifndef _MSHV_STATE_DOOR_H
#define _MSHV_STATE_DOOR_H

#include <linux/compiler_types.h>

struct mshv_partition;
struct mshv_vp;

/**
 * mshv_state_door_get - MSHV_GET_VP_STATE
 * @partition: the VP's
 * @vp: VP
 * @user: struct mshv_vp_state
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int mshv_state_door_get(struct mshv_partition *partition, struct mshv_vp *vp,
			const void __user *user);

/**
 * mshv_state_door_set - MSHV_SET_VP_STATE
 * @partition: the VP's
 * @vp: VP
 * @user: struct mshv_vp_state
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int mshv_state_door_set(struct mshv_partition *partition, struct mshv_vp *vp,
			const void __user *user);

/**
 * mshv_state_door_translate - MSHV_TRANSLATE_GVA
 * @vp: VP
 * @user: struct mshv_translate_gva
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int mshv_state_door_translate(struct mshv_vp *vp, const void __user *user);

#endif /* _MSHV_STATE_DOOR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The synthetic timers of a VP as its parent saves and restores them. */
#ifndef TESTHV_STIMER_STATE_H
#define TESTHV_STIMER_STATE_H

#include "status.h"

struct vp;

#define STIMER_STATE_SIZE	200u

/* @data: that many bytes. The VP must not be running. */
void stimer_get_state(const struct vp *vp, u8 *data);
hv_status stimer_set_state(struct vp *vp, const u8 *data);

#endif

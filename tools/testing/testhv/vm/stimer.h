/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The synthetic timers of a child VP (TLFS, 12.3): they expire at a reference time, never early,
 * with a message to a SINT or, in direct mode, with an interrupt. Protected by the big lock.
 */
#ifndef TESTHV_STIMER_H
#define TESTHV_STIMER_H

#include "timer.h"

struct partition;
struct vp;

#define STIMERS		4

struct stimer {
	u64 config, count;
	u64 due;		/* while it runs: reference time of the next expiry */
	u64 expired;		/* while @pending: when that should have been */
	bool pending;		/* expired, and its message not yet delivered */
	struct vp_timer timer;
};

void stimer_init(struct vp *vp);
void stimer_destroy(struct vp *vp);
/* MSRs 0x400000B0 to B7, by their offset. False: #GP. */
u64 stimer_read(const struct vp *vp, u32 i);
bool stimer_write(struct vp *vp, u32 i, u64 value);
/* A slot may be free now, or the VP goes on after a suspension: deliver what waits. */
void stimer_rescan(struct vp *vp);
/* The reference time of @p has stopped, or goes on. */
void stimer_time_changed(struct partition *p);

#endif

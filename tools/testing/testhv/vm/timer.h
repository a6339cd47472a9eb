/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deadlines of child VPs. An armed timer is in the list of its VP's home processor, whose HPET
 * comparator ends whatever guest runs there in time. Protected by the big lock.
 */
#ifndef TESTHV_TIMER_H
#define TESTHV_TIMER_H

#include "../lib/list.h"

struct cpu;
struct vp;

struct vp_timer {
	struct list link;
	u64 deadline_tsc;
	void (*expire)(struct vp_timer *t);	/* no longer armed when it is called */
	struct vp *vp;
};

void timer_init(struct vp_timer *t, struct vp *vp, void (*expire)(struct vp_timer *t));
/* Arm, or arm anew. Deadlines of the past expire at the next opportunity. */
void timer_arm(struct vp_timer *t, u64 deadline_tsc);
void timer_cancel(struct vp_timer *t);

/* Run what is due on @cpu. */
void timer_run(struct cpu *cpu);
/* The first deadline on @cpu, or ~0: none. */
u64 timer_next(const struct cpu *cpu);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who runs on a processor: its root VP, or a child whose VMM thread resumed it there. A child runs
 * while the root VP halts, and for a slice when it doesn't. The big lock is held by everything
 * that runs in testhv, from an exit until the next entry.
 */
#ifndef TESTHV_SCHED_H
#define TESTHV_SCHED_H

#include "../lib/types.h"

struct cpu;
struct vp;
struct partition;

void big_lock(void);
void big_unlock(void);

/*
 * Make a child that is no longer suspended runnable on @cpu (the processor of the caller), or where
 * it is still running. Idempotent.
 */
void sched_resume(struct vp *vp, struct cpu *cpu);
/* Take a child off its run queue; it may still be running elsewhere. */
void sched_dequeue(struct vp *vp);

/* Something has arrived for a child: it leaves its guest, or its halt, to look. */
void sched_wake(struct vp *vp);
/* The child leaves its guest soon, if it is in it. */
void sched_kick_vp(struct vp *vp);

/*
 * True once no processor runs @vp (after sched_dequeue). Otherwise kicks the processor that does
 * and returns false: the caller drops the lock (sched_wait) and looks everything up again.
 */
bool sched_stopped(struct vp *vp);
/* Drop the big lock for a moment, so that others make progress. */
void sched_wait(void);

/*
 * Translations of @p were taken away: no processor uses the old ones when this returns. Drops the
 * lock while it waits, so pointers into other partitions must be looked up again; @p itself must
 * not go away (caller's duty: see FINALIZE).
 */
void sched_flush_partition(struct partition *p);
/*
 * The same when pages of the root were unmapped; whether somebody is at it, so that guests may
 * still reach such pages.
 */
void sched_flush_unmapped(struct partition *p);
bool sched_flushing(void);
/*
 * The same for the partition of @vp, which isn't in its guest. It counts as running here meanwhile:
 * nobody takes it apart, or runs it elsewhere.
 */
void sched_flush_by(struct vp *vp);
/* The same for the root partition's own nested table. */
void sched_flush_root(void);

/* What @cpu runs next, or NULL: nothing. */
struct vp *sched_pick(struct cpu *cpu);
/* Whether a physical interrupt would be taken by the root VP of @cpu. */
bool sched_root_may_run(const struct cpu *cpu);
/*
 * Have an exit in time: for whoever waits while @vp runs on @cpu (NULL: nobody does), and for what
 * is due meanwhile.
 */
void sched_arm_clock(struct cpu *cpu, const struct vp *vp);
/* What ended a run: an NMI (true: it is the root's own), a physical interrupt in a child. */
bool sched_nmi(struct cpu *cpu, struct vp *vp);
void sched_interrupted(struct cpu *cpu);
void sched_park(struct cpu *cpu);

/* The root sent INIT or SIPI to the root VP of @cpu. */
void sched_init_ipi(struct cpu *cpu);
void sched_sipi(struct cpu *cpu, u8 vector);

/* Kick @cpu out of its guest (an NMI), if it is in one. */
void sched_kick(struct cpu *cpu);
/* A kick's store may get lost in QEMU: if @cpu doesn't leave its guest, send it again. */
void sched_kick_again(struct cpu *cpu);
/* The same for all, and a kick where the clock's NMI got lost. */
void sched_check_kicks(void);

#endif

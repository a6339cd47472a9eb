/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a child takes at its next entry, and when testhv must have it back for what it can't take
 * yet (APM 2, 15.20 and 15.21). One event an entry, by EVENTINJ; V_IRQ only opens a window.
 */
#ifndef TESTHV_EVENT_H
#define TESTHV_EVENT_H

#include "../lib/types.h"

struct vp;

/* What there is, and the state of the processor. */
struct event_view {
	bool busy;			/* an event is to be delivered again */
	bool interrupts;		/* RFLAGS.IF */
	bool shadow;			/* of STI or MOV SS */
	bool exception;
	bool nmi, nmi_masked;
	bool external;			/* an interrupt whose vector the parent gave */
	bool fixed;			/* one above the priority of the processor */
	bool below_tpr;			/* one that only TPR keeps back */
};

enum event { EVENT_NONE, EVENT_EXCEPTION, EVENT_NMI, EVENT_EXTERNAL, EVENT_FIXED };

struct event_choice {
	enum event event;
	/* what must end the run */
	bool window;			/* the guest can take an interrupt */
	bool tpr;			/* it writes CR8 */
	bool soon;			/* a few instructions later: no intercept tells */
};

struct event_choice event_choose(const struct event_view *v);

enum event_entry {
	EVENT_ENTER,
	EVENT_WAIT,			/* not runnable any more: off its run queue */
	EVENT_NOTIFY,			/* the parent is to hear that vp->deliverable can be */
};

/* Last before the entry. */
enum event_entry event_prepare(struct vp *vp);
/* Nothing comes behind it: the event is put where the processor finds it. */
void event_enter(struct vp *vp);
/* First after the exit: what the guest did meanwhile. */
void event_after_exit(struct vp *vp);
/* The guest is at its IRET while NMIs are masked. */
void event_iret(struct vp *vp);
/* The #DB exit is the end of that step, and not the guest's. */
bool event_step_done(struct vp *vp);
/* Whether something has arrived that ends a halt, or the wait for a SIPI. */
bool event_wakes(const struct vp *vp);

/* DELIVERABILITY_NOTIFICATIONS */
#define DELIVERABLE_NMI		BIT(0)
#define DELIVERABLE_INTERRUPT	BIT(1)
#define DELIVERABLE_PRIORITY(v)	(((v) >> 2) & 0xf)

#endif

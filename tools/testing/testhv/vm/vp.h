/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual processor. Root VPs are made by main, one a processor, and never freed. A child VP and
 * all its pages come from its partition's deposited pages; FINALIZE takes it apart. Everything is
 * protected by the big lock, but for what the processor that runs the VP (vp->running) changes
 * between VMRUN and the exit.
 */
#ifndef TESTHV_VP_H
#define TESTHV_VP_H

#include "../lib/list.h"
#include "../svm/svm.h"

struct partition;
struct cpu;
struct lapic;
struct register_page;
struct vp_hv;

#define MESSAGE_SIZE	256

/* Registers that testhv only keeps for its VMM's sake (MTRRs and the like), see registers.c. */
#define VP_KEPT_REGISTERS	64

struct vp {
	struct partition *partition;
	u32 index;

	struct vmcb *vmcb;
	struct gprs gprs;
	struct extended_state ext;

	/* A child runs only while both are false (TLFS: explicit and intercept suspend). */
	bool explicit_suspend;
	bool intercept_suspend;
	bool halted;			/* HLT idles in testhv (partition with a local APIC) */
	bool idle;			/* so does GUEST_IDLE, until anything is requested */

	/* scheduling (sched.c) */
	struct cpu *running;		/* the processor between entry and exit with it */
	struct cpu *home;		/* on whose run queue it is or was last */
	struct list runq;
	u64 runtime;			/* TSC ticks spent in the guest */
	bool flush;			/* flush the TLB at the next entry */

	/*
	 * The one message that a VP can have outstanding (synic.c): linked while it waits for a
	 * slot.
	 */
	struct list message_link;
	u64 message_due;		/* TSC: not to be delivered before (window) */
	u8 message[MESSAGE_SIZE] __aligned(8);

	struct register_page *page;	/* handed out to the root, or NULL (register_page.c) */
	bool page_valid;		/* it shows the registers */
	struct vp_hv *hv;		/* Hyper-V interface; NULL: a root VP */

	u8 soft_length;			/* of the INT n that is being injected */
	bool software_passes;		/* the next entry has no intercept of INT n, INT3, INTO */
	struct lapic *lapic;		/* NULL without LAPIC_ENABLED */
	u64 apic_base;			/* without one: only kept for the parent */

	/* events (event.h) */
	bool nmi_masked;
	bool nmi_iret;			/* it is at, or behind, the IRET that ends this */
	u64 iret_rip, iret_rsp;		/* where that was */
	bool stepping, step_tf;		/* over the IRET, and whether the guest steps itself */
	u64 shadow_rip;			/* the instruction in the shadow */
	u8 shadow_left;			/* how often it may still be taken for not executed */
	bool virtual_irq;		/* the interrupt that it takes at this entry is V_IRQ */
	bool soon;			/* an event waits for the end of a shadow */
	u64 deliverability;		/* DELIVERABILITY_NOTIFICATIONS, what is left of it */
	u8 deliverable;			/* type of the event that now can be */
	u64 pending_event[2];		/* PENDING_EVENT0, until it is injected */
	u64 kept[VP_KEPT_REGISTERS];
};

/* A child VP at the reset vector, explicitly suspended; NULL: not enough pages in the pool. */
struct vp *vp_create(struct partition *p, u32 index);
/* A stopped VP and its pages go back into the pool. */
void vp_free(struct vp *vp);
/* Whether its state is for its parent to look at and change. */
bool vp_at_rest(const struct vp *vp);
/* Whether a child runs as soon as it gets a processor. */
bool vp_runnable(const struct vp *vp);

#endif

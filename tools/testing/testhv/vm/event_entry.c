// SPDX-License-Identifier: GPL-2.0
/* Events and the VMCB: before an entry, after an exit, INIT and SIPI. */
#include "../hw/cpu.h"
#include "event.h"
#include "lapic.h"
#include "partition.h"
#include "registers.h"
#include "sched.h"
#include "vp.h"

#define CLASS(v)		((v) & 0xf0)
#define TYPE_NMI		2u
#define VECTOR_NMI		2u
#define RFLAGS_TF		BIT(8)
#define DR6_BS			BIT(14)
#define SHADOW_ENTRIES		2
/* Whatever TPR is. */
#define VIRTUAL_IRQ		(INT_CTL_V_IRQ | INT_CTL_V_PRIO | INT_CTL_V_IGN_TPR)

static u8 cr8(const struct vp *vp)
{
	return vp->vmcb->int_ctl & INT_CTL_V_TPR;
}

/* What the local APIC holds, seen with the TPR that the processor has. */
static void view_lapic(const struct vp *vp, struct event_view *v)
{
	const struct lapic *l = vp->lapic;
	int irr = lapic_model_highest(l->model.irr), isr = lapic_model_highest(l->model.isr);

	v->nmi = l->nmi_pending;
	v->external |= l->extint_pending;
	if (irr < 0 || CLASS(irr) <= CLASS(isr < 0 ? 0 : isr))
		return;
	v->fixed = irr >> 4 > cr8(vp);
	v->below_tpr = !v->fixed;
}

/* Without one the parent wants to know when it could inject. */
static void view_deliverability(const struct vp *vp, struct event_view *v)
{
	u8 priority = DELIVERABLE_PRIORITY(vp->deliverability);

	v->nmi = vp->deliverability & DELIVERABLE_NMI;
	if (!(vp->deliverability & DELIVERABLE_INTERRUPT))
		return;
	v->fixed = !priority || priority > cr8(vp);
	v->below_tpr = !v->fixed;
}

static struct event_view view(const struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;
	struct event_view v = {
		.busy = c->eventinj & EVENTINJ_VALID,
		.interrupts = c->rflags & RFLAGS_IF,
		.shadow = c->int_state & INT_STATE_SHADOW,
		.exception = registers_exception_pending(vp),
		.external = registers_external_pending(vp),
		.nmi_masked = vp->nmi_masked,
	};

	if (vp->lapic)
		view_lapic(vp, &v);
	else
		view_deliverability(vp, &v);
	return v;
}

bool event_wakes(const struct vp *vp)
{
	const struct lapic *l = vp->lapic;
	struct event_view v;

	if (l && l->init_pending)
		return true;
	if (l && l->wait_sipi)
		return l->sipi_pending;
	v = view(vp);
	if (v.busy || v.exception)
		return true;
	if (!l)
		return false;
	if ((v.nmi && !v.nmi_masked) || (v.interrupts && (v.external || v.fixed)))
		return true;
	return vp->idle && (v.external || lapic_has_pending(vp));
}

/* INIT before SIPI, however close they came (APM 2, 15.28). */
static void init_and_sipi(struct vp *vp)
{
	struct lapic *l = vp->lapic;

	if (l->init_pending) {
		l->init_pending = false;
		registers_init(vp);
		lapic_init(vp);
		vp->halted = false;
		vp->idle = false;
		vp->nmi_masked = false;
		vp->nmi_iret = false;
		/* The boot processor begins at its reset vector. */
		l->wait_sipi = !(l->base & APIC_BASE_BSP);
	}
	if (l->wait_sipi && l->sipi_pending) {
		l->wait_sipi = false;
		vp->vmcb->cs.selector = l->sipi_vector << 8;
		vp->vmcb->cs.base = (u64)l->sipi_vector << 12;
		vp->vmcb->rip = 0;
	}
	l->sipi_pending = false;
}

static u64 interrupt_event(u8 vector)
{
	return EVENTINJ_VALID | vector;
}

static void inject(struct vp *vp, enum event event)
{
	struct lapic *l = vp->lapic;
	int vector;

	switch (event) {
	case EVENT_EXCEPTION:
		registers_inject(vp);
		break;
	case EVENT_NMI:
		l->nmi_pending = false;
		vp->vmcb->eventinj = EVENTINJ_VALID | EVENTINJ_TYPE_NMI | VECTOR_NMI;
		break;
	case EVENT_EXTERNAL:
		if (registers_external_pending(vp)) {
			vp->vmcb->eventinj = interrupt_event(registers_take_external(vp));
			break;
		}
		l->extint_pending = false;
		vp->vmcb->eventinj = interrupt_event(l->extint_vector);
		break;
	case EVENT_FIXED:
		vector = lapic_model_highest(l->model.irr);
		lapic_model_take(&l->model, (u8)vector);
		vp->vmcb->eventinj = interrupt_event((u8)vector);
		break;
	case EVENT_NONE:
		break;
	}
}

/* What is to be intercepted because something waits. */
static void open_windows(struct vp *vp, const struct event_choice *choice)
{
	struct vmcb *c = vp->vmcb;

	c->int_ctl &= ~VIRTUAL_IRQ;
	c->intercept1 &= ~(u32)(INTERCEPT1_VINTR | INTERCEPT1_IRET);
	c->intercept_cr_write &= ~(u16)INTERCEPT_CR8;
	if (choice->tpr)
		c->intercept_cr_write |= INTERCEPT_CR8;
	if (choice->window) {
		c->int_ctl |= VIRTUAL_IRQ;
		c->intercept1 |= INTERCEPT1_VINTR;
	}
	if (vp->nmi_masked && !vp->nmi_iret)
		c->intercept1 |= INTERCEPT1_IRET;
	/* Behind the IRET nothing tells that it is done. */
	vp->soon = choice->soon || vp->nmi_iret;
}

/* The parent injects itself, and has asked when it may. */
static bool notify(struct vp *vp, const struct event_choice *choice)
{
	u64 reached = 0;

	if (vp->lapic || !vp->deliverability)
		return false;
	if (choice->event == EVENT_NMI)
		reached = DELIVERABLE_NMI;
	else if (choice->event == EVENT_FIXED)
		reached = DELIVERABLE_INTERRUPT;
	if (!reached)
		return false;
	vp->deliverability &= reached == DELIVERABLE_NMI ? ~DELIVERABLE_NMI : DELIVERABLE_NMI;
	vp->deliverable = reached == DELIVERABLE_NMI ? TYPE_NMI : 0;
	return true;
}

/*
 * An IRET with a second NMI behind it is stepped over. It takes TF from the stack as all of
 * RFLAGS, so nothing of this stays.
 */
static void step_over_iret(struct vp *vp)
{
	vp->stepping = vp->nmi_iret && vp->lapic && vp->lapic->nmi_pending &&
		       vp->vmcb->rip == vp->iret_rip && vp->vmcb->rsp == vp->iret_rsp &&
		       !(vp->vmcb->eventinj & EVENTINJ_VALID);
	if (!vp->stepping)
		return;
	vp->step_tf = vp->vmcb->rflags & RFLAGS_TF;
	vp->vmcb->rflags |= RFLAGS_TF;
}

enum event_entry event_prepare(struct vp *vp)
{
	struct event_choice choice;
	struct event_view v;

	if (vp->lapic)
		init_and_sipi(vp);
	if (!vp_runnable(vp)) {
		sched_dequeue(vp);
		return EVENT_WAIT;
	}
	vp->halted = false;
	vp->idle = false;
	v = view(vp);
	choice = event_choose(&v);
	if (notify(vp, &choice))
		return EVENT_NOTIFY;
	inject(vp, choice.event);
	if (vp->vmcb->eventinj & EVENTINJ_VALID &&
	    EVENTINJ_TYPE(vp->vmcb->eventinj) == TYPE_NMI) {
		vp->nmi_masked = true;
		vp->nmi_iret = false;
	}
	open_windows(vp, &choice);
	step_over_iret(vp);
	return EVENT_ENTER;
}

/*
 * An entry doesn't restore the shadow. If the next exit comes before the guest has executed
 * anything, it is still there. RIP alone doesn't say (it may be a jump to itself), so this is not
 * believed for ever.
 */
static void keep_shadow(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;

	if (c->int_state & INT_STATE_SHADOW) {
		vp->shadow_rip = c->rip;
		vp->shadow_left = SHADOW_ENTRIES;
	} else if (vp->shadow_left && c->rip == vp->shadow_rip) {
		vp->shadow_left--;
		c->int_state |= INT_STATE_SHADOW;
	} else {
		vp->shadow_left = 0;
	}
}

static bool is_interrupt(u64 event)
{
	return event & EVENTINJ_VALID && !EVENTINJ_TYPE(event);
}

/*
 * QEMU keeps an interrupt of EVENTINJ as its pending exception until the next one, the next
 * interrupt or exit. If it is told to leave its loop for another reason before, it delivers that
 * once more. What the guest takes at once anyway is therefore a V_IRQ, which it delivers once.
 */
void event_enter(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;

	vp->virtual_irq = is_interrupt(c->eventinj) && c->rflags & RFLAGS_IF &&
			  !(c->int_state & INT_STATE_SHADOW);
	if (!vp->virtual_irq)
		return;
	/* There is one V_IRQ: who waits for its end as a window gets a look later. */
	if (c->intercept1 & INTERCEPT1_VINTR)
		vp->soon = true;
	c->intercept1 &= ~(u32)INTERCEPT1_VINTR;
	c->int_ctl &= ~INT_CTL_VECTOR;
	c->int_ctl |= VIRTUAL_IRQ | (u64)(u8)c->eventinj << INT_CTL_VECTOR_SHIFT;
	c->eventinj = 0;
}

/* One that the guest has not taken is what the exit interrupted, or waits for its chance. */
static void take_back_interrupt(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;
	u8 vector = (u8)(c->int_ctl >> INT_CTL_VECTOR_SHIFT);
	bool left = c->int_ctl & INT_CTL_V_IRQ;
	bool other = c->exitintinfo & EVENTINJ_VALID && (u8)c->exitintinfo != vector;

	if (!vp->virtual_irq)
		return;
	vp->virtual_irq = false;
	c->int_ctl &= ~VIRTUAL_IRQ;
	if (!left)
		return;
	/* A fault in its delivery: it comes behind that. */
	if ((other || !(c->rflags & RFLAGS_IF) || c->int_state & INT_STATE_SHADOW) &&
	    registers_put_external(vp, vector))
		return;
	c->exitintinfo = interrupt_event(vector);
}

void event_after_exit(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;
	bool same = c->rip == vp->iret_rip && c->rsp == vp->iret_rsp;

	take_back_interrupt(vp);
	keep_shadow(vp);

	/* It has not been executed: RFLAGS are still those that it found. */
	if (vp->stepping && same && !vp->step_tf)
		c->rflags &= ~RFLAGS_TF;
	if (!vp->nmi_iret || same)
		return;
	vp->nmi_iret = false;
	vp->nmi_masked = false;
}

void event_iret(struct vp *vp)
{
	vp->nmi_iret = true;
	vp->iret_rip = vp->vmcb->rip;
	vp->iret_rsp = vp->vmcb->rsp;
}

bool event_step_done(struct vp *vp)
{
	if (!vp->stepping || vp->step_tf)
		return false;
	vp->stepping = false;
	vp->vmcb->dr6 &= ~DR6_BS;
	return true;
}

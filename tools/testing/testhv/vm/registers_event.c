// SPDX-License-Identifier: GPL-2.0
/* Suspend, activity and event registers (TLFS, 7.9 and 10.5). */
#include "event.h"
#include "features.h"
#include "lapic.h"
#include "register_row.h"
#include "sched.h"
#include "vp.h"

/* INTERNAL_ACTIVITY_STATE */
#define ACTIVITY_STARTUP	BIT(0)
#define ACTIVITY_HALT		BIT(1)
#define ACTIVITY_IDLE		BIT(2)

/* PENDING_INTERRUPTION */
#define PENDING			BIT(0)
#define PENDING_TYPE(v)		(((v) >> 1) & 7)
#define PENDING_ERROR		BIT(4)
#define PENDING_LENGTH_SHIFT	5	/* of an INT n, that RIP is behind */
#define PENDING_LENGTH_MASK	0xfu
#define PENDING_VECTOR(v)	(((v) >> 16) & 0xffff)
#define PENDING_RESERVED	GENMASK(15, 10)
#define TYPE_INTERRUPT		0
#define TYPE_NMI		2
#define TYPE_EXCEPTION		3
#define TYPE_SOFTWARE		4
#define VECTOR_NMI		2
#define VECTOR_PF		14
#define EXCEPTIONS		32

/* PENDING_EVENT0 of type exception */
#define EVENT_TYPE(v)		(((v) >> 1) & 7)
#define EVENT_EXCEPTION		0
#define EVENT_EXTERNAL		5
#define EXTERNAL_VECTOR(v)	(((v) >> 8) & 0xff)
#define EXTERNAL_RESERVED	(GENMASK(63, 16) | GENMASK(7, 4))
#define EVENT_ERROR		BIT(8)
#define EVENT_RESERVED		(GENMASK(7, 4) | GENMASK(15, 9))

static void get_suspend(struct vp *vp, const struct register_row *row, u32 i,
			struct register_value *v)
{
	(void)row;
	v->low = i ? vp->intercept_suspend : vp->explicit_suspend;
}

const struct register_kind kind_suspend = { get_suspend, NULL };

static void get_activity(struct vp *vp, const struct register_row *row, u32 i,
			 struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = (vp->halted ? ACTIVITY_HALT : 0) | (vp->idle ? ACTIVITY_IDLE : 0);
	if (vp->lapic && vp->lapic->wait_sipi)
		v->low |= ACTIVITY_STARTUP;
}

static hv_status set_activity(struct vp *vp, const struct register_row *row, u32 i,
			      const struct register_value *v)
{
	(void)row;
	(void)i;
	if (v->low & ~(ACTIVITY_HALT | ACTIVITY_IDLE | (vp->lapic ? ACTIVITY_STARTUP : 0)))
		return HV_INVALID_REGISTER_VALUE;
	vp->halted = v->low & ACTIVITY_HALT;
	vp->idle = v->low & ACTIVITY_IDLE;
	if (vp->lapic)
		vp->lapic->wait_sipi = v->low & ACTIVITY_STARTUP;
	return HV_SUCCESS;
}

const struct register_kind kind_activity = { get_activity, set_activity };

/* What is to be delivered at the next entry: EVENTINJ (APM 2, 15.20). */
static void get_interruption(struct vp *vp, const struct register_row *row, u32 i,
			     struct register_value *v)
{
	u64 e = vp->vmcb->eventinj;

	(void)row;
	(void)i;
	if (!(e & EVENTINJ_VALID))
		return;
	v->low = PENDING | EVENTINJ_TYPE(e) << 1 | (e & 0xff) << 16;
	if (EVENTINJ_TYPE(e) == TYPE_SOFTWARE)
		v->low |= (u64)vp->soft_length << PENDING_LENGTH_SHIFT;
	if (e & EVENTINJ_ERROR)
		v->low |= PENDING_ERROR | (e & GENMASK(63, 32));
}

static bool interruption_valid(u64 value)
{
	u64 vector = PENDING_VECTOR(value);

	switch (PENDING_TYPE(value)) {
	case TYPE_NMI:
		return vector == VECTOR_NMI;
	case TYPE_EXCEPTION:
		return vector < EXCEPTIONS - 1 && vector != VECTOR_NMI;
	case TYPE_INTERRUPT:
	case TYPE_SOFTWARE:
		return vector <= 0xff;
	}
	return false;
}

static hv_status set_interruption(struct vp *vp, const struct register_row *row, u32 i,
				  const struct register_value *v)
{
	u64 e = 0;

	(void)row;
	(void)i;
	if (v->low & PENDING_RESERVED)
		return HV_INVALID_REGISTER_VALUE;
	if (v->low & PENDING) {
		if (!interruption_valid(v->low))
			return HV_INVALID_REGISTER_VALUE;
		e = EVENTINJ_VALID | PENDING_TYPE(v->low) << 8 | PENDING_VECTOR(v->low);
		if (v->low & PENDING_ERROR)
			e |= EVENTINJ_ERROR | (v->low & GENMASK(63, 32));
		vp->soft_length = (v->low >> PENDING_LENGTH_SHIFT) & PENDING_LENGTH_MASK;
		/* It wakes a VP that halts. */
		vp->halted = false;
	}
	vp->vmcb->eventinj = e;
	return HV_SUCCESS;
}

const struct register_kind kind_interruption = { get_interruption, set_interruption };

static void get_interrupt_state(struct vp *vp, const struct register_row *row, u32 i,
				struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = (vp->vmcb->int_state & INT_STATE_SHADOW) | (u64)vp->nmi_masked << 1;
}

static hv_status set_interrupt_state(struct vp *vp, const struct register_row *row, u32 i,
				     const struct register_value *v)
{
	(void)row;
	(void)i;
	if (v->low & ~3ULL)
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->int_state = (vp->vmcb->int_state & ~INT_STATE_SHADOW) | (v->low & 1);
	vp->nmi_masked = v->low & 2;
	vp->nmi_iret = false;
	return HV_SUCCESS;
}

const struct register_kind kind_interrupt_state = { get_interrupt_state, set_interrupt_state };

static void get_pending_event(struct vp *vp, const struct register_row *row, u32 i,
			      struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = vp->pending_event[0];
	v->high = vp->pending_event[1];
}

static bool event_valid(u64 e, u64 parameter)
{
	if (EVENT_TYPE(e) == EVENT_EXTERNAL)
		return !(e & EXTERNAL_RESERVED) && !parameter;
	return EVENT_TYPE(e) == EVENT_EXCEPTION && !(e & EVENT_RESERVED) &&
	       PENDING_VECTOR(e) < EXCEPTIONS - 1 && PENDING_VECTOR(e) != VECTOR_NMI;
}

static hv_status set_pending_event(struct vp *vp, const struct register_row *row, u32 i,
				   const struct register_value *v)
{
	u64 e = v->low;

	(void)row;
	(void)i;
	if (e & PENDING && !event_valid(e, v->high))
		return HV_INVALID_REGISTER_VALUE;
	vp->pending_event[0] = e & PENDING ? e : 0;
	vp->pending_event[1] = e & PENDING ? v->high : 0;
	if (registers_exception_pending(vp))
		vp->halted = false;
	return HV_SUCCESS;
}

const struct register_kind kind_pending_event = { get_pending_event, set_pending_event };

bool registers_exception_pending(const struct vp *vp)
{
	u64 e = vp->pending_event[0];

	return e & PENDING && EVENT_TYPE(e) == EVENT_EXCEPTION;
}

bool registers_external_pending(const struct vp *vp)
{
	u64 e = vp->pending_event[0];

	return e & PENDING && EVENT_TYPE(e) == EVENT_EXTERNAL;
}

u8 registers_take_external(struct vp *vp)
{
	u8 vector = EXTERNAL_VECTOR(vp->pending_event[0]);

	vp->pending_event[0] = 0;
	return vector;
}

bool registers_put_external(struct vp *vp, u8 vector)
{
	if (vp->pending_event[0] & PENDING)
		return false;
	vp->pending_event[0] = PENDING | EVENT_EXTERNAL << 1 | (u64)vector << 8;
	return true;
}

void registers_inject(struct vp *vp)
{
	u64 e = vp->pending_event[0];

	if (!registers_exception_pending(vp) || vp->vmcb->eventinj & EVENTINJ_VALID)
		return;
	vp->vmcb->eventinj = EVENTINJ_VALID | EVENTINJ_TYPE_EXCEPTION | PENDING_VECTOR(e);
	if (e & EVENT_ERROR)
		vp->vmcb->eventinj |= EVENTINJ_ERROR | (e & GENMASK(63, 32));
	if (PENDING_VECTOR(e) == VECTOR_PF)
		vp->vmcb->cr2 = vp->pending_event[1];
	vp->pending_event[0] = 0;
	vp->pending_event[1] = 0;
}

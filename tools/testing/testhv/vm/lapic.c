// SPDX-License-Identifier: GPL-2.0
/*
 * The model in a VP: CR8 is TPR, the timer is a deadline, an interrupt wakes. The processor keeps
 * TPR's upper half while it runs the guest (V_TPR), so that is the one that counts.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "lapic.h"
#include "partition.h"
#include "sched.h"
#include "synic.h"
#include "vp.h"

#define BASE_DEFAULT	0xfee00000ULL
#define V_TPR		0xfULL
#define ID_SHIFT	24
#define ICR_KNOWN	0xff000000000cdfffULL

void (*lapic_eoi_callback)(struct vp *vp, u8 vector);

/* The guest may have written CR8, which no exit tells of. */
static struct lapic_model *model(struct vp *vp)
{
	struct lapic_model *l = &vp->lapic->model;
	u8 cr8 = vp->vmcb->int_ctl & V_TPR;

	if (l->tpr >> 4 != cr8)
		l->tpr = cr8 << 4;
	return l;
}

static void show_tpr(struct vp *vp)
{
	vp->vmcb->int_ctl = (vp->vmcb->int_ctl & ~V_TPR) | vp->lapic->model.tpr >> 4;
}

void lapic_arm_timer(struct vp *vp)
{
	struct lapic *l = vp->lapic;

	if (l->model.counting)
		timer_arm(&l->timer, l->model.deadline);
	else
		timer_cancel(&l->timer);
}

static void expired(struct vp_timer *t)
{
	struct vp *vp = t->vp;
	struct lapic *l = vp->lapic;

	if (lapic_model_expire(&l->model, rdtsc()))
		lapic_raise(vp, (u8)l->model.lvt[LVT_TIMER], false);
	lapic_arm_timer(vp);
}

void lapic_create(struct vp *vp, struct lapic *l)
{
	vp->lapic = l;
	timer_init(&l->timer, vp, expired);
	list_init(&l->eoi_link);
	l->model.id = vp->index << ID_SHIFT;
	lapic_model_reset(&l->model);
	l->base = BASE_DEFAULT | APIC_BASE_ENABLE | (vp->index ? 0 : APIC_BASE_BSP);
	l->wait_sipi = vp->index;
}

void lapic_destroy(struct vp *vp)
{
	timer_cancel(&vp->lapic->timer);
	synic_purge_eois(vp->lapic);
	vp->lapic = NULL;
}

void lapic_init(struct vp *vp)
{
	struct lapic *l = vp->lapic;

	lapic_model_reset(&l->model);
	show_tpr(vp);
	lapic_arm_timer(vp);
	l->nmi_pending = false;
	l->extint_pending = false;
}

bool lapic_enabled(const struct vp *vp)
{
	return vp->lapic && vp->lapic->base & APIC_BASE_ENABLE;
}

bool lapic_set_base(struct vp *vp, u64 value)
{
	struct lapic *l = vp->lapic;

	if (l->base & ~value & APIC_BASE_ENABLE) {
		lapic_model_reset(&l->model);
		show_tpr(vp);
		lapic_arm_timer(vp);
	}
	l->base = value;
	return true;
}

/*
 * What is below another request is looked at when that one has been taken. One that is refused may
 * have caused the error interrupt.
 */
static bool accept(struct vp *vp, u8 vector, bool level)
{
	struct lapic_model *l = model(vp);
	int before = lapic_model_highest(l->irr);
	bool accepted;

	accepted = lapic_enabled(vp) && lapic_model_accept(l, vector, level);
	if (lapic_model_highest(l->irr) > before || (accepted && vp->idle))
		sched_wake(vp);
	return accepted;
}

void lapic_raise(struct vp *vp, u8 vector, bool level)
{
	accept(vp, vector, level);
}

bool lapic_auto_eoi_raise(struct vp *vp, u8 vector)
{
	if (!accept(vp, vector, false))
		return false;
	lapic_set_bit(vp->lapic->model.auto_eoi, vector);
	return true;
}

u32 lapic_read(struct vp *vp, u32 reg)
{
	return lapic_model_read(model(vp), reg, rdtsc());
}

void lapic_write(struct vp *vp, u32 reg, u32 value)
{
	switch (lapic_model_write(model(vp), reg, value, rdtsc())) {
	case LAPIC_SENT:
		lapic_send(vp);
		break;
	case LAPIC_EOI_WRITTEN:
		lapic_eoi(vp);
		break;
	case LAPIC_TIMER_CHANGED:
		lapic_arm_timer(vp);
		break;
	case LAPIC_PRIORITY_CHANGED:
		show_tpr(vp);
		break;
	case LAPIC_NONE:
		break;
	}
}

void lapic_eoi(struct vp *vp)
{
	bool level;
	int vector = lapic_model_eoi(model(vp), &level);

	if (vector < 0)
		return;
	if (level)
		synic_post_eoi(vp, (u8)vector);
	if (lapic_eoi_callback)
		lapic_eoi_callback(vp, (u8)vector);
}

u8 lapic_tpr(struct vp *vp)
{
	return model(vp)->tpr;
}

void lapic_set_tpr(struct vp *vp, u8 tpr)
{
	lapic_write(vp, LAPIC_TPR, tpr);
}

u64 lapic_icr(const struct vp *vp)
{
	return vp->lapic->model.icr_low | (u64)vp->lapic->model.icr_high << 32;
}

bool lapic_write_icr(struct vp *vp, u64 icr)
{
	if (icr & ~ICR_KNOWN)
		return false;
	lapic_write(vp, LAPIC_ICR2, icr >> 32);
	lapic_write(vp, LAPIC_ICR, (u32)icr);
	return true;
}

bool lapic_has_pending(const struct vp *vp)
{
	return vp->lapic && lapic_model_highest(vp->lapic->model.irr) >= 0;
}

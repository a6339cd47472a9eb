// SPDX-License-Identifier: GPL-2.0
/* The local APIC as GET and SET_VP_STATE have it: 44 words, TPR not among them (it is CR8). */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "lapic.h"
#include "sched.h"
#include "vp.h"

struct lapic_state {
	u32 id, version, ldr, dfr, svr;
	u32 isr[LAPIC_BITS], tmr[LAPIC_BITS], irr[LAPIC_BITS];
	u32 esr, icr_high, icr_low;
	u32 timer, thermal, perf, lint0, lint1, error, cmci;
	u32 error_status, initial, count, divide, remote_read;
};

static_assert(sizeof(struct lapic_state) == 4 * LAPIC_STATE_WORDS, "local APIC state");
static_assert(offsetof(struct lapic_state, esr) == 116, "local APIC state");
static_assert(offsetof(struct lapic_state, timer) == 128, "local APIC state");
static_assert(offsetof(struct lapic_state, remote_read) == 172, "local APIC state");

void lapic_get_state(const struct vp *vp, u32 state[LAPIC_STATE_WORDS])
{
	const struct lapic_model *l = &vp->lapic->model;
	struct lapic_state *s = (struct lapic_state *)state;

	*s = (struct lapic_state){
		.id = l->id, .version = LAPIC_VERSION_VALUE,
		.ldr = l->ldr, .dfr = l->dfr, .svr = l->svr,
		.esr = l->esr, .error_status = l->errors,
		.icr_high = l->icr_high, .icr_low = l->icr_low,
		.timer = l->lvt[LVT_TIMER], .thermal = l->lvt[LVT_THERMAL],
		.perf = l->lvt[LVT_PERF], .lint0 = l->lvt[LVT_LINT0],
		.lint1 = l->lvt[LVT_LINT1], .error = l->lvt[LVT_ERROR],
		.cmci = LVT_MASKED,
		.initial = l->initial, .divide = l->divide,
		.count = lapic_timer_count(l, rdtsc()),
	};
	memcpy(s->isr, l->isr, sizeof(s->isr));
	memcpy(s->tmr, l->tmr, sizeof(s->tmr));
	memcpy(s->irr, l->irr, sizeof(s->irr));
}

/* Vectors below 16 are exceptions, and none ever gets into a bitmap. */
static void copy_vectors(u32 *to, const u32 *from)
{
	memcpy(to, from, sizeof(u32) * LAPIC_BITS);
	to[0] &= ~0xffffu;
}

hv_status lapic_set_state(struct vp *vp, const u32 state[LAPIC_STATE_WORDS])
{
	const struct lapic_state *s = (const struct lapic_state *)state;
	struct lapic_model *l = &vp->lapic->model;
	u64 now = rdtsc();

	l->icr_high = s->icr_high & 0xff000000;
	l->icr_low = s->icr_low & 0xccfff;
	l->divide = s->divide & 0xb;
	lapic_model_write(l, LAPIC_LDR, s->ldr, now);
	lapic_model_write(l, LAPIC_DFR, s->dfr, now);
	lapic_model_write(l, LAPIC_SVR, s->svr, now);
	for (unsigned int i = 0; i < LVT_COUNT; i++)
		lapic_model_write(l, LAPIC_LVT_TIMER + 0x10 * i, (&s->timer)[i], now);
	copy_vectors(l->isr, s->isr);
	copy_vectors(l->tmr, s->tmr);
	copy_vectors(l->irr, s->irr);
	memset(l->auto_eoi, 0, sizeof(l->auto_eoi));
	l->esr = s->esr;
	l->errors = s->error_status;
	l->initial = s->initial;
	lapic_timer_start(l, s->count, now);
	lapic_arm_timer(vp);
	sched_wake(vp);
	return HV_SUCCESS;
}

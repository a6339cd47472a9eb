// SPDX-License-Identifier: GPL-2.0
/* Reference time of child partitions. */
#include "../hw/cpu.h"
#include "hv.h"
#include "partition.h"
#include "reftime.h"
#include "stimer.h"
#include "vp.h"

#define UNITS_PER_SECOND	10000000ULL
/* Longer than this no timer is armed at once: ticks must not overflow. */
#define FAR_UNITS		(3600 * UNITS_PER_SECOND)

static u64 scaled(u64 tsc, u64 scale)
{
	return (u64)(((__uint128_t)tsc * scale) >> 64);
}

/* floor(2^64 * 10^7 / hz): the quotient fits, since no TSC is that slow. */
static u64 scale_of(u64 hz)
{
	u64 quotient, rest;

	asm("divq %4" : "=a"(quotient), "=d"(rest) : "0"(0UL), "1"(UNITS_PER_SECOND), "r"(hz)
	    : "cc");
	return quotient;
}

static u64 common_tsc(const struct partition *p)
{
	return rdtsc() + p->hv->time.tsc_offset;
}

/* Tell the guest. The page is invalid while it is written (TLFS, 12.7.2). */
static void publish(struct partition *p)
{
	struct reftime *t = &p->hv->time;
	struct reftime_page *page = p->hv->tsc_page.page;

	if (!page)
		return;
	__atomic_store_n(&page->sequence, REFTIME_INVALID, __ATOMIC_SEQ_CST);
	page->scale = t->scale;
	page->offset = t->offset;
	if (t->apart || t->frozen)
		return;
	if (++t->sequence == REFTIME_RESERVED)
		t->sequence = 1;
	__atomic_store_n(&page->sequence, t->sequence, __ATOMIC_RELEASE);
}

static void let_now_be(struct partition *p, u64 now)
{
	struct reftime *t = &p->hv->time;

	t->offset = (s64)(now - scaled(common_tsc(p), t->scale));
	publish(p);
}

void reftime_init(struct partition *p)
{
	p->hv->time.scale = scale_of(tsc_hz);
	let_now_be(p, 0);
}

u64 reftime_now(const struct partition *p)
{
	const struct reftime *t = &p->hv->time;

	return t->frozen ? t->frozen_at : scaled(common_tsc(p), t->scale) + (u64)t->offset;
}

void reftime_set(struct partition *p, u64 now)
{
	p->hv->time.frozen_at = now;
	let_now_be(p, now);
	stimer_time_changed(p);
}

void reftime_freeze(struct partition *p, bool freeze)
{
	struct reftime *t = &p->hv->time;

	if (freeze == t->frozen)
		return;
	t->frozen_at = reftime_now(p);
	t->frozen = freeze;
	let_now_be(p, t->frozen_at);
	stimer_time_changed(p);
}

/* All VPs get the new offset; the reference time goes on as it was. */
static void rebase(struct partition *p, u64 value)
{
	u64 now = reftime_now(p);

	p->hv->time.tsc_offset = value - rdtsc();
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (vp)
			vp->vmcb->tsc_offset = p->hv->time.tsc_offset;
	}
	let_now_be(p, now);
}

void reftime_set_tsc(struct vp *vp, u64 value)
{
	struct partition *p = vp->partition;
	u64 ahead = value - common_tsc(p);

	if (!p->hv->started)
		rebase(p, value);
	else if (ahead + tsc_hz < 2 * tsc_hz || (!value && !vp->runtime))
		vp->vmcb->tsc_offset = p->hv->time.tsc_offset;
	else
		reftime_guest_tsc(vp, value);
}

void reftime_guest_tsc(struct vp *vp, u64 value)
{
	vp->vmcb->tsc_offset = value - rdtsc();
	vp->partition->hv->time.apart = true;
	publish(vp->partition);
}

u64 reftime_to_tsc(const struct partition *p, u64 time)
{
	u64 now = reftime_now(p), tsc = rdtsc();

	if (time <= now)
		return tsc;
	return tsc + mul_div(MIN(time - now, FAR_UNITS), tsc_hz, UNITS_PER_SECOND) + 1;
}

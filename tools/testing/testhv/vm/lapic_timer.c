// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC's timer (APM 2, 16.4.1). It counts APIC_HZ divided; what is kept is the TSC at
 * which the count comes to 0.
 */
#include "../hw/cpu.h"
#include "lapic_model.h"

#define PERIODS_A_SECOND	5000

/* Divisor bits 3, 1, 0: 2, 4, ... 128, and 1 for all ones. */
static u32 divisor(u32 divide)
{
	u32 n = (divide & 3) | ((divide & 8) >> 1);

	return 1u << ((n + 1) & 7);
}

static u64 to_tsc(u32 count, u32 divide)
{
	u64 ticks = mul_div((u64)count * divisor(divide), tsc_hz, APIC_HZ);

	return ticks ? ticks : 1;
}

u32 lapic_timer_count(const struct lapic_model *l, u64 now)
{
	s64 left = (s64)(l->deadline - now);
	u64 ticks;

	if (!l->counting)
		return 0;
	if (left <= 0) {
		/* Its expiry has not been looked at yet. */
		if (!(l->lvt[LVT_TIMER] & LVT_PERIODIC))
			return 0;
		left = to_tsc(l->initial, l->divide);
	}
	ticks = mul_div(left, APIC_HZ, tsc_hz) / divisor(l->divide);
	return MIN(ticks, (u64)l->initial);
}

void lapic_timer_start(struct lapic_model *l, u32 count, u64 now)
{
	l->counting = count;
	l->deadline = count ? now + to_tsc(count, l->divide) : 0;
}

/* What is left to count stays, and is counted at another pace. */
void lapic_timer_divide(struct lapic_model *l, u32 divide, u64 now)
{
	u32 left = lapic_timer_count(l, now);

	l->divide = divide;
	if (l->counting)
		lapic_timer_start(l, left ? left : 1, now);
}

/* A guest that wants more would have the processor for itself, at the root's expense. */
static u64 period_of(const struct lapic_model *l)
{
	return MAX(to_tsc(l->initial, l->divide), tsc_hz / PERIODS_A_SECOND);
}

bool lapic_model_expire(struct lapic_model *l, u64 now)
{
	if (!l->counting || (s64)(now - l->deadline) < 0)
		return false;
	if (l->lvt[LVT_TIMER] & LVT_PERIODIC && l->initial) {
		u64 period = period_of(l);

		/* Of those that were missed one interrupt is left: go on in step. */
		l->deadline += period * ((now - l->deadline) / period + 1);
	} else {
		l->counting = false;
	}
	return !(l->lvt[LVT_TIMER] & LVT_MASKED);
}

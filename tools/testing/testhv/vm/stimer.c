// SPDX-License-Identifier: GPL-2.0
/* Synthetic timers of child VPs. */
#include "child_synic.h"
#include "hv.h"
#include "lapic.h"
#include "partition.h"
#include "stimer.h"
#include "vp.h"

#define MESSAGE_TIMER_EXPIRED	0x80000010u

/* HV_X64_MSR_STIMER_CONFIG */
#define ENABLE		BIT(0)
#define PERIODIC	BIT(1)
#define AUTO_ENABLE	BIT(3)
#define VECTOR(config)	((u8)((config) >> 4))
#define DIRECT		BIT(12)
#define SINT(config)	((u32)((config) >> 16) & 0xf)
#define RESERVED	(GENMASK(63, 20) | GENMASK(15, 13))

/* 200 us: what testhv's clock can do. */
#define LEAST_DELAY	2000u

struct timer_payload {
	u32 index, reserved;
	u64 expiration, delivery;
};

static u32 index_of(const struct stimer *t)
{
	return (u32)(t - t->timer.vp->hv->timers);
}

/* Whether a message of another timer waits for the slot of @t. */
static bool another_waits(const struct stimer *t)
{
	const struct stimer *all = t->timer.vp->hv->timers;

	for (unsigned int i = 0; i < STIMERS; i++)
		if (&all[i] != t && all[i].pending && !(all[i].config & DIRECT) &&
		    SINT(all[i].config) == SINT(t->config))
			return true;
	return false;
}

static bool post(struct stimer *t)
{
	struct vp *vp = t->timer.vp;
	const struct timer_payload payload = {
		.index = index_of(t),
		.expiration = t->expired,
		.delivery = reftime_now(vp->partition),
	};
	const struct sint_message m = {
		.type = MESSAGE_TIMER_EXPIRED,
		.size = sizeof(payload),
		.payload = &payload,
		.more = another_waits(t),
	};

	return child_synic_post(vp, SINT(t->config), &m);
}

/* A VP that its parent has stopped gets it when it goes on. */
static void deliver(struct stimer *t)
{
	struct vp *vp = t->timer.vp;

	if (!t->pending || vp->explicit_suspend)
		return;
	if (!(t->config & DIRECT)) {
		t->pending = !post(t);
		return;
	}
	t->pending = false;
	if (vp->lapic)
		lapic_raise(vp, VECTOR(t->config), false);
}

static void arm_at(struct stimer *t, u64 time)
{
	const struct partition *p = t->timer.vp->partition;

	if (!p->hv->time.frozen)
		timer_arm(&t->timer, reftime_to_tsc(p, time));
}

static void arm(struct stimer *t)
{
	arm_at(t, t->due);
}

/* Beyond the end of time it is never. */
static u64 add(u64 time, u64 units)
{
	return units > ~time ? ~0ULL : time + units;
}

/*
 * What was missed is one expiry; the next one keeps to the grid. However short the period is, there
 * is time for something else meanwhile.
 */
static void next_period(struct stimer *t, u64 now)
{
	t->due = add(t->due, t->count);
	if (t->due <= now)
		t->due += ((now - t->due) / t->count + 1) * t->count;
	arm_at(t, MAX(t->due, now + LEAST_DELAY));
}

static void expire(struct vp_timer *timer)
{
	struct stimer *t = list_entry(timer, struct stimer, timer);
	u64 now = reftime_now(timer->vp->partition);

	/* The processor's clock may be early, and far deadlines come in steps. */
	if (now < t->due) {
		arm(t);
		return;
	}
	if (!t->pending)
		t->expired = t->due;
	t->pending = true;
	if (t->config & PERIODIC)
		next_period(t, now);
	else
		t->config &= ~ENABLE;
	deliver(t);
}

static void restart(struct stimer *t)
{
	timer_cancel(&t->timer);
	t->pending = false;
	if (t->config & ENABLE && !(t->config & DIRECT) && !SINT(t->config))
		t->config &= ~ENABLE;
	if (!(t->config & ENABLE) || !t->count)
		return;
	t->due = t->count;
	if (t->config & PERIODIC)
		t->due = add(t->due, reftime_now(t->timer.vp->partition));
	/* Past already: at once. */
	if (!t->timer.vp->partition->hv->time.frozen &&
	    reftime_now(t->timer.vp->partition) >= t->due)
		expire(&t->timer);
	else
		arm(t);
}

void stimer_init(struct vp *vp)
{
	for (unsigned int i = 0; i < STIMERS; i++)
		timer_init(&vp->hv->timers[i].timer, vp, expire);
}

void stimer_destroy(struct vp *vp)
{
	for (unsigned int i = 0; i < STIMERS; i++)
		timer_cancel(&vp->hv->timers[i].timer);
}

u64 stimer_read(const struct vp *vp, u32 i)
{
	const struct stimer *t = &vp->hv->timers[i / 2];

	return i & 1 ? t->count : t->config;
}

bool stimer_write(struct vp *vp, u32 i, u64 value)
{
	struct stimer *t = &vp->hv->timers[i / 2];

	if (i & 1) {
		t->count = value;
		if (!value)
			t->config &= ~ENABLE;
		else if (t->config & AUTO_ENABLE)
			t->config |= ENABLE;
	} else {
		if (value & RESERVED || (value & DIRECT && !(hv_features(vp->partition) &
							     SYNTHETIC_DIRECT_TIMERS)))
			return false;
		t->config = value;
	}
	restart(t);
	return true;
}

void stimer_rescan(struct vp *vp)
{
	for (unsigned int i = 0; i < STIMERS; i++)
		deliver(&vp->hv->timers[i]);
}

static void change(struct vp *vp)
{
	for (unsigned int i = 0; i < STIMERS; i++) {
		struct stimer *t = &vp->hv->timers[i];

		timer_cancel(&t->timer);
		if (t->config & ENABLE && t->count)
			arm(t);
	}
}

void stimer_time_changed(struct partition *p)
{
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (vp)
			change(vp);
	}
}

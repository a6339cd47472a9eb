// SPDX-License-Identifier: GPL-2.0
/* The synthetic timers of a VP, saved and restored by its parent (HV_SYNTHETIC_TIMERS_STATE). */
#include "../lib/lib.h"
#include "hv.h"
#include "stimer_state.h"
#include "vp.h"

#define UNDELIVERED	BIT(0)
#define ENABLE		BIT(0)
#define AUTO_ENABLE	BIT(3)

struct timer_state {
	u64 flags;		/* UNDELIVERED; the rest is reserved */
	u64 config, count;
	u64 adjustment;		/* none here */
	u64 expiration;		/* of the message that wasn't delivered */
};

struct timers_state {
	struct timer_state timers[STIMERS];
	u64 unhalted_timer[5];	/* children have none */
};

static_assert(sizeof(struct timers_state) == STIMER_STATE_SIZE, "timers");

void stimer_get_state(const struct vp *vp, u8 *data)
{
	struct timers_state *state = (struct timers_state *)data;

	memset(state, 0, sizeof(*state));
	for (unsigned int i = 0; i < STIMERS; i++) {
		const struct stimer *t = &vp->hv->timers[i];

		state->timers[i] = (struct timer_state){
			.flags = t->pending ? UNDELIVERED : 0,
			.config = t->config,
			.count = t->count,
			.expiration = t->pending ? t->expired : 0,
		};
	}
}

/* The count first, so that the timer starts with all of it. */
static bool restore(struct vp *vp, u32 i, const struct timer_state *s)
{
	struct stimer *t = &vp->hv->timers[i];

	if (!stimer_write(vp, 2 * i, s->config & ~(ENABLE | AUTO_ENABLE)) ||
	    !stimer_write(vp, 2 * i + 1, s->count) || !stimer_write(vp, 2 * i, s->config))
		return false;
	if (!(s->flags & UNDELIVERED))
		return true;
	/* It is delivered when the VP goes on. */
	t->pending = true;
	t->expired = s->expiration;
	return true;
}

hv_status stimer_set_state(struct vp *vp, const u8 *data)
{
	const struct timers_state *state = (const struct timers_state *)data;

	for (u32 i = 0; i < STIMERS; i++)
		if (state->timers[i].flags & ~UNDELIVERED)
			return HV_INVALID_PARAMETER;
	for (u32 i = 0; i < STIMERS; i++)
		if (!restore(vp, i, &state->timers[i]))
			return HV_INVALID_REGISTER_VALUE;
	return HV_SUCCESS;
}

// SPDX-License-Identifier: GPL-2.0
/* Interrupts from one local APIC to others, and from the parent to any (APM 2, 16.5 and 16.6). */
#include "lapic.h"
#include "partition.h"
#include "sched.h"
#include "vp.h"

#define ICR_LOGICAL	BIT(11)
#define ICR_ASSERT	BIT(14)
#define ICR_LEVEL	BIT(15)
#define FIRST_VECTOR	16u

enum shorthand { SHORT_NONE, SHORT_SELF, SHORT_ALL, SHORT_OTHERS };

bool (*lapic_sipi_callback)(struct vp *vp, struct vp *target, u8 vector);

static void sipi(struct vp *vp, u8 vector)
{
	struct lapic *l = vp->lapic;

	/* Only the first one after an INIT counts. */
	if (!(l->wait_sipi || l->init_pending) || l->sipi_pending)
		return;
	l->sipi_vector = vector;
	l->sipi_pending = true;
	sched_wake(vp);
}

static void init(struct vp *vp)
{
	vp->lapic->init_pending = true;
	vp->lapic->sipi_pending = false;
	sched_wake(vp);
}

/* The pins of the 8259 and of the NMI: what becomes of them is in the LVT. */
static void local_pin(struct vp *vp, const struct lapic_request *r)
{
	u32 lvt = vp->lapic->model.lvt[r->type == LAPIC_LINT0 ? LVT_LINT0 : LVT_LINT1];
	struct lapic_request pin = { .type = LVT_MODE(lvt), .level = lvt & LVT_LEVEL,
				     .vector = lvt & 0xff };

	if (lvt & LVT_MASKED || pin.type == LAPIC_SIPI)
		return;
	if (pin.type == LAPIC_EXTINT)
		pin.vector = r->vector;
	lapic_arrive(vp, &pin);
}

void lapic_arrive(struct vp *vp, const struct lapic_request *r)
{
	struct lapic *l = vp->lapic;

	switch (r->type) {
	case LAPIC_FIXED:
	case LAPIC_LOWEST:
		lapic_raise(vp, (u8)r->vector, r->level);
		break;
	case LAPIC_NMI:
		l->nmi_pending = true;
		sched_wake(vp);
		break;
	case LAPIC_INIT:
		init(vp);
		break;
	case LAPIC_SIPI:
		sipi(vp, (u8)r->vector);
		break;
	case LAPIC_EXTINT:
		l->extint_vector = r->vector;
		l->extint_pending = true;
		sched_wake(vp);
		break;
	case LAPIC_LINT0:
	case LAPIC_LINT1:
		local_pin(vp, r);
		break;
	case LAPIC_SMI:			/* there is no SMM */
	case LAPIC_REMOTE_READ:
	case LAPIC_MODES:
		break;
	}
}

/* The next VP from *index on, or NULL. */
static struct vp *next_vp(struct partition *p, u32 *index)
{
	struct vp *vp = NULL;

	/* Whole tables are missing of most partitions. */
	while (*index < PARTITION_MAX_VPS && !vp) {
		if (p->vp_table[*index / VP_TABLE_ENTRIES])
			vp = partition_vp(p, (*index)++);
		else
			*index += VP_TABLE_ENTRIES;
	}
	return vp;
}

/* Of equal priority: in turn. */
static bool better(const struct partition *p, const struct vp *vp, const struct vp *best)
{
	u8 ppr = lapic_model_ppr(&vp->lapic->model), least = lapic_model_ppr(&best->lapic->model);

	if (ppr != least)
		return ppr < least;
	return vp->index > p->last_lowest && best->index <= p->last_lowest;
}

static struct vp *lowest(struct partition *p, const struct lapic_request *r)
{
	struct vp *vp, *best = NULL;
	u32 index = 0;

	while ((vp = next_vp(p, &index))) {
		const struct lapic_model *l = &vp->lapic->model;

		if (lapic_enabled(vp) && l->svr & LAPIC_SVR_ENABLE &&
		    lapic_model_matches(l, r->dest, r->logical) &&
		    (!best || better(p, vp, best)))
			best = vp;
	}
	if (best)
		p->last_lowest = best->index;
	return best;
}

/* True: it has arrived somewhere. */
static bool send(struct partition *p, const struct lapic_request *r, const struct vp *but)
{
	struct vp *vp;
	bool arrived = false;
	u32 index = 0;

	if (r->type == LAPIC_LOWEST) {
		vp = lowest(p, r);
		if (vp)
			lapic_arrive(vp, r);
		return vp;
	}
	while ((vp = next_vp(p, &index))) {
		if (vp == but || !lapic_model_matches(&vp->lapic->model, r->dest, r->logical))
			continue;
		arrived = true;
		lapic_arrive(vp, r);
	}
	return arrived;
}

static struct vp *first_target(struct partition *p, const struct lapic_request *r)
{
	struct vp *vp;
	u32 index = 0;

	while ((vp = next_vp(p, &index)))
		if (lapic_model_matches(&vp->lapic->model, r->dest, r->logical))
			return vp;
	return NULL;
}

/* The parent may want to start a VP itself. */
static bool sipi_intercepted(struct vp *vp, const struct lapic_request *r)
{
	struct vp *target;

	if (!lapic_sipi_callback || !vp->partition->intercepts.init_sipi || r->type != LAPIC_SIPI)
		return false;
	target = first_target(vp->partition, r);
	return target && lapic_sipi_callback(vp, target, (u8)r->vector);
}

static void send_self(struct vp *vp, const struct lapic_request *r)
{
	if (r->type == LAPIC_FIXED || r->type == LAPIC_NMI)
		lapic_arrive(vp, r);
}

void lapic_send(struct vp *vp)
{
	struct lapic_model *l = &vp->lapic->model;
	u32 low = l->icr_low;
	enum shorthand shorthand = (low >> 18) & 3;
	struct lapic_request r = {
		.type = LVT_MODE(low),
		.logical = low & ICR_LOGICAL,
		.dest = l->icr_high >> 24,
		.vector = low & 0xff,
	};

	if (r.type == LAPIC_EXTINT || (r.type == LAPIC_INIT && low & ICR_LEVEL &&
				       !(low & ICR_ASSERT)))
		return;
	if (r.type <= LAPIC_LOWEST && r.vector < FIRST_VECTOR) {
		lapic_model_error(l, LAPIC_ESR_SEND);
		sched_wake(vp);
		return;
	}
	if (shorthand == SHORT_SELF) {
		send_self(vp, &r);
		return;
	}
	if (shorthand != SHORT_NONE) {
		r.logical = false;
		r.dest = 0xff;
	}
	if (!sipi_intercepted(vp, &r))
		send(vp->partition, &r, shorthand == SHORT_OTHERS ? vp : NULL);
}

static bool vector_valid(const struct lapic_request *r)
{
	if (r->type <= LAPIC_LOWEST)
		return r->vector >= FIRST_VECTOR && r->vector <= 0xff;
	return r->vector <= 0xff;
}

hv_status lapic_assert(struct partition *p, const struct lapic_request *r)
{
	if (!(p->flags & PARTITION_FLAG_LAPIC_ENABLED))
		return HV_INVALID_PARTITION_STATE;
	if (r->type >= LAPIC_MODES || !vector_valid(r))
		return HV_INVALID_PARAMETER;
	/* A logical destination may be nobody; an id is a mistake. */
	if (!send(p, r, NULL) && !r->logical && r->type != LAPIC_LOWEST)
		return HV_INVALID_PARAMETER;
	return HV_SUCCESS;
}

hv_status lapic_clear(struct partition *p)
{
	struct vp *vp;
	u32 index = 0;

	if (!(p->flags & PARTITION_FLAG_LAPIC_ENABLED))
		return HV_INVALID_PARTITION_STATE;
	while ((vp = next_vp(p, &index)))
		vp->lapic->extint_pending = false;
	return HV_SUCCESS;
}

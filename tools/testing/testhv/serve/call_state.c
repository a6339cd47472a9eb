// SPDX-License-Identifier: GPL-2.0
/*
 * GET and SET_VP_STATE (TLFS, 7.8): state that isn't registers. The type says what, and whether it
 * lies in the call's own pages or in pages of the root whose numbers follow the header. Either way
 * it passes through a copy, since the root may write to its pages meanwhile.
 */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/lib.h"
#include "../vm/features.h"
#include "../vm/lapic.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/register_page.h"
#include "../vm/stimer_state.h"
#include "../vm/vp.h"
#include "../vm/xsave.h"
#include "hypercall.h"

#define BY_PAGES		BIT(31)
#define TYPE_LAPIC		0u
#define TYPE_XSAVE		(1u | BY_PAGES)
#define TYPE_SIM_PAGE		(2u | BY_PAGES)
#define TYPE_SIEF_PAGE		(3u | BY_PAGES)
#define TYPE_TIMERS		4u

/* The header; page numbers or data follow. */
#define TYPE			16
#define XSAVE_FLAGS		24
#define XSAVE_STATES		32
#define DATA			40

struct state_call {
	struct call *c;
	struct vp *vp;
	u64 flags, states;
};

struct state_type {
	u32 type;
	u16 (*size)(const struct state_call *s, u32 *size);
	/* @data has that many bytes, zeroed for get(). */
	u16 (*get)(const struct state_call *s, u8 *data);
	u16 (*set)(const struct state_call *s, const u8 *data);
};

static struct xsave_choice choice_of(const struct state_call *s)
{
	u64 allowed = features_xcr0(s->vp->partition);

	/* Who names none means all: clients of old do. */
	return (struct xsave_choice){ .allowed = allowed, .flags = s->flags,
				      .states = s->states ? s->states : allowed };
}

static hv_status xsave_size(const struct state_call *s, u32 *size)
{
	const struct xsave_choice choice = choice_of(s);

	if (choice.flags & ~XSAVE_NO_XMM || choice.states & ~choice.allowed)
		return HV_INVALID_PARAMETER;
	*size = xsave_compacted_size(choice.states);
	return HV_SUCCESS;
}

static hv_status get_xsave(const struct state_call *s, u8 *data)
{
	const struct xsave_choice choice = choice_of(s);

	xsave_compact(s->vp->ext.fp, &choice, data);
	return HV_SUCCESS;
}

static hv_status set_xsave(const struct state_call *s, const u8 *data)
{
	const struct xsave_choice choice = choice_of(s);

	return xsave_expand(s->vp->ext.fp, &choice, data, PAGE_SIZE);
}

/* Pages of the SynIC: there if the partition has one. */
static u8 *synic_page(const struct state_call *s, u32 type)
{
	const struct vp_hv *hv = s->vp->hv;

	if (!hv)
		return NULL;
	return type == TYPE_SIM_PAGE ? hv->message_page.page : hv->event_page.page;
}

static hv_status synic_size(const struct state_call *s, u32 *size)
{
	*size = PAGE_SIZE;
	return synic_page(s, call_u32(s->c, TYPE)) ? HV_SUCCESS : HV_INVALID_PARAMETER;
}

static hv_status get_synic(const struct state_call *s, u8 *data)
{
	memcpy(data, synic_page(s, call_u32(s->c, TYPE)), PAGE_SIZE);
	return HV_SUCCESS;
}

static hv_status set_synic(const struct state_call *s, const u8 *data)
{
	memcpy(synic_page(s, call_u32(s->c, TYPE)), data, PAGE_SIZE);
	return HV_SUCCESS;
}

static hv_status timers_size(const struct state_call *s, u32 *size)
{
	*size = STIMER_STATE_SIZE;
	return s->vp->hv && hv_features(s->vp->partition) & SYNTHETIC_TIMERS ?
	       HV_SUCCESS : HV_INVALID_PARAMETER;
}

static hv_status get_timers(const struct state_call *s, u8 *data)
{
	stimer_get_state(s->vp, data);
	return HV_SUCCESS;
}

static hv_status set_timers(const struct state_call *s, const u8 *data)
{
	return stimer_set_state(s->vp, data);
}

static hv_status lapic_size(const struct state_call *s, u32 *size)
{
	*size = 4 * LAPIC_STATE_WORDS;
	return s->vp->lapic ? HV_SUCCESS : HV_INVALID_PARAMETER;
}

static hv_status get_lapic(const struct state_call *s, u8 *data)
{
	lapic_get_state(s->vp, (u32 *)data);
	return HV_SUCCESS;
}

static hv_status set_lapic(const struct state_call *s, const u8 *data)
{
	return lapic_set_state(s->vp, (const u32 *)data);
}

static const struct state_type types[] = {
	{ TYPE_LAPIC, lapic_size, get_lapic, set_lapic },
	{ TYPE_XSAVE, xsave_size, get_xsave, set_xsave },
	{ TYPE_SIM_PAGE, synic_size, get_synic, set_synic },
	{ TYPE_SIEF_PAGE, synic_size, get_synic, set_synic },
	{ TYPE_TIMERS, timers_size, get_timers, set_timers },
};

static const struct state_type *find_type(u32 type)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

static hv_status begin(struct call *c, struct state_call *s, const struct state_type **type,
		       u32 *size)
{
	hv_status status = call_find_vp(c, &s->vp);

	if (status)
		return status;
	*s = (struct state_call){ c, s->vp, call_u64(c, XSAVE_FLAGS), call_u64(c, XSAVE_STATES) };
	*type = find_type(call_u32(c, TYPE));
	if (!*type || ((*type)->type != TYPE_XSAVE && (s->flags || s->states)))
		return HV_INVALID_PARAMETER;
	if (!vp_at_rest(s->vp))
		return HV_INVALID_VP_STATE;
	status = (*type)->size(s, size);
	return status ? status : register_page_sync(s->vp);
}

/* The pages that follow the header: as many as the state needs, all of them the root's own. */
static hv_status check_pages(const struct call *c, u32 size)
{
	u32 count = c->layout.variable / 8;

	if (count * PAGE_SIZE < size)
		return HV_INVALID_PARAMETER;
	for (u32 i = 0; i < count; i++) {
		const struct frame *f = memory_frame(call_u64(c, DATA + 8 * i));

		if (!f || f->owner != FRAME_ROOT)
			return HV_INVALID_PARAMETER;
	}
	return HV_SUCCESS;
}

/* Nothing is longer than a page. */
static void *first_page(const struct call *c)
{
	return spa_to_virt(call_u64(c, DATA) << PAGE_SHIFT);
}

static hv_status get_by_pages(const struct state_call *s, const struct state_type *type, u32 size)
{
	u8 *data = s->c->out;
	hv_status status = check_pages(s->c, size);

	if (status)
		return status;
	memset(data, 0, PAGE_SIZE);
	status = type->get(s, data);
	/* Behind the state the page is zeros. */
	if (!status)
		memcpy(first_page(s->c), data, PAGE_SIZE);
	return status;
}

static hv_status set_by_pages(const struct state_call *s, const struct state_type *type, u32 size)
{
	u8 *data = s->c->out;
	hv_status status = check_pages(s->c, size);

	if (status)
		return status;
	memcpy(data, first_page(s->c), PAGE_SIZE);
	return type->set(s, data);
}

hv_status call_get_vp_state(struct call *c)
{
	const struct state_type *type;
	struct state_call s;
	u32 size;
	hv_status status = begin(c, &s, &type, &size);

	if (status)
		return status;
	if (type->type & BY_PAGES)
		return get_by_pages(&s, type, size);
	if (c->layout.variable)
		return HV_INVALID_PARAMETER;
	status = call_wants_output(c, size);
	return status ? status : type->get(&s, c->out);
}

hv_status call_set_vp_state(struct call *c)
{
	const struct state_type *type;
	struct state_call s;
	u32 size;
	hv_status status = begin(c, &s, &type, &size);

	if (status)
		return status;
	if (type->type & BY_PAGES)
		status = set_by_pages(&s, type, size);
	else if (c->layout.variable != ALIGN_UP(size, 8u))
		status = HV_INVALID_PARAMETER;
	else
		status = type->set(&s, c->in + DATA);
	register_page_refresh(s.vp);
	return status;
}

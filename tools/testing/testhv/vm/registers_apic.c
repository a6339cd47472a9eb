// SPDX-License-Identifier: GPL-2.0
/* Registers of the local APIC, and DELIVERABILITY_NOTIFICATIONS, which stands in for it. */
#include "../hw/cpu.h"
#include "event.h"
#include "features.h"
#include "lapic.h"
#include "register_row.h"
#include "vp.h"

#define BASE_RESERVED		0x6ffULL	/* x2APIC mode among them */
#define DELIVERABLE_KNOWN	0x3fULL

static void get_deliverability(struct vp *vp, const struct register_row *row, u32 i,
			       struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = vp->deliverability;
}

/* A local APIC delivers by itself: there is nothing to be told. */
static hv_status set_deliverability(struct vp *vp, const struct register_row *row, u32 i,
				    const struct register_value *v)
{
	(void)row;
	(void)i;
	if (vp->lapic && v->low)
		return HV_INVALID_PARAMETER;
	if (v->low & ~DELIVERABLE_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	vp->deliverability = v->low;
	return HV_SUCCESS;
}

const struct register_kind kind_deliverability = { get_deliverability, set_deliverability };

static void get_base(struct vp *vp, const struct register_row *row, u32 i,
		     struct register_value *v)
{
	(void)row;
	(void)i;
	if (vp->lapic)
		v->low = vp->lapic->base;
	else
		v->low = vp->apic_base;
}

static hv_status set_base(struct vp *vp, const struct register_row *row, u32 i,
			  const struct register_value *v)
{
	(void)row;
	(void)i;
	if (v->low & (BASE_RESERVED | ~features_physical_mask()))
		return HV_INVALID_REGISTER_VALUE;
	/* Its page stays where it is: what the parent maps elsewhere isn't looked at. */
	if (vp->lapic && (v->low ^ vp->lapic->base) & PAGE_MASK)
		return HV_INVALID_REGISTER_VALUE;
	if (vp->lapic)
		lapic_set_base(vp, v->low);
	else
		vp->apic_base = v->low;
	return HV_SUCCESS;
}

const struct register_kind kind_apic_base = { get_base, set_base };

/* APIC id and version, read-only. */
static void get_apic(struct vp *vp, const struct register_row *row, u32 i,
		     struct register_value *v)
{
	(void)row;
	if (vp->lapic)
		v->low = i ? LAPIC_VERSION_VALUE : vp->lapic->model.id;
}

const struct register_kind kind_apic = { get_apic, NULL };

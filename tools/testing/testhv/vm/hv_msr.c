// SPDX-License-Identifier: GPL-2.0
/*
 * The synthetic MSRs of a child (TLFS, appendix C), and the VP registers that are the same: one
 * table, a row for each range and the feature that opens it.
 */
#include "../hw/cpu.h"
#include "child_synic.h"
#include "hv.h"
#include "lapic.h"
#include "partition.h"
#include "slat.h"
#include "vp.h"

#define ENABLE		BIT(0)
#define LOCKED		BIT(1)		/* of HYPERCALL */
#define SVERSION	1
#define MSR_EOI		0x40000070u
#define MSR_TPR		0x40000072u
#define FIRST_VECTOR	16

struct hv_row {
	u32 msr, reg;		/* 0: it is not the other */
	u32 count;
	u64 feature;
	u64 (*get)(struct vp *vp, u32 i);
	bool (*set)(struct vp *vp, u32 i, u64 value);	/* NULL: read-only */
};

static struct partition_hv *partition_hv(const struct vp *vp)
{
	return vp->partition->hv;
}

static bool bad_page(u64 value)
{
	return value & ENABLE && value >> PAGE_SHIFT >= slat_gfn_end();
}

static bool place(struct vp *vp, struct overlay *o, u64 value)
{
	return overlay_move(vp->partition, o, value & ENABLE ? value >> PAGE_SHIFT :
			    OVERLAY_HIDDEN);
}

static u64 get_os_id(struct vp *vp, u32 i)
{
	(void)i;
	return partition_hv(vp)->guest_os_id;
}

static bool set_os_id(struct vp *vp, u32 i, u64 value)
{
	struct partition_hv *hv = partition_hv(vp);

	(void)i;
	hv->guest_os_id = value;
	if (!value) {
		hv->hypercall &= ~ENABLE;
		place(vp, &hv->hypercall_page, 0);
	}
	return true;
}

static u64 get_hypercall(struct vp *vp, u32 i)
{
	(void)i;
	return partition_hv(vp)->hypercall;
}

static bool set_hypercall(struct vp *vp, u32 i, u64 value)
{
	struct partition_hv *hv = partition_hv(vp);

	(void)i;
	if (hv->hypercall & LOCKED)
		return true;
	if (!hv->guest_os_id)
		value &= ~ENABLE;
	if (bad_page(value) || !place(vp, &hv->hypercall_page, value))
		return false;
	hv->hypercall = value;
	return true;
}

static u64 get_index(struct vp *vp, u32 i)
{
	(void)i;
	return vp->index;
}

static u64 get_runtime(struct vp *vp, u32 i)
{
	(void)i;
	return tsc_to_100ns(vp->runtime);
}

static u64 get_time(struct vp *vp, u32 i)
{
	(void)i;
	return reftime_now(vp->partition);
}

static u64 get_tsc_page(struct vp *vp, u32 i)
{
	(void)i;
	return partition_hv(vp)->reference_tsc;
}

/* A page that can't be there is simply not seen. */
static bool set_tsc_page(struct vp *vp, u32 i, u64 value)
{
	(void)i;
	partition_hv(vp)->reference_tsc = value;
	place(vp, &partition_hv(vp)->tsc_page, value);
	return true;
}

static u64 get_frequency(struct vp *vp, u32 i)
{
	(void)vp;
	return i ? APIC_HZ : tsc_hz;
}

static u64 get_assist(struct vp *vp, u32 i)
{
	(void)i;
	return vp->hv->assist;
}

static bool set_assist(struct vp *vp, u32 i, u64 value)
{
	struct vp_hv *hv = vp->hv;

	(void)i;
	if (bad_page(value) || !place(vp, &hv->assist_page, value))
		return false;
	/* The EOI assist begins afresh; nobody ever sets its bit here. */
	if (value & ENABLE && !(hv->assist & ENABLE))
		*(u32 *)hv->assist_page.page = 0;
	hv->assist = value;
	return true;
}

static u64 get_synic(struct vp *vp, u32 i)
{
	const u64 value[] = { vp->hv->scontrol, SVERSION, vp->hv->siefp, vp->hv->simp, 0 };

	return value[i];
}

static bool set_synic(struct vp *vp, u32 i, u64 value)
{
	switch (i) {
	case 0:
		vp->hv->scontrol = value;
		break;
	case 1:
		return false;
	case 2:
		vp->hv->siefp = value;
		place(vp, &vp->hv->event_page, value);
		break;
	case 3:
		vp->hv->simp = value;
		place(vp, &vp->hv->message_page, value);
		break;
	}
	/* EOM, or on: what waits may go on. */
	stimer_rescan(vp);
	return true;
}

static u64 get_sint(struct vp *vp, u32 i)
{
	return vp->hv->sint[i];
}

static bool set_sint(struct vp *vp, u32 i, u64 value)
{
	if (!(value & SINT_MASKED) && (value & SINT_VECTOR) < FIRST_VECTOR)
		return false;
	vp->hv->sint[i] = value;
	stimer_rescan(vp);
	return true;
}

static u64 get_apic(struct vp *vp, u32 i)
{
	if (!vp->lapic || !i)
		return 0;
	return i == 1 ? lapic_icr(vp) : lapic_tpr(vp);
}

static bool set_apic(struct vp *vp, u32 i, u64 value)
{
	if (!vp->lapic || (i == 0 && value >> 32) || (i == 2 && value > 0xff))
		return false;
	switch (i) {
	case 0:
		lapic_eoi(vp);
		break;
	case 1:
		return lapic_write_icr(vp, value);
	case 2:
		lapic_set_tpr(vp, (u8)value);
		break;
	}
	return true;
}

static u64 get_stimer(struct vp *vp, u32 i)
{
	return stimer_read(vp, i);
}

static u64 get_zero(struct vp *vp, u32 i)
{
	(void)vp;
	(void)i;
	return 0;
}

static u64 get_tsc_invariant(struct vp *vp, u32 i)
{
	(void)i;
	return partition_hv(vp)->tsc_invariant;
}

static bool set_tsc_invariant(struct vp *vp, u32 i, u64 value)
{
	(void)i;
	if (value & ~ENABLE || value < partition_hv(vp)->tsc_invariant)
		return false;
	partition_hv(vp)->tsc_invariant = value;
	return true;
}

static const struct hv_row rows[] = {
	{ 0x40000000, 0x00090002, 1, SYNTHETIC_HYPERCALL, get_os_id, set_os_id },
	{ 0x40000001, 0x00090001, 1, SYNTHETIC_HYPERCALL, get_hypercall, set_hypercall },
	{ 0x40000002, 0, 1, SYNTHETIC_VP_INDEX, get_index, NULL },
	{ 0x40000010, 0, 1, SYNTHETIC_RUNTIME, get_runtime, NULL },
	{ 0x40000020, 0, 1, SYNTHETIC_COUNTER, get_time, NULL },
	{ 0x40000021, 0x00090017, 1, SYNTHETIC_TSC_PAGE, get_tsc_page, set_tsc_page },
	{ 0x40000022, 0x00000240, 2, SYNTHETIC_FREQUENCY, get_frequency, NULL },
	{ MSR_EOI, 0x00090010, 3, SYNTHETIC_INTR_CTRL, get_apic, set_apic },
	{ 0x40000073, 0x00090013, 1, SYNTHETIC_INTR_CTRL, get_assist, set_assist },
	{ 0x40000080, 0x000a0010, 5, SYNTHETIC_SYNIC, get_synic, set_synic },
	{ 0x40000090, 0x000a0000, HV_SINTS, SYNTHETIC_SYNIC, get_sint, set_sint },
	{ 0x400000b0, 0x000b0000, 2 * STIMERS, SYNTHETIC_TIMERS, get_stimer, stimer_write },
	{ HV_MSR_GUEST_IDLE, 0, 1, SYNTHETIC_GUEST_IDLE, get_zero, NULL },
	{ 0x40000118, 0, 1, SYNTHETIC_TSC_INVARIANT, get_tsc_invariant, set_tsc_invariant },
};

bool hv_msr_offered(const struct vp *vp, u32 msr)
{
	u64 features = hv_features(vp->partition);

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (msr - rows[i].msr < rows[i].count && features & rows[i].feature)
			return true;
	return false;
}

/* The local APIC's, and EOI can only be written. */
static bool apic_refuses(const struct vp *vp, u32 msr, bool write)
{
	if (msr < MSR_EOI || msr > MSR_TPR)
		return false;
	return !vp->lapic || !lapic_enabled(vp) || (msr == MSR_EOI && !write);
}

bool hv_msr_access(struct vp *vp, u32 msr, bool write, u64 *value)
{
	u64 features = hv_features(vp->partition);

	if (apic_refuses(vp, msr, write))
		return false;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct hv_row *r = &rows[i];

		if (msr - r->msr >= r->count || !(features & r->feature))
			continue;
		if (write)
			return r->set && r->set(vp, msr - r->msr, *value);
		*value = r->get(vp, msr - r->msr);
		return true;
	}
	return false;
}

static const struct hv_row *find_register(const struct vp *vp, u32 name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].reg && name - rows[i].reg < rows[i].count &&
		    hv_features(vp->partition) & rows[i].feature)
			return &rows[i];
	return NULL;
}

u64 hv_register_get(struct vp *vp, u32 name)
{
	const struct hv_row *r = find_register(vp, name);

	return r ? r->get(vp, name - r->reg) : 0;
}

hv_status hv_register_set(struct vp *vp, u32 name, u64 value)
{
	const struct hv_row *r = find_register(vp, name);
	bool good;

	/* What the guest can't change takes its own value. */
	if (value == hv_register_get(vp, name))
		return HV_SUCCESS;
	good = r && r->set && r->set(vp, name - r->reg, value);
	hv_settle(vp);
	return good ? HV_SUCCESS : HV_INVALID_REGISTER_VALUE;
}

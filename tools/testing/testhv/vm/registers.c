// SPDX-License-Identifier: GPL-2.0
/* The register file: the table by name, and the kinds that are plain memory. */
#include "../hw/cpu.h"
#include "features.h"
#include "hv.h"
#include "partition.h"
#include "register_row.h"
#include "vp.h"

#define ATTRIB_LOW	0x00ffu
#define ATTRIB_HIGH	0x0f00u
#define TLFS_RESERVED	0x0f00u		/* attributes 11:8 */
#define CANONICAL_SHIFT	16

/* A kind whose registers are u64 in memory: where @i of @row is. */
static u64 *vmcb_field(struct vp *vp, const struct register_row *row, u32 i)
{
	return (u64 *)((u8 *)vp->vmcb + row->at) + i;
}

static u64 *vp_field(struct vp *vp, const struct register_row *row, u32 i)
{
	return (u64 *)((u8 *)vp + row->at) + i;
}

static hv_status store(u64 *field, u64 value, u64 reserved)
{
	if (value & reserved)
		return HV_INVALID_REGISTER_VALUE;
	*field = value;
	return HV_SUCCESS;
}

static void get_vmcb(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	v->low = *vmcb_field(vp, row, i);
}

static hv_status set_vmcb(struct vp *vp, const struct register_row *row, u32 i,
			  const struct register_value *v)
{
	return store(vmcb_field(vp, row, i), v->low, row->reserved);
}

static void get_vp(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	v->low = *vp_field(vp, row, i);
}

static hv_status set_vp(struct vp *vp, const struct register_row *row, u32 i,
			const struct register_value *v)
{
	return store(vp_field(vp, row, i), v->low, row->reserved);
}

static const struct register_kind in_vmcb = { get_vmcb, set_vmcb };
static const struct register_kind in_vp = { get_vp, set_vp };

/* An address: canonical. */
static hv_status set_address(struct vp *vp, const struct register_row *row, u32 i,
			     const struct register_value *v)
{
	if ((u64)((s64)(v->low << CANONICAL_SHIFT) >> CANONICAL_SHIFT) != v->low)
		return HV_INVALID_REGISTER_VALUE;
	return set_vmcb(vp, row, i, v);
}

static const struct register_kind address = { get_vmcb, set_address };

/* MTRR bases and masks: no bits above the processor's physical width. */
static hv_status set_physical(struct vp *vp, const struct register_row *row, u32 i,
			      const struct register_value *v)
{
	if (v->low & ~features_physical_mask())
		return HV_INVALID_REGISTER_VALUE;
	return set_vp(vp, row, i, v);
}

static const struct register_kind physical = { get_vp, set_physical };

u16 segment_to_tlfs(u16 attrib)
{
	return (attrib & ATTRIB_LOW) | (u16)((attrib & ATTRIB_HIGH) << 4);
}

static u16 segment_from_tlfs(u16 attributes)
{
	return (attributes & ATTRIB_LOW) | ((attributes >> 4) & ATTRIB_HIGH);
}

void segment_get(const struct vmcb_segment *s, struct register_value *v)
{
	v->low = s->base;
	v->high = s->limit | (u64)s->selector << 32 | (u64)segment_to_tlfs(s->attrib) << 48;
}

static struct vmcb_segment *segment_of(struct vp *vp, const struct register_row *row, u32 i)
{
	return (struct vmcb_segment *)((u8 *)vp->vmcb + row->at) + i;
}

static void get_segment(struct vp *vp, const struct register_row *row, u32 i,
			struct register_value *v)
{
	segment_get(segment_of(vp, row, i), v);
}

static hv_status set_segment(struct vp *vp, const struct register_row *row, u32 i,
			     const struct register_value *v)
{
	u16 attributes = v->high >> 48;

	if (attributes & TLFS_RESERVED)
		return HV_INVALID_REGISTER_VALUE;
	*segment_of(vp, row, i) = (struct vmcb_segment){
		.selector = (u16)(v->high >> 32),
		.attrib = segment_from_tlfs(attributes),
		.limit = (u32)v->high,
		.base = v->low,
	};
	return HV_SUCCESS;
}

static const struct register_kind segment = { get_segment, set_segment };

/* IDTR, GDTR: 6 bytes of nothing, limit, base. */
static void get_table(struct vp *vp, const struct register_row *row, u32 i,
		      struct register_value *v)
{
	const struct vmcb_segment *s = segment_of(vp, row, i);

	v->low = (u64)(u16)s->limit << 48;
	v->high = s->base;
}

static hv_status set_table(struct vp *vp, const struct register_row *row, u32 i,
			   const struct register_value *v)
{
	struct vmcb_segment *s = segment_of(vp, row, i);

	s->limit = (u16)(v->low >> 48);
	s->base = v->high;
	return HV_SUCCESS;
}

static const struct register_kind table = { get_table, set_table };

static void get_tsc(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = rdtsc() + vp->vmcb->tsc_offset;
}

static hv_status set_tsc(struct vp *vp, const struct register_row *row, u32 i,
			 const struct register_value *v)
{
	(void)row;
	(void)i;
	reftime_set_tsc(vp, v->low);
	return HV_SUCCESS;
}

static const struct register_kind tsc = { get_tsc, set_tsc };

static void get_time(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	(void)row;
	(void)i;
	v->low = reftime_now(vp->partition);
}

/* A VMM restores a partition that has not run yet. */
static hv_status set_time(struct vp *vp, const struct register_row *row, u32 i,
			  const struct register_value *v)
{
	(void)row;
	(void)i;
	if (vp->partition->hv->started)
		return HV_INVALID_REGISTER_VALUE;
	reftime_set(vp->partition, v->low);
	return HV_SUCCESS;
}

static const struct register_kind time = { get_time, set_time };

static void get_hv(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	v->low = hv_register_get(vp, row->first + i);
}

static hv_status set_hv(struct vp *vp, const struct register_row *row, u32 i,
			const struct register_value *v)
{
	return hv_register_set(vp, row->first + i, v->low);
}

static const struct register_kind synthetic = { get_hv, set_hv };

static void get_zero(struct vp *vp, const struct register_row *row, u32 i,
		     struct register_value *v)
{
	(void)vp;
	(void)row;
	(void)i;
	v->low = 0;
}

/* What this hypervisor or processor lacks. */
static const struct register_kind zero = { get_zero, NULL };

static void get_information(struct vp *vp, const struct register_row *row, u32 i,
			    struct register_value *v)
{
	(void)i;
	switch (row->first) {
	case REG_VP_RUNTIME:
		v->low = tsc_to_100ns(vp->runtime);
		break;
	case REG_VP_INDEX:
	case REG_INITIAL_APIC_ID:
		v->low = vp->index;
		break;
	case REG_MTRR_CAP:
		v->low = 0x508;		/* 8 variable ones, the fixed ones, WC */
		break;
	}
}

static const struct register_kind information = { get_information, NULL };

#define VMCB(field)	offsetof(struct vmcb, field)
#define VP(field)	offsetof(struct vp, field)
#define KEPT(slot)	(VP(kept) + 8 * (slot))
/* Slots: 0 default type, 1 to 16 bases, 17 to 32 masks, 33 to 43 fixed, then single ones. */
#define KEPT_DEBUG_CTL	KEPT(45)
#define HIGH_HALF	GENMASK(63, 32)

static const struct register_row rows[] = {
	{ REG_EXPLICIT_SUSPEND, 2, &kind_suspend, 0, 0 },
	{ 0x00000002, 2, &zero, 0, 0 },			/* emulation hints, dispatch suspend */
	{ REG_INTERNAL_ACTIVITY, 1, &kind_activity, 0, 0 },
	{ 0x00000100, 1, &zero, 0, 0 },			/* hypervisor version */
	{ 0x00000200, 9, &zero, 0, 0 },			/* features */
	{ 0x00000210, 6, &zero, 0, 0 },			/* guest crash */
	{ 0x00000220, 6, &zero, 0, 0 },			/* power states */
	{ 0x00000240, 2, &synthetic, 0, 0 },		/* clocks */
	{ 0x00000250, 1, &zero, 0, 0 },			/* guest idle */
	{ 0x00000260, 1, &zero, 0, 0 },
	{ 0x00000270, 1, &zero, 0, 0 },
	{ REG_PENDING_INTERRUPTION, 1, &kind_interruption, 0, 0 },
	{ REG_INTERRUPT_STATE, 1, &kind_interrupt_state, 0, 0 },
	{ REG_PENDING_EVENT0, 1, &kind_pending_event, 0, 0 },
	{ REG_PENDING_EVENT1, 1, &zero, 0, 0 },
	{ REG_DELIVERABILITY, 1, &kind_deliverability, 0, 0 },
	{ REG_RAX + 0, 1, &in_vmcb, VMCB(rax), 0 },
	{ REG_RAX + 1, 1, &in_vp, VP(gprs.rcx), 0 },
	{ REG_RAX + 2, 1, &in_vp, VP(gprs.rdx), 0 },
	{ REG_RAX + 3, 1, &in_vp, VP(gprs.rbx), 0 },
	{ REG_RAX + 4, 1, &in_vmcb, VMCB(rsp), 0 },
	{ REG_RAX + 5, 1, &in_vp, VP(gprs.rbp), 0 },
	{ REG_RAX + 6, 1, &in_vp, VP(gprs.rsi), 0 },
	{ REG_RAX + 7, 1, &in_vp, VP(gprs.rdi), 0 },
	{ REG_RAX + 8, 8, &in_vp, VP(gprs.r8), 0 },
	{ REG_RIP, 1, &in_vmcb, VMCB(rip), 0 },
	{ REG_RFLAGS, 1, &kind_control, 0, 0 },
	{ REG_XMM0, 16, &kind_xmm, 0, 0 },
	{ REG_FP_MMX0, 8, &kind_mmx, 0, 0 },
	{ REG_FP_CONTROL_STATUS, 1, &kind_fp_control, 0, 0 },
	{ REG_XMM_CONTROL_STATUS, 1, &kind_xmm_control, 0, 0 },
	{ REG_CR0, 1, &kind_control, 0, 0 },
	{ REG_CR2, 1, &in_vmcb, VMCB(cr2), 0 },
	{ REG_CR3, 1, &kind_control, 0, 0 },
	{ REG_CR4, 1, &kind_control, 0, 0 },
	{ REG_CR8, 1, &kind_control, 0, 0 },
	{ REG_XFEM, 1, &kind_control, 0, 0 },
	/* Nobody stands between the guest and its control registers. */
	{ REG_INTERMEDIATE_CR0, 1, &kind_control, REG_CR0, 0 },
	{ REG_INTERMEDIATE_CR4, 1, &kind_control, REG_CR4, 0 },
	{ REG_INTERMEDIATE_CR8, 1, &kind_control, REG_CR8, 0 },
	{ REG_DR0, 4, &in_vp, VP(ext.dr), 0 },
	{ REG_DR6, 1, &kind_control, 0, 0 },
	{ REG_DR7, 1, &kind_control, 0, 0 },
	{ REG_ES, 6, &segment, VMCB(es), 0 },		/* ES CS SS DS FS GS */
	{ REG_LDTR, 1, &segment, VMCB(ldtr), 0 },
	{ REG_TR, 1, &segment, VMCB(tr), 0 },
	{ REG_IDTR, 1, &table, VMCB(idtr), 0 },
	{ REG_GDTR, 1, &table, VMCB(gdtr), 0 },
	{ REG_TSC, 1, &tsc, 0, 0 },
	{ REG_EFER, 1, &kind_control, 0, 0 },
	{ REG_KERNEL_GS_BASE, 1, &address, VMCB(kernel_gs_base), 0 },
	{ REG_APIC_BASE, 1, &kind_apic_base, 0, 0 },
	{ REG_PAT, 1, &kind_control, 0, 0 },
	{ REG_SYSENTER_CS, 1, &in_vmcb, VMCB(sysenter_cs), 0 },
	{ REG_SYSENTER_EIP, 1, &address, VMCB(sysenter_eip), 0 },
	{ REG_SYSENTER_ESP, 1, &address, VMCB(sysenter_esp), 0 },
	{ REG_STAR, 1, &in_vmcb, VMCB(star), 0 },
	{ REG_LSTAR, 1, &address, VMCB(lstar), 0 },
	{ REG_CSTAR, 1, &address, VMCB(cstar), 0 },
	{ REG_SFMASK, 1, &in_vmcb, VMCB(sfmask), HIGH_HALF },
	{ REG_INITIAL_APIC_ID, 1, &information, 0, 0 },
	{ REG_MTRR_CAP, 1, &information, 0, 0 },
	{ REG_MTRR_DEF_TYPE, 1, &in_vp, KEPT(0), ~0xcffULL },
	{ REG_MTRR_PHYS_BASE0, 16, &physical, KEPT(1), 0xf00 },
	{ REG_MTRR_PHYS_MASK0, 16, &physical, KEPT(17), 0x7ff },
	{ REG_MTRR_FIX64K, 11, &in_vp, KEPT(33), 0xf8f8f8f8f8f8f8f8ULL },
	{ REG_TSC_AUX, 1, &in_vp, VP(ext.tsc_aux), HIGH_HALF },
	{ 0x0008007c, 1, &zero, 0, 0 },			/* BNDCFGS: children have no MPX */
	{ REG_DEBUG_CTL, 1, &in_vp, KEPT_DEBUG_CTL, ~3ULL },
	{ 0x00080080, 4, &zero, 0, 0 },			/* SGX */
	{ REG_SPEC_CTRL, 1, &kind_control, 0, 0 },
	{ 0x00080085, 2, &zero, 0, 0 },			/* PRED_CMD, VIRT_SPEC_CTRL */
	{ 0x00080096, 1, &zero, 0, 0 },			/* TSC_ADJUST */
	{ 0x000800a0, 0x13, &zero, 0, 0 },		/* MISC_ENABLE, VMX */
	{ 0x00081000, 12, &zero, 0, 0 },		/* performance monitoring, trace */
	{ REG_APIC_ID, 2, &kind_apic, 0, 0 },
	{ REG_VP_RUNTIME, 1, &information, 0, 0 },
	{ 0x00090001, 2, &synthetic, 0, 0 },		/* HYPERCALL, GUEST_OS_ID */
	{ REG_VP_INDEX, 1, &information, 0, 0 },
	{ REG_TIME_REF_COUNT, 1, &time, 0, 0 },
	{ 0x00090007, 1, &zero, 0, 0 },
	{ 0x00090010, 5, &synthetic, 0, 0 },		/* synthetic EOI, ICR, TPR, assist */
	{ 0x00090017, 1, &synthetic, 0, 0 },		/* reference TSC page */
	{ 0x00090020, 4, &zero, 0, 0 },			/* statistics */
	{ 0x000a0000, 22, &synthetic, 0, 0 },		/* SynIC */
	{ 0x000b0000, 8, &synthetic, 0, 0 },		/* synthetic timers */
	{ 0x000e0000, 4, &zero, 0, 0 },			/* CR intercepts: they are a higher VTL's */
};

bool register_while_running(u32 name)
{
	return name == REG_EXPLICIT_SUSPEND || name == REG_INTERCEPT_SUSPEND ||
	       name == REG_VP_RUNTIME || name == REG_VP_INDEX || name == REG_TIME_REF_COUNT;
}

static const struct register_row *find(u32 name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (name - rows[i].first < rows[i].count)
			return &rows[i];
	return NULL;
}

hv_status register_get(struct vp *vp, u32 name, struct register_value *v)
{
	const struct register_row *row = find(name);

	if (!row)
		return HV_INVALID_PARAMETER;
	*v = (struct register_value){ 0 };
	row->kind->get(vp, row, name - row->first, v);
	return HV_SUCCESS;
}

hv_status register_set(struct vp *vp, u32 name, const struct register_value *v)
{
	const struct register_row *row = find(name);
	struct register_value now = { 0 };

	if (!row)
		return HV_INVALID_PARAMETER;
	if (row->kind->set)
		return row->kind->set(vp, row, name - row->first, v);
	row->kind->get(vp, row, name - row->first, &now);
	return now.low == v->low ? HV_SUCCESS : HV_INVALID_REGISTER_VALUE;
}

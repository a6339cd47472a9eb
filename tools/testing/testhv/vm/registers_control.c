// SPDX-License-Identifier: GPL-2.0
/*
 * Registers of which not every value is legal. What depends on several of them is looked at only
 * before the VP goes on (registers_prepare): they are set one after the other.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "features.h"
#include "partition.h"
#include "register_row.h"
#include "vp.h"

#define CR0_ET		BIT(4)
#define CR0_NW		BIT(29)
#define CR0_CD		BIT(30)
/* PE MP EM TS ET NE WP AM NW CD PG */
#define CR0_KNOWN	0xe005003fULL
#define RFLAGS_ONE	BIT(1)
#define RFLAGS_VM	BIT(17)
#define RFLAGS_KNOWN	0x3f7fd7ULL
#define DR6_ONES	0xffff0ff0ULL
#define DR6_KNOWN	0xffffeff0ULL
#define DR7_ONE		BIT(10)
#define DR7_KNOWN	0xffff2fffULL
#define CR8_KNOWN	0xfULL
#define SPEC_CTRL_KNOWN	7ULL
#define XCR0_X87	BIT(0)
#define XCR0_SSE	BIT(1)
#define XCR0_AVX	BIT(2)

#define PAT_UC_MINUS	7
#define PAT_RESERVED	0x0c	/* types 2 and 3 */

static hv_status cr0_write(struct vp *vp, u64 value)
{
	if (value & ~CR0_KNOWN || (value & CR0_NW && !(value & CR0_CD)) ||
	    (value & CR0_PG && !(value & CR0_PE)))
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->cr0 = value | CR0_ET;
	return HV_SUCCESS;
}

static hv_status cr3_write(struct vp *vp, u64 value)
{
	if (value & ~features_physical_mask())
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->cr3 = value;
	return HV_SUCCESS;
}

static hv_status cr4_write(struct vp *vp, u64 value)
{
	if (value & ~features_cr4(vp->partition))
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->cr4 = value;
	return HV_SUCCESS;
}

/* CR8 lives in V_TPR (APM 2, 15.21.1). */
static hv_status cr8_write(struct vp *vp, u64 value)
{
	if (value & ~CR8_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->int_ctl = (vp->vmcb->int_ctl & ~CR8_KNOWN) | value;
	return HV_SUCCESS;
}

static hv_status xfem_write(struct vp *vp, u64 value)
{
	if (value & ~features_xcr0(vp->partition) || !(value & XCR0_X87) ||
	    (value & XCR0_AVX && !(value & XCR0_SSE)))
		return HV_INVALID_REGISTER_VALUE;
	vp->ext.xcr0 = value;
	return HV_SUCCESS;
}

/* SVME is testhv's, and nobody sees it. */
static hv_status efer_write(struct vp *vp, u64 value)
{
	if (value & ~features_efer())
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->efer = value | EFER_SVME;
	return HV_SUCCESS;
}

static hv_status rflags_write(struct vp *vp, u64 value)
{
	if (value & ~RFLAGS_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->rflags = value | RFLAGS_ONE;
	return HV_SUCCESS;
}

static hv_status dr6_write(struct vp *vp, u64 value)
{
	if (value & ~(DR6_KNOWN | 0xf))
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->dr6 = value | DR6_ONES;
	return HV_SUCCESS;
}

static hv_status dr7_write(struct vp *vp, u64 value)
{
	if (value & ~DR7_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	vp->vmcb->dr7 = value | DR7_ONE;
	return HV_SUCCESS;
}

static hv_status pat_write(struct vp *vp, u64 value)
{
	for (unsigned int i = 0; i < 8; i++) {
		u8 type = value >> (8 * i);

		if (type > PAT_UC_MINUS || BIT(type) & PAT_RESERVED)
			return HV_INVALID_REGISTER_VALUE;
	}
	vp->vmcb->g_pat = value;
	return HV_SUCCESS;
}

static hv_status spec_ctrl_write(struct vp *vp, u64 value)
{
	if (value & ~(features_spec_ctrl() ? SPEC_CTRL_KNOWN : 0))
		return HV_INVALID_REGISTER_VALUE;
	vp->ext.spec_ctrl = value;
	return HV_SUCCESS;
}

static u64 control_read(const struct vp *vp, u32 name)
{
	switch (name) {
	case REG_CR0:
		return vp->vmcb->cr0;
	case REG_CR3:
		return vp->vmcb->cr3;
	case REG_CR4:
		return vp->vmcb->cr4;
	case REG_CR8:
		return vp->vmcb->int_ctl & CR8_KNOWN;
	case REG_XFEM:
		return vp->ext.xcr0;
	case REG_EFER:
		return vp->vmcb->efer & ~EFER_SVME;
	case REG_RFLAGS:
		return vp->vmcb->rflags;
	case REG_DR6:
		return vp->vmcb->dr6;
	case REG_DR7:
		return vp->vmcb->dr7;
	case REG_PAT:
		return vp->vmcb->g_pat;
	default:
		return vp->ext.spec_ctrl;
	}
}

static hv_status control_write(struct vp *vp, u32 name, u64 value)
{
	switch (name) {
	case REG_CR0:
		return cr0_write(vp, value);
	case REG_CR3:
		return cr3_write(vp, value);
	case REG_CR4:
		return cr4_write(vp, value);
	case REG_CR8:
		return cr8_write(vp, value);
	case REG_XFEM:
		return xfem_write(vp, value);
	case REG_EFER:
		return efer_write(vp, value);
	case REG_RFLAGS:
		return rflags_write(vp, value);
	case REG_DR6:
		return dr6_write(vp, value);
	case REG_DR7:
		return dr7_write(vp, value);
	case REG_PAT:
		return pat_write(vp, value);
	default:
		return spec_ctrl_write(vp, value);
	}
}

static u32 name_of(const struct register_row *row)
{
	return row->at ? row->at : row->first;
}

static void get_control(struct vp *vp, const struct register_row *row, u32 i,
			struct register_value *v)
{
	(void)i;
	v->low = control_read(vp, name_of(row));
}

static hv_status set_control(struct vp *vp, const struct register_row *row, u32 i,
			     const struct register_value *v)
{
	(void)i;
	/* Translations may depend on it. */
	vp->flush = true;
	return control_write(vp, name_of(row), v->low);
}

const struct register_kind kind_control = { get_control, set_control };

static u8 cpl_of(const struct vmcb *c)
{
	if (!(c->cr0 & CR0_PE))
		return 0;
	if (c->rflags & RFLAGS_VM)
		return 3;
	return (c->ss.attrib & SEG_DPL) >> 5;
}

void registers_derive(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;
	bool long_mode = c->efer & EFER_LME && c->cr0 & CR0_PG;

	c->efer = long_mode ? c->efer | EFER_LMA : c->efer & ~EFER_LMA;
	c->cpl = cpl_of(c);
}

bool registers_prepare(struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;
	bool long_mode;

	registers_derive(vp);
	long_mode = c->efer & EFER_LMA;
	if (long_mode && !(c->cr4 & CR4_PAE))
		return false;
	if (long_mode && c->cs.attrib & SEG_L && c->cs.attrib & SEG_DB)
		return false;
	registers_inject(vp);
	return true;
}

static void reset_common(struct vp *vp)
{
	const struct vmcb_segment data = { .attrib = 0x93, .limit = 0xffff };
	struct vmcb *c = vp->vmcb;

	c->cs = (struct vmcb_segment){ 0xf000, 0x9b, 0xffff, 0xffff0000 };
	c->ds = data;
	c->es = data;
	c->ss = data;
	c->fs = data;
	c->gs = data;
	c->gdtr = (struct vmcb_segment){ .limit = 0xffff };
	c->idtr = c->gdtr;
	c->ldtr = (struct vmcb_segment){ .attrib = 0x82, .limit = 0xffff };
	c->tr = (struct vmcb_segment){ .attrib = 0x8b, .limit = 0xffff };
	c->efer = EFER_SVME;
	c->dr6 = DR6_ONES;
	c->dr7 = DR7_ONE;
	c->rflags = RFLAGS_ONE;
	c->rip = 0xfff0;
	vp->gprs.rdx = cpuid(1, 0).eax;
}

void registers_reset(struct vp *vp)
{
	reset_common(vp);
	vp->vmcb->cr0 = CR0_CD | CR0_NW | CR0_ET;
	vp->vmcb->g_pat = 0x0007040600070406ULL;
	svm_reset_extended(&vp->ext);
}

void registers_init(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;

	vp->gprs = (struct gprs){ 0 };
	c->rax = 0;
	c->rsp = 0;
	c->cr2 = 0;
	c->cr3 = 0;
	c->cr4 = 0;
	c->cr0 = (c->cr0 & (CR0_CD | CR0_NW)) | CR0_ET;
	c->int_state = 0;
	c->eventinj = 0;
	c->cpl = 0;
	memset(vp->ext.dr, 0, sizeof(vp->ext.dr));
	vp->pending_event[0] = 0;
	vp->pending_event[1] = 0;
	vp->flush = true;
	reset_common(vp);
}

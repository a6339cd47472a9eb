// SPDX-License-Identifier: GPL-2.0
/*
 * RDMSR and WRMSR in a child. All of them exit: those that testhv knows are registers of the VP's
 * register file, the hypervisor's, or kept for the guest's sake; none is the physical processor's.
 */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "../vm/features.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/registers.h"
#include "../vm/sched.h"
#include "../vm/vp.h"
#include "intercept.h"
#include "serve.h"

#define MSR_LENGTH	2
#define MSR_TSC		0x10u
#define MSR_TSC_ADJUST	0x3bu
#define MSR_SPEC_CTRL	0x48u
#define MSR_PRED_CMD	0x49u
#define MSR_PATCH_LEVEL	0x8bu
#define MSR_FS_BASE	0xc0000100u
#define MSR_GS_BASE	0xc0000101u

/* MSRs by the register that they are. */
static const struct {
	u32 msr, count, name;
} known[] = {
	{ MSR_APIC_BASE, 1, REG_APIC_BASE },
	{ MSR_SPEC_CTRL, 1, REG_SPEC_CTRL },
	{ 0xfe, 1, REG_MTRR_CAP },
	{ 0x174, 1, REG_SYSENTER_CS },
	{ 0x175, 1, REG_SYSENTER_ESP },
	{ 0x176, 1, REG_SYSENTER_EIP },
	{ 0x1d9, 1, REG_DEBUG_CTL },
	{ 0x250, 1, REG_MTRR_FIX64K },
	{ 0x258, 2, REG_MTRR_FIX64K + 1 },
	{ 0x268, 8, REG_MTRR_FIX64K + 3 },
	{ 0x277, 1, REG_PAT },
	{ 0x2ff, 1, REG_MTRR_DEF_TYPE },
	{ MSR_EFER, 1, REG_EFER },
	{ 0xc0000081, 1, REG_STAR },
	{ 0xc0000082, 1, REG_LSTAR },
	{ 0xc0000083, 1, REG_CSTAR },
	{ 0xc0000084, 1, REG_SFMASK },
	{ 0xc0000102, 1, REG_KERNEL_GS_BASE },
	{ MSR_TSC_AUX, 1, REG_TSC_AUX },
};

enum kept_kind {
	CONSTANT,		/* a write is #GP */
	IGNORED,		/* a write changes nothing */
	STORED,			/* per VP; .at of vp_hv.stored */
};

/* What no register stands for (BKDG of family 10h and later). */
static const struct {
	u32 msr, count;
	enum kept_kind kind;
	u32 at;
	u64 value;		/* of STORED: bits that are always 1 */
} kept[] = {
	{ MSR_PATCH_LEVEL, 1, IGNORED, 0, 0 },		/* microcode: level, loader */
	{ 0xc0010020, 1, IGNORED, 0, 0 },
	{ 0x179, 1, CONSTANT, 0, 0 },			/* MCG_CAP: no banks */
	{ 0x17a, 2, IGNORED, 0, 0 },
	{ 0x1a0, 1, STORED, HV_STORED_MISC_ENABLE, 0 },
	{ 0x1db, 4, CONSTANT, 0, 0 },			/* last branches */
	{ 0xc0010000, 8, IGNORED, 0, 0 },		/* performance counters */
	{ 0xc0010010, 1, IGNORED, 0, 0 },		/* SYSCFG */
	{ MSR_HWCR, 1, STORED, HV_STORED_HWCR, BIT(24) },	/* the TSC's rate is constant */
	{ 0xc0010055, 1, IGNORED, 0, 0 },		/* INT_PENDING */
	{ MSR_VM_CR, 1, CONSTANT, 0, 0x18 },		/* SVM is disabled, and that locked */
	{ 0xc0010140, 2, STORED, HV_STORED_OSVW, 0 },
	{ 0xc0011020, 4, STORED, HV_STORED_CFG, 0 },	/* LS, IC, DC */
	{ 0xc0011029, 1, STORED, HV_STORED_DE_CFG, 0 },
	{ 0xc001102a, 1, STORED, HV_STORED_CFG + 4, 0 },
};

/* MSRs that exist only with a CPUID bit. */
static bool offered(const struct vp *vp, u32 msr)
{
	const struct partition *p = vp->partition;
	struct cpuid_result r7, r8;

	if (msr == MSR_APIC_BASE)
		return p->flags & PARTITION_FLAG_LAPIC_ENABLED;
	if (msr != MSR_TSC_ADJUST && msr != MSR_SPEC_CTRL && msr != MSR_PRED_CMD &&
	    msr != MSR_TSC_AUX)
		return true;
	r7 = features_cpuid(p, 7, 0);
	r8 = features_cpuid(p, 0x80000008, 0);
	switch (msr) {
	case MSR_TSC_ADJUST:
		return r7.ebx & BIT(1);
	case MSR_SPEC_CTRL:
		return r7.edx & (BIT(26) | BIT(27) | BIT(31)) || r8.ebx & (BIT(14) | BIT(15));
	case MSR_PRED_CMD:
		return r7.edx & BIT(26) || r8.ebx & BIT(12);
	}
	return features_cpuid(p, 0x80000001, 0).edx & BIT(27) || r7.ecx & BIT(22);
}

/* Variable MTRRs are two by two. */
static bool find(u32 msr, u32 *name)
{
	if (msr >= 0x200 && msr < 0x210) {
		*name = (msr & 1 ? REG_MTRR_PHYS_MASK0 : REG_MTRR_PHYS_BASE0) + (msr - 0x200) / 2;
		return true;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++) {
		if (msr - known[i].msr >= known[i].count)
			continue;
		*name = known[i].name + msr - known[i].msr;
		return true;
	}
	return false;
}

/* LME may change only without paging, and LMA is the processor's (APM 2, 14.6.1). */
static bool efer_legal(const struct vp *vp, u64 *value)
{
	u64 old = vp->vmcb->efer;

	if ((old ^ *value) & EFER_LME && vp->vmcb->cr0 & CR0_PG)
		return false;
	*value = (*value & ~EFER_LMA) | (old & EFER_LMA);
	return true;
}

/* UC, WC, WT, WP, WB */
static bool memory_type(u8 type)
{
	return type < 7 && BIT(type) & 0x73;
}

/* The VMM's register file takes what a processor wouldn't. */
static bool mtrr_legal(u32 name, u64 value)
{
	if (name == REG_MTRR_CAP)
		return false;
	if (name == REG_MTRR_DEF_TYPE || name - REG_MTRR_PHYS_BASE0 < 16)
		return memory_type((u8)value);
	if (name < REG_MTRR_FIX64K || name > REG_MTRR_FIX64K + 10)
		return true;
	for (unsigned int i = 0; i < 8; i++)
		if (!memory_type((u8)(value >> (8 * i))))
			return false;
	return true;
}

static u64 *base_of(struct vp *vp, u32 msr)
{
	if (msr == MSR_FS_BASE)
		return &vp->vmcb->fs.base;
	return msr == MSR_GS_BASE ? &vp->vmcb->gs.base : NULL;
}

static bool canonical(u64 address)
{
	return (u64)((s64)(address << 16) >> 16) == address;
}

static bool base_access(u64 *base, bool write, u64 *value)
{
	if (!write)
		*value = *base;
	else if (canonical(*value))
		*base = *value;
	return canonical(*value);
}

/* The time stamp and what is added to it (Intel SDM 3, 18.17.3: both change together). */
static bool tsc_access(struct vp *vp, u32 msr, bool write, u64 *value)
{
	u64 now = rdtsc() + vp->vmcb->tsc_offset;

	if (!write) {
		*value = msr == MSR_TSC ? now : vp->hv->tsc_adjust;
		return true;
	}
	if (msr == MSR_TSC) {
		vp->hv->tsc_adjust += *value - now;
		reftime_guest_tsc(vp, *value);
	} else if (*value != vp->hv->tsc_adjust) {
		reftime_guest_tsc(vp, now + *value - vp->hv->tsc_adjust);
		vp->hv->tsc_adjust = *value;
	}
	return true;
}

static bool is_kept(u32 msr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kept); i++)
		if (msr - kept[i].msr < kept[i].count)
			return true;
	return false;
}

static bool is_synthetic(u32 msr)
{
	return msr >= HV_MSR_FIRST && msr <= HV_MSR_LAST;
}

/* Whether testhv answers for it, if only by #GP; the rest is the parent's to ask for. */
static bool is_virtualised(struct vp *vp, u32 msr)
{
	u32 name;

	if (is_synthetic(msr))
		return hv_msr_offered(vp, msr);
	if (base_of(vp, msr))
		return true;
	if (!offered(vp, msr))
		return false;
	return msr == MSR_TSC || msr == MSR_TSC_ADJUST || msr == MSR_PRED_CMD ||
	       find(msr, &name) || is_kept(msr);
}

static bool kept_access(struct vp *vp, u32 msr, bool write, u64 *value)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kept); i++) {
		u64 *stored = &vp->hv->stored[kept[i].at + msr - kept[i].msr];

		if (msr - kept[i].msr >= kept[i].count)
			continue;
		if (write && kept[i].kind == STORED)
			*stored = *value;
		else if (!write)
			*value = kept[i].value | (kept[i].kind == STORED ? *stored : 0);
		return !write || kept[i].kind != CONSTANT;
	}
	return false;
}

static bool register_access(struct vp *vp, u32 name, bool write, u64 *value)
{
	struct register_value v;

	if (!write) {
		if (register_get(vp, name, &v))
			return false;
		*value = v.low;
		return true;
	}
	if (!mtrr_legal(name, *value) || (name == REG_EFER && !efer_legal(vp, value)))
		return false;
	return !register_set(vp, name, &(struct register_value){ .low = *value });
}

bool child_msr_access(struct vp *vp, u32 msr, bool write, u64 *value)
{
	u64 *base = base_of(vp, msr);
	u32 name;

	if (base)
		return base_access(base, write, value);
	if (is_synthetic(msr))
		return hv_msr_access(vp, msr, write, value);
	if (!offered(vp, msr))
		return false;
	if (msr == MSR_TSC || msr == MSR_TSC_ADJUST)
		return tsc_access(vp, msr, write, value);
	/* A barrier: each entry is one. */
	if (msr == MSR_PRED_CMD)
		return write && *value <= 1;
	if (find(msr, &name))
		return register_access(vp, name, write, value);
	return kept_access(vp, msr, write, value);
}

void child_msr(struct vp *vp)
{
	u32 msr = (u32)vp->gprs.rcx;
	u64 value = (u32)vp->vmcb->rax | vp->gprs.rdx << 32;
	bool write = vp->vmcb->exitinfo1, ignored = false, good;

	if (!is_virtualised(vp, msr)) {
		if (intercept_msr(vp, msr, write))
			return;
		/* The hypervisor's own are #GP all the same (TLFS, 4.2.2). */
		ignored = vp->partition->properties.unimplemented_msr_action ==
			  UNIMPLEMENTED_MSR_IGNORE && !is_synthetic(msr);
		value = 0;
	} else if (msr == MSR_PATCH_LEVEL && intercept_msr(vp, msr, write)) {
		return;
	}
	good = ignored || child_msr_access(vp, msr, write, &value);
	/* Before anybody hears of it: the VP isn't stopped as long as it waits. */
	hv_settle(vp);
	if (!good) {
		inject_gp(vp);
		return;
	}
	if (!write) {
		vp->vmcb->rax = (u32)value;
		vp->gprs.rdx = value >> 32;
	}
	child_skip(vp, MSR_LENGTH);
	/* Whether something wakes it by now is seen before the next entry. */
	vp->idle = !write && msr == HV_MSR_GUEST_IDLE && vp->lapic;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * RDMSR and WRMSR in a child. All of them exit; those that testhv knows are registers of the VP's
 * register file, the rest is #GP, never the physical processor's.
 */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "../vm/partition.h"
#include "../vm/registers.h"
#include "../vm/vp.h"
#include "intercept.h"
#include "serve.h"

#define MSR_LENGTH	2
#define MSR_FS_BASE	0xc0000100u
#define MSR_GS_BASE	0xc0000101u
#define MSR_PATCH_LEVEL	0x8bu
#define MSR_MCG_CAP	0x179u
#define MSR_SYSCFG	0xc0010010u
#define MSR_INT_PENDING	0xc0010055u

/* MSRs by the register that they are; variable MTRRs are two by two. */
static const struct {
	u32 msr, name;
} known[] = {
	{ 0x10, REG_TSC },
	{ MSR_APIC_BASE, REG_APIC_BASE },
	{ 0x48, REG_SPEC_CTRL },
	{ 0xfe, REG_MTRR_CAP },
	{ 0x174, REG_SYSENTER_CS },
	{ 0x175, REG_SYSENTER_ESP },
	{ 0x176, REG_SYSENTER_EIP },
	{ 0x1d9, REG_DEBUG_CTL },
	{ 0x250, REG_MTRR_FIX64K },
	{ 0x258, REG_MTRR_FIX64K + 1 },
	{ 0x259, REG_MTRR_FIX64K + 2 },
	{ 0x268, REG_MTRR_FIX64K + 3 },
	{ 0x269, REG_MTRR_FIX64K + 4 },
	{ 0x26a, REG_MTRR_FIX64K + 5 },
	{ 0x26b, REG_MTRR_FIX64K + 6 },
	{ 0x26c, REG_MTRR_FIX64K + 7 },
	{ 0x26d, REG_MTRR_FIX64K + 8 },
	{ 0x26e, REG_MTRR_FIX64K + 9 },
	{ 0x26f, REG_MTRR_FIX64K + 10 },
	{ 0x277, REG_PAT },
	{ 0x2ff, REG_MTRR_DEF_TYPE },
	{ MSR_EFER, REG_EFER },
	{ 0xc0000081, REG_STAR },
	{ 0xc0000082, REG_LSTAR },
	{ 0xc0000083, REG_CSTAR },
	{ 0xc0000084, REG_SFMASK },
	{ 0xc0000102, REG_KERNEL_GS_BASE },
	{ MSR_TSC_AUX, REG_TSC_AUX },
};

/* Read as 0, writes are ignored. */
static const u32 ignored[] = { MSR_PATCH_LEVEL, MSR_MCG_CAP, 0x17a, 0x17b, MSR_SYSCFG, MSR_HWCR,
			       MSR_INT_PENDING, 0xc0010020, 0xc0011029 };

static bool find(const struct vp *vp, u32 msr, u32 *name)
{
	if (msr == MSR_APIC_BASE && !(vp->partition->flags & PARTITION_FLAG_LAPIC_ENABLED))
		return false;
	if (msr >= 0x200 && msr < 0x210) {
		*name = (msr & 1 ? REG_MTRR_PHYS_MASK0 : REG_MTRR_PHYS_BASE0) + (msr - 0x200) / 2;
		return true;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].msr != msr)
			continue;
		*name = known[i].name;
		return true;
	}
	return false;
}

static bool is_ignored(u32 msr)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ignored); i++)
		if (ignored[i] == msr)
			return true;
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

static bool read_msr(struct vp *vp, u32 msr, u64 *value)
{
	const u64 *base = base_of(vp, msr);
	struct register_value v;
	u32 name;

	*value = base ? *base : 0;
	if (base || is_ignored(msr))
		return true;
	if (!find(vp, msr, &name) || register_get(vp, name, &v))
		return false;
	*value = v.low;
	return true;
}

static bool write_msr(struct vp *vp, u32 msr, u64 value)
{
	u64 *base = base_of(vp, msr);
	u32 name;

	if (base) {
		if (canonical(value))
			*base = value;
		return canonical(value);
	}
	if (is_ignored(msr))
		return true;
	if (!find(vp, msr, &name) || (name == REG_EFER && !efer_legal(vp, &value)))
		return false;
	/* What a VMM may write back a guest may not write at all. */
	if (name == REG_MTRR_CAP)
		return false;
	return !register_set(vp, name, &(struct register_value){ .low = value });
}

static bool is_virtualised(const struct vp *vp, u32 msr)
{
	u32 name;

	return msr == MSR_FS_BASE || msr == MSR_GS_BASE || is_ignored(msr) || find(vp, msr, &name);
}

void child_msr(struct vp *vp)
{
	u32 msr = (u32)vp->gprs.rcx;
	u64 value = (u32)vp->vmcb->rax | vp->gprs.rdx << 32;
	bool write = vp->vmcb->exitinfo1;

	if ((!is_virtualised(vp, msr) || msr == MSR_PATCH_LEVEL) && intercept_msr(vp, msr, write))
		return;
	if (write ? !write_msr(vp, msr, value) : !read_msr(vp, msr, &value)) {
		inject_gp(vp);
		return;
	}
	if (!write) {
		vp->vmcb->rax = (u32)value;
		vp->gprs.rdx = value >> 32;
	}
	child_skip(vp, MSR_LENGTH);
}

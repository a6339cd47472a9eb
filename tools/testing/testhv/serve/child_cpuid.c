// SPDX-License-Identifier: GPL-2.0
/* CPUID in a child: its partition's processor, the VP's place in it, the hypervisor leaves. */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "../vm/features.h"
#include "../vm/partition.h"
#include "../vm/vp.h"
#include "intercept.h"

#define CPUID_LENGTH		2
#define HV_FIRST		0x40000000u
#define HV_LAST			0x40000006u
#define HV_END			0x40010000u
#define HINTS			0x220u		/* relaxed timing, no automatic EOI */
#define HINT_APIC_MSRS		BIT(3)

/* Synthetic processor features */
#define SYNTHETIC_PRESENT	BIT(0)
#define SYNTHETIC_HV1		BIT(1)
#define SYNTHETIC_INTR_CTRL	BIT(6)
#define SYNTHETIC_GUEST_IDLE	BIT(10)
#define SYNTHETIC_FREQUENCY	BIT(11)

/* Features 2 to 11 are privileges 0 to 6 and 9 to 11 of leaf 0x40000003 (TLFS, 4.2.2). */
static u32 privileges(u64 features)
{
	return ((features >> 2) & 0x7f) | (u32)(features & (BIT(9) | BIT(10) | BIT(11)));
}

static u32 misc(u64 features)
{
	return (features & SYNTHETIC_GUEST_IDLE ? BIT(5) : 0) |
	       (features & SYNTHETIC_FREQUENCY ? BIT(8) : 0);
}

static struct cpuid_result hypervisor_leaf(const struct partition *p, u32 leaf)
{
	u64 f = p->synthetic_features;
	struct cpuid_result r = { 0 };

	if (!(f & SYNTHETIC_PRESENT))
		return r;
	switch (leaf) {
	case 0x40000000:
		/* "Microsoft Hv" */
		return (struct cpuid_result){ HV_LAST, 0x7263694d, 0x666f736f, 0x76482074 };
	case 0x40000001:
		r.eax = f & SYNTHETIC_HV1 ? 0x31237648 : 0;
		break;
	case 0x40000002:
		r = (struct cpuid_result){ .eax = 0x4a61, .ebx = 0x000a0000 };
		break;
	case 0x40000003:
		r = (struct cpuid_result){ .eax = privileges(f), .edx = misc(f) };
		break;
	case 0x40000004:
		r.eax = HINTS;
		if (f & SYNTHETIC_INTR_CTRL && p->flags & PARTITION_FLAG_LAPIC_ENABLED)
			r.eax |= HINT_APIC_MSRS;
		r.ebx = 0xffffffff;	/* never tell of long spin waits */
		break;
	case 0x40000005:
		r = (struct cpuid_result){ .eax = PARTITION_MAX_VPS, .ebx = PARTITION_MAX_VPS };
		break;
	}
	return r;
}

static u32 width_of(u32 count)
{
	u32 bits = 0;

	while (BIT(bits) < count)
		bits++;
	return bits;
}

static void leaf_1(const struct vp *vp, struct cpuid_result *r)
{
	const struct partition *p = vp->partition;

	r->ebx = (r->ebx & 0xff00) | MIN(p->vp_count, 255u) << 16 | vp->index << 24;
	r->ecx &= ~(u32)(BIT(27) | BIT(31));
	r->ecx |= vp->vmcb->cr4 & CR4_OSXSAVE ? BIT(27) : 0;
	r->ecx |= p->synthetic_features & SYNTHETIC_PRESENT ? BIT(31) : 0;
	r->edx = p->vp_count > 1 ? r->edx | BIT(28) : r->edx & ~BIT(28);
	if (!(p->flags & PARTITION_FLAG_LAPIC_ENABLED))
		r->edx &= ~BIT(9);
}

/* Topology: one thread a core, all cores in one package. */
static struct cpuid_result leaf_b(const struct vp *vp, u32 subleaf)
{
	u32 count = vp->partition->vp_count;
	struct cpuid_result r = { .ecx = subleaf & 0xff, .edx = vp->index };

	if (!subleaf) {
		r.ebx = 1;
		r.ecx |= 0x100;
	} else if (subleaf == 1) {
		r.eax = width_of(count);
		r.ebx = count;
		r.ecx |= 0x200;
	}
	return r;
}

/* Size of the XSAVE area for what the guest has in XCR0 now. */
static u32 xsave_size(const struct vp *vp)
{
	struct cpuid_result avx = cpuid(0xd, 2);

	return vp->ext.xcr0 & BIT(2) ? avx.eax + avx.ebx : 576;
}

static struct cpuid_result standard_leaf(const struct vp *vp, u32 leaf, u32 subleaf)
{
	struct cpuid_result r = features_cpuid(vp->partition, leaf, subleaf);

	switch (leaf) {
	case 1:
		leaf_1(vp, &r);
		break;
	case 4:
	case 0x1f:
		return (struct cpuid_result){ 0 };
	case 0xb:
		return leaf_b(vp, subleaf);
	case 0xd:
		if (!subleaf && r.eax)
			r.ebx = xsave_size(vp);
		break;
	case 0x80000008:
		r.ecx = (vp->partition->vp_count - 1) |
			width_of(vp->partition->vp_count) << 12;
		break;
	case 0x8000001e:
		r = (struct cpuid_result){ .eax = vp->index, .ebx = vp->index & 0xff };
		break;
	}
	return r;
}

void child_cpuid(struct vp *vp)
{
	u32 leaf = (u32)vp->vmcb->rax, subleaf = (u32)vp->gprs.rcx;
	struct cpuid_result r;

	if (leaf >= HV_FIRST && leaf < HV_END)
		r = hypervisor_leaf(vp->partition, leaf);
	else
		r = standard_leaf(vp, leaf, subleaf);
	if (intercept_cpuid(vp, &r))
		return;
	vp->vmcb->rax = r.eax;
	vp->gprs.rbx = r.ebx;
	vp->gprs.rcx = r.ecx;
	vp->gprs.rdx = r.edx;
	child_skip(vp, CPUID_LENGTH);
}

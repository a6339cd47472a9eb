// SPDX-License-Identifier: GPL-2.0
/* CPUID in a child: its partition's processor, the VP's place in it, the hypervisor leaves. */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "../vm/features.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/registers.h"
#include "../vm/vp.h"
#include "intercept.h"

#define CPUID_LENGTH		2
#define HV_FIRST		0x40000000u
#define HV_LAST			0x40000006u
#define HV_END			0x40010000u
#define HINTS			0x220u		/* relaxed timing, no automatic EOI */
#define HINT_APIC_MSRS		BIT(3)
#define SPIN_RETRIES		0xfffu

/* Features 2 to 11 are privileges 0 to 6 and 9 to 11 of leaf 0x40000003 (TLFS, 4.2.2). */
static u32 privileges(u64 features)
{
	return ((features >> 2) & 0x7f) | (u32)(features & (BIT(9) | BIT(10) | BIT(11)));
}

static u32 misc(u64 features)
{
	return (features & SYNTHETIC_GUEST_IDLE ? BIT(5) : 0) |
	       (features & SYNTHETIC_FREQUENCY ? BIT(8) : 0) |
	       (features & SYNTHETIC_EXTENDED_RANGES ? BIT(14) : 0) |
	       /* No call of a child's has an output, so all of it fits. */
	       (features & SYNTHETIC_FAST_OUTPUT ? BIT(15) : 0) |
	       (features & SYNTHETIC_DIRECT_TIMERS ? BIT(19) : 0);
}

static u32 hints(u64 features)
{
	return (features & SYNTHETIC_TB_FLUSH ? BIT(2) : 0) |
	       (features & SYNTHETIC_CLUSTER_IPI ? BIT(10) : 0) |
	       (features & SYNTHETIC_EXTENDED_MASKS ? BIT(11) : 0);
}

static struct cpuid_result hypervisor_leaf(const struct partition *p, u32 leaf)
{
	u64 f = hv_features(p);
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
		r = (struct cpuid_result){ .eax = privileges(f),
					   .ebx = f & SYNTHETIC_SIGNAL_EVENTS ? BIT(5) : 0,
					   .edx = misc(f) };
		break;
	case 0x40000004:
		r.eax = HINTS;
		if (f & SYNTHETIC_INTR_CTRL && p->flags & PARTITION_FLAG_LAPIC_ENABLED)
			r.eax |= HINT_APIC_MSRS;
		r.eax |= hints(f);
		/* Spins after which a guest tells of it: never, or some. */
		r.ebx = f & SYNTHETIC_LONG_SPIN ? SPIN_RETRIES : 0xffffffff;
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

/* VPs of one package: all, unless the partition's property says otherwise. */
static u32 per_package(const struct partition *p)
{
	u64 wanted = p->properties.processors_per_socket;

	/* The APIC id is the VP's index, so it must be a power of two. */
	return wanted ? MIN((u32)BIT(width_of((u32)wanted)), p->vp_count) : p->vp_count;
}

static bool apic_enabled(struct vp *vp)
{
	struct register_value base;

	return vp->partition->flags & PARTITION_FLAG_LAPIC_ENABLED &&
	       !register_get(vp, REG_APIC_BASE, &base) && base.low & BIT(11);
}

static void leaf_1(struct vp *vp, struct cpuid_result *r)
{
	const struct partition *p = vp->partition;
	u32 count = per_package(p);

	r->ebx = (r->ebx & 0xff00) | MIN(count, 255u) << 16 | vp->index << 24;
	r->ecx &= ~(u32)(BIT(27) | BIT(31));
	r->ecx |= vp->vmcb->cr4 & CR4_OSXSAVE ? BIT(27) : 0;
	r->ecx |= hv_features(p) & SYNTHETIC_PRESENT ? BIT(31) : 0;
	r->edx = count > 1 ? r->edx | BIT(28) : r->edx & ~BIT(28);
	if (!apic_enabled(vp))
		r->edx &= ~BIT(9);
}

/* Bit 1: several cores, no hyperthreading. EDX repeats leaf 1. */
static void leaf_80000001(struct vp *vp, struct cpuid_result *r)
{
	r->ecx = per_package(vp->partition) > 1 ? r->ecx | BIT(1) : r->ecx & ~BIT(1);
	if (!apic_enabled(vp))
		r->edx &= ~BIT(9);
}

/* Topology: one thread a core. */
static struct cpuid_result leaf_b(const struct vp *vp, u32 subleaf)
{
	u32 count = per_package(vp->partition);
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

static struct cpuid_result standard_leaf(struct vp *vp, u32 leaf, u32 subleaf)
{
	u32 count = per_package(vp->partition);
	struct cpuid_result r = features_cpuid(vp->partition, leaf, subleaf);

	switch (leaf) {
	case 1:
		leaf_1(vp, &r);
		break;
	case 4:
		return (struct cpuid_result){ 0 };
	case 0xb:
		return leaf_b(vp, subleaf);
	case 0xd:
		if (!subleaf && r.eax)
			r.ebx = xsave_size(vp);
		break;
	case 0x80000001:
		leaf_80000001(vp, &r);
		break;
	case 0x80000007:
		/* With the MSR that tells of it, the guest asks there (TLFS, 12.9). */
		if (hv_features(vp->partition) & SYNTHETIC_TSC_INVARIANT &&
		    !vp->partition->hv->tsc_invariant)
			r.edx &= ~BIT(8);
		break;
	case 0x80000008:
		r.ecx = MIN(count - 1, 255u) | width_of(count) << 12;
		break;
	case 0x8000001e:
		r = (struct cpuid_result){ .eax = vp->index,
					   .ebx = vp->index & (BIT(width_of(count)) - 1) & 0xff };
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

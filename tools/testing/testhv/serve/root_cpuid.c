// SPDX-License-Identifier: GPL-2.0
/*
 * CPUID for the root partition: the processor's own leaves less what the root must not use, and
 * the hypervisor's leaves (TLFS, chapter 2). Linux takes itself for the root by CpuManagement in
 * 0x40000003 EBX, and for the root of a nested hypervisor by a hint.
 */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "../vm/vp.h"
#include "root.h"
#include "serve.h"

#define MAX_HYPERVISOR_LEAF	0x40000006

/*
 * 0x40000003: reference counter, SynIC, APIC access, hypercalls, VP index, frequencies, invariant
 * TSC control
 */
#define PRIVILEGES_LOW		0x8876
/* CreatePartitions, AccessPartitionId, CreatePort, ConnectPort, CpuManagement */
#define PRIVILEGES_HIGH		0x10c3
/*
 * A guest's: without CpuManagement. Without AccessPartitionId, too, or it would ask, by a hypercall
 * page that it has placed itself, and a root's can't be moved.
 */
#define PRIVILEGES_HIGH_GUEST	0x00c1
/* frequency and crash MSRs */
#define MISC_FEATURES		0x500
/* 0x40000004: APIC access by MSR, so that INIT and SIPI come to us; no auto-EOI */
#define HINTS			0x208
#define HINT_NESTED		BIT(12)

bool root_as_guest, root_as_nested;

static struct cpuid_result hypervisor_leaf(u32 leaf)
{
	switch (leaf) {
	case 0x40000000:
		/* "Microsoft Hv" */
		return (struct cpuid_result){ MAX_HYPERVISOR_LEAF, 0x7263694d, 0x666f736f,
					      0x76482074 };
	case 0x40000001:
		return (struct cpuid_result){ .eax = 0x31237648 };	/* "Hv#1" */
	case 0x40000002:
		return (struct cpuid_result){ .eax = 19041, .ebx = 10 << 16 };
	case 0x40000003:
		return (struct cpuid_result){ PRIVILEGES_LOW,
					      root_as_guest ? PRIVILEGES_HIGH_GUEST :
							      PRIVILEGES_HIGH,
					      0, MISC_FEATURES };
	case 0x40000004:
		return (struct cpuid_result){ .eax = HINTS | (root_as_nested ? HINT_NESTED : 0),
					      .ebx = ~0u };
	case 0x40000005:
		return (struct cpuid_result){ .eax = 2048, .ebx = MAX_CPUS };
	}
	return (struct cpuid_result){ 0 };
}

static void set_bit(u32 *reg, unsigned int bit, bool on)
{
	*reg = on ? *reg | 1u << bit : *reg & ~(1u << bit);
}

static struct cpuid_result processor_leaf(const struct vp *vp, u32 leaf, u32 subleaf)
{
	struct cpuid_result r = cpuid(leaf, subleaf);

	switch (leaf) {
	case 1:
		set_bit(&r.ecx, 3, false);	/* MONITOR */
		set_bit(&r.ecx, 21, false);	/* x2APIC: the root has the xAPIC page */
		set_bit(&r.ecx, 24, false);	/* TSC deadline */
		set_bit(&r.ecx, 27, vp->vmcb->cr4 & CR4_OSXSAVE);
		set_bit(&r.ecx, 31, true);	/* hypervisor present */
		break;
	case 6:
		set_bit(&r.eax, 2, true);	/* ARAT */
		break;
	case 7:
		if (subleaf)
			break;
		set_bit(&r.ecx, 4, vp->vmcb->cr4 & CR4_PKE);
		set_bit(&r.ecx, 16, false);	/* LA57: our walks know four levels */
		break;
	case 0x80000001:
		set_bit(&r.ecx, 2, false);	/* SVM */
		break;
	case 0x80000007:
		set_bit(&r.edx, 8, true);	/* invariant TSC */
		break;
	case 0x8000000a:
		return (struct cpuid_result){ 0 };
	}
	return r;
}

void serve_root_cpuid(struct cpu *cpu, struct vp *vp)
{
	u32 leaf = (u32)vp->vmcb->rax;
	struct cpuid_result r;

	(void)cpu;
	if (leaf >> 16 == 0x4000)
		r = hypervisor_leaf(leaf);
	else
		r = processor_leaf(vp, leaf, (u32)vp->gprs.rcx);
	vp->vmcb->rax = r.eax;
	vp->gprs.rbx = r.ebx;
	vp->gprs.rcx = r.ecx;
	vp->gprs.rdx = r.edx;
	vp->vmcb->rip += 2;
}

// SPDX-License-Identifier: GPL-2.0
/* CPUID, the hypervisor's leaves and the processor's, and CR4's bits that go with it. */
#include "cpu.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define FEATURES_CLIENT	0xffbull
#define MSR_HV_FIRST	0x40000000

static void test_leaves(void)
{
	struct cpuid r = cpuid(0x40000000, 0);

	check_equal(cpuid(1, 0).ecx >> 31, 1, "a hypervisor is present");
	check_equal(r.eax, 0x40000006, "last hypervisor leaf");
	check(r.ebx == 0x7263694d && r.ecx == 0x666f736f && r.edx == 0x76482074,
	      "Microsoft Hv");
	check_equal(cpuid(0x40000001, 0).eax, 0x31237648, "Hv#1");
	check_equal(cpuid(0x40000007, 0).eax, 0, "nothing behind the last leaf");
	if (machine_features() != FEATURES_CLIENT)
		return;
	r = cpuid(0x40000003, 0);
	check_equal(r.eax, 0xe7e, "privileges");
	check_equal(r.ebx | r.ecx, 0, "no high privileges");
	check_equal(r.edx, 0x120, "misc features");
	r = cpuid(0x40000004, 0);
	check_equal(r.eax, machine_apic() ? 0x228 : 0x220, "hints");
	check_equal(r.ebx, 0xffffffff, "spin retries");
}

static void test_none(void)
{
	uint32_t leaf, sum = 0;
	uint64_t value;

	check_equal(cpuid(1, 0).ecx >> 31, 0, "no hypervisor is present");
	for (leaf = 0x40000000; leaf < 0x40000100; leaf++) {
		struct cpuid r = cpuid(leaf, 0);

		sum |= r.eax | r.ebx | r.ecx | r.edx;
	}
	check_equal(sum, 0, "hypervisor leaves are 0");
	check_equal(rdmsr_fault(MSR_HV_FIRST, &value), FAULT_GP, "synthetic MSRs give #GP");
	check_equal(wrmsr_fault(MSR_HV_FIRST, 1), FAULT_GP, "also written");
	check_equal(FAULT_OF("vmmcall"), FAULT_UD, "VMMCALL gives #UD");
}

static void ids(void *argument)
{
	uint32_t *id = argument;

	id[0] = cpuid(1, 0).ebx >> 24;
	id[1] = cpuid(0xb, 0).edx;
	id[2] = cpuid(0xb, 1).edx;
	id[3] = cpuid(0xb, 1).ebx;
	id[4] = cpuid(0x80000008, 0).ecx & 0xff;
}

static void test_topology(void)
{
	unsigned int i;

	for (i = 0; i < smp_count(); i++) {
		uint32_t id[5] = { 0 };

		smp_call(i, ids, id);
		check(id[0] == i && id[1] == i && id[2] == i, "APIC id of processor %u", i);
		check(id[3] == smp_count() && id[4] == smp_count() - 1,
		      "processors of the package as %u sees them", i);
	}
}

/* Bits of features that aren't there are reserved. */
static void test_cr4(void)
{
	uint64_t cr4 = read_cr4();
	struct cpuid l7 = cpuid(7, 0);
	const struct {
		uint64_t bit;
		uint32_t feature;
		const char *name;
	} bits[] = {
		{ CR4_UMIP, l7.ecx & 1u << 2, "UMIP" },
		{ CR4_LA57, l7.ecx & 1u << 16, "LA57" },
		{ CR4_FSGSBASE, l7.ebx & 1u << 0, "FSGSBASE" },
		{ CR4_SMEP, l7.ebx & 1u << 7, "SMEP" },
		{ CR4_SMAP, l7.ebx & 1u << 20, "SMAP" },
		{ CR4_PKE, l7.ecx & 1u << 3, "PKE" },
		{ 1ull << 13, 0, "VMXE" },
		{ 1ull << 23, 0, "CET" },
		{ 1ull << 40, 0, "bit 40" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		check_equal(write_cr4(cr4 | bits[i].bit), bits[i].feature ? FAULT_NONE : FAULT_GP,
			    "CR4 %s", bits[i].name);
		check_equal(read_cr4(), bits[i].feature ? cr4 | bits[i].bit : cr4,
			    "CR4 after %s", bits[i].name);
		write_cr4(cr4);
	}
	check_equal(write_cr4(cr4 & ~CR4_PAE), FAULT_GP, "PAE stays in long mode");
}

static void test_xsave(void)
{
	uint64_t cr4 = read_cr4(), xcr0;
	struct cpuid d;

	if (!(cpuid(1, 0).ecx & 1u << 26)) {
		check_equal(write_cr4(cr4 | CR4_OSXSAVE), FAULT_GP, "CR4.OSXSAVE without XSAVE");
		return;
	}
	write_cr4(cr4 & ~CR4_OSXSAVE);
	check_equal(cpuid(1, 0).ecx >> 27 & 1, 0, "OSXSAVE is off with CR4");
	write_cr4(cr4 | CR4_OSXSAVE);
	check_equal(cpuid(1, 0).ecx >> 27 & 1, 1, "OSXSAVE is on with CR4");
	xcr0 = xgetbv(0);
	d = cpuid(0xd, 0);
	check_equal(xsetbv(0, 3), FAULT_NONE, "XCR0 = x87, SSE");
	check_equal(cpuid(0xd, 0).ebx, 576, "size for x87 and SSE");
	if (d.eax & 4) {
		check_equal(xsetbv(0, 7), FAULT_NONE, "XCR0 = x87, SSE, AVX");
		check_equal(cpuid(0xd, 0).ebx, cpuid(0xd, 2).eax + cpuid(0xd, 2).ebx,
			    "size with AVX");
	}
	check(cpuid(0xd, 0).ecx >= cpuid(0xd, 0).ebx, "size for all");
	check_equal(cpuid(0xd, 1).eax & 0xa, 0, "neither XSAVEC nor XSAVES");
	xsetbv(0, xcr0);
	write_cr4(cr4);
}

static void test_svm(void)
{
	uint64_t efer = rdmsr(MSR_EFER);
	int fault;

	check_equal(cpuid(0x80000001, 0).ecx & 4, 0, "no SVM");
	check_equal(cpuid(0x8000000a, 0).eax, 0, "nor its leaf");
	check_equal(efer & EFER_SVME, 0, "EFER.SVME is 0");
	check_equal(wrmsr_fault(MSR_EFER, efer | EFER_SVME), FAULT_GP, "and stays so");
	check_equal(cpuid(1, 0).edx >> 9 & 1, machine_apic(), "APIC as there is one");
	check_equal(cpuid(1, 0).ecx & 8, 0, "no MONITOR");
	/* QEMU looks at the address in RAX first. */
	asm volatile(ATTEMPT("vmrun") "mov %%r11d, %0"
		     : "=r"(fault) : "a"(0) : "r10", "r11", "memory");
	check_equal(fault, FAULT_UD, "VMRUN gives #UD");
	check_equal(FAULT_OF("monitor"), FAULT_UD, "MONITOR gives #UD");
}

void guest_main(void)
{
	smp_start();
	if (machine_features())
		test_leaves();
	else
		test_none();
	test_topology();
	test_cr4();
	test_xsave();
	test_svm();
}

// SPDX-License-Identifier: GPL-2.0
/* The processor's MSRs: there or not, values at reset, what is kept, and on which VP. */
#include "cpu.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define ANY	0xdeadbeefdeadbeefull
#define PAT	0x277

/* @kept is written and read back, unless it is ANY. */
static const struct {
	uint32_t msr;
	const char *name;
	uint64_t reset, kept;
} rows[] = {
	{ 0x8b, "PATCH_LEVEL", ANY, ANY },
	{ 0xfe, "MTRRCAP", 0x508, ANY },
	{ 0x200, "MTRR base 0", 0, 0x80000006 },
	{ 0x250, "MTRR fixed 64K", ANY, 0x0606060606060606 },
	{ 0x268, "MTRR fixed 4K", ANY, 0x0606060606060606 },
	{ 0x2ff, "MTRR_DEF_TYPE", ANY, 0xc06 },
	{ PAT, "PAT", 0x0007040600070406, 0x0407050600070106 },
	{ 0x174, "SYSENTER_CS", 0, 8 },
	{ 0x175, "SYSENTER_ESP", 0, 0xffff800000001000 },
	{ 0x176, "SYSENTER_EIP", 0, 0xffff800000002000 },
	{ 0xc0000081, "STAR", 0, 0x0033002300100008 },
	{ 0xc0000082, "LSTAR", 0, 0xffff800000003000 },
	{ 0xc0000083, "CSTAR", 0, 0xffff800000004000 },
	{ 0xc0000084, "SFMASK", 0, 0x47700 },
	{ 0xc0000100, "FS_BASE", 0, 0x00007f0000001000 },
	{ 0xc0000102, "KERNEL_GS_BASE", 0, 0xffff800000005000 },
	{ 0xc0000103, "TSC_AUX", 0, 0x12345 },
	{ 0xc0010010, "SYSCFG", 0, ANY },
	{ 0xc0010015, "HWCR", ANY, ANY },
	{ 0xc0011029, "DE_CFG", ANY, 2 },
	{ 0xc0010055, "INT_PENDING", 0, ANY },
};

static const uint32_t unknown[] = {
	0x00000999, 0x00012345, 0x12345678, 0x80000000, 0xc0001234, 0xc0011fff, 0xffffffff,
};

static void test_rows(void)
{
	uint64_t value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!check_equal(rdmsr_fault(rows[i].msr, &value), FAULT_NONE, "%s is there",
				 rows[i].name))
			continue;
		if (rows[i].reset != ANY)
			check_equal(value, rows[i].reset, "%s at reset", rows[i].name);
		if (rows[i].kept == ANY)
			continue;
		check_equal(wrmsr_fault(rows[i].msr, rows[i].kept), FAULT_NONE, "%s is written",
			    rows[i].name);
		check_equal(rdmsr(rows[i].msr), rows[i].kept, "%s is kept", rows[i].name);
	}
}

static void test_unknown(void)
{
	uint64_t value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		check_equal(rdmsr_fault(unknown[i], &value), FAULT_GP, "reading 0x%x gives #GP",
			    unknown[i]);
		check_equal(wrmsr_fault(unknown[i], 0), FAULT_GP, "writing 0x%x gives #GP",
			    unknown[i]);
	}
}

static void test_machine_check(void)
{
	uint64_t count, value;
	unsigned int i;

	if (rdmsr_fault(0x179, &count) != FAULT_NONE) {
		check(!(cpuid(1, 0).edx & (1 << 7 | 1 << 14)), "no MCG_CAP: CPUID has no MCE");
		return;
	}
	for (i = 0; i < 4 * (count & 0xff); i++)
		check(rdmsr_fault(0x400 + i, &value) == FAULT_NONE && !value,
		      "machine check bank register %u", i);
	check_equal(rdmsr_fault(0x17a, &value), FAULT_NONE, "MCG_STATUS");
}

static void test_refused(void)
{
	uint64_t efer = rdmsr(MSR_EFER), value;

	check_equal(wrmsr_fault(PAT, 0x0007040600070402), FAULT_GP, "PAT of type 2 gives #GP");
	check_equal(wrmsr_fault(PAT, 0x0807040600070406), FAULT_GP, "PAT of type 8 gives #GP");
	check_equal(wrmsr_fault(MSR_EFER, efer | EFER_SVME), FAULT_GP, "EFER.SVME gives #GP");
	check_equal(wrmsr_fault(MSR_EFER, efer | BIT_ULL(40)), FAULT_GP, "EFER bit 40 gives #GP");
	check_equal(wrmsr_fault(MSR_EFER, efer & ~BIT_ULL(8)), FAULT_GP,
		    "EFER without LME while paging gives #GP");
	check_equal(wrmsr_fault(MSR_EFER, efer | 1), FAULT_NONE, "EFER.SCE is accepted");
	check_equal(rdmsr(MSR_EFER), efer | 1, "and kept");
	check_equal(efer & 0x500, 0x500, "EFER has LME and LMA");
	check_equal(efer & EFER_SVME, 0, "EFER has no SVME");
	if (!machine_apic())
		check_equal(rdmsr_fault(MSR_APIC_BASE, &value), FAULT_GP,
			    "without local APIC APIC_BASE gives #GP");
}

static void test_tsc(void)
{
	uint64_t before = rdtsc(), value = 0, after;

	check_equal(rdmsr_fault(MSR_TSC, &value), FAULT_NONE, "TSC is there");
	after = rdtsc();
	check(before <= value && value <= after, "TSC by MSR lies between two RDTSC");
}

/* TSC_AUX as RDTSCP tells. */
static uint32_t aux(void)
{
	uint32_t low, high, value;

	asm volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(value));
	return value;
}

static void set_other(void *argument)
{
	uint64_t *seen = argument;

	seen[0] = rdmsr(PAT);
	seen[1] = rdmsr(0xc0000082);
	wrmsr(PAT, 0x0606060606060606);
	wrmsr(0xc0000082, 0x1000);
	wrmsr(MSR_TSC_AUX, 0x777);
}

static void test_per_vp(void)
{
	uint64_t seen[2];

	if (smp_start() < 2)
		return;
	wrmsr(PAT, 0x0407050600070106);
	wrmsr(0xc0000082, 0x2000);
	wrmsr(MSR_TSC_AUX, 0x111);
	smp_call(1, set_other, seen);
	check_equal(seen[0], 0x0007040600070406, "another VP has its own PAT");
	check_equal(seen[1], 0, "and its own LSTAR");
	check_equal(rdmsr(PAT), 0x0407050600070106, "which this one's isn't changed by");
	check_equal(rdmsr(0xc0000082), 0x2000, "nor is LSTAR");
	check_equal(aux(), 0x111, "nor is TSC_AUX, by RDTSCP");
}

void guest_main(void)
{
	test_rows();
	test_unknown();
	test_machine_check();
	test_refused();
	test_tsc();
	test_per_vp();
}

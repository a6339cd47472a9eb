// SPDX-License-Identifier: GPL-2.0
/* The processor's MSRs, and which synthetic ones each feature opens. */
#include "cpu.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define MSR_PAT		0x277
#define MSR_HWCR	0xc0010015
#define MSR_DE_CFG	0xc0011029
#define MSR_UNKNOWN	0xc0019999

/* Bits of the features, as they are given at creation. */
static const struct {
	unsigned int feature;
	uint32_t first, last;
	const char *name;
} synthetic[] = {
	{ 7, 0x40000000, 0x40000001, "hypercall MSRs" },
	{ 8, 0x40000002, 0x40000002, "VP index" },
	{ 2, 0x40000010, 0x40000010, "VP run time" },
	{ 3, 0x40000020, 0x40000020, "reference counter" },
	{ 9, 0x40000021, 0x40000021, "reference TSC" },
	{ 11, 0x40000022, 0x40000023, "frequencies" },
	{ 6, 0x40000073, 0x40000073, "assist page" },
	{ 4, 0x40000080, 0x40000084, "SynIC" },
	{ 4, 0x40000090, 0x4000009f, "SINTs" },
	{ 5, 0x400000b0, 0x400000b7, "timers" },
};

static void test_synthetic(void)
{
	unsigned int i;
	uint64_t value;

	for (i = 0; i < ARRAY_SIZE(synthetic); i++) {
		uint64_t mask = 1 | 1ull << synthetic[i].feature;
		bool there = (machine_features() & mask) == mask;
		uint32_t msr, wrong = 0;

		for (msr = synthetic[i].first; msr <= synthetic[i].last; msr++)
			wrong += (rdmsr_fault(msr, &value) == FAULT_NONE) != there;
		check_equal(wrong, 0, "%s: %s", synthetic[i].name, there ? "there" : "#GP");
	}
	check_equal(rdmsr_fault(0x40000003, &value), FAULT_GP, "no reset MSR");
	check_equal(rdmsr_fault(0x40000100, &value), FAULT_GP, "no crash MSRs");
	check_equal(rdmsr_fault(0x40000fff, &value), FAULT_GP, "no last MSR");
}

/* msr, what it reads after reset */
static const struct {
	uint32_t msr;
	uint64_t value;
} constant[] = {
	{ 0x8b, 0 }, { 0xfe, 0x508 }, { 0x179, 0 }, { 0x17a, 0 }, { 0x1db, 0 },
	{ 0xc0010010, 0 }, { 0xc0010055, 0 }, { 0xc0010114, 0x18 }, { 0xc0010140, 0 },
};

/* What Linux writes, or another legal value */
static const struct {
	uint32_t msr;
	uint64_t value;
} kept[] = {
	{ MSR_PAT, 0x0407050600070106 }, { 0x2ff, 0xc00 }, { 0x200, 0x80000006 },
	{ 0x201, 0xff80000800 }, { 0x250, 0x0606060606060606 }, { 0x268, 0x0505050505050505 },
	{ 0x26f, 0x0505050505050505 }, { 0x174, 0x10 }, { 0x175, 0x123456 },
	{ 0x176, 0xffffffff81000000 }, { 0xc0000081, 0x23001000000000 },
	{ 0xc0000082, 0xffffffff81000100 }, { 0xc0000083, 0xffffffff81000200 },
	{ 0xc0000084, 0x47700 }, { 0xc0000102, 0x7fff00001000 }, { 0xc0000100, 0x5000 },
	{ MSR_DE_CFG, 2 }, { 0x1a0, 0 }, { 0x1d9, 1 }, { MSR_HWCR, 0x1000040 },
};

static const struct {
	uint32_t msr;
	uint64_t value;
} illegal[] = {
	{ MSR_PAT, 0x0207050600070106 }, { 0x2ff, 0xc02 }, { 0x250, 2 }, { 0x200, 0xf00 },
	{ 0xfe, 0x508 }, { 0x179, 1 }, { 0x175, 1ull << 47 }, { 0xc0000082, 1ull << 62 },
	{ 0xc0000100, 1ull << 47 }, { 0xc0000084, 1ull << 32 }, { 0xc0010114, 0 },
	{ 0xc0010117, 0x1000 }, { 0x400, 0 }, { MSR_EFER, 1ull << 20 },
};

static void test_processor(void)
{
	unsigned int i;
	uint64_t value, before;

	for (i = 0; i < ARRAY_SIZE(constant); i++) {
		check_equal(rdmsr_fault(constant[i].msr, &value), FAULT_NONE, "MSR %x can be read",
			    constant[i].msr);
		check_equal(value, constant[i].value, "MSR %x", constant[i].msr);
	}
	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		check_equal(rdmsr_fault(kept[i].msr, &before), FAULT_NONE, "MSR %x can be read",
			    kept[i].msr);
		check_equal(wrmsr_fault(kept[i].msr, kept[i].value), FAULT_NONE,
			    "MSR %x can be written", kept[i].msr);
		check_equal(rdmsr(kept[i].msr), kept[i].value, "MSR %x is kept", kept[i].msr);
		wrmsr_fault(kept[i].msr, before);
	}
	for (i = 0; i < ARRAY_SIZE(illegal); i++)
		check_equal(wrmsr_fault(illegal[i].msr, illegal[i].value), FAULT_GP,
			    "MSR %x doesn't take an illegal value", illegal[i].msr);
	check_equal(rdmsr_fault(MSR_UNKNOWN, &value), FAULT_GP, "an unknown MSR");
	check_equal(wrmsr_fault(MSR_UNKNOWN, 0), FAULT_GP, "an unknown MSR, written");
}

static void read_pat(void *argument)
{
	*(volatile uint64_t *)argument = rdmsr(MSR_PAT);
}

static void test_each_its_own(void)
{
	uint64_t pat = rdmsr(MSR_PAT);
	volatile uint64_t other;
	unsigned int i;

	wrmsr(MSR_PAT, 0x0606060606060606);
	for (i = 1; i < smp_count(); i++) {
		smp_call(i, read_pat, (void *)&other);
		check_equal(other, pat, "PAT of processor %u is its own", i);
	}
	wrmsr(MSR_PAT, pat);
}

static void test_tsc(void)
{
	uint64_t a = rdmsr(MSR_TSC), b = rdtsc(), c = rdmsr(MSR_TSC);

	check(a <= b && b <= c, "RDMSR and RDTSC are one clock");
}

static void test_tsc_aux(void)
{
	uint32_t aux;

	if (!(cpuid(0x80000001, 0).edx & 1u << 27)) {
		skip("TSC_AUX", "no RDTSCP");
		return;
	}
	wrmsr(MSR_TSC_AUX, 0x1234);
	smp_call(smp_count() - 1, read_pat, (void *)&(volatile uint64_t){ 0 });
	asm volatile("rdtscp" : "=c"(aux) : : "eax", "edx");
	check_equal(aux, 0x1234, "RDTSCP gives TSC_AUX");
	check_equal(wrmsr_fault(MSR_TSC_AUX, 1ull << 32), FAULT_GP, "TSC_AUX has 32 bits");
}

void guest_main(void)
{
	smp_start();
	test_synthetic();
	test_processor();
	test_each_its_own();
	test_tsc();
	test_tsc_aux();
}

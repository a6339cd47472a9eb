// SPDX-License-Identifier: GPL-2.0
/* The local APIC's registers: values after INIT, what is writable, errors, software disable. */
#include "apic.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

static const struct {
	const char *name;
	uint32_t offset, reset;
} resets[] = {
	{ "TPR", APIC_TPR, 0 }, { "PPR", APIC_PPR, 0 }, { "LDR", APIC_LDR, 0 },
	{ "DFR", APIC_DFR, 0xffffffff }, { "SVR", APIC_SVR, 0xff }, { "ESR", APIC_ESR, 0 },
	{ "ICR2", APIC_ICR2, 0 }, { "LVT timer", APIC_LVT_TIMER, APIC_MASKED },
	{ "LVT thermal", APIC_LVT_THERMAL, APIC_MASKED },
	{ "LVT performance", APIC_LVT_PERF, APIC_MASKED },
	{ "LVT LINT0", APIC_LVT_LINT0, APIC_MASKED },
	{ "LVT LINT1", APIC_LVT_LINT1, APIC_MASKED },
	{ "LVT error", APIC_LVT_ERROR, APIC_MASKED },
	{ "TMICT", APIC_TMICT, 0 }, { "TMCCT", APIC_TMCCT, 0 }, { "TDCR", APIC_TDCR, 0 },
};

static void test_resets(void)
{
	unsigned int i;

	apic_write(APIC_SVR, 0xff);		/* the library enabled it */
	for (i = 0; i < ARRAY_SIZE(resets); i++)
		check_equal(apic_read(resets[i].offset), resets[i].reset, "%s after reset",
			    resets[i].name);
	for (i = 0; i < 8; i++)
		check(!apic_read(APIC_ISR + 16 * i) && !apic_read(APIC_TMR + 16 * i) &&
		      !apic_read(APIC_IRR + 16 * i), "ISR, TMR and IRR %u after reset", i);
}

static void test_identity(void)
{
	uint64_t base;

	check_equal(apic_read(APIC_ID) >> 24, cpu_self()->index, "APIC id is the VP index");
	check_equal(apic_read(APIC_VERSION) & 0xff, 0x14, "version");
	check_range(apic_read(APIC_VERSION) >> 16 & 0xff, 3, 6, "last LVT entry");
	check_equal(rdmsr_fault(MSR_APIC_BASE, &base), FAULT_NONE, "APIC_BASE is there");
	check_equal(base, APIC_BASE | APIC_BASE_EN | APIC_BASE_BSP, "APIC_BASE of the first");
	check(cpuid(1, 0).edx >> 9 & 1, "CPUID has the APIC");
	check(!(cpuid(1, 0).ecx >> 21 & 1), "CPUID has no x2APIC");
}

static void test_reads(uint32_t offset, uint32_t value, uint32_t want, const char *name)
{
	apic_write(offset, value);
	check_equal(apic_read(offset), want, "%s reads back", name);
}

/* What has bits that can't be written. */
static void test_writable(void)
{
	apic_enable();
	test_reads(APIC_TPR, 0xa5, 0xa5, "TPR");
	test_reads(APIC_TPR, 0, 0, "TPR 0");
	test_reads(APIC_LDR, 0x12345678, 0x12000000, "LDR");
	test_reads(APIC_LDR, 0, 0, "LDR 0");
	test_reads(APIC_DFR, 0, 0x0fffffff, "DFR");
	test_reads(APIC_DFR, 0xffffffff, 0xffffffff, "DFR flat");
	test_reads(APIC_LVT_TIMER, 0x300ef, 0x300ef, "LVT timer");
	test_reads(APIC_LVT_TIMER, APIC_MASKED, APIC_MASKED, "LVT timer masked");
	test_reads(APIC_LVT_LINT0, 0x187ef, 0x187ef, "LVT LINT0");
	test_reads(APIC_LVT_LINT0, APIC_MASKED, APIC_MASKED, "LVT LINT0 masked");
	test_reads(APIC_LVT_ERROR, 0x100fe, 0x100fe, "LVT error");
	test_reads(APIC_TDCR, 0xb, 0xb, "TDCR");
	test_reads(APIC_TDCR, 0x0, 0x0, "TDCR 0");
	test_reads(APIC_ICR2, 0x5a000000, 0x5a000000, "ICR2");
	apic_write(APIC_ICR2, 0);
}

static void test_read_only(void)
{
	static const uint16_t offsets[] = {
		APIC_VERSION, APIC_PPR, APIC_ISR + 0x20, APIC_IRR + 0x20, APIC_TMR + 0x20,
		APIC_TMCCT
	};
	uint32_t before;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		before = apic_read(offsets[i]);
		apic_write(offsets[i], ~before);
		check_equal(apic_read(offsets[i]), before, "0x%x is read-only", offsets[i]);
	}
	apic_write(APIC_ESR, 0);
	apic_write(APIC_ESR, 0);
}

static void test_disabled(void)
{
	if (machine_qemu) {
		skip("off", "QEMU's local APIC leaves its LVTs alone");
		return;
	}
	apic_write(APIC_LVT_ERROR, 0xfe);
	check_equal(apic_read(APIC_LVT_ERROR), 0xfe, "LVT error unmasked");
	apic_write(APIC_SVR, 0xff);
	check_equal(apic_read(APIC_LVT_ERROR), APIC_MASKED | 0xfe, "SVR off masks the LVTs");
	apic_write(APIC_LVT_ERROR, 0xfe);
	check_equal(apic_read(APIC_LVT_ERROR), APIC_MASKED | 0xfe, "and keeps them masked");
	apic_enable();
	check_equal(apic_read(APIC_LVT_ERROR), APIC_MASKED | 0xfe, "also once it is on again");
	apic_write(APIC_LVT_ERROR, APIC_MASKED);
}

static void test_errors(void)
{
	if (machine_qemu) {
		skip("ESR", "QEMU's local APIC doesn't tell vectors below 16");
		return;
	}
	apic_write(APIC_ESR, 0);
	apic_ipi(APIC_SELF | APIC_ASSERT | 5, 0);
	apic_write(APIC_ESR, 0);
	check(apic_read(APIC_ESR) & 0x60, "an IPI of vector 5 is an error");
	apic_write(APIC_ESR, 0);
	check_equal(apic_read(APIC_ESR), 0, "which the next write clears");
	(void)apic_read(0x3d0);
	apic_write(APIC_ESR, 0);
	check(apic_read(APIC_ESR) & 0x80, "a reserved register is an error");
	apic_write(APIC_ESR, 0);
}

/* The transitions of APIC_BASE that are not allowed; x2APIC is not offered. */
static void test_base(void)
{
	const uint64_t base = APIC_BASE | APIC_BASE_EN | APIC_BASE_BSP;

	if (machine_qemu) {
		skip("APIC_BASE", "QEMU accepts everything");
		return;
	}
	check_equal(wrmsr_fault(MSR_APIC_BASE, base | APIC_BASE_EXTD), FAULT_GP,
		    "x2APIC mode gives #GP");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base | BIT_ULL(60)), FAULT_GP,
		    "an address above the width gives #GP");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base | 1), FAULT_GP, "bit 0 gives #GP");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base + 0x1000), FAULT_GP, "elsewhere gives #GP");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base), FAULT_NONE, "the same value is accepted");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base & ~APIC_BASE_EN), FAULT_NONE, "switched off");
	check(!(cpuid(1, 0).edx >> 9 & 1), "then CPUID has none");
	check_equal(wrmsr_fault(MSR_APIC_BASE, base), FAULT_NONE, "switched on");
	check(cpuid(1, 0).edx >> 9 & 1, "then CPUID has it");
	check_equal(apic_read(APIC_SVR), 0xff, "and it is as after a reset");
	apic_enable();
}

void guest_main(void)
{
	test_identity();
	test_resets();
	test_writable();
	test_read_only();
	test_disabled();
	test_errors();
	test_base();
}

// SPDX-License-Identifier: GPL-2.0
/* INIT and SIPI: starting and restarting processors in every state. */
#include <stddef.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define ROUNDS	200

static volatile uint32_t spinning;

static void spin(void *argument)
{
	(void)argument;
	spinning = 1;
	for (;;)
		pause();
}

static void halt(void *argument)
{
	(void)argument;
	spinning = 1;
	for (;;)
		asm volatile("cli\n\thlt");
}

static void test_from(const char *name, work_fn work)
{
	spinning = 0;
	smp_begin(1, work, NULL);
	if (!check(clock_wait_for(&spinning, 1, CLOCK_PATIENCE), "%s", name))
		return;
	check(smp_restart(1), "restarted from that");
}

static void test_sipi_ignored(void)
{
	uint32_t before = cpus[1].starts;

	apic_ipi(APIC_DM_SIPI | SMP_TRAMPOLINE >> 12, 1);
	clock_wait(50000);
	check_equal(cpus[1].starts, before, "a SIPI without INIT does nothing");
}

static void test_init_waits(void)
{
	uint32_t before = cpus[1].starts;

	apic_ipi(APIC_DM_INIT | APIC_ASSERT, 1);
	clock_wait(50000);
	check_equal(cpus[1].starts, before, "INIT alone starts nothing");
	apic_ipi(APIC_DM_INIT | APIC_ASSERT, 1);
	apic_ipi(APIC_DM_INIT | APIC_LEVEL, 1);
	apic_ipi(APIC_DM_SIPI | SMP_TRAMPOLINE >> 12, 1);
	check(smp_wait_start(1, before), "a second INIT, its de-assert, and SIPI do");
}

static void note_registers(void *argument)
{
	uint32_t *to = argument;

	to[0] = apic_read(APIC_LVT_TIMER);
	to[1] = apic_read(APIC_ID) >> 24;
	to[2] = rdmsr(MSR_APIC_BASE);
	to[3] = apic_read(APIC_TPR);
}

static void dirty_registers(void *argument)
{
	(void)argument;
	apic_write(APIC_LVT_TIMER, 0x200fe);
	apic_write(APIC_TPR, 0x10);
	write_cr8(1);
}

static void test_apic_reset(void)
{
	uint32_t seen[4];

	smp_call(1, dirty_registers, NULL);
	check(smp_restart(1), "restarted after its APIC was changed");
	smp_call(1, note_registers, seen);
	check_equal(seen[0], APIC_MASKED, "INIT resets the timer's LVT");
	check_equal(seen[1], 1, "and keeps the id");
	check_equal(seen[2], APIC_BASE | APIC_BASE_EN, "APIC_BASE enabled, not the first's");
	check_equal(seen[3], 0, "and resets TPR");
}

static void test_often(unsigned int index)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (!smp_restart(index))
			break;
	}
	check_equal(i, ROUNDS, "processor %u restarted %u times", index, ROUNDS);
}

void guest_main(void)
{
	unsigned int i;

	check_equal(smp_start(), machine_cpus(), "all processors start");
	if (smp_count() < 2)
		return;
	for (i = 1; i < smp_count(); i++)
		check_equal(cpus[i].starts, 1, "processor %u once, in spite of two SIPIs", i);
	test_sipi_ignored();
	test_init_waits();
	test_from("spinning with IF=0", spin);
	test_from("halted with IF=0", halt);
	test_apic_reset();
	for (i = 1; i < smp_count(); i++)
		test_often(i);
}

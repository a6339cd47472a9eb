// SPDX-License-Identifier: GPL-2.0
/* HLT and its wake-ups; the interrupt shadow; NMIs. */
#include <stddef.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define VECTOR	0x61
#ifndef ROUNDS
#define ROUNDS	500
#endif

static volatile uint32_t calls, nmis, depth, deepest;
static volatile uint64_t rip;
static volatile bool again;

static void count_call(struct frame *frame)
{
	rip = frame->rip;
	calls++;
	apic_eoi();
}

static void count_nmi(struct frame *frame)
{
	rip = frame->rip;
	depth++;
	if (depth > deepest)
		deepest = depth;
	nmis++;
	if (again) {
		again = false;
		apic_ipi(APIC_DM_NMI | APIC_ASSERT, 0);
		clock_wait(100);
	}
	depth--;
}

static void self(void)
{
	apic_ipi(APIC_SELF | APIC_ASSERT | VECTOR, 0);
}

/* A pending interrupt must not let STI; HLT sleep, or be taken before the HLT. */
static void test_pending(void)
{
	uint32_t i;

	calls = 0;
	for (i = 0; i < ROUNDS; i++) {
		self();
		sti_hlt_cli();
	}
	check_equal(calls, ROUNDS, "sti; hlt with an interrupt pending, %u times", ROUNDS);
}

static void test_timer(void)
{
	uint32_t i;

	calls = 0;
	apic_write(APIC_TDCR, 0xb);
	apic_write(APIC_LVT_TIMER, VECTOR);
	for (i = 0; i < ROUNDS; i++) {
		/* From about nothing to some exits' time. */
		apic_write(APIC_TMICT, 1 + i * 377 % 200000);
		while (calls == i)
			sti_hlt_cli();
	}
	apic_write(APIC_LVT_TIMER, APIC_MASKED);
	check_equal(calls, ROUNDS, "sti; hlt against the timer, %u times", ROUNDS);
}

static void test_shadow(void)
{
	uint64_t first, second;

	calls = 0;
	self();
	asm volatile("sti\n0:\tnop\n1:\tnop\n\tcli\n\t"
		     "lea 0b(%%rip), %0\n\tlea 1b(%%rip), %1" : "=r"(first), "=r"(second)
		     : : "memory");
	check_equal(calls, 1, "sti; nop: one interrupt");
	check_equal(rip - first, second - first, "not before the instruction behind STI");

	calls = 0;
	self();
	asm volatile("sti\n\tcli" : : : "memory");
	check_equal(calls, 0, "sti; cli: none");
	sti_nop_cli();
	check_equal(calls, 1, "it is still there");
}

static void test_move_ss(void)
{
	uint64_t first;

	calls = 0;
	self();
	/* POPF opens the window without a shadow of its own. */
	asm volatile("mov %%ss, %%ecx\n\tpushf\n\torl $0x200, (%%rsp)\n\tpopf\n0:\tnop\n\tcli\n\t"
		     "lea 0b(%%rip), %0" : "=r"(first) : : "rcx", "memory", "cc");
	check_equal(calls, 1, "popf with IF: one interrupt");
	check_equal(rip, first, "right behind it");
}

static void test_nmi(void)
{
	nmis = 0;
	apic_ipi(APIC_DM_NMI | APIC_ASSERT, 0);
	clock_wait_for(&nmis, 1, CLOCK_PATIENCE);
	check_equal(nmis, 1, "an NMI comes in spite of IF=0");

	nmis = 0;
	deepest = 0;
	again = true;
	apic_ipi(APIC_DM_NMI | APIC_ASSERT, 0);
	clock_wait_for(&nmis, 2, CLOCK_PATIENCE);
	check_equal(nmis, 2, "an NMI during an NMI comes");
	check_equal(deepest, 1, "but after its IRET");
}

static void halted(void *argument)
{
	(void)argument;
	asm volatile("cli\n\thlt" : : : "memory");
}

static void test_halted_with_if_0(void)
{
	if (smp_start() < 2)
		return;
	nmis = 0;
	smp_begin(1, halted, NULL);
	clock_wait(30000);
	apic_ipi(APIC_ASSERT | VECTOR, 1);
	clock_wait(30000);
	check_equal(cpus[1].state, CPU_BUSY, "cli; hlt sleeps through an interrupt");
	apic_ipi(APIC_DM_NMI | APIC_ASSERT, 1);
	check(smp_wait(1), "an NMI wakes it");
	check_equal(nmis, 1, "which it took");
}

static void tells_by_hlt(void *argument)
{
	volatile uint32_t *rounds = argument;

	while (*rounds)
		sti_hlt_cli();
}

/* One halts again and again, the other wakes it. */
static void test_wake_other(void)
{
	volatile uint32_t rounds = ROUNDS;
	uint32_t i, lost = 0;

	if (smp_count() < 2)
		return;
	calls = 0;
	smp_begin(1, tells_by_hlt, (void *)&rounds);
	for (i = 0; i < ROUNDS; i++) {
		apic_ipi(APIC_ASSERT | VECTOR, 1);
		if (!clock_wait_for(&calls, i + 1, CLOCK_PATIENCE))
			lost++;
		if (lost)
			break;
	}
	check_equal(calls, ROUNDS, "an IPI wakes another from HLT, %u times", ROUNDS);
	rounds = 0;
	apic_ipi(APIC_ASSERT | VECTOR, 1);
	check(smp_wait(1), "it comes back");
}

void guest_main(void)
{
	fault_handler(VECTOR, count_call);
	fault_handler(FAULT_NMI, count_nmi);
	test_pending();
	test_timer();
	test_shadow();
	test_move_ss();
	test_nmi();
	test_halted_with_if_0();
	test_wake_other();
}

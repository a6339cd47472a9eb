// SPDX-License-Identifier: GPL-2.0
/* The local APIC by Hyper-V's MSRs, mixed with its page; the VP assist page; guest idle. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define MSR_EOI		0x40000070
#define MSR_ICR		0x40000071
#define MSR_TPR		0x40000072
#define MSR_ASSIST	0x40000073
#define MSR_IDLE	0x400000f0

#define INTR_CTRL_REGS	BIT_ULL(6)
#define GUEST_IDLE_REG	BIT_ULL(10)

#define VECTOR	0x64

static volatile uint32_t calls;
static volatile bool by_assist;
static volatile uint32_t *assist;

static void called(struct frame *frame)
{
	uint32_t bit = 1;

	(void)frame;
	atomic_add(&calls, 1);
	if (by_assist) {
		asm volatile("lock btrl $0, %0\n\tsbb %1, %1" : "+m"(*assist), "=r"(bit)
			     : : "memory", "cc");
		if (bit)
			return;
	}
	wrmsr(MSR_EOI, 0);
}

static void self(void)
{
	wrmsr(MSR_ICR, APIC_SELF | APIC_ASSERT | VECTOR);
}

static void test_registers(void)
{
	uint64_t value;

	wrmsr(MSR_TPR, 0x35);
	check_equal(rdmsr(MSR_TPR), 0x35, "TPR reads back");
	check_equal(apic_read(APIC_TPR), 0x35, "and is the page's");
	check_equal(read_cr8(), 3, "and CR8");
	write_cr8(7);
	check_equal(rdmsr(MSR_TPR), 0x70, "CR8 is seen in the MSR");
	apic_write(APIC_TPR, 0);
	check_equal(rdmsr(MSR_TPR), 0, "so is the page");
	check_equal(wrmsr_fault(MSR_TPR, 0x100), FAULT_GP, "TPR of 9 bits gives #GP");
	check_equal(wrmsr_fault(MSR_EOI, BIT_ULL(32)), FAULT_GP, "EOI of 33 bits gives #GP");
	apic_write(APIC_ICR2, 0);
	self();
	check_equal(rdmsr_fault(MSR_ICR, &value), FAULT_NONE, "ICR reads");
	check_equal(value, APIC_SELF | APIC_ASSERT | VECTOR, "what was written");
	check_equal(apic_read(APIC_ICR), (uint32_t)value, "and so the page");
	sti_nop_cli();
	check_equal(calls, 1, "and it was sent");
	check_equal(apic_read(APIC_PPR), 0, "the EOI by MSR ended it");
}

static void test_ipi(void)
{
	if (smp_start() < 2)
		return;
	calls = 0;
	wrmsr(MSR_ICR, BIT_ULL(56) | APIC_ASSERT | VECTOR);
	check(clock_wait_for(&calls, 1, CLOCK_PATIENCE), "an IPI to VP 1 by MSR");
	check_equal(apic_read(APIC_ICR2), 0x01000000, "ICR2 is its destination");
}

static void test_assist(void)
{
	unsigned int i;

	assist = page_alloc();
	wrmsr(MSR_ASSIST, (uint64_t)assist | 1);
	check_equal(rdmsr(MSR_ASSIST), (uint64_t)assist | 1, "assist page");
	by_assist = true;
	calls = 0;
	for (i = 0; i < 100; i++) {
		self();
		sti();
		clock_wait_for(&calls, i + 1, CLOCK_PATIENCE);
		cli();
	}
	by_assist = false;
	check_equal(calls, 100, "100 interrupts with EOI by the assist page");
	(void)cpuid(0, 0);
	check_equal(apic_read(APIC_PPR), 0, "none is left in service");
	assist[1] = 0x12345678;
	check_equal(assist[1], 0x12345678, "it is writable");
	wrmsr(MSR_ASSIST, 0);
	check_equal(assist[1], 0, "disabled, what was below is back");
}

static void test_idle(void)
{
	uint64_t value = 1, begin;

	if (!(machine_features() & GUEST_IDLE_REG)) {
		check_equal(rdmsr_fault(MSR_IDLE, &value), FAULT_GP, "without idle #GP");
		return;
	}
	calls = 0;
	self();
	check_equal(rdmsr_fault(MSR_IDLE, &value), FAULT_NONE, "idle with one pending");
	check_equal(value, 0, "gives 0");
	check_equal(calls, 0, "not taken, as IF=0");
	sti_nop_cli();
	check_equal(calls, 1, "but afterwards");

	apic_write(APIC_TDCR, 0xb);
	apic_write(APIC_LVT_TIMER, VECTOR);
	begin = clock_us();
	apic_write(APIC_TMICT, 2000000);
	(void)rdmsr(MSR_IDLE);
	check(apic_bit(APIC_IRR, VECTOR), "the timer ends idle in spite of IF=0");
	check_range(clock_us() - begin, 100, CLOCK_PATIENCE, "microseconds it took");
	sti_nop_cli();
	apic_write(APIC_LVT_TIMER, APIC_MASKED);
	check_equal(wrmsr_fault(MSR_IDLE, 0), FAULT_GP, "writing it gives #GP");
}

void guest_main(void)
{
	uint64_t value;

	fault_handler(VECTOR, called);
	if (!(machine_features() & INTR_CTRL_REGS)) {
		check_equal(rdmsr_fault(MSR_TPR, &value), FAULT_GP, "TPR gives #GP");
		check_equal(wrmsr_fault(MSR_EOI, 0), FAULT_GP, "EOI gives #GP");
		check_equal(wrmsr_fault(MSR_ICR, 0), FAULT_GP, "ICR gives #GP");
		return;
	}
	test_registers();
	test_ipi();
	test_assist();
	test_idle();
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Events whose delivery itself faults in the nested tables, since the VMM has taken the stack or
 * the IDT away: it maps them again, and the event comes exactly once. And faults on top of faults.
 */
#include <stddef.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define VECTOR		0x62
#define SOFTWARE	0x80
#define STACK_PAGE	0
#define IDT_PAGE	1
#define CODE_PAGE	2
#define LAZY(page)	(MACHINE_LAZY + (page) * PAGE_SIZE)
#define ROUNDS		20
#define STACK		2		/* interrupt stack that is lazy */
#define STACK_BAD	3		/* and one that isn't there at all */

static volatile uint32_t calls, nmis;
static volatile uint64_t called_rsp;

static void called(struct frame *frame)
{
	calls++;
	called_rsp = (uint64_t)frame;
	if (frame->vector == VECTOR)
		apic_eoi();
}

static void called_undefined(struct frame *frame)
{
	called(frame);
	frame->rip += 2;
}

static void came(uint32_t asked, const char *name)
{
	check_equal(calls, 1, "%s: delivered once", name);
	check(called_rsp - LAZY(STACK_PAGE) < PAGE_SIZE, "%s: on its stack", name);
	check(machine_asked() > asked, "%s: the page was asked for", name);
}

static void begin(void)
{
	calls = 0;
	called_rsp = 0;
	machine_forget(STACK_PAGE);
}

static void test_stack(void)
{
	uint32_t asked = machine_asked();

	fault_stack(VECTOR, STACK);
	begin();
	apic_ipi(APIC_SELF | APIC_ASSERT | VECTOR, 0);
	sti_nop_cli();
	came(asked, "interrupt");

	asked = machine_asked();
	begin();
	apic_ipi(APIC_SELF | APIC_ASSERT | VECTOR, 0);
	sti_hlt_cli();
	came(asked, "interrupt at HLT");
	fault_stack(VECTOR, 0);

	asked = machine_asked();
	fault_stack(SOFTWARE, STACK);
	begin();
	asm volatile("int $0x80" : : : "memory");
	came(asked, "INT n");

	asked = machine_asked();
	fault_stack(FAULT_UD, STACK);
	fault_handler(FAULT_UD, called_undefined);
	begin();
	asm volatile("ud2" : : : "memory");
	came(asked, "exception");
	fault_handler(FAULT_UD, NULL);
	fault_stack(FAULT_UD, 0);
}

static void test_nmi(void)
{
	uint32_t asked = machine_asked();

	fault_stack(FAULT_NMI, STACK);
	fault_handler(FAULT_NMI, called);
	begin();
	apic_ipi(APIC_DM_NMI | APIC_ASSERT, 0);
	clock_wait_for(&calls, 1, CLOCK_PATIENCE);
	came(asked, "NMI");
	begin();
	apic_ipi(APIC_DM_NMI | APIC_ASSERT, 0);
	clock_wait_for(&calls, 1, CLOCK_PATIENCE);
	check_equal(calls, 1, "and the next NMI comes as well");
	fault_stack(FAULT_NMI, 0);
}

/* The IDT in a lazy page; and both. */
static void test_idt(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} pointer = { sizeof(fault_idt) - 1, LAZY(IDT_PAGE) };
	struct gate *copy = (struct gate *)LAZY(IDT_PAGE);
	uint32_t asked, i, bad = 0;

	for (i = 0; i < 256; i++)
		copy[i] = fault_idt[i];
	copy[VECTOR].stack = STACK;
	asm volatile("lidt %0" : : "m"(pointer));
	for (i = 0; i < ROUNDS; i++) {
		begin();
		machine_forget(IDT_PAGE);
		asked = machine_asked();
		apic_ipi(APIC_SELF | APIC_ASSERT | VECTOR, 0);
		sti_nop_cli();
		if (calls != 1 || machine_asked() != asked + 2)
			bad++;
	}
	fault_load();
	check_equal(bad, 0, "%u times with neither IDT nor stack", ROUNDS);
}

/* IRET of an NMI to a page that must be brought: NMIs are unmasked afterwards all the same. */
static void leave_by_code_page(struct frame *frame)
{
	nmis++;
	frame->rip = LAZY(CODE_PAGE);
}

static void test_iret(void)
{
	unsigned int i;

	*(volatile uint8_t *)LAZY(CODE_PAGE) = 0xc3;		/* RET */
	fault_handler(FAULT_NMI, leave_by_code_page);
	for (i = 0; i < 2; i++) {
		nmis = 0;
		machine_forget(CODE_PAGE);
		asm volatile("lea 1f(%%rip), %%rax\n\tpush %%rax\n\t"
			     "movl $0, (%1)\n\tmovl %2, (%0)\n"
			     "0:\tpause\n\tjmp 0b\n1:"
			     : : "r"(APIC_BASE + APIC_ICR), "r"(APIC_BASE + APIC_ICR2),
			       "r"(APIC_DM_NMI | APIC_ASSERT)
			     : "rax", "memory", "cc");
		check_equal(nmis, 1, "NMI %u, whose IRET leads to a lazy page", i);
	}
	fault_handler(FAULT_NMI, NULL);
}

static uint64_t recover_rip, recover_rsp;

static void double_fault(struct frame *frame)
{
	calls++;
	frame->rip = recover_rip;
	frame->rsp = recover_rsp;
}

static void test_double_fault(void)
{
	volatile uint32_t *absent = paging_window(5, 0, 0);

	calls = 0;
	fault_stack(FAULT_PF, STACK_BAD);
	fault_handler(FAULT_DF, double_fault);
	asm volatile("lea 1f(%%rip), %%rax\n\tmov %%rax, %0\n\tmov %%rsp, %1\n\t"
		     "movl (%2), %%eax\n1:"
		     : "=m"(recover_rip), "=m"(recover_rsp) : "r"(absent)
		     : "rax", "rcx", "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
		       "r13", "r14", "r15", "memory", "cc");
	check_equal(calls, 1, "#PF during #PF gives #DF");
	fault_handler(FAULT_DF, NULL);
	fault_stack(FAULT_PF, 0);
}

void guest_main(void)
{
	struct task *task = &cpu_self()->segments.task;

	task->interrupt_stack[STACK - 1] = LAZY(STACK_PAGE) + PAGE_SIZE;
	task->interrupt_stack[STACK_BAD - 1] = PAGING_WINDOW + 7 * PAGE_SIZE;
	fault_handler(VECTOR, called);
	fault_handler(SOFTWARE, called);
	test_stack();
	test_nmi();
	test_idt();
	test_iret();
	test_double_fault();
}

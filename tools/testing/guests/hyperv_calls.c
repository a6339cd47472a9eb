// SPDX-License-Identifier: GPL-2.0
/* What more features open: flushes, cluster IPIs, timers that interrupt by themselves. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define MSR_OS_ID	0x40000000
#define MSR_HYPERCALL	0x40000001
#define MSR_TIME	0x40000020
#define MSR_EOI		0x40000070
#define MSR_CONFIG	0x400000b0
#define MSR_COUNT	0x400000b1
#define FAST		0x10000ull
#define VECTOR		0x61
#define DIRECT		0x1000ull
#define MS		10000ull

static void *code;
static volatile uint32_t interrupts;

static uint64_t hypercall(uint64_t control, uint64_t in, uint64_t out)
{
	register uint64_t r8 asm("r8") = out;
	uint64_t result;

	asm volatile("call *%[code]"
		     : "=a"(result), "+c"(control), "+d"(in), "+r"(r8)
		     : [code] "r"(code) : "memory");
	return result;
}

static void on_interrupt(struct frame *frame)
{
	(void)frame;
	atomic_add(&interrupts, 1);
	wrmsr(MSR_EOI, 0);
}

static void listen(void *argument)
{
	(void)argument;
	apic_enable();
	sti();
	clock_wait_for(&interrupts, smp_count(), CLOCK_PATIENCE);
	cli();
}

static void test_leaves(void)
{
	check_equal(cpuid(0x40000004, 0).eax, 0xe2c, "hints");
	check_equal(cpuid(0x40000003, 0).edx, 0x80120, "misc features");
}

static void test_flush(void)
{
	uint64_t *input = page_alloc();

	check_equal(hypercall(2, (uint64_t)input, 0), 0, "flush");
	check_equal(hypercall(3 | 2ull << 32, (uint64_t)input, 0), 2ull << 32, "flush a list");
	check_equal(hypercall(0x13, (uint64_t)input, 0), 0, "flush, extended");
	check_equal(hypercall(2, (uint64_t)input + 4, 0), 4, "an input that isn't aligned");
	check_equal(hypercall(2, (uint64_t)input + 4088, 0), 4, "an input across pages");
	check_equal(hypercall(2 | 1ull << 32, (uint64_t)input, 0), 3, "reps of a simple call");
	check_equal(hypercall(2, (uint64_t)code, 0), 5, "an input in the hypervisor's page");
	check_equal(hypercall(2, 0x7700000000ull, 0), 5, "an input where nothing is");
}

static void test_ipi(void)
{
	unsigned int i;

	fault_handler(VECTOR, on_interrupt);
	interrupts = 0;
	for (i = 1; i < smp_count(); i++)
		smp_begin(i, listen, 0);
	check_equal(hypercall(0xb | FAST, VECTOR, (1ull << smp_count()) - 1), 0, "an IPI to all");
	listen(0);
	for (i = 1; i < smp_count(); i++)
		smp_wait(i);
	check_equal(interrupts, smp_count(), "each has got it");
	check_equal(hypercall(0xb | FAST, 15, 1), 5, "a vector that none is");
}

static void test_direct(void)
{
	uint64_t at = rdmsr(MSR_TIME) + 10 * MS;

	interrupts = 0;
	wrmsr(MSR_CONFIG, DIRECT | VECTOR << 4 | 1);
	wrmsr(MSR_COUNT, at);
	sti();
	clock_wait_for(&interrupts, 1, CLOCK_PATIENCE);
	cli();
	check_equal(interrupts, 1, "an interrupt, with the SynIC off");
	check(rdmsr(MSR_TIME) >= at, "not before its time");
}

void guest_main(void)
{
	smp_start();
	apic_enable();
	code = page_alloc();
	wrmsr(MSR_OS_ID, 0x8100ull << 48);
	wrmsr(MSR_HYPERCALL, (uint64_t)code | 1);
	test_leaves();
	test_flush();
	test_ipi();
	test_direct();
}

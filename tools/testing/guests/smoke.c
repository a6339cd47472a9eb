// SPDX-License-Identifier: GPL-2.0
/* The library itself: faults, windows, time, and, where there are more, processors. */
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

static void who(void *argument)
{
	*(volatile uint32_t *)argument = cpu_self()->index;
}

static void test_faults(void)
{
	volatile uint32_t *page = page_alloc();
	volatile uint32_t *at = paging_window(3, (uint64_t)page, PTE_PRESENT);
	int fault;

	check_equal(FAULT_OF("nop"), FAULT_NONE, "a nop doesn't fault");
	check_equal(FAULT_OF("ud2"), FAULT_UD, "ud2 gives #UD");
	check_equal(*at, 0, "a page by the window");
	asm volatile(ATTEMPT("movl $1, (%1)") "mov %%r11d, %0"
		     : "=r"(fault) : "r"(at) : "r10", "r11", "memory");
	check_equal(fault, FAULT_PF, "a store to a read-only page gives #PF");
	check_equal(read_cr2(), (uint64_t)at, "CR2 is its address");
	paging_window(3, (uint64_t)page, PTE_PRESENT | PTE_WRITE);
	*at = 5;
	check_equal(*page, 5, "window and page are the same");
}

static void test_time(void)
{
	uint64_t begin = machine_microseconds(), took;

	clock_wait(100000);
	took = machine_microseconds() - begin;
	check_range(took, 90000, CLOCK_PATIENCE, "100 ms by the TSC in microseconds of the VMM");
}

void guest_main(void)
{
	volatile uint32_t answer = 99;
	unsigned int i;

	test_faults();
	test_time();
	check_equal(smp_start(), machine_cpus(), "all processors start");
	for (i = 0; i < smp_count(); i++) {
		smp_call(i, who, (void *)&answer);
		check_equal(answer, i, "processor %u works", i);
	}
}

// SPDX-License-Identifier: GPL-2.0
/* Overlay pages, and the calls through the hypercall page. */
#include "cpu.h"
#include "paging.h"
#include "test.h"

#define MSR_OS_ID	0x40000000
#define MSR_HYPERCALL	0x40000001
#define MSR_ASSIST	0x40000073
#define MSR_SIEFP	0x40000082
#define MSR_SIMP	0x40000083
#define OS_ID		(0x8100ull << 48)
#define PATTERN		0x5aull
/* Where there is nothing, still below the end of what can be addressed. */
#define HOLE		0x7800000000ull

static volatile uint8_t *page, *second;

static void fill(volatile uint8_t *at, uint8_t value)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		at[i] = value;
}

static bool is_filled(const volatile uint8_t *at, uint8_t value)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++)
		if (at[i] != value)
			return false;
	return true;
}

static int store_fault(volatile void *at)
{
	int fault;

	asm volatile(ATTEMPT("movl $1, (%1)") "mov %%r11d, %0"
		     : "=r"(fault) : "r"(at) : "r10", "r11", "memory");
	return fault;
}

static bool is_call_page(const volatile uint8_t *at)
{
	return at[0] == 0x0f && at[1] == 0x01 && at[2] == 0xd9 && at[3] == 0xc3;
}

static void test_hypercall_page(void)
{
	fill(page, PATTERN);
	fill(second, PATTERN + 1);
	wrmsr(MSR_HYPERCALL, (uint64_t)page | 1);
	check_equal(rdmsr(MSR_HYPERCALL) & 1, 0, "no hypercall page without an OS id");
	check(is_filled(page, PATTERN), "and nothing to be seen of it");
	wrmsr(MSR_OS_ID, OS_ID);
	check_equal(rdmsr(MSR_OS_ID), OS_ID, "the OS id is kept");
	wrmsr(MSR_HYPERCALL, (uint64_t)page | 0x801);
	check_equal(rdmsr(MSR_HYPERCALL), (uint64_t)page | 0x801, "bits 11 to 2 are kept");
	check(is_call_page(page), "VMMCALL; RET");
	check_equal(store_fault(page), FAULT_GP, "a store to it gives #GP");
	check(is_call_page(page), "and changes nothing");
	wrmsr(MSR_HYPERCALL, (uint64_t)second | 1);
	check(is_filled(page, PATTERN), "moved: the old place has its contents again");
	check(is_call_page(second), "the new one has the code");
	check_equal(wrmsr_fault(MSR_HYPERCALL, 1ull << 45 | 1), FAULT_GP,
		    "a page beyond the address space gives #GP");
	wrmsr(MSR_HYPERCALL, 0);
	check(is_filled(second, PATTERN + 1), "disabled: the contents are back");
	second[5] = 7;
	check_equal(second[5], 7, "and writable");
}

static void test_page(uint32_t msr, const char *name)
{
	uint64_t reset = rdmsr(msr);

	fill(page, PATTERN);
	fill(second, PATTERN + 1);
	check_equal(reset, 0, "%s is 0 after reset", name);
	wrmsr(msr, (uint64_t)page | 1);
	check_equal(rdmsr(msr), (uint64_t)page | 1, "%s is kept", name);
	check(is_filled(page, 0), "%s is a page of zeros", name);
	fill(page, 3);
	wrmsr(msr, (uint64_t)second | 1);
	check(is_filled(page, PATTERN), "%s moves", name);
	check_equal(second[4000], 3, "%s takes its contents along", name);
	wrmsr(msr, 0);
	check(is_filled(second, PATTERN + 1), "%s goes", name);
	wrmsr(msr, HOLE | 1);
	check_equal(((volatile uint8_t *)paging_window(9, HOLE, PTE_PRESENT))[4000], 3,
		    "%s is where there is no memory", name);
	wrmsr(msr, 0);
}

static uint64_t call64(uint64_t control, uint64_t in, uint64_t out)
{
	register uint64_t r8 asm("r8") = out;
	uint64_t result;

	asm volatile("call *%[page]"
		     : "=a"(result), "+c"(control), "+d"(in), "+r"(r8)
		     : [page] "r"(page) : "memory");
	return result;
}

static uint64_t keeps_registers(void)
{
	uint64_t rcx = 0x40, rdx = 0x1234, rbx = 0x77, rsi = 5, result;

	asm volatile("call *%[page]"
		     : "=a"(result), "+c"(rcx), "+d"(rdx), "+b"(rbx), "+S"(rsi)
		     : [page] "r"(page) : "memory");
	return rcx == 0x40 && rdx == 0x1234 && rbx == 0x77 && rsi == 5;
}

static void test_calls(void)
{
	uint64_t code, allowed = 0;

	check_equal(FAULT_OF("vmmcall"), FAULT_UD, "VMMCALL before the page is there");
	wrmsr(MSR_OS_ID, OS_ID);
	wrmsr(MSR_HYPERCALL, (uint64_t)page | 1);
	check_equal(call64(0x3fff, 0, 0) & 0xffff, 2, "an unknown code");
	for (code = 0x40; code <= 0x94; code++)
		if ((call64(code, 0, 0) & 0xffff) != 6)
			allowed++;
	check_equal(allowed, 0, "none of the root's calls");
	check_equal(call64(0x40 | 1ull << 27, 0, 0) & 0xffff, 3, "a reserved bit");
	check(keeps_registers(), "other registers are kept");
	check_equal(FAULT_OF("vmcall"), FAULT_UD, "VMCALL");
	wrmsr(MSR_OS_ID, 0);
	check_equal(rdmsr(MSR_HYPERCALL), (uint64_t)page, "OS id 0 takes the page away");
	check_equal(FAULT_OF("vmmcall"), FAULT_UD, "and VMMCALL with it");
}

static void test_lock(void)
{
	wrmsr(MSR_OS_ID, OS_ID);
	wrmsr(MSR_HYPERCALL, (uint64_t)page | 3);
	wrmsr(MSR_HYPERCALL, (uint64_t)second | 1);
	check_equal(rdmsr(MSR_HYPERCALL), (uint64_t)page | 3, "a locked page stays");
	check(is_call_page(page), "and is seen");
}

void guest_main(void)
{
	page = page_alloc();
	second = page_alloc();
	test_hypercall_page();
	test_page(MSR_ASSIST, "assist page");
	test_page(MSR_SIEFP, "event page");
	test_page(MSR_SIMP, "message page");
	check_equal(wrmsr_fault(MSR_ASSIST, 1ull << 45 | 1), FAULT_GP, "no assist page there");
	check_equal(wrmsr_fault(MSR_SIMP, 1ull << 45 | 1), FAULT_NONE, "a message page nowhere");
	wrmsr(MSR_SIMP, 0);
	wrmsr(MSR_OS_ID, 0);
	test_calls();
	test_lock();
}

// SPDX-License-Identifier: GPL-2.0
/* What a guest must not reach: the hypervisor's instructions, others' memory, the root's calls. */
#include "cpu.h"
#include "machine.h"
#include "paging.h"
#include "test.h"

#define HV_HYPERCALL_REGS	BIT_ULL(7)
#define MSR_GUEST_OS_ID		0x40000000
#define MSR_HYPERCALL		0x40000001
#define STATUS_INVALID_CODE	2
#define STATUS_ACCESS_DENIED	6

#define UNDEFINED(insn)	check_equal(FAULT_OF(insn), FAULT_UD, insn " gives #UD")

/* RAX must hold an address that these could use. */
#define UNDEFINED_AT(insn) ({								\
	int fault_at;									\
											\
	asm volatile(ATTEMPT(insn) "mov %%r11d, %0"					\
		     : "=r"(fault_at) : "a"(0x3000), "c"(0) : "r10", "r11", "memory");	\
	check_equal(fault_at, FAULT_UD, insn " gives #UD"); })

static void test_svm(void)
{
	uint64_t value;

	UNDEFINED_AT("vmrun");
	UNDEFINED_AT("vmload");
	UNDEFINED_AT("vmsave");
	UNDEFINED_AT("stgi");
	UNDEFINED_AT("clgi");
	UNDEFINED_AT("skinit");
	UNDEFINED_AT("invlpga");
	UNDEFINED_AT("vmcall");
	check(!(cpuid(0x80000001, 0).ecx & 4), "CPUID has no SVM");
	check(!cpuid(0x8000000a, 0).eax && !cpuid(0x8000000a, 0).edx, "nor its leaf");
	if (rdmsr_fault(0xc0010117, &value) == FAULT_NONE)
		check_equal(value, 0, "VM_HSAVE_PA is 0");
	else
		check(true, "VM_HSAVE_PA gives #GP");
	check_equal(wrmsr_fault(0xc0010117, 0x200000), FAULT_GP, "VM_HSAVE_PA can't be written");
	check_equal(wrmsr_fault(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME), FAULT_GP,
		    "nor EFER.SVME");
}

/* One that the VMM decodes. */
static void store(volatile uint32_t *at, uint32_t value)
{
	asm volatile("movl %1, (%0)" : : "r"(at), "a"(value) : "memory");
}

/* The VMM reads 0 where no memory is: nothing else may answer, and a store changes nothing. */
static void test_memory(void)
{
	static const uint64_t places[] = {
		0x40000000, 0x80000000, 0xe0000000, 0xf0000000, 0xfec00000, 0xfed00000,
		0xfee01000, 0xfffff000, 0x100000000, 0x1000000000, 0xfffffff000,
	};
	volatile uint32_t *at;
	unsigned int i;

	at = (volatile uint32_t *)machine_memory();
	check_equal(*at, 0, "behind the memory reads 0");
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		at = paging_window(i, places[i], PTE_PRESENT | PTE_WRITE);
		store(at, 0x12345678);
		check_equal(*at, 0, "0x%lx reads 0 after a store", places[i]);
	}
}

static void test_ports(void)
{
	static const uint16_t ports[] = {
		0x20, 0x40, 0x60, 0x70, 0x80, 0x92, 0xa0, 0x510, 0x600, 0x608, 0xcf8, 0xcfc,
		0xb008
	};
	unsigned int i;

	out32(0xcf8, 0x80000000);
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		check_equal(in32(ports[i]), 0, "port 0x%x is the VMM's", ports[i]);
}

static uint64_t hypercall(void *page, uint64_t control, uint64_t input)
{
	register uint64_t output asm("r8") = 0;
	uint64_t result;

	asm volatile("call *%1" : "=a"(result), "+r"(page), "+c"(control), "+d"(input), "+r"(output)
		     : : "r9", "r10", "r11", "memory");
	return result;
}

/* Whatever a root may call, a child is told that there is no such call, or that it may not. */
static void test_hypercalls(void)
{
	char *page = page_alloc(), *input = page_alloc();
	unsigned int code, reached = 0;
	uint64_t status;

	if (!(machine_features() & HV_HYPERCALL_REGS)) {
		UNDEFINED("vmmcall");
		return;
	}
	wrmsr(MSR_GUEST_OS_ID, 0x8100ull << 48);
	wrmsr(MSR_HYPERCALL, (uint64_t)page | 1);
	for (code = 0; code < 0x200; code++) {
		status = hypercall(page, code, (uint64_t)input) & 0xffff;
		if (status != STATUS_INVALID_CODE && status != STATUS_ACCESS_DENIED) {
			check(false, "call 0x%x answers 0x%lx", code, status);
			reached++;
		}
	}
	check_equal(reached, 0, "none of 512 simple calls does anything");
	for (code = 0x40; code < 0x60; code++) {
		status = hypercall(page, code | 1ull << 32, (uint64_t)input) & 0xffff;
		if (status != STATUS_INVALID_CODE && status != STATUS_ACCESS_DENIED)
			reached++;
	}
	check_equal(reached, 0, "nor does a repeated one");
}

void guest_main(void)
{
	test_svm();
	test_memory();
	test_ports();
	test_hypercalls();
}

// SPDX-License-Identifier: GPL-2.0
/* Instructions that reach the local APIC's page: forms, sizes, places, modes. */
#include <stddef.h>

#include "apic.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "modes.h"
#include "paging.h"
#include "segment.h"
#include "smp.h"
#include "test.h"

#define TPR_AT		(APIC_BASE + APIC_TPR)
#define SLOT_CODE	10
#define SLOT_APIC	12

/* One instruction that loads from or stores to TPR by RBX, through EAX. */
#define LOAD(insn, result) ({						\
	asm volatile(insn : "=a"(result) : "b"(TPR_AT), "0"(~0ull) : "memory");	\
	})
#define STORE(insn, value) ({						\
	asm volatile(insn : : "a"(value), "b"(TPR_AT) : "memory", "r9");	\
	})

static void is(const char *name, uint64_t got, uint64_t want)
{
	check_equal(got, want, "%s", name);
}

static void test_loads(void)
{
	uint64_t value;

	apic_write(APIC_TPR, 0xa5);
	LOAD("movl (%%rbx), %%eax", value);
	is("8b", value, 0xa5);
	LOAD("movl -0x10(%%rbx), %%eax\n\tmovl 0x0(%%rbx), %%eax", value);
	is("8b, displacement", value, 0xa5);
	LOAD("movl (%%rbx), %%r9d\n\tmov %%r9, %%rax", value);
	is("44 8b", value, 0xa5);
	LOAD("movabsl 0xfee00080, %%eax", value);
	is("a1, 8-byte address", value, 0xa5);
	LOAD(".byte 0x67, 0xa1\n\t.long 0xfee00080", value);
	is("67 a1", value, 0xa5);
	LOAD("xor %%edx, %%edx\n\tmovl (%%rbx, %%rdx, 4), %%eax", value);
	is("8b, SIB", value, 0xa5);
	LOAD("movl (%%ebx), %%eax", value);
	is("67 8b", value, 0xa5);
	if (machine_qemu) {
		skip("small loads", "QEMU's local APIC serves long words only");
		return;
	}
	LOAD("movw (%%rbx), %%ax", value);
	is("66 8b", value, ~0xffffull | 0xa5);
	LOAD("movb (%%rbx), %%al", value);
	is("8a", value, ~0xffull | 0xa5);
	LOAD("movzbl (%%rbx), %%eax", value);
	is("0f b6", value, 0xa5);
	LOAD("movzwl (%%rbx), %%eax", value);
	is("0f b7", value, 0xa5);
	LOAD("movsbl (%%rbx), %%eax", value);
	is("0f be", value, 0xffffffa5);
	LOAD("movsbq (%%rbx), %%rax", value);
	is("48 0f be", value, 0xffffffffffffffa5);
	LOAD("movswl (%%rbx), %%eax", value);
	is("0f bf", value, 0xa5);
}

static uint32_t tpr_after(void)
{
	uint32_t value = apic_read(APIC_TPR);

	apic_write(APIC_TPR, 0);
	return value;
}

static void test_stores(void)
{
	uint64_t value;

	STORE("movl %%eax, (%%rbx)", 0x31);
	is("89", tpr_after(), 0x31);
	STORE("mov %%rax, %%r9\n\tmovl %%r9d, (%%rbx)", 0x32);
	is("44 89", tpr_after(), 0x32);
	STORE("movabsl %%eax, 0xfee00080", 0x33);
	is("a3, 8-byte address", tpr_after(), 0x33);
	STORE(".byte 0x67, 0xa3\n\t.long 0xfee00080", 0x34);
	is("67 a3", tpr_after(), 0x34);
	STORE("movl $0x35, (%%rbx)", 0);
	is("c7", tpr_after(), 0x35);
	STORE("movl $0x36, 0x1000(%%rbx, %%rax, 8)", -0x200ll);
	is("c7, SIB and displacement", tpr_after(), 0x36);
	apic_write(APIC_TPR, 0x41);
	value = 0x37;
	asm volatile("xchg %%eax, (%%rbx)" : "+a"(value) : "b"(TPR_AT) : "memory");
	is("87 reads", value, 0x41);
	is("87 writes", tpr_after(), 0x37);
}

/* Runs @count bytes of code, then RET, at @offset of a page whose successor lies elsewhere. */
static uint64_t run_at(unsigned int offset, const uint8_t *code, unsigned int count)
{
	static uint8_t *first, *second;
	uint8_t *at = (uint8_t *)(PAGING_WINDOW + SLOT_CODE * PAGE_SIZE) + offset;
	uint64_t result = ~0ull;
	unsigned int i;

	if (!first) {
		first = page_alloc();
		(void)page_alloc();
		second = page_alloc();
		paging_window(SLOT_CODE, (uint64_t)first, PTE_PRESENT | PTE_WRITE);
		paging_window(SLOT_CODE + 1, (uint64_t)second, PTE_PRESENT | PTE_WRITE);
		paging_window(SLOT_APIC, APIC_BASE, PTE_PRESENT | PTE_WRITE);
	}
	for (i = 0; i < count; i++)
		at[i] = code[i];
	at[i] = 0xc3;
	asm volatile("call *%1" : "+a"(result) : "r"(at), "b"(TPR_AT) : "memory");
	return result;
}

static void test_places(void)
{
	static const uint8_t plain[] = { 0x67, 0x8b, 0x83, 0, 0, 0, 0 };
	uint8_t relative[6] = { 0x8b, 0x05 };
	unsigned int i;
	uint32_t distance = (SLOT_APIC - SLOT_CODE) * PAGE_SIZE + APIC_TPR - 0x100 - 6;

	apic_write(APIC_TPR, 0x23);
	for (i = 1; i < sizeof(plain); i++)
		check_equal(run_at(PAGE_SIZE - i, plain, sizeof(plain)), 0x23,
			    "%u bytes on one page, the rest on the next", i);
	for (i = 0; i < 4; i++)
		relative[2 + i] = distance >> 8 * i;
	check_equal(run_at(0x100, relative, sizeof(relative)), 0x23, "relative to RIP");
	apic_write(APIC_TPR, 0);
}

static volatile uint64_t trap_rip;

static void trapped(struct frame *frame)
{
	trap_rip = frame->rip;
	frame->rflags &= ~RFLAGS_TF;
}

static void test_trap(void)
{
	uint64_t behind;
	uint32_t value;

	fault_handler(FAULT_DB, trapped);
	apic_write(APIC_TPR, 0x44);
	asm volatile("pushf\n\torl $0x100, (%%rsp)\n\tpopf\n\t"
		     "movl (%%rbx), %%eax\n"
		     "0:\tnop\n\tnop\n\tlea 0b(%%rip), %1"
		     : "=&a"(value), "=r"(behind) : "b"(TPR_AT) : "memory", "cc");
	check_equal(value, 0x44, "with TF it loads");
	check_equal(trap_rip, behind, "and #DB comes right behind it");
	fault_handler(FAULT_DB, NULL);
	apic_write(APIC_TPR, 0);
}

static void call_far(uint32_t at, uint16_t selector)
{
	struct __attribute__((packed)) {
		uint32_t at;
		uint16_t selector;
	} target = { at, selector };

	asm volatile("lcall *%0" : : "m"(target) : "rax", "rcx", "memory", "cc");
}

static void test_modes(void)
{
	char *low = (char *)0x9000;
	unsigned int i;

	apic_write(APIC_TPR, 0x10);
	call_far((uint64_t)modes_32, SEGMENT_CODE32);
	is("32-bit code: a1, a3, 8b, 89", tpr_after(), 0x12);
	for (i = 0; modes_16 + i < modes_16_end; i++)
		low[i] = modes_16[i];
	apic_write(APIC_TPR, 0x20);
	call_far(0x9000, SEGMENT_CODE16);
	is("16-bit code: 67 66 8b, 89", tpr_after(), 0x21);
}

static void test_slots(void)
{
	uint32_t before = apic_read(APIC_LDR);

	*(volatile uint8_t *)(APIC_BASE + APIC_LDR + 3) = 0x55;
	check_equal(apic_read(APIC_ID) >> 24, cpu_self()->index, "the id through 8b");
	check_equal(apic_read(APIC_LDR), before, "a byte written is ignored");
	if (!machine_qemu)
		check_equal(*(volatile uint8_t *)(APIC_BASE + APIC_VERSION), 0x14,
			    "a byte is read");
}

void guest_main(void)
{
	test_loads();
	test_stores();
	test_places();
	test_trap();
	test_modes();
	test_slots();
}

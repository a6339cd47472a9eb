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
#define CALL_FAST		BIT_ULL(16)
#define CALL_REPS(n)		((uint64_t)(n) << 32)
#define FIRST_OF_ROOT		0x40
#define LAST_OF_ROOT		0xe6
#define ROOT_ID			1
#define LAST_ID			64	/* more partitions than the tests make */
#define SELF_ID			(~0ull)
#define POISON			0x5a5a5a5a5a5a5a5aull

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

/* The MSRs that a guest may have, with the synthetic feature that opens them, or 0 */
static const struct {
	uint32_t first, last, feature;
} allowed[] = {
	{ 0x40000000, 0x40000001, 7 }, { 0x40000002, 0x40000002, 8 },
	{ 0x40000010, 0x40000010, 2 }, { 0x40000020, 0x40000020, 3 },
	{ 0x40000021, 0x40000021, 9 }, { 0x40000022, 0x40000023, 11 },
	{ 0x40000070, 0x40000073, 6 }, { 0x40000080, 0x40000084, 4 },
	{ 0x40000090, 0x4000009f, 4 }, { 0x400000b0, 0x400000b7, 5 },
	{ 0x400000f0, 0x400000f0, 10 },
	/* performance counters, SYSCFG, HWCR, loader, INT_PENDING, VM_CR, errata, LS to DE_CFG */
	{ 0xc0010000, 0xc0010007, 0 }, { 0xc0010010, 0xc0010010, 0 },
	{ 0xc0010015, 0xc0010015, 0 }, { 0xc0010020, 0xc0010020, 0 },
	{ 0xc0010055, 0xc0010055, 0 }, { 0xc0010114, 0xc0010114, 0 },
	{ 0xc0010140, 0xc0010141, 0 }, { 0xc0011020, 0xc0011023, 0 },
	{ 0xc0011029, 0xc001102a, 0 },
};

static bool may_have(uint32_t msr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		if (msr >= allowed[i].first && msr <= allowed[i].last)
			return !allowed[i].feature ||
			       (machine_features() & 1 && machine_features() &
				BIT_ULL(allowed[i].feature));
	return false;
}

static bool is_refused(uint32_t msr)
{
	uint64_t value;

	return rdmsr_fault(msr, &value) == FAULT_GP && wrmsr_fault(msr, 0) == FAULT_GP &&
	       wrmsr_fault(msr, ~0ull) == FAULT_GP;
}

/* The hypervisor's own, its test window, and those of the processor's model, SVM's among them */
static void test_msrs(void)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0x40000000, 0x400001ff }, { 0x40000ff0, 0x4000101f }, { 0x40001080, 0x4000109f },
		{ 0x4f000000, 0x4f0003ff }, { 0x4f001000, 0x4f0010ff }, { 0x4f002000, 0x4f0020ff },
		{ 0x4f00ff00, 0x4f00ffff }, { 0xc0010000, 0xc0011fff },
	};
	unsigned int i, reached;
	uint32_t msr;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		reached = 0;
		for (msr = ranges[i].first; msr <= ranges[i].last; msr++) {
			if (may_have(msr) || is_refused(msr))
				continue;
			if (!reached++)
				check(false, "MSR 0x%x can be reached", msr);
		}
		check_equal(reached, 0, "no other MSR from 0x%x to 0x%x", ranges[i].first,
			    ranges[i].last);
	}
}

/* Registers of a call; a fast one has its input in RDX and R8. */
struct call {
	uint64_t control, in, out;
};

static uint64_t do_call(void *page, struct call *c)
{
	register uint64_t out asm("r8") = c->out;
	uint64_t result;

	asm volatile("call *%1"
		     : "=a"(result), "+r"(page), "+c"(c->control), "+d"(c->in), "+r"(out)
		     : : "r9", "r10", "r11", "memory");
	c->out = out;
	return result;
}

static uint64_t hypercall(void *page, uint64_t control, uint64_t input)
{
	struct call c = { control, input, 0 };

	return do_call(page, &c);
}

static bool is_denied(uint64_t result)
{
	uint16_t status = result;

	/* Of a repeated call nothing is done either. */
	return !(result >> 32) &&
	       (status == STATUS_INVALID_CODE || status == STATUS_ACCESS_DENIED);
}

/* A call about partition @id, in all forms: denied, and nothing is written anywhere. */
static bool all_forms_denied(void *page, uint64_t *buffer, unsigned int code, uint64_t id)
{
	static const uint64_t forms[] = {
		0, CALL_REPS(1), CALL_REPS(5), CALL_FAST, CALL_FAST | CALL_REPS(1),
	};
	uint64_t *output = buffer + PAGE_SIZE / sizeof(*buffer) / 2;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct call c = { code | forms[i], (uint64_t)buffer, (uint64_t)output };

		buffer[0] = id;
		if (forms[i] & CALL_FAST) {
			c.in = id;
			c.out = POISON;
		}
		if (!is_denied(do_call(page, &c)) || buffer[0] != id || buffer[1] ||
		    output[0] != POISON || output[1] != POISON)
			return false;
		if (forms[i] & CALL_FAST && (c.in != id || c.out != POISON))
			return false;
	}
	return true;
}

/* The root's, this one's and others', whatever the ids are. */
static void test_partitions(void *page)
{
	uint64_t *buffer = page_alloc();
	unsigned int code, id, reached = 0;

	for (id = 0; id < 64; id++)
		buffer[PAGE_SIZE / sizeof(*buffer) / 2 + id] = POISON;
	for (code = FIRST_OF_ROOT; code <= LAST_OF_ROOT; code++) {
		bool denied = all_forms_denied(page, buffer, code, SELF_ID);

		for (id = ROOT_ID; id <= LAST_ID && denied; id++)
			denied = all_forms_denied(page, buffer, code, id);
		if (!denied && !reached++)
			check(false, "call 0x%x reaches a partition", code);
	}
	check_equal(reached, 0, "no call in no form reaches a partition by its id");
	check_equal(rdmsr(MSR_HYPERCALL), (uint64_t)page | 1, "the hypercall page has stayed");
	check_equal(rdmsr(MSR_GUEST_OS_ID), 0x8100ull << 48, "and the guest's id");
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
	test_partitions(page);
}

void guest_main(void)
{
	test_svm();
	test_memory();
	test_ports();
	test_msrs();
	test_hypercalls();
}

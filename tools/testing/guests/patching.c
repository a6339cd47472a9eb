// SPDX-License-Identifier: GPL-2.0
/*
 * Code that is patched while another processor runs it, as kernels do: an INT3 comes and goes.
 * Whoever runs into it tries again, and once it has gone nobody may. And what INT3 and INT n do.
 */
#include <stddef.h>

#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "paging.h"
#include "print.h"
#include "segment.h"
#include "smp.h"
#include "test.h"

#define INT3		0xcc
#define NOP		0x90
#define VECTOR		0x71
#define LENGTH		400		/* instructions behind the INT3, to be translated with it */
#define SECONDS		3
#define MANY		50		/* traps of one that isn't there: it stays */
#define DELAY		0x3ffff		/* iterations between coming and going, at most */

static uint8_t *code;
static volatile uint32_t traps, passes, stop, also_interrupts;

static void try_again(struct frame *frame)
{
	traps++;
	frame->rip--;
}

static void nothing(struct frame *frame)
{
	(void)frame;
}

static void run_code(void *argument)
{
	(void)argument;
	while (!stop) {
		/* What exits for its own reason must not hide what comes behind it. */
		if (also_interrupts)
			asm volatile("int %0" : : "i"(VECTOR) : "memory");
		((void (*)(void))code)();
		passes++;
	}
}

static void write_code(void)
{
	unsigned int i;

	code = page_alloc();
	code[0] = NOP;
	/* add $n, %eax */
	for (i = 0; i < LENGTH; i++) {
		code[1 + 3 * i] = 0x83;
		code[2 + 3 * i] = 0xc0;
		code[3 + 3 * i] = i & 0x7f;
	}
	code[1 + 3 * LENGTH] = 0xc3;
}

static void store(uint8_t byte)
{
	*(volatile uint8_t *)code = byte;
}

/* The other one gets past it, twice to have begun again. Returns: whether it stays stuck. */
static bool sticks(void)
{
	uint32_t passed = passes, trapped = traps;
	uint64_t end = clock_us() + CLOCK_PATIENCE;

	while (passes - passed < 2) {
		if (traps - trapped > MANY || clock_us() > end)
			return true;
		pause();
	}
	return false;
}

static void patch(const char *name)
{
	uint64_t end = clock_us() + SECONDS * 1000000, random = rdtsc() | 1, wait;
	uint32_t stuck = 0, rounds, before = traps;

	print("seed 0x%lx\n", random);
	for (rounds = 0; clock_us() < end; rounds++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		store(INT3);
		for (wait = random & (DELAY >> (random >> 60)); wait; wait--)
			barrier();
		store(NOP);
		stuck += sticks();
	}
	print("%u times patched, %u times run into, %u times stuck\n", rounds, traps - before,
	      stuck);
	check_equal(stuck, 0, "an INT3 that has gone is gone%s", name);
}

static void test_patching(void)
{
	write_code();
	fault_handler(FAULT_BP, try_again);
	fault_handler(VECTOR, nothing);
	smp_begin(1, run_code, NULL);
	store(INT3);
	check(clock_wait_for(&traps, 1, CLOCK_PATIENCE), "an INT3 is run into");
	store(NOP);
	check(!sticks(), "until it goes");
	patch("");
	also_interrupts = 1;
	patch(", INT n before it");
	stop = 1;
	/* What is stuck may be helped by another store. */
	store(NOP);
	check(smp_wait(1), "the other processor comes back");
}

static struct frame seen;
static uint64_t kernel_rip, kernel_rsp;

static void back_to_kernel(struct frame *frame)
{
	seen = *frame;
	frame->rip = kernel_rip;
	frame->cs = SEGMENT_CODE;
	frame->ss = SEGMENT_DATA;
	frame->rsp = kernel_rsp;
	frame->rflags &= ~RFLAGS_IF;
}

/* Runs @insn in the ring of @cs, until its exception or interrupt is seen. */
static void run(const void *insn, uint64_t cs, uint64_t ss, uint64_t rsp)
{
	seen.vector = 0;
	asm volatile("mov %%rsp, %[back_rsp]\n\t"
		     "movq $1f, %[back_rip]\n\t"
		     "push %[ss]\n\tpush %[rsp]\n\tpushf\n\tpush %[cs]\n\tpush %[insn]\n\t"
		     "iretq\n"
		     "1:"
		     : [back_rsp] "=m"(kernel_rsp), [back_rip] "=m"(kernel_rip)
		     : [ss] "r"(ss), [rsp] "r"(rsp), [cs] "r"(cs), [insn] "r"(insn)
		     : "memory", "cc", "r10", "r11");
}

static const struct {
	const char *name;
	uint8_t bytes[4], length, vector;
} instructions[] = {
	{ "INT3", { INT3 }, 1, FAULT_BP },
	{ "INT3 with a prefix", { 0x66, INT3 }, 2, FAULT_BP },
	{ "INT 3", { 0xcd, FAULT_BP }, 2, FAULT_BP },
	{ "INT n", { 0xcd, VECTOR }, 2, VECTOR },
	{ "INT n with prefixes", { 0x66, 0x48, 0xcd, VECTOR }, 4, VECTOR },
};

/*
 * Ring 3 may use a gate of DPL 3; one of DPL 0 is #GP at the instruction. QEMU gets the error code
 * wrong (16 times the vector), so nothing is said of that.
 */
static void test_instruction(unsigned int i, uint8_t *page)
{
	const uint8_t vector = instructions[i].vector;
	const char *name = instructions[i].name;
	uint8_t *user = paging_window(0, (uint64_t)page, PTE_PRESENT | PTE_WRITE | PTE_USER);
	unsigned int n;

	for (n = 0; n < sizeof(instructions[i].bytes); n++)
		page[n] = instructions[i].bytes[n];
	run(page, SEGMENT_CODE, SEGMENT_DATA, (uint64_t)page + PAGE_SIZE);
	check(seen.vector == vector && seen.rip == (uint64_t)page + instructions[i].length,
	      "%s in ring 0", name);
	run(user, SEGMENT_USER_CODE, SEGMENT_USER_DATA, (uint64_t)user + PAGE_SIZE);
	check(seen.vector == FAULT_GP && seen.rip == (uint64_t)user,
	      "%s in ring 3, gate of ring 0", name);
	fault_idt[vector].type |= 0x60;
	run(user, SEGMENT_USER_CODE, SEGMENT_USER_DATA, (uint64_t)user + PAGE_SIZE);
	check(seen.vector == vector && seen.rip == (uint64_t)user + instructions[i].length &&
	      seen.cs == SEGMENT_USER_CODE, "%s in ring 3, gate of ring 3", name);
	fault_idt[vector].type &= ~0x60;
}

static void test_instructions(void)
{
	uint8_t *page = page_alloc();
	unsigned int i;

	fault_handler(FAULT_BP, back_to_kernel);
	fault_handler(FAULT_GP, back_to_kernel);
	fault_handler(VECTOR, back_to_kernel);
	for (i = 0; i < ARRAY_SIZE(instructions); i++)
		test_instruction(i, page);
}

void guest_main(void)
{
	test_instructions();
	if (smp_start() > 1)
		test_patching();
}

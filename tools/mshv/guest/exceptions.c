// SPDX-License-Identifier: GPL-2.0
/* guest64's exceptions: its IDT, its one handler, and a way to provoke each kind. */
#include "guest64.h"

#define VECTOR_DE	0
#define VECTOR_BP	3
#define VECTOR_UD	6
#define VECTOR_PF	14

#define PF_PRESENT	0x1
#define PF_WRITE	0x2

struct gate {
	uint16_t offset_low, selector;
	uint8_t ist, type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
};

static struct gate idt[32];

/* What is expected, set before it is provoked. The instruction to be skipped has @skip bytes. */
static struct {
	uint64_t vector, error, cr2, skip;
	unsigned int taken;
} expected;

void exceptions_init(void)
{
	uint64_t base = (uint64_t)idt;
	uint16_t pointer[] = { sizeof(idt) - 1, base, base >> 16, base >> 32, base >> 48 };
	unsigned int i;

	for (i = 0; i < 32; i++) {
		uint64_t entry = (uint64_t)exception_entries[i];

		idt[i] = (struct gate){
			.offset_low = entry, .offset_middle = entry >> 16,
			.offset_high = entry >> 32, .selector = 8, .type = 0x8e,
		};
	}
	asm volatile("lidt %0" : : "m"(pointer));
}

void exception(struct exception_frame *frame, uint64_t cr2)
{
	if (frame->vector != expected.vector || frame->error != expected.error)
		fail(0x10000 + frame->vector);
	if (frame->vector == VECTOR_PF && cr2 != expected.cr2)
		fail(0x10000 + frame->vector);
	frame->rip += expected.skip;
	expected.vector = ~0ull;
	expected.taken++;
}

static void expect(uint64_t vector, uint64_t error, uint64_t cr2, uint64_t skip)
{
	expected.vector = vector;
	expected.error = error;
	expected.cr2 = cr2;
	expected.skip = skip;
}

void exceptions_check(void)
{
	uint64_t rax = 1, rdx = 0;

	expected.taken = 0;
	expect(VECTOR_DE, 0, 0, 2);
	asm volatile("divl %%ecx" : "+a"(rax), "+d"(rdx) : "c"(0) : "memory");
	CHECK(expected.taken == 1);
	expect(VECTOR_UD, 0, 0, 2);
	asm volatile("ud2" : : : "memory");
	CHECK(expected.taken == 2);
	expect(VECTOR_BP, 0, 0, 0);
	asm volatile("int3" : : : "memory");
	CHECK(expected.taken == 3);
	expect(VECTOR_PF, 0, GUEST_ABSENT + 5, 2);
	asm volatile("movb (%%rdi), %%al" : "+a"(rax) : "D"(GUEST_ABSENT + 5) : "memory");
	CHECK(expected.taken == 4);
	expect(VECTOR_PF, PF_PRESENT | PF_WRITE, GUEST_READONLY + 7, 2);
	asm volatile("movb %%al, (%%rdi)" : : "a"(rax), "D"(GUEST_READONLY + 7) : "memory");
	CHECK(expected.taken == 5);
	CHECK(rax == 1 && rdx == 0);
}

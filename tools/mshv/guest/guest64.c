// SPDX-License-Identifier: GPL-2.0
/*
 * guest64: exits in every way there is, each with an answer that only who knows the VMM's number
 * and the exit's can give.
 */
#include "challenge_abi.h"
#include "guest64.h"

#define FPU_CONTROL	0x0f7f00007f80ull	/* what fpu.S loads */

static uint64_t number, sequence;

void fail(uint32_t what)
{
	asm volatile("outl %0, %1" : : "a"(what), "d"((uint16_t)CHALLENGE_FAIL_PORT));
	for (;;)
		asm volatile("hlt");
}

static uint64_t answer(uint64_t element)
{
	return challenge_answer(number, sequence | element << 32);
}

static uint64_t question(uint64_t element)
{
	return challenge_answer(~number, sequence | element << 32);
}

static uint64_t cut(uint64_t value, unsigned int size)
{
	return size == 8 ? value : value & ((1ull << (8 * size)) - 1);
}

/* What a register holds after its low @size bytes were written. */
static uint64_t merge(uint64_t old, uint64_t value, unsigned int size)
{
	if (size >= 4)
		return cut(value, size);
	return (old & ~((1ull << (8 * size)) - 1)) | cut(value, size);
}

static uint32_t port_read(void)
{
	uint32_t value;

	asm volatile("inl %1, %0" : "=a"(value) : "d"((uint16_t)CHALLENGE_PORT));
	sequence++;
	return value;
}

static void check_in(unsigned int size)
{
	uint64_t rax = answer(0), want = merge(rax, question(0), size);
	uint16_t port = CHALLENGE_PORT;

	if (size == 1)
		asm volatile("inb %%dx, %%al" : "+a"(rax) : "d"(port));
	else if (size == 2)
		asm volatile("inw %%dx, %%ax" : "+a"(rax) : "d"(port));
	else
		asm volatile("inl %%dx, %%eax" : "+a"(rax) : "d"(port));
	sequence++;
	CHECK(rax == want);
}

static void check_out(unsigned int size)
{
	uint64_t rax = answer(0), want = rax;
	uint16_t port = CHALLENGE_PORT;

	if (size == 1)
		asm volatile("outb %%al, %%dx" : "+a"(rax) : "d"(port));
	else if (size == 2)
		asm volatile("outw %%ax, %%dx" : "+a"(rax) : "d"(port));
	else
		asm volatile("outl %%eax, %%dx" : "+a"(rax) : "d"(port));
	sequence++;
	CHECK(rax == want);
}

static void element_set(uint8_t *at, uint64_t value, unsigned int size)
{
	for (; size; size--, value >>= 8)
		*at++ = value;
}

static uint64_t element_get(const uint8_t *at, unsigned int size)
{
	uint64_t value = 0;

	while (size)
		value = value << 8 | at[--size];
	return value;
}

#define STRING(insn, index, at, count, rax, step) ({					\
	asm volatile("test %3, %3\n\tjns 1f\n\tstd\n1:\t" insn "\n\tcld"			\
		     : "+" index(at), "+c"(count), "+a"(rax)				\
		     : "r"((int64_t)(step)), "d"((uint16_t)CHALLENGE_PORT)		\
		     : "memory", "cc");							\
})

/* REP OUTS of @count elements over a page boundary, downwards if @step is negative. */
static void check_string_out(int step, uint64_t count)
{
	unsigned int size = step < 0 ? -step : step;
	uint8_t *at = (uint8_t *)GUEST_BUFFER + 4096 - count / 2 * step - 1;
	uint8_t *end = at + count * step;
	uint64_t rax = answer(0), i, left = count;

	for (i = 0; i < count; i++)
		element_set(at + i * step, answer(i), size);
	if (size == 1)
		STRING("rep outsb", "S", at, left, rax, step);
	else if (size == 2)
		STRING("rep outsw", "S", at, left, rax, step);
	else
		STRING("rep outsl", "S", at, left, rax, step);
	CHECK(at == end && left == 0 && rax == answer(0));
	sequence++;
}

static void check_string_in(int step, uint64_t count)
{
	unsigned int size = step < 0 ? -step : step;
	uint8_t *begin = (uint8_t *)GUEST_BUFFER + 4096 - count / 2 * step - 1, *at = begin;
	uint64_t rax = answer(0), i, left = count;

	if (size == 1)
		STRING("rep insb", "D", at, left, rax, step);
	else if (size == 2)
		STRING("rep insw", "D", at, left, rax, step);
	else
		STRING("rep insl", "D", at, left, rax, step);
	CHECK(at == begin + count * step && left == 0 && rax == answer(0));
	for (i = 0; i < count; i++)
		CHECK(element_get(begin + i * step, size) == cut(question(i), size));
	sequence++;
}

/* Without a REP prefix one element moves and RCX is left alone. */
static void check_string_single(void)
{
	uint8_t *at = (uint8_t *)GUEST_BUFFER;
	uint64_t rax = answer(0), left = 77;

	element_set(at, rax, 2);
	STRING("outsw", "S", at, left, rax, 2);
	CHECK(at == (uint8_t *)GUEST_BUFFER + 2 && left == 77);
	sequence++;
}

static void check_memory_write(uint64_t base, uint64_t mask, unsigned int size)
{
	uint64_t rax = answer(0), want = rax, at = base + (rax & mask);

	if (size == 1)
		asm volatile("movb %%al, (%1)" : "+a"(rax) : "r"(at) : "memory");
	else if (size == 2)
		asm volatile("movw %%ax, (%1)" : "+a"(rax) : "r"(at) : "memory");
	else if (size == 4)
		asm volatile("movl %%eax, 0x10(%1)" : "+a"(rax) : "r"(at - 0x10) : "memory");
	else
		asm volatile("movq %%rax, 0x1000(%1,%2,4)" : "+a"(rax)
			     : "r"(at - 0x1000 - 12), "r"(3ull) : "memory");
	sequence++;
	CHECK(rax == want);
}

static void check_memory_read(unsigned int size)
{
	uint64_t rax = answer(0), want = merge(rax, question(0), size);
	uint64_t at = CHALLENGE_MMIO_GVA + (rax & CHALLENGE_MMIO_MASK);

	if (size == 1)
		asm volatile("movb (%1), %%al" : "+a"(rax) : "r"(at) : "memory");
	else if (size == 2)
		asm volatile("movw (%1), %%ax" : "+a"(rax) : "r"(at) : "memory");
	else if (size == 4)
		asm volatile("movl (%1), %%eax" : "+a"(rax) : "r"(at) : "memory");
	else
		asm volatile("movq (%1), %%rax" : "+a"(rax) : "r"(at) : "memory");
	sequence++;
	CHECK(rax == want);
}

static uint64_t load(uint64_t at)
{
	uint64_t value;

	asm volatile("movq (%1), %0" : "=r"(value) : "r"(at) : "memory");
	return value;
}

/* Reading the VMM's read-only page doesn't exit; writing it does, and changes nothing. */
static void check_rom(void)
{
	uint64_t offset = answer(0) & CHALLENGE_ROM_MASK;
	uint64_t at = CHALLENGE_ROM_GVA + offset;
	uint64_t want = challenge_answer(~number, offset / 8 << 32);

	CHECK(load(at) == want);
	check_memory_write(CHALLENGE_ROM_GVA, CHALLENGE_ROM_MASK, 8);
	CHECK(load(at) == want);
}

static void check_halt(void)
{
	uint64_t rax = answer(0), want = rax;

	asm volatile("lea 1f(%%rip), %%rbx\n\thlt\n1:" : "+a"(rax) : : "rbx", "memory");
	sequence++;
	CHECK(rax == want);
}

static void check_exits(void)
{
	uint64_t count = 1 + answer(0) % 512;
	unsigned int size;

	for (size = 1; size <= 4; size *= 2) {
		check_in(size);
		check_out(size);
		check_string_out(size, count);
		check_string_in(size, count);
		check_string_out(-(int)size, count);
		check_string_in(-(int)size, count);
	}
	check_string_single();
	for (size = 1; size <= 8; size *= 2) {
		check_memory_write(CHALLENGE_MMIO_GVA, CHALLENGE_MMIO_MASK, size);
		check_memory_read(size);
	}
	check_rom();
	check_halt();
}

int guest64_main(void)
{
	int64_t in[16], out[40];
	uint32_t rounds, i;

	number = port_read();
	number |= (uint64_t)port_read() << 32;
	for (rounds = port_read(); rounds; rounds--) {
		for (i = 0; i < 16; i++)
			in[i] = answer(i) & 0x3ffffff;
		fpu_square(in);
		check_exits();
		exceptions_check();
		CHECK(fpu_root(out) == FPU_CONTROL);
		for (i = 0; i < 16; i++)
			CHECK(out[i] == in[i] && out[16 + i] == in[i]);
		for (i = 0; i < 8; i++)
			CHECK(out[32 + i] == in[7 - i]);
	}
	return 0;
}

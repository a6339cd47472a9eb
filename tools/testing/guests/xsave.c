// SPDX-License-Identifier: GPL-2.0
/* Registers that VMRUN doesn't switch, kept while another VP uses others; XSAVE sizes. */
#include <stddef.h>

#include "clock.h"
#include "cpu.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define ROUNDS		40
#define AREA		832		/* x87, SSE, AVX */
#define X87_REGISTERS	32
#define XMM_REGISTERS	160
#define YMM_REGISTERS	576

struct area {
	uint8_t byte[1024] __attribute__((aligned(64)));
};

static struct area in[2], out[2];
static volatile uint32_t wrong[2];

/* A pattern for VP and round; x87 registers have 10 bytes of 16. */
static void fill(struct area *area, unsigned int vp, unsigned int round, bool avx)
{
	unsigned int i;

	asm volatile("fninit");
	asm volatile("fxsave %0" : "=m"(*area));
	for (i = 0; i < 128; i++)
		if (i % 16 < 10)
			area->byte[X87_REGISTERS + i] = i + 3 * round + 101 * vp;
	for (i = 0; i < 256; i++) {
		area->byte[XMM_REGISTERS + i] = i * 7 + round + 53 * vp;
		area->byte[YMM_REGISTERS + i] = i * 5 + round + 97 * vp;
	}
	for (i = 512; i < YMM_REGISTERS; i++)
		area->byte[i] = 0;
	area->byte[512] = avx ? 7 : 3;
}

static bool same(const struct area *a, const struct area *b, bool avx)
{
	unsigned int i;

	for (i = 0; i < 128; i++)
		if (i % 16 < 10 && a->byte[X87_REGISTERS + i] != b->byte[X87_REGISTERS + i])
			return false;
	for (i = 0; i < 256; i++) {
		if (a->byte[XMM_REGISTERS + i] != b->byte[XMM_REGISTERS + i])
			return false;
		if (avx && a->byte[YMM_REGISTERS + i] != b->byte[YMM_REGISTERS + i])
			return false;
	}
	return true;
}

static void set_debug(uint64_t value)
{
	asm volatile("mov %0, %%dr0\n\tmov %1, %%dr1\n\tmov %2, %%dr2\n\tmov %3, %%dr3"
		     : : "r"(value), "r"(value + 1), "r"(value + 2), "r"(value + 3));
}

static bool debug_is(uint64_t value)
{
	uint64_t a, b, c, d;

	asm volatile("mov %%dr0, %0\n\tmov %%dr1, %1\n\tmov %%dr2, %2\n\tmov %%dr3, %3"
		     : "=r"(a), "=r"(b), "=r"(c), "=r"(d));
	return a == value && b == value + 1 && c == value + 2 && d == value + 3;
}

/* VP 1 goes without AVX, so that XCR0 differs as well. */
static void keep(void *argument)
{
	unsigned int vp = cpu_self()->index, round;
	bool avx = vp == 0;
	uint64_t mask = avx ? 7 : 3;

	(void)argument;
	write_cr4(read_cr4() | CR4_OSXSAVE);
	if (xsetbv(0, mask) != FAULT_NONE)
		wrong[vp] += 1000;
	for (round = 0; round < ROUNDS; round++) {
		fill(&in[vp], vp, round, avx);
		set_debug(0x1000 * (round + 1) + 16 * vp);
		asm volatile("xrstor %0" : : "m"(in[vp]), "a"(7), "d"(0));
		clock_wait(2000);
		(void)cpuid(0, 0);
		asm volatile("xsave %0" : "=m"(out[vp]) : "a"(7), "d"(0) : "memory");
		if (!same(&in[vp], &out[vp], avx))
			wrong[vp]++;
		if (!debug_is(0x1000 * (round + 1) + 16 * vp))
			wrong[vp] += 0x100;
		if (xgetbv(0) != mask)
			wrong[vp] += 0x10000;
	}
}

static void test_sizes(void)
{
	write_cr4(read_cr4() & ~CR4_OSXSAVE);
	check(!(cpuid(1, 0).ecx >> 27 & 1), "OSXSAVE is off with CR4's");
	check_equal(FAULT_OF("xgetbv"), FAULT_UD, "XGETBV gives #UD");
	write_cr4(read_cr4() | CR4_OSXSAVE);
	check(cpuid(1, 0).ecx >> 27 & 1, "OSXSAVE is on with CR4's");
	check_equal(cpuid(0xd, 0).eax & 7, 7, "XCR0 may have x87, SSE and AVX");
	check_equal(xsetbv(0, 1), FAULT_NONE, "XCR0 = 1");
	check_equal(cpuid(0xd, 0).ebx, 576, "size with x87");
	check_equal(xsetbv(0, 7), FAULT_NONE, "XCR0 = 7");
	check_equal(cpuid(0xd, 0).ebx, AREA, "size with AVX");
	check_equal(cpuid(0xd, 2).eax, 256, "size of AVX");
	check_equal(cpuid(0xd, 2).ebx, YMM_REGISTERS, "place of AVX");
	check_equal(xsetbv(0, 0), FAULT_GP, "XCR0 without x87 gives #GP");
	check_equal(xsetbv(0, 5), FAULT_GP, "AVX without SSE gives #GP");
	check_equal(xsetbv(1, 1), FAULT_GP, "XCR1 gives #GP");
}

void guest_main(void)
{
	unsigned int vp;

	test_sizes();
	if (smp_start() > 1)
		smp_begin(1, keep, NULL);
	keep(NULL);
	if (smp_count() > 1)
		check(smp_wait(1), "the other ends");
	for (vp = 0; vp < 2 && vp < smp_count(); vp++)
		check_equal(wrong[vp], 0, "VP %u keeps its registers", vp);
}

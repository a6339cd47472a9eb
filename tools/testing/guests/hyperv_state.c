// SPDX-License-Identifier: GPL-2.0
/*
 * State that the processor has once and each VP for itself: several of them, on fewer processors,
 * keep different values while they take turns.
 */
#include "clock.h"
#include "cpu.h"
#include "smp.h"
#include "test.h"

#define ROUNDS		4000
#define CR4_OSFXSR	(3ull << 9)
#define CR0_EM_TS	0xcull
#define CR0_MP		2ull

static volatile uint32_t wrong[SMP_CPUS];

static bool has_avx(void)
{
	return cpuid(1, 0).ecx & 1u << 28;
}

static void enable(uint32_t index)
{
	write_cr0((read_cr0() & ~CR0_EM_TS) | CR0_MP);
	write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXSAVE);
	/* Not all have the same. */
	xsetbv(0, has_avx() && !(index & 1) ? 7 : 3);
}

static uint64_t xcr0_of(uint32_t index)
{
	return has_avx() && !(index & 1) ? 7 : 3;
}

static void load(uint64_t value, bool avx)
{
	asm volatile("movq %0, %%xmm3\n\tpunpcklqdq %%xmm3, %%xmm3" : : "r"(value));
	if (avx)
		asm volatile("vinsertf128 $1, %xmm3, %ymm3, %ymm3");
	asm volatile("mov %0, %%db0\n\tmov %0, %%db3" : : "r"(value));
}

static bool holds(uint64_t value, bool avx)
{
	uint64_t low, high = value, db0, db3;

	asm volatile("movq %%xmm3, %0" : "=r"(low));
	if (avx)
		asm volatile("vextractf128 $1, %%ymm3, %%xmm4\n\tmovq %%xmm4, %0" : "=r"(high));
	asm volatile("mov %%db0, %0\n\tmov %%db3, %1" : "=r"(db0), "=r"(db3));
	return low == value && high == value && db0 == value && db3 == value;
}

static void keep(void *argument)
{
	uint32_t index = cpu_self()->index, round;
	bool avx = xcr0_of(index) == 7;

	(void)argument;
	enable(index);
	wrmsr(MSR_TSC_AUX, index + 100);
	for (round = 0; round < ROUNDS; round++) {
		uint64_t value = (uint64_t)round << 8 | index;

		load(value, avx);
		/* An exit here and there; elsewhere the others' turns come between. */
		if (!(round & 3))
			cpuid(0, 0);
		else
			clock_wait(20);
		if (!holds(value, avx) || xgetbv(0) != xcr0_of(index) ||
		    rdmsr(MSR_TSC_AUX) != index + 100)
			wrong[index]++;
	}
}

void guest_main(void)
{
	unsigned int i;

	smp_start();
	for (i = 1; i < smp_count(); i++)
		smp_begin(i, keep, 0);
	keep(0);
	for (i = 1; i < smp_count(); i++)
		smp_wait(i);
	for (i = 0; i < smp_count(); i++)
		check_equal(wrong[i], 0, "processor %u keeps its state", i);
}

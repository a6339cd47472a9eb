// SPDX-License-Identifier: GPL-2.0
/* Reference time: the MSR, the page, the frequencies, on all processors. */
#include "clock.h"
#include "cpu.h"
#include "machine.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define MSR_VP_INDEX	0x40000002
#define MSR_RUNTIME	0x40000010
#define MSR_TIME	0x40000020
#define MSR_TSC_PAGE	0x40000021
#define MSR_TSC_HZ	0x40000022
#define MSR_APIC_HZ	0x40000023
#define ROUNDS		300
/* 100 ns units: 1 ms for a busy host, between two looks at clocks. If it takes more, once more. */
#define LATE		10000
#define TRIES		50

struct tsc_page {
	volatile uint32_t sequence, reserved;
	volatile uint64_t scale;
	volatile int64_t offset;
};

static struct tsc_page *page;
static volatile uint64_t latest;
static volatile uint32_t turn, backwards;

static uint64_t page_time(void)
{
	return (uint64_t)(((__uint128_t)rdtsc() * page->scale) >> 64) +
	       (uint64_t)page->offset;
}

/* The MSR's time lies between two of the page's. */
static void compare(void *argument)
{
	uint64_t before = page_time(), now = rdmsr(MSR_TIME), after = page_time();

	*(volatile uint32_t *)argument = before <= now + 1 && now <= after + 1;
}

/* Processors in turn see a clock that only goes forwards. */
static void hand_over(void *argument)
{
	uint32_t self = cpu_self()->index, round;

	(void)argument;
	for (round = 0; round < ROUNDS; round++) {
		uint64_t now;

		while (turn % smp_count() != self)
			pause();
		now = round & 1 ? page_time() : rdmsr(MSR_TIME);
		/* The MSR is read inside the hypervisor: rounding apart they are one. */
		if (now + 1 < latest)
			backwards++;
		if (now > latest)
			latest = now;
		turn++;
	}
}

static void test_page(void)
{
	volatile uint32_t good;
	unsigned int i;

	page = page_alloc();
	*(volatile uint64_t *)page = ~0ull;
	check_equal(rdmsr(MSR_TSC_PAGE), 0, "no page after reset");
	wrmsr(MSR_TSC_PAGE, (uint64_t)page | 1);
	check(page->sequence && page->sequence != ~0u, "a valid sequence");
	for (i = 0; i < smp_count(); i++) {
		good = 0;
		smp_call(i, compare, (void *)&good);
		check(good, "page and MSR are one clock on processor %u", i);
	}
}

/* The TSC and the time that pass in 100 ms, each in units of 100 ns. */
static void measure(uint64_t *tsc, uint64_t *time)
{
	uint64_t hz = rdmsr(MSR_TSC_HZ);

	*time = rdmsr(MSR_TIME);
	*tsc = rdtsc();
	clock_wait(100000);
	*time = rdmsr(MSR_TIME) - *time;
	*tsc = (rdtsc() - *tsc) / (hz / 10000000);
}

static void test_rate(void)
{
	uint64_t tsc, time, apart;
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		measure(&tsc, &time);
		apart = tsc > time ? tsc - time : time - tsc;
		if (time < 1100000 && apart < LATE + time / 50)
			break;
	}
	check_range(time, 950000, 1100000, "100 ms are a million units");
	check_range(tsc, time - time / 50 - LATE, time + time / 50 + LATE,
		    "TSC and its frequency agree with the time");
	check(rdmsr(MSR_APIC_HZ) >= 1000000, "an APIC frequency");
}

static void index_of(void *argument)
{
	*(volatile uint32_t *)argument = rdmsr(MSR_VP_INDEX);
}

static void test_read_only(void)
{
	static const uint32_t msrs[] = { MSR_VP_INDEX, MSR_RUNTIME, MSR_TIME, MSR_TSC_HZ,
					 MSR_APIC_HZ };
	volatile uint32_t index;
	unsigned int i;

	/* The client's features have no run time. */
	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		check_equal(wrmsr_fault(msrs[i], 0), FAULT_GP, "MSR %x is read-only", msrs[i]);
	for (i = 0; i < smp_count(); i++) {
		index = ~0u;
		smp_call(i, index_of, (void *)&index);
		check_equal(index, i, "VP index of processor %u", i);
	}
}

void guest_main(void)
{
	unsigned int i;

	smp_start();
	test_page();
	test_rate();
	test_read_only();
	for (i = 1; i < smp_count(); i++)
		smp_begin(i, hand_over, 0);
	hand_over(0);
	for (i = 1; i < smp_count(); i++)
		smp_wait(i);
	check_equal(backwards, 0, "the time never goes backwards");
	wrmsr(MSR_TSC_PAGE, 0);
	check_equal(*(volatile uint64_t *)page, ~0ull, "the page's old contents are back");
}

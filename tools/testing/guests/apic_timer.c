// SPDX-License-Identifier: GPL-2.0
/* The local APIC's timer: one-shot, periodic, divisors, masked, stopped, read. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "test.h"

#define VECTOR	0x70
/* Never early; how late depends on what else the host has to do. */
#define LATEST_US 1000000

static volatile uint32_t ticks;
static volatile uint64_t when;
static uint64_t hz;		/* at divisor 1 */

static void tick(struct frame *frame)
{
	(void)frame;
	when = rdtsc();
	ticks++;
	apic_eoi();
}

static void stop(void)
{
	apic_write(APIC_TMICT, 0);
	apic_write(APIC_LVT_TIMER, APIC_MASKED | VECTOR);
	sti_nop_cli();
	ticks = 0;
}

/* Counts down for 50 ms without an interrupt. */
static void measure(void)
{
	uint64_t begin, end;
	uint32_t left;

	stop();
	apic_write(APIC_TDCR, 0xb);
	apic_write(APIC_TMICT, 0xffffffff);
	begin = rdtsc();
	clock_wait(50000);
	left = apic_read(APIC_TMCCT);
	end = rdtsc();
	hz = (0xffffffffull - left) * (clock_hz() / 1000) / (end - begin) * 1000;
	check_range(hz, 1000000, 10000000000, "counts a second at divisor 1");
	stop();
}

/* Waits for the next tick with HLT or spinning. Returns: microseconds. */
static uint64_t wait_tick(uint64_t begin, bool halt)
{
	uint32_t before = ticks;

	if (halt) {
		while (ticks == before)
			sti_hlt_cli();
	} else {
		sti();
		clock_wait_for(&ticks, before + 1, 2000000);
		cli();
	}
	return (when - begin) / (clock_hz() / 1000000);
}

static void one_shot(unsigned int divisor, uint32_t code, bool halt)
{
	uint64_t begin, us;

	stop();
	apic_write(APIC_TDCR, code);
	apic_write(APIC_LVT_TIMER, VECTOR);
	begin = rdtsc();
	apic_write(APIC_TMICT, hz / divisor / 50);
	us = wait_tick(begin, halt);
	check_range(us, 19000, LATEST_US, "20 ms at divisor %u%s, in us", divisor,
		    halt ? ", halted" : "");
	check_equal(apic_read(APIC_TMCCT), 0, "TMCCT is 0 then");
	clock_wait(1000);
	sti_nop_cli();
	check_equal(ticks, 1, "one-shot is once");
}

static void test_divisors(void)
{
	static const uint8_t codes[8] = { 0xb, 0, 1, 2, 3, 8, 9, 0xa };
	unsigned int i;

	for (i = 0; i < 8; i++)
		one_shot(1u << i, codes[i], i & 1);
}

static void test_periodic(void)
{
	uint64_t begin, us;
	unsigned int i;

	stop();
	apic_write(APIC_TDCR, 3);
	apic_write(APIC_LVT_TIMER, APIC_PERIODIC | VECTOR);
	begin = rdtsc();
	apic_write(APIC_TMICT, hz / 16 / 100);
	for (i = 0; i < 20; i++)
		us = wait_tick(begin, true);
	check_range(us, 190000, 20 * LATEST_US, "20 ticks of 10 ms, in us");
	check_range(apic_read(APIC_TMCCT), 1, hz / 16 / 100, "TMCCT within the period");
	apic_write(APIC_TMICT, 0);
	sti_nop_cli();
	ticks = 0;
	sti();
	clock_wait(30000);
	cli();
	check_equal(ticks, 0, "TMICT 0 stops it");
}

static void test_masked(void)
{
	uint32_t first, second;

	stop();
	apic_write(APIC_TDCR, 0xb);
	apic_write(APIC_TMICT, hz < 0xffffffff ? hz : 0xffffffff);
	first = apic_read(APIC_TMCCT);
	clock_wait(1000);
	second = apic_read(APIC_TMCCT);
	check(second < first && second, "TMCCT falls while the LVT is masked");
	apic_write(APIC_TMICT, hz / 100);
	sti();
	clock_wait(20000);
	cli();
	check_equal(ticks, 0, "masked there is no interrupt");
	apic_write(APIC_LVT_TIMER, VECTOR);
	sti();
	clock_wait(2000);
	cli();
	check_equal(ticks, 0, "nor later, unmasked");
}

static void test_rearm(void)
{
	uint64_t begin;

	stop();
	apic_write(APIC_TDCR, 0xb);
	apic_write(APIC_LVT_TIMER, VECTOR);
	apic_write(APIC_TMICT, hz / 100);
	begin = rdtsc();
	apic_write(APIC_TMICT, hz / 20);
	check_range(wait_tick(begin, true), 49000, LATEST_US,
		    "a new count replaces the old, in us");
	check_equal(ticks, 1, "and there is one tick");
	stop();
}

void guest_main(void)
{
	fault_handler(VECTOR, tick);
	measure();
	test_divisors();
	test_periodic();
	test_masked();
	test_rearm();
}

// SPDX-License-Identifier: GPL-2.0
/* The local APIC's timer: one-shot, periodic, divisors, masked, stopped, read. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "test.h"

#define VECTOR	0x70
/* Never early. As to late, a busy host gets more tries. */
#define LATEST_US 100000
#define TRIES 50

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

/* Counts down for 50 ms without an interrupt. Returns: cycles in which looking took place. */
static uint64_t count_down(void)
{
	uint64_t begin, end, looked;
	uint32_t left;

	stop();
	apic_write(APIC_TDCR, 0xb);
	looked = rdtsc();
	apic_write(APIC_TMICT, 0xffffffff);
	begin = rdtsc();
	looked = begin - looked;
	clock_wait(50000);
	looked -= rdtsc();
	left = apic_read(APIC_TMCCT);
	end = rdtsc();
	looked += end;
	hz = (0xffffffffull - left) * (clock_hz() / 1000) / (end - begin) * 1000;
	return looked;
}

/* Until it is right to a per cent. */
static void measure(void)
{
	unsigned int i;

	for (i = 0; i < TRIES && count_down() > clock_hz() / 2000; i++)
		;
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

static uint64_t one_shot(uint32_t code, uint32_t initial, bool halt)
{
	uint64_t begin;

	stop();
	apic_write(APIC_TDCR, code);
	apic_write(APIC_LVT_TIMER, VECTOR);
	begin = rdtsc();
	apic_write(APIC_TMICT, initial);
	return wait_tick(begin, halt);
}

static void test_divisor(unsigned int divisor, uint32_t code, bool halt)
{
	unsigned int i = 0;
	uint64_t us;

	do {
		us = one_shot(code, hz / divisor / 50, halt);
	} while (us > LATEST_US && ++i < TRIES);
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
		test_divisor(1u << i, codes[i], i & 1);
}

/* Returns: how long 20 periods took. */
static uint64_t twenty_periods(void)
{
	uint64_t begin, us = 0;
	unsigned int i;

	stop();
	apic_write(APIC_TDCR, 3);
	apic_write(APIC_LVT_TIMER, APIC_PERIODIC | VECTOR);
	begin = rdtsc();
	apic_write(APIC_TMICT, hz / 16 / 100);
	for (i = 0; i < 20; i++)
		us = wait_tick(begin, true);
	return us;
}

static void test_periodic(void)
{
	uint64_t us = twenty_periods();
	unsigned int i;

	for (i = 0; i < TRIES && us > 400000; i++)
		us = twenty_periods();
	check_range(us, 190000, 400000, "20 ticks of 10 ms, in us");
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
	unsigned int i = 0;
	uint64_t begin;

	/* The old count must not be over before the new one is there. */
	do {
		stop();
		apic_write(APIC_TDCR, 0xb);
		apic_write(APIC_LVT_TIMER, VECTOR);
		begin = rdtsc();
		apic_write(APIC_TMICT, hz / 100);
		apic_write(APIC_TMICT, hz / 20);
	} while (rdtsc() - begin > clock_hz() / 200 && ++i < TRIES);
	check_range(wait_tick(begin, true), 49000, CLOCK_PATIENCE,
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

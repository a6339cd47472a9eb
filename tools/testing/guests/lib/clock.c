// SPDX-License-Identifier: GPL-2.0
/* Time by the TSC. */
#include "clock.h"
#include "cpu.h"
#include "machine.h"

#define MEASURED_US	30000
#define MOST_US		3000000
#define TRIES		5

static uint64_t hz = 1000000000;

/*
 * The VMM's time and the TSC in the middle of asking for it; of some tries the quickest. How long
 * that took goes to *@took.
 */
static uint64_t sample(uint64_t *tsc, uint64_t *took)
{
	uint64_t best = ~0ull, time = 0, begin, end, now;
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		begin = rdtsc();
		now = machine_microseconds();
		end = rdtsc();
		if (end - begin < best) {
			best = end - begin;
			*tsc = begin + best / 2;
			time = now;
		}
	}
	*took = best;
	return time;
}

void clock_init(void)
{
	uint64_t first_tsc = 0, last_tsc = 0, first_took, last_took, first, last;

	first = sample(&first_tsc, &first_took);
	/* The longer the asking takes, on a busy host, the longer must the time between be. */
	do {
		last = sample(&last_tsc, &last_took);
	} while (last - first < MEASURED_US ||
		 (last - first < MOST_US &&
		  last_tsc - first_tsc < 50 * (first_took + last_took)));
	hz = (last_tsc - first_tsc) * 1000 / (last - first) * 1000;
}

uint64_t clock_hz(void)
{
	return hz;
}

uint64_t clock_us(void)
{
	return rdtsc() / (hz / 1000000);
}

void clock_wait(uint64_t microseconds)
{
	uint64_t end = rdtsc() + microseconds * (hz / 1000000);

	while (rdtsc() < end)
		pause();
}

bool clock_wait_for(const volatile uint32_t *at, uint32_t value, uint64_t microseconds)
{
	uint64_t end = rdtsc() + microseconds * (hz / 1000000);

	while (*at < value) {
		if (rdtsc() > end)
			return *at >= value;
		pause();
	}
	return true;
}

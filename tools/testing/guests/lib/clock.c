// SPDX-License-Identifier: GPL-2.0
/* Time by the TSC. */
#include "clock.h"
#include "cpu.h"
#include "machine.h"

#define MEASURED_US	30000
#define TRIES		5

static uint64_t hz = 1000000000;

/* The VMM's time and the TSC in the middle of asking for it; of some tries the quickest. */
static uint64_t sample(uint64_t *tsc)
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
	return time;
}

void clock_init(void)
{
	uint64_t first_tsc = 0, last_tsc = 0, first, last;

	first = sample(&first_tsc);
	do {
		last = sample(&last_tsc);
	} while (last - first < MEASURED_US);
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

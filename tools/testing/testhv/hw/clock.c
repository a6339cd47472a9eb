// SPDX-License-Identifier: GPL-2.0
/*
 * The frequency of the TSC, measured against the ACPI PM timer. On a busy host a read of the timer
 * can take long, so of several brackets the tightest counts.
 */
#include "../lib/lib.h"
#include "clock.h"
#include "cpu.h"

#define PM_TIMER	0x608		/* where SeaBIOS puts it on pc and on q35 */
#define PM_HZ		3579545ULL
#define PM_MASK		0xffffffu
#define MEASURE_TICKS	(PM_HZ / 20)	/* 50 ms */

u64 tsc_hz;

struct sample {
	u64 tsc;
	u32 pm;
};

static struct sample take_sample(void)
{
	struct sample best = { 0 };
	u64 tightest = ~0ULL;

	for (int i = 0; i < 20; i++) {
		u64 before = rdtsc();
		u32 pm = in32(PM_TIMER) & PM_MASK;
		u64 after = rdtsc();

		if (after - before < tightest) {
			tightest = after - before;
			best = (struct sample){ before + (after - before) / 2, pm };
		}
	}
	return best;
}

void clock_init(void)
{
	struct sample start = take_sample(), end;

	do {
		end = take_sample();
	} while (((end.pm - start.pm) & PM_MASK) < MEASURE_TICKS);
	tsc_hz = mul_div(end.tsc - start.tsc, PM_HZ, (end.pm - start.pm) & PM_MASK);
}

void delay_us(u64 us)
{
	u64 end = rdtsc() + us * (tsc_hz / 1000000);

	while ((s64)(rdtsc() - end) < 0)
		cpu_relax();
}

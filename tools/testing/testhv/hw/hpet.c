// SPDX-License-Identifier: GPL-2.0
/*
 * The HPET (IA-PC HPET specification 1.0a), as QEMU has it with "-global hpet.msi=on -global
 * hpet.timers=8".
 */
#include "../lib/lib.h"
#include "cpu.h"
#include "hpet.h"

#define GENERAL_CAP		0x000
#define GENERAL_CONFIG		0x010
#define COUNTER			0x0f0
#define TIMER_CONFIG(n)		(0x100 + 0x20 * (n))
#define TIMER_COMPARE(n)	(0x108 + 0x20 * (n))
#define TIMER_ROUTE(n)		(0x110 + 0x20 * (n))

#define CONFIG_ENABLE		BIT(0)
#define TIMER_INT_ENABLE	BIT(2)
#define TIMER_FSB_ENABLE	BIT(14)
#define TIMER_FSB_CAPABLE	BIT(15)
#define MSI_NMI			0x4400u		/* level assert, delivery mode NMI */
/*
 * High half of a count that is never reached. In nanoseconds it must still be positive, or QEMU 10
 * takes it for the past.
 */
#define FAR			0x00ffffffu

static u64 ticks_per_ms;
static u32 compare_high[MAX_CPUS];

static u32 read(u32 reg)
{
	return mmio_read(HPET_SPA + reg);
}

static void write(u32 reg, u32 v)
{
	mmio_write(HPET_SPA + reg, v);
}

u64 hpet_now(void)
{
	u32 high, low;

	do {
		high = read(COUNTER + 4);
		low = read(COUNTER);
	} while (read(COUNTER + 4) != high);
	return low | (u64)high << 32;
}

void hpet_init(void)
{
	u32 cap = read(GENERAL_CAP), femtoseconds = read(GENERAL_CAP + 4);

	if (!femtoseconds || femtoseconds == ~0u)
		panic("no HPET");
	if (((cap >> 8) & 31) + 1 < cpu_count)
		panic("the HPET has too few timers (use -global hpet.timers=8)");
	ticks_per_ms = 1000000000000ULL / femtoseconds;
	write(GENERAL_CONFIG, 0);
	write(COUNTER, 0);
	write(COUNTER + 4, 0);
	for (unsigned int i = 0; i < cpu_count; i++) {
		if (!(read(TIMER_CONFIG(i)) & TIMER_FSB_CAPABLE))
			panic("the HPET sends no MSI (use -global hpet.msi=on)");
		write(TIMER_ROUTE(i), MSI_NMI);
		write(TIMER_ROUTE(i) + 4, 0xfee00000 | cpus[i].apic_id << 12);
		/* Far away, or it would fire when it is enabled. */
		compare_high[i] = FAR;
		write(TIMER_COMPARE(i) + 4, compare_high[i]);
		write(TIMER_CONFIG(i), TIMER_INT_ENABLE | TIMER_FSB_ENABLE);
	}
	write(GENERAL_CONFIG, CONFIG_ENABLE);
}

/*
 * Each half of the comparator is a store of its own, and QEMU looks at the timer after each. So
 * when the high half must change, the comparator first goes far away: in no moment does it hold a
 * count of the past.
 */
u64 hpet_arm(const struct cpu *cpu, u32 us)
{
	u64 when = hpet_now() + ticks_per_ms * us / 1000;
	u32 n = cpu->index;

	if (compare_high[n] != (u32)(when >> 32)) {
		compare_high[n] = when >> 32;
		write(TIMER_COMPARE(n) + 4, FAR);
		write(TIMER_COMPARE(n), (u32)when);
		write(TIMER_COMPARE(n) + 4, compare_high[n]);
	} else {
		write(TIMER_COMPARE(n), (u32)when);
	}
	return when;
}

// SPDX-License-Identifier: GPL-2.0
/* What whoever runs the guest says of its machine: a port to select and to read. */
#include "cpu.h"
#include "machine.h"

/* A long word written selects; reads give the answer, low half first. */
#define INFO_PORT	0xe4
enum info {
	INFO_CPUS, INFO_APIC, INFO_FEATURES, INFO_MEMORY, INFO_TIME, INFO_ASKED,
	INFO_FORGET = 0x100
};

/* QEMU's: the firmware configuration's number of processors, and the ACPI timer. */
#define FW_CFG_SELECT	0x510
#define FW_CFG_DATA	0x511
#define FW_CFG_CPUS	5
#define PM_TIMER	0x608
#define PM_TIMER_HZ	3579545
#define PM_TIMER_MASK	0xffffff

bool machine_qemu;

static uint64_t ask(uint32_t what)
{
	uint32_t low;

	out32(INFO_PORT, what);
	low = in32(INFO_PORT);
	return (uint64_t)in32(INFO_PORT) << 32 | low;
}

void machine_init(bool qemu)
{
	machine_qemu = qemu;
}

unsigned int machine_cpus(void)
{
	if (!machine_qemu)
		return ask(INFO_CPUS);
	asm volatile("outw %0, %1" : : "a"((uint16_t)FW_CFG_CPUS), "d"((uint16_t)FW_CFG_SELECT));
	return in8(FW_CFG_DATA);
}

bool machine_apic(void)
{
	return machine_qemu || ask(INFO_APIC);
}

uint64_t machine_features(void)
{
	return machine_qemu ? 0 : ask(INFO_FEATURES);
}

uint64_t machine_memory(void)
{
	return machine_qemu ? 32 << 20 : ask(INFO_MEMORY);
}

/* Wraps every 4.7 seconds: it must be asked more often. */
static uint64_t pm_timer(void)
{
	static uint64_t ticks;
	uint32_t now = in32(PM_TIMER) & PM_TIMER_MASK;

	ticks += (now - ticks) & PM_TIMER_MASK;
	return ticks;
}

uint64_t machine_microseconds(void)
{
	return machine_qemu ? pm_timer() * 1000000 / PM_TIMER_HZ : ask(INFO_TIME);
}

void machine_forget(unsigned int page)
{
	out32(INFO_PORT, INFO_FORGET + page);
}

unsigned int machine_asked(void)
{
	return ask(INFO_ASKED);
}

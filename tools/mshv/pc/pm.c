// SPDX-License-Identifier: GPL-2.0
/* Power management (ACPI 6.5, chapter 4.8). */
#include "../status.h"
#include "devices.h"

#define TIMER_HERTZ		3579545ull
#define TIMER_MASK		0xffffffu
#define EVENT_ENABLE		(PM_EVENT + 2)

#define CONTROL_SCI		0x0001
/* "Sleep now", and how: 5 is \_S5 in dsdt.asl. */
#define CONTROL_SLEEP_TYPE	0x3c00
#define CONTROL_OFF		0x3400
#define SLEEP_TYPE		0x3c
#define SLEEP_OFF		0x34
#define KEYBOARD_RESET		0xfe
#define RESET_NOW		0x04

uint32_t pm_read(void *context, uint16_t port, unsigned int size)
{
	const struct pm *pm = context;

	switch (PM_EVENT + port) {
	case EVENT_ENABLE: return pm->enable;
	case PM_CONTROL: return CONTROL_SCI;
	case PM_TIMER: return ticks(pm->now(), TIMER_HERTZ) & TIMER_MASK;
	default: return 0;		/* no event ever happens */
	}
}

void pm_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	unsigned int reg = PM_EVENT + port;
	struct pm *pm = context;

	if (reg == EVENT_ENABLE)
		pm->enable = value;
	if (reg == PM_EVENT && size == 4)
		pm->enable = value >> 16;
	if ((reg == PM_CONTROL && (value & CONTROL_SLEEP_TYPE) == CONTROL_OFF) ||
	    (reg == PM_SLEEP_CONTROL && (value & SLEEP_TYPE) == SLEEP_OFF))
		*pm->exit_code = 0;
	if (reg == PM_RESET && value == PM_RESET_VALUE)
		*pm->exit_code = STATUS_RESET;
}

uint32_t pm_keyboard_read(void *context, uint16_t port, unsigned int size)
{
	return 0;
}

void pm_keyboard_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	const struct pm *pm = context;

	if (value == KEYBOARD_RESET)
		*pm->exit_code = STATUS_RESET;
}

void pm_reset_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	const struct pm *pm = context;

	if (value & RESET_NOW)
		*pm->exit_code = STATUS_RESET;
}

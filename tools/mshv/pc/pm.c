// SPDX-License-Identifier: GPL-2.0
/* Power management (ACPI 6.5, chapter 4.8). */
#include "pm.h"

#define TIMER_HERTZ		3579545ull
#define TIMER_MASK		0xffffffu
#define SECOND			1000000000ull
#define STATUS			(PM_EVENT - PM_EVENT)
#define ENABLE			(STATUS + 2)
#define CONTROL			(PM_CONTROL - PM_EVENT)
#define TIMER			(PM_TIMER - PM_EVENT)
#define SLEEP_CONTROL		(PM_SLEEP_CONTROL - PM_EVENT)
#define RESET			(PM_RESET - PM_EVENT)

#define CONTROL_SCI		0x0001
#define CONTROL_SLEEP		0x2000
#define CONTROL_TYPE		10	/* shift */
#define SLEEP_ENABLE		0x20
#define SLEEP_TYPE		2	/* shift */
#define KEYBOARD_RESET		0xfe
#define RESET_NOW		0x04

uint32_t pm_read(const struct pm *pm, unsigned int port, uint64_t now)
{
	switch (port) {
	case ENABLE: return pm->enable;
	case CONTROL: return pm->control | CONTROL_SCI;
	case TIMER: return (now / SECOND * TIMER_HERTZ + now % SECOND * TIMER_HERTZ / SECOND) &
			   TIMER_MASK;
	default: return 0;		/* no event ever happens */
	}
}

static void sleep_type(struct pm *pm, uint32_t type)
{
	if ((type & 7) == PM_SLEEP_TYPE_OFF)
		pm->request = PM_POWER_OFF;
}

void pm_write(struct pm *pm, unsigned int port, unsigned int size, uint32_t value)
{
	if (port == ENABLE || (port == STATUS && size == 4))
		pm->enable = port == ENABLE ? value : value >> 16;
	if (port == CONTROL) {
		pm->control = value & ~(CONTROL_SLEEP | CONTROL_SCI);
		if (value & CONTROL_SLEEP)
			sleep_type(pm, value >> CONTROL_TYPE);
	} else if (port == SLEEP_CONTROL && value & SLEEP_ENABLE) {
		sleep_type(pm, value >> SLEEP_TYPE);
	} else if (port == RESET && value == PM_RESET_VALUE) {
		pm->request = PM_DO_RESET;
	}
}

void pm_keyboard_command(struct pm *pm, uint8_t value)
{
	if (value == KEYBOARD_RESET)
		pm->request = PM_DO_RESET;
}

void pm_reset_control(struct pm *pm, uint8_t value)
{
	if (value & RESET_NOW)
		pm->request = PM_DO_RESET;
}

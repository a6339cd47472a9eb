/* SPDX-License-Identifier: GPL-2.0 */
/* Power management: the ACPI registers, and every way of a PC to switch itself off or reset. */
#ifndef TOOLS_MSHV_PC_PM_H
#define TOOLS_MSHV_PC_PM_H

#include <stdint.h>

/* Ports. The last three are all that a hardware-reduced machine has of them. */
#define PM_EVENT		0x600
#define PM_CONTROL		0x604
#define PM_TIMER		0x608
#define PM_SLEEP_CONTROL	0x60c
#define PM_SLEEP_STATUS		0x60d
#define PM_RESET		0x60e
#define PM_SIZE			0x10

#define PM_RESET_VALUE		1
#define PM_SLEEP_TYPE_OFF	5	/* of \_S5 */

#define PM_RESET_CONTROL	0xcf9

enum pm_request { PM_NOTHING, PM_POWER_OFF, PM_DO_RESET };

struct pm {
	uint16_t enable, control;
	enum pm_request request;	/* of the guest */
};

/* @port: from PM_EVENT on. @now: nanoseconds. */
uint32_t pm_read(const struct pm *pm, unsigned int port, uint64_t now);
void pm_write(struct pm *pm, unsigned int port, unsigned int size, uint32_t value);

/* The reset of the keyboard controller (command 0xfe at port 0x64), and of port 0xcf9. */
void pm_keyboard_command(struct pm *pm, uint8_t value);
void pm_reset_control(struct pm *pm, uint8_t value);

#endif

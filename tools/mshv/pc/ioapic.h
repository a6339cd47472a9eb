/* SPDX-License-Identifier: GPL-2.0 */
/* An I/O APIC with 24 pins. */
#ifndef TOOLS_MSHV_PC_IOAPIC_H
#define TOOLS_MSHV_PC_IOAPIC_H

#include "interrupt.h"

#define IOAPIC_GPA	0xfec00000ull
#define IOAPIC_SIZE	0x1000ull
#define IOAPIC_PINS	24

struct ioapic {
	struct interrupt_sink sink;
	uint8_t index, id;
	uint32_t levels;		/* of the pins */
	uint64_t entry[IOAPIC_PINS];
};

/* All pins masked, nothing on the wires. */
void ioapic_init(struct ioapic *ioapic, struct interrupt_sink sink);

/* The window: @offset from IOAPIC_GPA. */
uint32_t ioapic_read(const struct ioapic *ioapic, uint64_t offset);
void ioapic_write(struct ioapic *ioapic, uint64_t offset, uint32_t value);

void ioapic_set(struct ioapic *ioapic, unsigned int pin, bool level);

#endif

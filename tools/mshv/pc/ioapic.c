// SPDX-License-Identifier: GPL-2.0
/*
 * An I/O APIC (Intel 82093AA). No device here keeps a line up until the guest has ended the
 * interrupt, so ends aren't looked at: who has one gives its irqfd a resamplefd.
 */
#include "ioapic.h"

#define SELECT		0x00
#define WINDOW		0x10

#define REG_ID		0x00
#define REG_VERSION	0x01
#define REG_ARBITRATION	0x02
#define REG_ENTRIES	0x10
#define VERSION		(0x11 | (IOAPIC_PINS - 1) << 16)

#define ENTRY_LOGICAL	0x800ull
#define ENTRY_LEVEL	0x8000ull
#define ENTRY_MASKED	0x10000ull
#define ENTRY_READ_ONLY	0x5000ull	/* delivery status, remote IRR */
#define ENTRY_BITS	0xff0000000001ffffull

void ioapic_init(struct ioapic *ioapic, struct interrupt_sink sink)
{
	unsigned int pin;

	*ioapic = (struct ioapic){ .sink = sink };
	for (pin = 0; pin < IOAPIC_PINS; pin++)
		ioapic->entry[pin] = ENTRY_MASKED;
}

static void send(struct ioapic *ioapic, unsigned int pin)
{
	uint64_t entry = ioapic->entry[pin];
	struct interrupt interrupt = {
		.type = entry >> 8 & 7, .vector = entry, .destination = entry >> 56,
		.logical = entry & ENTRY_LOGICAL, .level = entry & ENTRY_LEVEL,
	};

	ioapic->sink.send(ioapic->sink.context, &interrupt);
}

void ioapic_set(struct ioapic *ioapic, unsigned int pin, bool level)
{
	bool rises = level && !(ioapic->levels >> pin & 1);

	if (level)
		ioapic->levels |= 1u << pin;
	else
		ioapic->levels &= ~(1u << pin);
	if (rises && !(ioapic->entry[pin] & ENTRY_MASKED))
		send(ioapic, pin);
}

static uint32_t read_register(const struct ioapic *ioapic)
{
	unsigned int pin = (ioapic->index - REG_ENTRIES) / 2;

	switch (ioapic->index) {
	case REG_ID:
	case REG_ARBITRATION: return ioapic->id << 24;
	case REG_VERSION: return VERSION;
	}
	if (ioapic->index < REG_ENTRIES || pin >= IOAPIC_PINS)
		return 0;
	return ioapic->entry[pin] >> (ioapic->index & 1 ? 32 : 0);
}

static void write_register(struct ioapic *ioapic, uint32_t value)
{
	unsigned int pin = (ioapic->index - REG_ENTRIES) / 2;
	uint64_t *entry = &ioapic->entry[pin];
	bool masked;

	if (ioapic->index == REG_ID)
		ioapic->id = value >> 24 & 0xf;
	if (ioapic->index < REG_ENTRIES || pin >= IOAPIC_PINS)
		return;
	masked = *entry & ENTRY_MASKED;
	if (ioapic->index & 1)
		*entry = (uint32_t)*entry | (uint64_t)value << 32;
	else
		*entry = (*entry & (0xffffffff00000000ull | ENTRY_READ_ONLY)) |
			 (value & ~ENTRY_READ_ONLY);
	*entry &= ENTRY_BITS;
	/* A level that is there already; an edge that came while the pin was masked is lost. */
	if (masked && !(*entry & ENTRY_MASKED) && *entry & ENTRY_LEVEL && ioapic->levels >> pin & 1)
		send(ioapic, pin);
}

uint32_t ioapic_read(const struct ioapic *ioapic, uint64_t offset)
{
	if (offset == SELECT)
		return ioapic->index;
	return offset == WINDOW ? read_register(ioapic) : 0;
}

void ioapic_write(struct ioapic *ioapic, uint64_t offset, uint32_t value)
{
	if (offset == SELECT)
		ioapic->index = value;
	else if (offset == WINDOW)
		write_register(ioapic, value);
}

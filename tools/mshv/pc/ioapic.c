// SPDX-License-Identifier: GPL-2.0
/*
 * An I/O APIC (Intel 82093AA), with id 0. No device here keeps a line up until the guest has ended
 * the interrupt, so ends aren't looked at: who has one gives its irqfd a resamplefd.
 */
#include "devices.h"

#define SELECT		0x00
#define WINDOW		0x10

#define REG_VERSION	0x01
#define REG_ENTRIES	0x10
#define VERSION		(0x11 | (IOAPIC_PINS - 1) << 16)

#define ENTRY_LOGICAL	0x800
#define ENTRY_LEVEL	0x8000
#define ENTRY_MASKED	0x10000
#define ENTRY_LOW	0x1afff		/* without delivery status and remote IRR */
#define ENTRY_HIGH	0xff000000

void ioapic_init(struct ioapic *ioapic)
{
	unsigned int pin;

	for (pin = 0; pin < IOAPIC_PINS; pin++)
		ioapic->entry[2 * pin] = ENTRY_MASKED;
}

static void send(struct ioapic *ioapic, unsigned int pin)
{
	const uint32_t *entry = &ioapic->entry[2 * pin];
	struct mshv_assert_interrupt interrupt = {
		.interrupt_type = entry[0] >> 8 & 7, .vector = entry[0] & 0xff,
		.dest_addr = entry[1] >> 24,
		.flags = (entry[0] & ENTRY_LEVEL ? MSHV_INTERRUPT_LEVEL_TRIGGERED : 0) |
			 (entry[0] & ENTRY_LOGICAL ? MSHV_INTERRUPT_LOGICAL_DEST : 0),
	};

	ioapic->send(ioapic->partition, &interrupt);
}

void ioapic_set(struct ioapic *ioapic, unsigned int pin, bool level)
{
	bool rises = level && !(ioapic->levels >> pin & 1);

	ioapic->levels = (ioapic->levels & ~(1u << pin)) | (uint32_t)level << pin;
	if (rises && !(ioapic->entry[2 * pin] & ENTRY_MASKED))
		send(ioapic, pin);
}

bool ioapic_claims(void *context, uint64_t gpa, uint32_t *offset)
{
	*offset = gpa - IOAPIC_GPA;
	return gpa - IOAPIC_GPA < 0x1000;
}

uint64_t ioapic_read(void *context, uint32_t offset, unsigned int size)
{
	const struct ioapic *ioapic = context;
	unsigned int entry = ioapic->index - REG_ENTRIES;

	if (offset != WINDOW)
		return offset == SELECT ? ioapic->index : 0;
	if (ioapic->index == REG_VERSION)
		return VERSION;
	return entry < 2 * IOAPIC_PINS ? ioapic->entry[entry] : 0;
}

void ioapic_write(void *context, uint32_t offset, unsigned int size, uint64_t value)
{
	struct ioapic *ioapic = context;
	unsigned int entry = ioapic->index - REG_ENTRIES, pin = entry / 2;
	uint32_t before;

	if (offset == SELECT)
		ioapic->index = value;
	if (offset != WINDOW || entry >= 2 * IOAPIC_PINS)
		return;
	before = ioapic->entry[2 * pin];
	ioapic->entry[entry] = value & (entry & 1 ? ENTRY_HIGH : ENTRY_LOW);
	/* A level that is there already; an edge that came while the pin was masked is lost. */
	if (before & ENTRY_MASKED && !(ioapic->entry[2 * pin] & ENTRY_MASKED) &&
	    ioapic->entry[2 * pin] & ENTRY_LEVEL && ioapic->levels >> pin & 1)
		send(ioapic, pin);
}

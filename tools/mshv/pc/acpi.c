// SPDX-License-Identifier: GPL-2.0
/* The ACPI tables (ACPI 6.5, chapter 5): RSDP, XSDT, FADT, MADT, DSDT. */
#include <string.h>

#include "acpi.h"
#include "aml.h"
#include "ioapic.h"
#include "pm.h"

#define HEADER		36
#define LOCAL_APIC	0xfee00000u

#define FADT_SIZE	276
#define FADT_REVISION	6
#define FADT_SCI	9
/* WBINVD works, C1 works, power and sleep buttons are no fixed ones, RTC can't wake. */
#define FADT_FLAGS	0x00000075u
#define FADT_RESET	0x00000400u
#define FADT_REDUCED	0x00100000u
/* Boot architecture: no VGA, no CMOS clock; legacy devices and 8042 are absent. */
#define FADT_NO_VGA	0x0004u
#define FADT_NO_RTC	0x0020u

#define MADT_PCAT	1u
#define MADT_LAPIC	0
#define MADT_IOAPIC	1
#define MADT_OVERRIDE	2
#define MADT_LAPIC_NMI	4

struct tables {
	uint8_t *base;
	uint32_t used;
};

static void put(uint8_t *to, uint64_t value, unsigned int size)
{
	memcpy(to, &value, size);
}

static void seal(uint8_t *from, uint32_t size, uint8_t *checksum)
{
	uint8_t sum = 0;

	*checksum = 0;
	while (size--)
		sum += *from++;
	*checksum = -sum;
}

/* Returns: a new table of at most ACPI_SIZE bytes, with its header. */
static uint8_t *begin(struct tables *tables, const char *signature, uint8_t revision)
{
	uint8_t *table;

	tables->used = (tables->used + 15) & ~15u;
	table = tables->base + tables->used;
	memcpy(table, signature, 4);
	table[8] = revision;
	memcpy(table + 10, "MSHV  MSHVVMM MSHV", 18);
	put(table + 24, 1, 4);
	put(table + 32, 1, 4);
	return table;
}

/* Returns: its guest-physical address. */
static uint64_t end(struct tables *tables, uint8_t *table, uint32_t size)
{
	put(table + 4, size, 4);
	seal(table, size, table + 9);
	tables->used = table - tables->base + size;
	return ACPI_GPA + (table - tables->base);
}

/* A generic address structure for an I/O port. */
static void put_port(uint8_t *to, uint16_t port, uint8_t bits)
{
	to[0] = 1;
	to[1] = bits;
	to[3] = bits == 8 ? 1 : bits == 16 ? 2 : 3;
	put(to + 4, port, 8);
}

static uint64_t fadt(struct tables *tables, uint64_t dsdt, bool reduced)
{
	uint8_t *table = begin(tables, "FACP", FADT_REVISION);
	uint32_t flags = FADT_FLAGS | FADT_RESET;

	put(table + 40, dsdt, 4);
	put(table + 46, FADT_SCI, 2);
	if (reduced) {
		flags |= FADT_REDUCED;
		put_port(table + 244, PM_SLEEP_CONTROL, 8);
		put_port(table + 256, PM_SLEEP_STATUS, 8);
	} else {
		put(table + 56, PM_EVENT, 4);
		put(table + 64, PM_CONTROL, 4);
		put(table + 76, PM_TIMER, 4);
		table[88] = 4;
		table[89] = 2;
		table[91] = 4;
		put_port(table + 148, PM_EVENT, 32);
		put_port(table + 172, PM_CONTROL, 16);
		put_port(table + 208, PM_TIMER, 32);
	}
	put(table + 96, 0xffff, 2);	/* no C2, no C3 */
	put(table + 98, 0xffff, 2);
	table[108] = reduced ? 0 : 0x32;	/* century, in the clock's memory */
	put(table + 109, FADT_NO_VGA | (reduced ? FADT_NO_RTC : 0), 2);
	put(table + 112, flags, 4);
	put_port(table + 116, PM_RESET, 8);
	table[128] = PM_RESET_VALUE;
	table[131] = 5;			/* minor version */
	put(table + 140, dsdt, 8);
	return end(tables, table, FADT_SIZE);
}

static uint64_t madt(struct tables *tables, unsigned int cpus, bool reduced)
{
	uint8_t *table = begin(tables, "APIC", 5), *at = table + HEADER + 8;
	unsigned int i;

	put(table + HEADER, LOCAL_APIC, 4);
	put(table + HEADER + 4, reduced ? 0 : MADT_PCAT, 4);
	for (i = 0; i < cpus; i++, at += 8) {
		memcpy(at, (uint8_t[]){ MADT_LAPIC, 8, i, i }, 4);
		put(at + 4, 1, 4);
	}
	memcpy(at, (uint8_t[]){ MADT_IOAPIC, 12, 0, 0 }, 4);
	put(at + 4, IOAPIC_GPA, 4);
	at += 12;
	/* The PIT is on pin 2; the serial port's line is an edge; the SCI a level. */
	if (!reduced) {
		memcpy(at, (uint8_t[]){ MADT_OVERRIDE, 10, 0, 0, 2, 0, 0, 0, 0, 0 }, 10);
		memcpy(at + 10, (uint8_t[]){ MADT_OVERRIDE, 10, 0, 9, 9, 0, 0, 0, 0x0d, 0 }, 10);
		at += 20;
	}
	memcpy(at, (uint8_t[]){ MADT_OVERRIDE, 10, 0, 4, 4, 0, 0, 0, 0x05, 0 }, 10);
	at += 10;
	memcpy(at, (uint8_t[]){ MADT_LAPIC_NMI, 6, 0xff, 0, 0, 1 }, 6);
	at += 6;
	return end(tables, table, at - table);
}

static const uint8_t serial_resources[] = {
	0x47, 0x01, 0xf8, 0x03, 0xf8, 0x03, 0x01, 0x08,		/* I/O 0x3f8, 8 ports */
	0x89, 0x06, 0x00, 0x03, 0x01, 0x04, 0x00, 0x00, 0x00,	/* consumer, edge, high; GSI 4 */
	0x79, 0x00
};

static const uint8_t pci_resources[] = {
	0x88, 0x0d, 0x00, 0x02, 0x0c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x00,						/* bus 0 */
	0x47, 0x01, 0xf8, 0x0c, 0xf8, 0x0c, 0x01, 0x08,		/* 0xcf8 to 0xcff */
	0x88, 0x0d, 0x00, 0x01, 0x0c, 0x03, 0x00, 0x00, 0x00, 0x10, 0xff, 0xff, 0x00, 0x00,
	0x00, 0xf0,						/* ports from 0x1000 on */
	0x87, 0x17, 0x00, 0x00, 0x0c, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xe0,
	0xff, 0xff, 0xbf, 0xfe, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x1e,
	0x79, 0x00						/* 0xe0000000 to 0xfebfffff */
};

static uint64_t dsdt(struct tables *tables)
{
	uint8_t *table = begin(tables, "DSDT", 2);
	struct aml aml = { .at = table + HEADER };
	uint8_t *scope, *device;

	aml_name(&aml, "_S5_");
	aml_package(&aml, PM_SLEEP_TYPE_OFF);
	scope = aml_begin_scope(&aml, "_SB_");

	device = aml_begin_device(&aml, "PCI0");
	aml_name(&aml, "_HID");
	aml_eisa_id(&aml, "PNP0A03");
	aml_name(&aml, "_UID");
	aml_byte(&aml, 0);
	aml_name(&aml, "_CRS");
	aml_buffer(&aml, pci_resources, sizeof(pci_resources));
	aml_end(&aml, device);

	device = aml_begin_device(&aml, "COM1");
	aml_name(&aml, "_HID");
	aml_eisa_id(&aml, "PNP0501");
	aml_name(&aml, "_UID");
	aml_byte(&aml, 0);
	aml_name(&aml, "_CRS");
	aml_buffer(&aml, serial_resources, sizeof(serial_resources));
	aml_end(&aml, device);

	aml_end(&aml, scope);
	return end(tables, table, aml.at - table);
}

void acpi_write(uint8_t *to, unsigned int cpus, bool reduced)
{
	struct tables tables = { to, HEADER };
	uint64_t entries[2], xsdt;
	uint8_t *table;

	entries[0] = fadt(&tables, dsdt(&tables), reduced);
	entries[1] = madt(&tables, cpus, reduced);
	table = begin(&tables, "XSDT", 1);
	memcpy(table + HEADER, entries, sizeof(entries));
	xsdt = end(&tables, table, HEADER + sizeof(entries));

	memcpy(to, "RSD PTR ", 8);
	memcpy(to + 9, "MSHV  ", 6);
	to[15] = 2;
	put(to + 20, HEADER, 4);
	put(to + 24, xsdt, 8);
	seal(to, 20, to + 8);
	seal(to, HEADER, to + 32);
}

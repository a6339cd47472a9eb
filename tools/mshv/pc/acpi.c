// SPDX-License-Identifier: GPL-2.0
/* The ACPI tables (ACPI 6.5, chapter 5): RSDP, XSDT, FADT, MADT, and dsdt.asl's. */
#include <string.h>

#include "acpi.h"
#include "devices.h"
#include "pc/dsdt.hex"

#define HEADER		36
#define LOCAL_APIC	0xfee00000u

/* Where each is behind the root pointer. */
#define XSDT		0x0040
#define FADT		0x0100
#define MADT		0x0400
#define DSDT		0x1000

#define FADT_SCI	9
/* WBINVD works, C1 works, power and sleep buttons are no fixed ones, RTC can't wake; reset. */
#define FADT_FLAGS	0x00000475u
#define FADT_REDUCED	0x00100000u
/* Boot architecture: no VGA, no CMOS clock; legacy devices and 8042 are absent. */
#define FADT_NO_VGA	0x0004u
#define FADT_NO_RTC	0x0020u

#define MADT_PCAT	1u
enum { MADT_LAPIC, MADT_IOAPIC, MADT_OVERRIDE };

static void put(uint8_t *to, uint64_t value, unsigned int size)
{
	memcpy(to, &value, size);
}

/* Returns: what makes the sum of the bytes 0. */
static uint8_t checksum(const uint8_t *from, unsigned int size)
{
	uint8_t sum = 0;

	while (size--)
		sum += *from++;
	return -sum;
}

static void finish(uint8_t *table, const char *signature, uint8_t revision, unsigned int size)
{
	memcpy(table, signature, 4);
	put(table + 4, size, 4);
	table[8] = revision;
	memcpy(table + 10, "MSHV  MSHVVMM \1\0\0\0MSHV\1\0\0", 26);
	table[9] = checksum(table, size);
}

/* A generic address structure for an I/O port of one byte. */
static void put_port(uint8_t *to, uint16_t port)
{
	memcpy(to, (uint8_t[]){ 1, 8, 0, 1 }, 4);
	put(to + 4, port, 8);
}

static void write_fadt(uint8_t *table, bool reduced)
{
	put(table + 46, FADT_SCI, 2);
	if (reduced) {
		put_port(table + 244, PM_SLEEP_CONTROL);
		put_port(table + 256, PM_SLEEP_STATUS);
	} else {
		put(table + 56, PM_EVENT, 4);
		put(table + 64, PM_CONTROL, 4);
		put(table + 76, PM_TIMER, 4);
		table[88] = 4;
		table[89] = 2;
		table[91] = 4;
		table[108] = 0x32;	/* century, in the clock's memory */
	}
	put(table + 96, 0xffffffff, 4);	/* no C2, no C3 */
	put(table + 109, FADT_NO_VGA | (reduced ? FADT_NO_RTC : 0), 2);
	put(table + 112, FADT_FLAGS | (reduced ? FADT_REDUCED : 0), 4);
	put_port(table + 116, PM_RESET);
	table[128] = PM_RESET_VALUE;
	table[131] = 5;			/* minor version */
	put(table + 140, ACPI_GPA + DSDT, 8);
	finish(table, "FACP", 6, 276);
}

/* An interrupt line of the ISA, and how it comes to the I/O APIC. Returns: what follows. */
static uint8_t *override(uint8_t *at, uint8_t irq, uint8_t pin, uint8_t flags)
{
	memcpy(at, (uint8_t[]){ MADT_OVERRIDE, 10, 0, irq, pin, 0, 0, 0, flags, 0 }, 10);
	return at + 10;
}

static void write_madt(uint8_t *table, unsigned int cpus, bool reduced)
{
	uint8_t *at = table + HEADER + 8;
	unsigned int i;

	put(table + HEADER, LOCAL_APIC, 4);
	put(table + HEADER + 4, reduced ? 0 : MADT_PCAT, 4);
	for (i = 0; i < cpus; i++, at += 8)
		memcpy(at, (uint8_t[]){ MADT_LAPIC, 8, i, i, 1, 0, 0, 0 }, 8);
	memcpy(at, (uint8_t[]){ MADT_IOAPIC, 12, 0, 0 }, 4);
	put(at + 4, IOAPIC_GPA, 4);
	at += 12;
	/* The PIT is on pin 2; the serial port's line is an edge; the SCI a level. */
	if (!reduced) {
		at = override(at, 0, 2, 0);
		at = override(at, FADT_SCI, FADT_SCI, 0x0d);
	}
	at = override(at, 4, 4, 0x05);
	finish(table, "APIC", 5, at - table);
}

void acpi_write(uint8_t *to, unsigned int cpus, bool reduced)
{
	memcpy(to + DSDT, dsdt_aml_code, sizeof(dsdt_aml_code));
	write_fadt(to + FADT, reduced);
	write_madt(to + MADT, cpus, reduced);
	put(to + XSDT + HEADER, ACPI_GPA + FADT, 8);
	put(to + XSDT + HEADER + 8, ACPI_GPA + MADT, 8);
	finish(to + XSDT, "XSDT", 1, HEADER + 16);

	memcpy(to, "RSD PTR \0MSHV  \2", 16);
	put(to + 20, HEADER, 4);
	put(to + 24, ACPI_GPA + XSDT, 8);
	to[8] = checksum(to, 20);
	to[32] = checksum(to, HEADER);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The ACPI tables. */
#ifndef TOOLS_MSHV_PC_ACPI_H
#define TOOLS_MSHV_PC_ACPI_H

#include <stdbool.h>
#include <stdint.h>

#define ACPI_GPA	0xe0000ull	/* of the root pointer; the tables follow */
#define ACPI_SIZE	0x4000ull

#define ACPI_PCI_BASE	0xe0000000u	/* where PCI devices may have memory */

/*
 * Writes the tables to @to, ACPI_SIZE zeroed bytes that the guest has at ACPI_GPA. @reduced: a
 * "hardware-reduced" machine, without PIT, PICs and PM timer as far as the tables say.
 */
void acpi_write(uint8_t *to, unsigned int cpus, bool reduced);

#endif

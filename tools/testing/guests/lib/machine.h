/* SPDX-License-Identifier: GPL-2.0 */
/* What whoever runs the guest says of its machine: the VMM, or QEMU for a bare run. */
#ifndef GUESTS_MACHINE_H
#define GUESTS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* On QEMU's own machine: firmware was here before us, and there is no hypervisor. */
extern bool machine_qemu;

void machine_init(bool qemu);

unsigned int machine_cpus(void);
bool machine_apic(void);

/* The synthetic features that the partition was created with. */
uint64_t machine_features(void);

/* Bytes of memory from address 0. */
uint64_t machine_memory(void);

/* The VMM's clock; one or more exits. */
uint64_t machine_microseconds(void);

/* One of four pages from MACHINE_LAZY on leaves the VMM's map; it is back at its first use. */
#define MACHINE_LAZY	0xd0000000ull
void machine_forget(unsigned int page);

/* How often such a page was asked for. */
unsigned int machine_asked(void);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Starting processors. */
#ifndef TESTHV_SMP_H
#define TESTHV_SMP_H

#include "cpu.h"

/* This processor: its struct cpu, found from its stack from now on, and its exception table. */
void smp_init_cpu(unsigned int index);
/* Bring the others up into ap_main(), one after the other; returns when all are there. */
void smp_start_others(void);

/* What boot.S holds. */
#define EXCEPTIONS	20
extern u8 stacks[MAX_CPUS][CPU_STACK_SIZE];
extern u8 trampoline_start[], trampoline_end[];
extern const u64 exception_table[EXCEPTIONS];

/* Entered by boot.S. */
struct multiboot_info;
struct exception_frame;
void main(const struct multiboot_info *mbi);
void ap_main(unsigned int apic_id);
void host_exception(const struct exception_frame *f);
/* Wait for an NMI with GIF=1 (boot.S). */
void park(void);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Starting processors. */
#ifndef TESTHV_SMP_H
#define TESTHV_SMP_H

#include "cpu.h"

/* The boot processor: it has a struct cpu, but is none of cpus[]. */
void smp_init_boot_cpu(void);
/* Processor @index of cpus[]: from now on its struct cpu is found from its stack. */
void smp_init_cpu(unsigned int index);
/* The one with that APIC id, or NULL. */
struct cpu *smp_cpu(u32 apic_id);
/* Bring all of cpus[] up into ap_main(), one after the other; returns when they are there. */
void smp_start_cpus(void);
/* The boot processor's end: it takes no interrupt and does nothing any more. */
void smp_retire(void) __noreturn;

/* What boot.S holds. */
#define EXCEPTIONS	20
extern u8 stacks[MAX_CPUS + 1][CPU_STACK_SIZE];
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

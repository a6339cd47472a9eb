/* SPDX-License-Identifier: GPL-2.0 */
/* Linux as the root partition: from the loader's modules to a VP that is about to run it. */
#ifndef TESTHV_LOAD_H
#define TESTHV_LOAD_H

struct cpu;
struct multiboot_info;

/*
 * Move kernel and initrd to their places. Only afterwards the heap may be used: the modules lie in
 * it.
 */
void load_modules(const struct multiboot_info *mbi);
/* Write boot_params and set the boot VP to the kernel's 32-bit entry point. */
void load_boot_vp(struct cpu *cpu);
/* Hide from ACPI what is testhv's: the HPET and the boot processor. */
void load_edit_acpi(void);

#endif

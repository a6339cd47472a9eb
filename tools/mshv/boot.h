/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest finds: its image in memory, and its VP's first registers. */
#ifndef TOOLS_MSHV_BOOT_H
#define TOOLS_MSHV_BOOT_H

#include "memory.h"
#include "options.h"
#include "partition.h"

/* Returns: the bytes of @file, *@size of them. If it can't, the program ends, as with the others. */
const void *boot_open(const char *file, uint64_t *size);

/* Copies @file to @gpa, all of it. */
void boot_image(struct memory *memory, const char *file, uint64_t gpa);

/*
 * Adds the firmware in @file, read-only and ending at 4 GiB, and a copy of its last 128 KiB in
 * RAM, ending at 1 MiB: there a PC's reset vector leads.
 */
void boot_firmware(struct memory *memory, const char *file);

/* Page tables for 64-bit code below its image: 4 GiB as they are. */
void boot_tables(struct memory *memory);

/*
 * Has @vp begin at @address in 16-, 32- or 64-bit code, its index in RDI, with flat segments and
 * a stack that ends there. Data's selector is the next after code's.
 */
void boot_registers(const struct vp *vp, unsigned int bits, uint16_t selector, uint64_t address);

/*
 * Loads a Linux kernel, initial file system and command line, as Linux's 64-bit boot protocol wants
 * them, with page tables and the memory map. Returns: the kernel's entry.
 */
uint64_t boot_linux(struct memory *memory, const struct options *options);
void boot_linux_registers(const struct vp *vp, uint64_t entry);

#endif

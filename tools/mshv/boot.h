/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest finds: its image in memory, and its VP's first registers. */
#ifndef TOOLS_MSHV_BOOT_H
#define TOOLS_MSHV_BOOT_H

#include "memory.h"
#include "partition.h"

/* Reads @file to @gpa, all of it. Ends the program if it can't. */
void boot_load(struct memory *memory, const char *file, uint64_t gpa);

/*
 * Adds the firmware in @file, read-only and ending at 4 GiB, and a copy of its last 128 KiB in
 * RAM, ending at 1 MiB: there a PC's reset vector leads.
 */
void boot_firmware(struct memory *memory, const char *file);

/* Page tables for 64-bit code below its image: 4 GiB as they are. */
void boot_tables(struct memory *memory);

/*
 * Has @vp begin at @address in 16-, 32- or 64-bit code, its index in RDI, with flat segments and
 * a stack that ends there.
 */
void boot_registers(const struct vp *vp, unsigned int bits, uint64_t address);

#endif

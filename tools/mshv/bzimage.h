/* SPDX-License-Identifier: GPL-2.0 */
/* A Linux kernel as Linux's 64-bit boot protocol wants it. */
#ifndef TOOLS_MSHV_BZIMAGE_H
#define TOOLS_MSHV_BZIMAGE_H

#include "memory.h"
#include "partition.h"

struct bzimage {
	const char *kernel, *initrd;	/* files; the latter may be NULL */
	const char *cmdline;
	uint64_t rsdp;			/* where the ACPI tables begin */
};

/*
 * Loads kernel, initial file system and command line into @memory, which begins at 0, with page
 * tables and the memory map. Ends the program if it can't. Returns: the kernel's entry.
 */
uint64_t bzimage_load(struct memory *memory, const struct bzimage *image);

/* Has @vp begin at @entry. */
void bzimage_registers(const struct vp *vp, uint64_t entry);

#endif

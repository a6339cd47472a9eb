/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest finds: its image in memory, and its VP's first registers. */
#ifndef TOOLS_MSHV_BOOT_H
#define TOOLS_MSHV_BOOT_H

#include "memory.h"
#include "options.h"
#include "partition.h"

/*
 * Adds RAM and what the guest begins with: firmware, an image, or a Linux kernel with what its boot
 * protocol wants. Ends the program if it can't. Returns: where the guest begins; of firmware, 0.
 */
uint64_t boot_load(struct memory *memory, const struct options *options);

/*
 * Has @vp begin at @entry, its index in RDI, with flat segments and a stack that ends there. Not
 * for firmware, which begins as a processor does.
 */
void boot_registers(const struct vp *vp, const struct options *options, uint64_t entry);

#endif

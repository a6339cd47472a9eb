/* SPDX-License-Identifier: GPL-2.0 */
/* A guest's linear addresses: the walk of its page tables, and copying through it. */
#ifndef TOOLS_MSHV_LINEAR_H
#define TOOLS_MSHV_LINEAR_H

#include <stdbool.h>

#include "memory.h"

/* What a translation depends on, as it stands while the VP is suspended. */
struct linear {
	const struct memory *memory;
	uint64_t cr0, cr3, cr4, efer;
	bool user;
	uint64_t base;			/* of the segment that linear_copy()'s addresses are in */
};

enum linear_access { LINEAR_READ, LINEAR_WRITE };

/* Sets accessed and dirty bits as a processor does. Returns: 0, or -1 where it would fault. */
int linear_translate(const struct linear *linear, uint64_t address, enum linear_access access,
		     uint64_t *gpa);

/* Copies from or to @data. Returns: 0; -1 if an address faults, or isn't memory to @access. */
int linear_copy(const struct linear *linear, uint64_t address, void *data, unsigned int size,
		enum linear_access access);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory: which guest-physical addresses are backed, and by which memory of ours; and where
 * linear addresses lead.
 */
#ifndef TOOLS_MSHV_MEMORY_H
#define TOOLS_MSHV_MEMORY_H

#include <linux/mshv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMORY_REGIONS	8
#define MEMORY_PAGE	4096ull
#define MEMORY_RAM	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)

struct memory {
	struct mshv_user_mem_region region[MEMORY_REGIONS];
	unsigned int count;
};

/* Adds zeroed memory, with HV_MAP_GPA_* rights. Ends the program if there is none. */
void *memory_add(struct memory *memory, uint64_t gpa, uint64_t size, uint32_t flags);

/* Returns: where @size bytes from @gpa are, or NULL if they aren't all in one region. */
void *memory_at(const struct memory *memory, uint64_t gpa, uint64_t size);

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

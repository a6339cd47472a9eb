/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory: which guest-physical addresses are backed, and by which memory of ours. */
#ifndef TOOLS_MSHV_MEMORY_H
#define TOOLS_MSHV_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_REGIONS	8
#define MEMORY_PAGE	4096ull

/* @flags are the HV_MAP_GPA_* rights that the guest has. */
struct memory_region {
	uint64_t gpa;
	uint64_t size;
	uint8_t *host;
	uint32_t flags;
};

struct memory {
	struct memory_region region[MEMORY_REGIONS];
	unsigned int count;
};

/* Adds zeroed memory. Ends the program if there is none. Returns: its region. */
struct memory_region *memory_add(struct memory *memory, uint64_t gpa, uint64_t size,
				 uint32_t flags);

/* Returns: where @size bytes from @gpa are, or NULL if they aren't all in one region. */
void *memory_at(const struct memory *memory, uint64_t gpa, uint64_t size);

/* Returns: the region that @gpa is in, or NULL. */
const struct memory_region *memory_region(const struct memory *memory, uint64_t gpa);

void memory_free(struct memory *memory);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory: which guest-physical addresses are backed, and by which memory of ours. */
#ifndef TOOLS_MSHV_MEMORY_H
#define TOOLS_MSHV_MEMORY_H

#include <linux/mshv.h>
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

/* Returns: the region that @gpa is in, or NULL. */
const struct mshv_user_mem_region *memory_region(const struct memory *memory, uint64_t gpa);

#endif

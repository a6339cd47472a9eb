// SPDX-License-Identifier: GPL-2.0
/* Guest memory. */
#include <err.h>
#include <sys/mman.h>

#include "memory.h"
#include "status.h"

void *memory_add(struct memory *memory, uint64_t gpa, uint64_t size, uint32_t flags)
{
	void *host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory->count == MEMORY_REGIONS)
		errx(STATUS_FAILED, "too many memory regions");
	if (host == MAP_FAILED)
		err(STATUS_FAILED, "%llu bytes of guest memory", (unsigned long long)size);
	memory->region[memory->count++] = (struct mshv_user_mem_region){
		size, gpa / MEMORY_PAGE, (uintptr_t)host, flags
	};
	return host;
}

const struct mshv_user_mem_region *memory_region(const struct memory *memory, uint64_t gpa)
{
	const struct mshv_user_mem_region *region = memory->region;

	for (; region < memory->region + memory->count; region++) {
		if (gpa - region->guest_pfn * MEMORY_PAGE < region->size)
			return region;
	}
	return NULL;
}

void *memory_at(const struct memory *memory, uint64_t gpa, uint64_t size)
{
	const struct mshv_user_mem_region *region = memory_region(memory, gpa);
	uint64_t offset;

	if (!region)
		return NULL;
	offset = gpa - region->guest_pfn * MEMORY_PAGE;
	return size > region->size - offset ? NULL : (void *)(region->userspace_addr + offset);
}

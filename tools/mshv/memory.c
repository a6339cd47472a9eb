// SPDX-License-Identifier: GPL-2.0
/* Guest memory. */
#include <err.h>
#include <sys/mman.h>

#include "memory.h"
#include "status.h"

struct memory_region *memory_add(struct memory *memory, uint64_t gpa, uint64_t size, uint32_t flags)
{
	struct memory_region *region = &memory->region[memory->count];
	void *host;

	if (memory->count == MEMORY_REGIONS)
		errx(STATUS_FAILED, "too many memory regions");
	host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (host == MAP_FAILED)
		err(STATUS_FAILED, "%llu bytes of guest memory", (unsigned long long)size);
	*region = (struct memory_region){ gpa, size, host, flags };
	memory->count++;
	return region;
}

const struct memory_region *memory_region(const struct memory *memory, uint64_t gpa)
{
	unsigned int i;

	for (i = 0; i < memory->count; i++) {
		if (gpa - memory->region[i].gpa < memory->region[i].size)
			return &memory->region[i];
	}
	return NULL;
}

void *memory_at(const struct memory *memory, uint64_t gpa, uint64_t size)
{
	const struct memory_region *region = memory_region(memory, gpa);

	if (!region || size > region->size - (gpa - region->gpa))
		return NULL;
	return region->host + (gpa - region->gpa);
}

void memory_free(struct memory *memory)
{
	while (memory->count) {
		memory->count--;
		munmap(memory->region[memory->count].host, memory->region[memory->count].size);
	}
}

// SPDX-License-Identifier: GPL-2.0
/* What a guest may ask of us. */
#include <stdio.h>
#include <time.h>

#include "info.h"

#define INFO_PORT	0xe4

enum {
	INFO_CPUS, INFO_APIC, INFO_FEATURES, INFO_MEMORY, INFO_TIME, INFO_ASKED,
	INFO_FORGET = 0x100
};

static uint64_t microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

static void forget(struct info *info, uint32_t page)
{
	if (page >= INFO_PAGES || !info->page[page].host || !info->mapped[page])
		return;
	partition_unmap(info->partition, &info->page[page]);
	info->mapped[page] = false;
}

static void info_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct info *info = context;

	info->high = false;
	switch (value) {
	case INFO_CPUS:
		info->answer = info->partition->count;
		break;
	case INFO_APIC:
		info->answer = info->lapic;
		break;
	case INFO_FEATURES:
		info->answer = info->features;
		break;
	case INFO_MEMORY:
		info->answer = info->memory;
		break;
	case INFO_TIME:
		info->answer = microseconds();
		break;
	case INFO_ASKED:
		info->answer = info->asked;
		break;
	default:
		forget(info, value - INFO_FORGET);
	}
}

static uint32_t info_read(void *context, uint16_t port, unsigned int size)
{
	struct info *info = context;

	info->high = !info->high;
	return info->high ? info->answer : info->answer >> 32;
}

void info_init(struct info *info, struct ports *ports, const struct partition *partition)
{
	info->partition = partition;
	ports_add(ports, &(struct port_device){ INFO_PORT, 1, info_read, info_write, info });
}

void info_lazy(struct info *info, struct memory *memory)
{
	unsigned int i;

	for (i = 0; i < INFO_PAGES; i++) {
		info->page[i] = *memory_add(memory, INFO_LAZY + i * MEMORY_PAGE, MEMORY_PAGE,
					    HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE |
					    HV_MAP_GPA_EXECUTABLE);
		info->mapped[i] = true;
	}
}

bool info_bring(struct info *info, uint64_t gpa)
{
	uint64_t page = (gpa - INFO_LAZY) / MEMORY_PAGE;

	if (gpa < INFO_LAZY || page >= INFO_PAGES || !info->page[page].host)
		return false;
	/* Another VP may have been quicker. */
	if (!info->mapped[page]) {
		partition_map(info->partition, &info->page[page]);
		info->mapped[page] = true;
		info->asked++;
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0
/* What a guest may ask of us. */
#include <time.h>

#include "info.h"

#define INFO_PORT	0xe4
#define INFO_LAZY	0xd0000000ull

enum {
	INFO_CPUS, INFO_APIC, INFO_FEATURES, INFO_MEMORY, INFO_TIME, INFO_ASKED,
	INFO_FORGET = 0x100
};

static void forget(struct info *info, uint32_t page)
{
	if (page >= INFO_PAGES || !info->mapped[page])
		return;
	partition_unmap(info->partition, &info->page[page]);
	info->mapped[page] = false;
}

static void info_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct info *info = context;
	struct timespec now;

	info->high = false;
	switch (value) {
	case INFO_CPUS:
		info->answer = info->options->cpus;
		break;
	case INFO_APIC:
		info->answer = info->options->lapic;
		break;
	case INFO_FEATURES:
		info->answer = info->options->features;
		break;
	case INFO_MEMORY:
		info->answer = info->options->memory;
		break;
	case INFO_TIME:
		clock_gettime(CLOCK_MONOTONIC, &now);
		info->answer = now.tv_sec * 1000000ull + now.tv_nsec / 1000;
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

void info_init(struct info *info, const struct partition *partition,
	       const struct options *options, struct ports *ports, struct memory *memory)
{
	unsigned int i;

	info->partition = partition;
	info->options = options;
	ports_add(ports, &(struct port_device){ INFO_PORT, 1, info_read, info_write, info });
	if (!options->lazy)
		return;
	info->page = &memory->region[memory->count];
	for (i = 0; i < INFO_PAGES; i++) {
		memory_add(memory, INFO_LAZY + i * MEMORY_PAGE, MEMORY_PAGE, MEMORY_RAM);
		info->mapped[i] = true;
	}
}

bool info_bring(struct info *info, uint64_t gpa)
{
	uint64_t page = (gpa - INFO_LAZY) / MEMORY_PAGE;

	if (page >= INFO_PAGES || !info->page)
		return false;
	/* Another VP may have been quicker. */
	if (!info->mapped[page]) {
		partition_map(info->partition, &info->page[page]);
		info->mapped[page] = true;
		info->asked++;
	}
	return true;
}

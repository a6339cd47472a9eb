/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Port 0xe4, by which tools/testing/guests learn what machine they are on: a long word written
 * selects, reads give the answer, low half first. And lazy pages: the guest says when one leaves
 * the map; the first access brings it back.
 */
#ifndef TOOLS_MSHV_INFO_H
#define TOOLS_MSHV_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "partition.h"
#include "ports.h"

#define INFO_LAZY	0xd0000000ull
#define INFO_PAGES	4

struct info {
	uint64_t answer;
	bool high;			/* is read next */
	uint64_t features, memory;
	bool lapic;
	const struct partition *partition;
	struct memory_region page[INFO_PAGES];	/* host NULL: there are none */
	bool mapped[INFO_PAGES];
	unsigned int asked;		/* accesses that brought a page back */
};

void info_init(struct info *info, struct ports *ports, const struct partition *partition);

/* Adds the lazy pages to @memory and maps them. */
void info_lazy(struct info *info, struct memory *memory);

/* An access where no memory is. Returns: whether there is now, so that the VP tries again. */
bool info_bring(struct info *info, uint64_t gpa);

#endif

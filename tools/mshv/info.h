/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Port 0xe4, by which tools/testing/guests learn what machine they are on: a long word written
 * selects, reads give the answer, low half first. And lazy pages: the guest says when one leaves
 * the map; the first access brings it back.
 */
#ifndef TOOLS_MSHV_INFO_H
#define TOOLS_MSHV_INFO_H

#include "memory.h"
#include "options.h"
#include "partition.h"
#include "ports.h"

#define INFO_PAGES	4

struct info {
	uint64_t answer;
	bool high;			/* is read next */
	const struct partition *partition;
	const struct options *options;
	const struct mshv_user_mem_region *page;	/* the lazy ones; NULL: there are none */
	bool mapped[INFO_PAGES];
	unsigned int asked;		/* accesses that brought a page back */
};

/* With --lazy adds the lazy pages to @memory; the caller maps it. */
void info_init(struct info *info, const struct partition *partition,
	       const struct options *options, struct ports *ports, struct memory *memory);

/* An access where no memory is. Returns: whether there is now, so that the VP tries again. */
bool info_bring(struct info *info, uint64_t gpa);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* A partition with one VP. A call that only a bug can make fail ends the program. */
#ifndef TOOLS_MSHV_PARTITION_H
#define TOOLS_MSHV_PARTITION_H

#include <linux/mshv.h>

#include "memory.h"

struct partition {
	int fd, vp_fd;
};

/* Creates both. Without a local APIC, so that HLT is an exit. */
void partition_open(struct partition *partition);
void partition_close(struct partition *partition);

void partition_map(const struct partition *partition, const struct memory_region *region);

/* Returns: 0 with an exit in @message, or -1 with errno. */
int partition_run(const struct partition *partition, struct mshv_hv_message *message);

/* Ends partition_run(), the present or the next. Context: any, also a signal handler. */
void partition_cancel(const struct partition *partition);

void partition_get(const struct partition *partition, struct mshv_hv_register_assoc *registers,
		   unsigned int count);
void partition_set(const struct partition *partition, struct mshv_hv_register_assoc *registers,
		   unsigned int count);

#endif

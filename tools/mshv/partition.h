/* SPDX-License-Identifier: GPL-2.0 */
/* A partition and its VPs. A call that only a bug can make fail ends the program. */
#ifndef TOOLS_MSHV_PARTITION_H
#define TOOLS_MSHV_PARTITION_H

#include <linux/mshv.h>
#include <stdbool.h>

#include "memory.h"

#define PARTITION_VPS		64
#define PARTITION_REGISTERS	32

struct vp {
	int fd;
	unsigned int index;
	struct mshv_hv_vp_register_page *page;
};

struct partition {
	int fd;
	unsigned int count;
	struct vp vp[PARTITION_VPS];
};

/*
 * Creates a partition with @count VPs and these synthetic features. With local APICs HLT is no
 * exit, and all VPs but the first wait for a SIPI, also while they are run.
 */
void partition_open(struct partition *partition, unsigned int count, bool lapic,
		    uint64_t features);
void partition_close(struct partition *partition);

void partition_map(const struct partition *partition, const struct memory_region *region);
void partition_unmap(const struct partition *partition, const struct memory_region *region);

/* What the guest has put into an interrupt controller may be refused; that is its own fault. */
void partition_assert(const struct partition *partition,
		      const struct mshv_assert_interrupt *interrupt);

/* What the interrupts by eventfd stand for: the whole table. */
void partition_route(const struct partition *partition,
		     const struct mshv_msi_routing_entry *entries, unsigned int count);
/* From now on a signal of @fd is the interrupt @gsi. */
void partition_irqfd(const struct partition *partition, int fd, unsigned int gsi);
/* Signal @fd when the guest writes to @gpa, instead of an exit; or no more. */
void partition_ioeventfd(const struct partition *partition, int fd, uint64_t gpa, bool on);

/* Returns: 0 with an exit in @message, or -1 with errno. */
int partition_run(const struct vp *vp, struct mshv_hv_message *message);

/* Ends partition_run(), the present or the next. Context: any, also a signal handler. */
void partition_cancel(const struct vp *vp);

/*
 * Registers of a VP that isn't running: those that its register page has without an ioctl.
 * @count: at most PARTITION_REGISTERS.
 */
void partition_get(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count);
void partition_set(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count);

#endif

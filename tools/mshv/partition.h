/* SPDX-License-Identifier: GPL-2.0 */
/* A partition and its VPs. A call that only a bug can make fail ends the program. */
#ifndef TOOLS_MSHV_PARTITION_H
#define TOOLS_MSHV_PARTITION_H

#include <linux/mshv.h>
#include <stdbool.h>
#include <stdint.h>

#define PARTITION_VPS		64

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
 * Creates a partition with @count VPs. With local APICs HLT is no exit, and all VPs but the first
 * wait for a SIPI, also while they are run. The program's end takes it down.
 */
void partition_open(struct partition *partition, unsigned int count, bool lapic,
		    uint64_t features);

void partition_map(const struct partition *partition, const struct mshv_user_mem_region *region);
void partition_unmap(const struct partition *partition, const struct mshv_user_mem_region *region);

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

/* A register of a VP that isn't running: without an ioctl, if its register page has it. */
union mshv_hv_register_value partition_get(const struct vp *vp, __u32 name);
void partition_set(const struct vp *vp, __u32 name, union mshv_hv_register_value value);
void partition_set64(const struct vp *vp, __u32 name, uint64_t value);

#endif

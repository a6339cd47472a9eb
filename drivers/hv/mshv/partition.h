/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A partition: a virtual machine, with its memory and its VPs.
 *
 * Made by an ioctl of /dev/mshv. Its own fd and the fds of its VPs hold a
 * reference each; the last one to go takes it down. The ISR finds it by its id,
 * under RCU, from the time it is initialized until it is finalized.
 */
#ifndef _MSHV_PARTITION_H
#define _MSHV_PARTITION_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "deposit.h"
#include "ioeventfd.h"
#include "irqfd.h"
#include "region.h"
#include "routing.h"

struct mshv_partition_spec;
struct mshv_vp;

/**
 * struct mshv_partition - a partition
 * @id: the hypervisor's id; constant, as are the next three once it is found
 * @created: the hypervisor knows it
 * @initialized: it can have VPs and memory
 * @refs: references
 * @node: in the hash; protected by the hash's mutex, read under RCU
 * @pool: deposited memory; own lock
 * @regions: mapped memory; own lock
 * @routing: what interrupts its irqfds raise; exchanged, read under SRCU
 * @irqfds: own lock. There are none once its own fd has been closed
 * @ioeventfds: own lock; there are none once its own fd has been closed
 * @vps: VPs by index; own lock, read under RCU. A reserved entry is a VP that
 *	is being created
 */
struct mshv_partition {
	u64 id;
	bool created;
	bool initialized;

	refcount_t refs;
	struct hlist_node node;
	struct mshv_deposit pool;
	struct mshv_regions regions;
	struct mshv_routing routing;
	struct mshv_irqfds irqfds;
	struct mshv_ioeventfds ioeventfds;
	struct xarray vps;
};

/**
 * mshv_partition_create - create and initialize a partition
 * @spec: what it shall be
 *
 * Context: may sleep.
 * Return: a partition with one reference, or an ERR_PTR().
 */
struct mshv_partition *
mshv_partition_create(const struct mshv_partition_spec *spec);

/**
 * mshv_partition_get - one reference more
 * @partition: partition that the caller has a reference of
 */
void mshv_partition_get(struct mshv_partition *partition);

/**
 * mshv_partition_put - one reference less; the last one destroys it
 * @partition: partition
 *
 * Context: may sleep.
 */
void mshv_partition_put(struct mshv_partition *partition);

/**
 * mshv_partition_find - the partition of an id
 * @id: partition id
 *
 * Context: RCU reader; the partition is there as long as the reader.
 * Return: the partition or NULL.
 */
struct mshv_partition *mshv_partition_find(u64 id);

/**
 * mshv_partition_find_vp - the VP of an index
 * @partition: partition
 * @index: any number
 *
 * Context: RCU reader, or a reference on the partition.
 * Return: the VP or NULL.
 */
struct mshv_vp *mshv_partition_find_vp(struct mshv_partition *partition,
				       u32 index);

/**
 * mshv_partition_reserve_vp - take a VP index
 * @partition: partition
 * @index: VP
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if it is too large, -EEXIST if taken, -ENOMEM.
 */
int mshv_partition_reserve_vp(struct mshv_partition *partition, u32 index);

/**
 * mshv_partition_release_vp - give back an index that came to nothing
 * @partition: partition
 * @index: VP
 */
void mshv_partition_release_vp(struct mshv_partition *partition, u32 index);

/**
 * mshv_partition_create_vp - create the VP of a reserved index and publish it
 * @partition: partition
 * @index: VP
 *
 * The VP is the partition's, which frees it.
 *
 * Context: may sleep.
 * Return: the VP or an ERR_PTR().
 */
struct mshv_vp *mshv_partition_create_vp(struct mshv_partition *partition,
					 u32 index);

/**
 * mshv_partition_visit_vps - call a function for each VP of each partition
 * @fn: function; may sleep
 *
 * Context: may sleep.
 */
void mshv_partition_visit_vps(void (*fn)(struct mshv_vp *vp));

#endif /* _MSHV_PARTITION_H */

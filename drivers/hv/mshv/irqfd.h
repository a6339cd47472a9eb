/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A partition's irqfds: eventfds whose signals are interrupts of its guest.
 *
 * An irqfd is made by MSHV_IRQFD and is gone when it is deassigned, when its
 * eventfd is closed, or when the partition fd is; whichever comes first takes it
 * off the list, and a work then detaches and frees it. Until it is detached
 * whoever signals the eventfd raises the interrupt in his own context, also in
 * an interrupt. The work is all that frees.
 *
 * An irqfd with a resamplefd is for a level-triggered interrupt: the eventfd
 * says that a device wants it, and the resamplefd, when the guest has ended it,
 * that it is time to look whether the device still does. Which interrupt it is
 * says the routing table, each time anew.
 */
#ifndef _MSHV_IRQFD_H
#define _MSHV_IRQFD_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct mem_cgroup;
struct mshv_deposit;
struct mshv_irqfd;
struct mshv_routing;

/* One of each number; whoever ends an interrupt looks at them all. */
#define MSHV_MAX_IRQFDS	4096

#define MSHV_VECTORS	256

/**
 * struct mshv_irqfds - the irqfds of a partition
 * @pool: its deposited memory, which names the partition; constant, as the next
 * @routing: its routing table
 * @memcg: who pays for what an interrupt needs; constant, holds a reference
 * @lock: nests inside the lock of any eventfd; protects the next two, and
 *	writes to @resamplers
 * @list: irqfds that are assigned
 * @count: how many
 * @resamplers: those with a resamplefd; read under mshv_routing_srcu
 * @ended: vectors whose EOI nobody has looked at; atomic
 * @eoi_work: looks at @ended
 * @dropped: signals that raised nothing; statistics
 */
struct mshv_irqfds {
	struct mshv_deposit *pool;
	struct mshv_routing *routing;
	struct mem_cgroup *memcg;

	spinlock_t lock; /* see above */
	struct list_head list;
	unsigned int count;
	struct list_head resamplers;

	DECLARE_BITMAP(ended, MSHV_VECTORS);
	struct work_struct eoi_work;

	atomic64_t dropped;
};

/**
 * mshv_irqfds_init - begin with none
 * @irqfds: to initialize
 * @pool: the partition's
 * @routing: the partition's
 *
 * Context: may sleep; the caller pays for memory that interrupts need.
 */
void mshv_irqfds_init(struct mshv_irqfds *irqfds, struct mshv_deposit *pool,
		      struct mshv_routing *routing);

/**
 * mshv_irqfds_assign - attach an eventfd
 * @irqfds: a partition's
 * @args: which, and to what number; flags are the caller's matter, but for
 *	RESAMPLE
 *
 * Context: may sleep.
 * Return: 0, -EBADF or -EINVAL for a file that is none or no eventfd, -EBUSY if
 * it raises an interrupt already, -ENOSPC, -ENOMEM.
 */
int mshv_irqfds_assign(struct mshv_irqfds *irqfds,
		       const struct mshv_irqfd *args);

/**
 * mshv_irqfds_deassign - detach an eventfd from a number, if it is attached
 * @irqfds: a partition's
 * @args: which
 *
 * Afterwards no signal of it raises an interrupt.
 *
 * Context: may sleep.
 * Return: 0, -EBADF or -EINVAL for a file that is none or no eventfd.
 */
int mshv_irqfds_deassign(struct mshv_irqfds *irqfds,
			 const struct mshv_irqfd *args);

/**
 * mshv_irqfds_release - detach all
 * @irqfds: those of a partition whose fd is being closed
 *
 * Context: may sleep.
 */
void mshv_irqfds_release(struct mshv_irqfds *irqfds);

/**
 * mshv_irqfds_destroy - the end
 * @irqfds: without an irqfd, and of a partition that the ISR cannot find
 *
 * Context: may sleep.
 */
void mshv_irqfds_destroy(struct mshv_irqfds *irqfds);

/**
 * mshv_irqfds_end_from_isr - the guest has ended a level-triggered interrupt
 * @irqfds: a partition's
 * @vector: its vector, as the hypervisor says it: any number
 *
 * Context: hard IRQ, or interrupts off; RCU reader.
 */
void mshv_irqfds_end_from_isr(struct mshv_irqfds *irqfds, u32 vector);

/**
 * mshv_irqfds_setup - once for all partitions
 *
 * Return: 0 or -ENOMEM.
 */
int mshv_irqfds_setup(void);

/**
 * mshv_irqfds_teardown - the reverse, when there is no partition any more
 */
void mshv_irqfds_teardown(void);

#endif /* _MSHV_IRQFD_H */

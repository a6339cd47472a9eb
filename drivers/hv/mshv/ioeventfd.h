/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A partition's ioeventfds: eventfds that a guest's writes signal.
 *
 * One for memory is a doorbell: the hypervisor knows it, and the VP does not stop.
 * One for a port is the driver's own: the VP stops, whoever runs it looks here,
 * and it goes on. Writers are the ioctls of the partition fd, and its release;
 * after that there are none, though VPs may still run.
 *
 * No two of a partition match the same write.
 */
#ifndef _MSHV_IOEVENTFD_H
#define _MSHV_IOEVENTFD_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/srcu.h>
#include <linux/types.h>

struct eventfd_ctx;
struct mshv_deposit;
struct mshv_io_match;
struct mshv_port_write;

/* All partitions share it: readers are short. */
extern struct srcu_struct mshv_ioeventfds_srcu;

/**
 * struct mshv_ioeventfds - the ioeventfds of a partition
 * @pool: its deposited memory, which names the partition; constant
 * @lock: protects what follows; held while hypercalls are made
 * @doorbells: those for memory
 * @ports: those for ports; read under mshv_ioeventfds_srcu
 * @count: how many there are in all
 */
struct mshv_ioeventfds {
	struct mshv_deposit *pool;

	struct mutex lock; /* see above */
	struct list_head doorbells;
	struct list_head ports;
	unsigned int count;
};

/**
 * struct mshv_ioeventfd_spec - what an ioctl asks for
 * @match: which writes; mshv_io_match_check() has approved of it
 * @port: to a port, not to memory
 * @fd: eventfd
 */
struct mshv_ioeventfd_spec {
	const struct mshv_io_match *match;
	bool port;
	int fd;
};

/**
 * mshv_ioeventfds_init - begin with none
 * @set: to initialize
 * @pool: the partition's
 */
void mshv_ioeventfds_init(struct mshv_ioeventfds *set,
			  struct mshv_deposit *pool);

/**
 * mshv_ioeventfds_assign - from now on, writes signal an eventfd
 * @set: a partition's
 * @spec: which writes, and which eventfd
 *
 * Context: may sleep.
 * Return: 0; -EBADF or -EINVAL for a file that is none or no eventfd, -EEXIST if
 * a write would signal two, -ENOSPC, -EOPNOTSUPP for memory if the hypervisor has
 * no doorbells, -ENOMEM, -EINTR, or a status's errno.
 */
int mshv_ioeventfds_assign(struct mshv_ioeventfds *set,
			   const struct mshv_ioeventfd_spec *spec);

/**
 * mshv_ioeventfds_deassign - from now on, they do not
 * @set: a partition's
 * @spec: as it was assigned
 *
 * Context: may sleep.
 * Return: 0; -EBADF, -EINVAL as above, -ENOENT if there is none such, -EINTR, or
 * a status's errno, then it stays.
 */
int mshv_ioeventfds_deassign(struct mshv_ioeventfds *set,
			     const struct mshv_ioeventfd_spec *spec);

/**
 * mshv_ioeventfds_find - the eventfd that a write to a port signals
 * @set: a partition's
 * @write: write
 *
 * Context: may sleep; reader of mshv_ioeventfds_srcu.
 * Return: the eventfd, as long as the reader; NULL if there is none.
 */
struct eventfd_ctx *mshv_ioeventfds_find(struct mshv_ioeventfds *set,
					 const struct mshv_port_write *write);

/**
 * mshv_ioeventfds_release - remove all
 * @set: that of a partition whose fd is being closed
 *
 * Context: may sleep.
 */
void mshv_ioeventfds_release(struct mshv_ioeventfds *set);

/**
 * mshv_ioeventfds_destroy - the end
 * @set: empty, and nobody else can reach it any more
 */
void mshv_ioeventfds_destroy(struct mshv_ioeventfds *set);

#endif /* _MSHV_IOEVENTFD_H */

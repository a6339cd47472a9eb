/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Doorbells: writes to guest memory that the hypervisor tells the root of without
 * stopping the VP.
 *
 * Each is a port of the root, which names it, and a connection of the guest's
 * partition to it, which says what rings it. A write puts the port's number into
 * an event ring of some root processor, and a message of SINT 0 says that there
 * is something in it. Whoever empties the ring finds the doorbell by the number,
 * under RCU, and signals its eventfd in the same reader.
 *
 * A ring can hold the number of a doorbell that has gone, so numbers are given
 * out in turn, and none again before a grace period.
 */
#ifndef _MSHV_DOORBELL_H
#define _MSHV_DOORBELL_H

#include <linux/types.h>

struct eventfd_ctx;
struct mshv_deposit;
struct mshv_hv_message;
struct mshv_io_match;

/**
 * struct mshv_doorbell - a doorbell
 * @eventfd: what it signals; constant
 * @port_id: of the port and of the connection; 0 for none
 */
struct mshv_doorbell {
	struct eventfd_ctx *eventfd;
	u32 port_id;
};

/**
 * mshv_doorbell_connect - from now on, writes ring it
 * @doorbell: with its eventfd
 * @pool: the pool of the partition whose writes; it names the partition
 * @match: which writes
 *
 * Context: may sleep.
 * Return: 0; -EOPNOTSUPP if the hypervisor has no doorbells, -ENOSPC if there
 * are no numbers left, -ENOMEM, -EINTR, or a status's errno.
 */
int mshv_doorbell_connect(struct mshv_doorbell *doorbell,
			  struct mshv_deposit *pool,
			  const struct mshv_io_match *match);

/**
 * mshv_doorbell_disconnect - from now on, none does
 * @doorbell: connected
 * @partition_id: partition
 *
 * Context: may sleep.
 * Return: 0, or a status's errno and nothing has changed.
 */
int mshv_doorbell_disconnect(struct mshv_doorbell *doorbell, u64 partition_id);

/**
 * mshv_doorbell_unpublish - nobody finds it any more, and its port is gone
 * @doorbell: that no write rings, or one of a partition that goes
 *
 * It may still be signalled for a grace period.
 *
 * Context: may sleep.
 */
void mshv_doorbell_unpublish(struct mshv_doorbell *doorbell);

/**
 * mshv_doorbell_release - give back its number
 * @doorbell: unpublished, and a grace period has passed
 *
 * Context: may sleep.
 */
void mshv_doorbell_release(struct mshv_doorbell *doorbell);

/**
 * mshv_doorbell_from_isr - the rings of this processor may have something
 * @message: of type SYNIC_SINT_INTERCEPT
 *
 * Context: hard IRQ, or interrupts off.
 * Return: false if it says nothing of doorbells.
 */
bool mshv_doorbell_from_isr(const struct mshv_hv_message *message);

/**
 * mshv_doorbell_init - take over the event ring of all processors
 *
 * After mshv_synic_init(), and quiesced before it. If the hypervisor has no rings
 * there will be no doorbells.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int mshv_doorbell_init(void);

/**
 * mshv_doorbell_quiesce - release the rings of all processors
 *
 * What is in them is delivered first. Can be called twice.
 *
 * Context: may sleep.
 */
void mshv_doorbell_quiesce(void);

#endif /* _MSHV_DOORBELL_H */

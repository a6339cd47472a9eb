/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls for ports of the root partition, and for doorbells that ring them. */
#ifndef _MSHV_HVCALL_PORT_H
#define _MSHV_HVCALL_PORT_H

#include <linux/types.h>

struct mshv_deposit;
struct mshv_io_match;

/**
 * mshv_hvcall_create_port - HvCallCreatePort, a port of the root for doorbells
 * @partition_id: who may connect to it
 * @port_id: its number, less than 2^24 and not 0
 *
 * Its events go to the ring of MSHV_DOORBELL_SINT of any processor. Memory comes
 * from the root's own pool.
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_create_port(u64 partition_id, u32 port_id);

/**
 * mshv_hvcall_delete_port - HvCallDeletePort
 * @port_id: a port that nothing is connected to
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_delete_port(u32 port_id);

/**
 * mshv_hvcall_connect_port - HvCallConnectPort, a doorbell
 * @pool: the pool of the partition whose writes ring it; it names the partition
 * @port_id: the root's port; the connection gets the same number
 * @match: which writes
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_connect_port(struct mshv_deposit *pool, u32 port_id,
			     const struct mshv_io_match *match);

/**
 * mshv_hvcall_disconnect_port - HvCallDisconnectPort
 * @partition_id: partition
 * @port_id: number of the connection
 *
 * Context: any.
 * Return: 0, and no write rings any more; or a status's errno.
 */
int mshv_hvcall_disconnect_port(u64 partition_id, u32 port_id);

/**
 * mshv_hvcall_notify_port_ring_empty - HvCallNotifyPortRingEmpty
 * @sint: SINT of this processor whose ring was full, and is not any more
 *
 * Events that did not fit are in the ring when it returns.
 *
 * Context: any; interrupts off.
 */
void mshv_hvcall_notify_port_ring_empty(u32 sint);

#endif /* _MSHV_HVCALL_PORT_H */

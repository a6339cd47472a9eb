/* SPDX-License-Identifier: GPL-2.0 */
/* From a message of the hypervisor to the VP that it is about. */
#ifndef _MSHV_DELIVER_H
#define _MSHV_DELIVER_H

#include <linux/types.h>

struct mshv_hv_message;

/**
 * mshv_deliver_from_isr - copy a message to its VP and wake who runs it
 * @message: in the slot, and stable until the slot is freed
 *
 * Whatever cannot be delivered is dropped, and counted.
 *
 * Context: hard IRQ, or interrupts off.
 */
void mshv_deliver_from_isr(const struct mshv_hv_message *message);

/**
 * mshv_deliver_dropped - messages that found nobody, since the module is loaded
 *
 * Context: any.
 * Return: their number.
 */
u64 mshv_deliver_dropped(void);

#endif /* _MSHV_DELIVER_H */

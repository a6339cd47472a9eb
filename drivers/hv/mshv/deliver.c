// SPDX-License-Identifier: GPL-2.0
/* From a message of the hypervisor to the VP that it is about. */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "deliver.h"
#include "doorbell.h"
#include "irqfd.h"
#include "message.h"
#include "partition.h"
#include "tlfs.h"
#include "trace.h"
#include "vp.h"

static atomic64_t dropped;

u64 mshv_deliver_dropped(void)
{
	return atomic64_read(&dropped);
}

/* False if the VP has a message that nobody took: it cannot have stopped. */
static bool fill(struct mshv_vp *vp, const struct mshv_hv_message *message,
		 size_t size)
{
	/* Pairs with clear_bit_unlock() when user space has got the last. */
	if (test_and_set_bit_lock(0, &vp->filled))
		return false;
	vp->message.header = message->header;
	vp->message.header.message_flags.asu8 = 0;
	memcpy(vp->message.payload, message->payload, size);
	memset((u8 *)vp->message.payload + size, 0,
	       sizeof(vp->message.payload) - size);
	mshv_events_raise(&vp->events, MSHV_EVENT_MESSAGE);
	return true;
}

/*
 * A level-triggered interrupt is done. The VP does not stop for it, so it must
 * not end a run: here is where a line that is still raised is looked at again.
 */
static void end_of_interrupt(struct mshv_partition *partition,
			     struct mshv_vp *vp, u32 vector)
{
	atomic64_inc(&vp->eois);
	mshv_irqfds_end_from_isr(&partition->irqfds, vector);
}

/* Returns what became of the message, for the tracepoint. */
static const char *deliver(const struct mshv_hv_message *message, u32 type,
			   size_t size)
{
	size_t least = mshv_message_least_payload(type);
	struct mshv_partition *partition;
	struct mshv_vp *vp;

	if (type == MSHV_HVMSG_SYNIC_SINT_INTERCEPT)
		return mshv_doorbell_from_isr(message) ? NULL : "sint";
	if (!least)
		return "type";
	if (size < sizeof(u32))
		return "size";
	partition = mshv_partition_find(message->header.sender);
	if (!partition)
		return "partition";
	vp = mshv_partition_find_vp(partition, (u32)message->payload[0]);
	if (!vp)
		return "vp";

	if (size < least || size > MSHV_HV_MESSAGE_PAYLOAD_SIZE) {
		atomic64_inc(&vp->malformed);
		return "size";
	}
	if (type == MSHV_HVMSG_X64_APIC_EOI) {
		end_of_interrupt(partition, vp, message->payload[0] >> 32);
		return NULL;
	}
	if (!fill(vp, message, size)) {
		atomic64_inc(&vp->overruns);
		return "overrun";
	}
	atomic64_inc(&vp->messages);
	return NULL;
}

void mshv_deliver_from_isr(const struct mshv_hv_message *message)
{
	u32 type = message->header.message_type;
	size_t size = message->header.payload_size;
	const char *why;

	/* One reader: the partition, and who wakes up, outlive it. */
	guard(rcu)();
	why = deliver(message, type, size);
	if (why)
		atomic64_inc(&dropped);
	trace_mshv_message(message->header.sender, type, size,
			   why ?: "delivered");
}

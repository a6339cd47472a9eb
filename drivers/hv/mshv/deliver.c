// SPDX-License-Identifier: GPL-2.0
/* From a message of the hypervisor to the VP that it is about. */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "deliver.h"
#include "partition.h"
#include "tlfs.h"
#include "trace.h"
#include "vp.h"

/* Of the types that follow the intercept header, at least that much. */
#define HEADER	sizeof(struct mshv_hv_x64_intercept_message_header)

static atomic64_t dropped;

u64 mshv_deliver_dropped(void)
{
	return atomic64_read(&dropped);
}

/*
 * How long the payload of a type must be; 0 for what is not about a VP. All
 * that are begin with the VP's index.
 */
static size_t least_payload(u32 type)
{
	switch (type) {
	case MSHV_HVMSG_UNMAPPED_GPA:
	case MSHV_HVMSG_GPA_INTERCEPT:
	case MSHV_HVMSG_UNRECOVERABLE_EXCEPTION:
	case MSHV_HVMSG_HYPERCALL_INTERCEPT:
	case MSHV_HVMSG_X64_IO_PORT_INTERCEPT:
	case MSHV_HVMSG_X64_MSR_INTERCEPT:
	case MSHV_HVMSG_X64_CPUID_INTERCEPT:
	case MSHV_HVMSG_X64_EXCEPTION_INTERCEPT:
	case MSHV_HVMSG_X64_HALT:
	case MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE:
	case MSHV_HVMSG_X64_SIPI_INTERCEPT:
		return HEADER;
	case MSHV_HVMSG_INVALID_VP_REGISTER_VALUE:
	case MSHV_HVMSG_UNSUPPORTED_FEATURE:
	case MSHV_HVMSG_X64_APIC_EOI:
		return sizeof(struct mshv_hv_x64_apic_eoi_message);
	default:
		return 0;
	}
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

/* Returns what became of the message, for the tracepoint. */
static const char *deliver(const struct mshv_hv_message *message, u32 type,
			   size_t size)
{
	size_t least = least_payload(type);
	struct mshv_partition *partition;
	struct mshv_vp *vp;

	if (!least)
		return "type";
	if (size < least || size > MSHV_HV_MESSAGE_PAYLOAD_SIZE)
		return "size";
	partition = mshv_partition_find(message->header.sender);
	if (!partition)
		return "partition";
	vp = mshv_partition_find_vp(partition, (u32)message->payload[0]);
	if (!vp)
		return "vp";

	/* The VP does not stop for it, so it must not end a run. */
	if (type == MSHV_HVMSG_X64_APIC_EOI) {
		atomic64_inc(&vp->eois);
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

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test hypervisor's test window, reached through /dev/cpu/N/msr, and what
 * the tests account for with it.
 */
#ifndef MSHV_WINDOW_H
#define MSHV_WINDOW_H

#include <stdbool.h>
#include <linux/types.h>

enum live {
	LIVE_PARTITIONS,
	LIVE_VPS,
	LIVE_DEPOSITED,
	LIVE_MAPPED,
	LIVE_QUEUED,
	LIVE_ROOT_POOL,
	LIVE_STATE_PAGES,
	LIVE_PORTS,
	LIVE_CONNECTIONS,
	LIVE_COUNT,
};

enum counter {
	COUNT_MESSAGES,
	COUNT_INTERRUPTS,
	COUNT_DISCARDED,
	COUNT_EOM,
	COUNT_ROOT_EXITS,
	COUNT_CHILD_EXITS,
	COUNT_CHILD_ENTRIES,
	COUNT_SLICES,
	COUNT_KICKS,
	COUNT_RESENT,
	COUNT_QUEUED,
	COUNT_MALFORMED,
	COUNT_INTERCEPTS,
	COUNT_RESUMES,
	COUNT_HYPERCALLS,
	COUNT_APIC_RETRIES,
	COUNT_DOORBELLS,
	COUNT_PORT_EVENTS,
	COUNT_RING_FULL,
};

enum call {
	CALL_CREATE_PARTITION		= 0x40,
	CALL_INITIALIZE_PARTITION	= 0x41,
	CALL_FINALIZE_PARTITION		= 0x42,
	CALL_DELETE_PARTITION		= 0x43,
	CALL_GET_PROPERTY		= 0x44,
	CALL_SET_PROPERTY		= 0x45,
	CALL_DEPOSIT_MEMORY		= 0x48,
	CALL_WITHDRAW_MEMORY		= 0x49,
	CALL_MAP_GPA_PAGES		= 0x4b,
	CALL_UNMAP_GPA_PAGES		= 0x4c,
	CALL_INSTALL_INTERCEPT		= 0x4d,
	CALL_CREATE_VP			= 0x4e,
	CALL_GET_REGISTERS		= 0x50,
	CALL_SET_REGISTERS		= 0x51,
	CALL_TRANSLATE			= 0x52,
	CALL_DELETE_PORT		= 0x58,
	CALL_DISCONNECT_PORT		= 0x5b,
	CALL_NOTIFY_RING_EMPTY		= 0x8b,
	CALL_ASSERT_INTERRUPT		= 0x94,
	CALL_CREATE_PORT		= 0x95,
	CALL_CONNECT_PORT		= 0x96,
	CALL_MAP_STATE_PAGE		= 0xe1,
	CALL_GET_VP_STATE		= 0xe3,
	CALL_SET_VP_STATE		= 0xe4,
};

/* TLFS statuses that the tests order */
enum status {
	STATUS_INVALID_HYPERCALL_CODE	= 0x2,
	STATUS_INVALID_HYPERCALL_INPUT	= 0x3,
	STATUS_INVALID_ALIGNMENT	= 0x4,
	STATUS_INVALID_PARAMETER	= 0x5,
	STATUS_ACCESS_DENIED		= 0x6,
	STATUS_INVALID_PARTITION_STATE	= 0x7,
	STATUS_OPERATION_DENIED		= 0x8,
	STATUS_UNKNOWN_PROPERTY		= 0x9,
	STATUS_PROPERTY_OUT_OF_RANGE	= 0xa,
	STATUS_INSUFFICIENT_MEMORY	= 0xb,
	STATUS_INVALID_PARTITION_ID	= 0xd,
	STATUS_INVALID_VP_INDEX		= 0xe,
	STATUS_NOT_FOUND		= 0x10,
	STATUS_INSUFFICIENT_BUFFERS	= 0x13,
	STATUS_NOT_ACKNOWLEDGED		= 0x14,
	STATUS_INVALID_VP_STATE		= 0x15,
	STATUS_NO_RESOURCES		= 0x1d,
	STATUS_INVALID_LP_INDEX		= 0x41,
	STATUS_INVALID_REGISTER_VALUE	= 0x50,
};

/* A message for SINT0 that no intercept caused */
struct raw_message {
	__u32 type;
	__u64 sender;
	__u64 payload;
	__u8 payload_size;
};

bool window_present(void);
__u64 window_live(enum live what);
__u64 window_counter(enum counter what);
void window_await(enum counter what, __u64 count);
__u64 window_calls(enum call code);
void window_zero(void);
void window_fault(enum call code, unsigned int nth, enum status status, unsigned int reps);
bool window_fault_fired(void);
void window_fault_clear(void);
void window_delay(unsigned long us);
void window_pending(bool on);
void window_no_purge(bool on);
void window_raw(int cpu, const struct raw_message *msg);
__u64 callback_interrupts(void);
bool callback_interrupts_reach(__u64 count);

/**
 * struct books - what was alive in the hypervisor when a test began
 * @live: by enum live
 */
struct books {
	__u64 live[LIVE_COUNT];
};

void books_open(struct books *books);
bool books_balanced(const struct books *books);

#endif /* MSHV_WINDOW_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What testhv counts. The order is the test window's (MSR 0x4F000100 + n), so it only grows at its
 * end. All are changed under the big lock.
 */
#ifndef TESTHV_COUNTERS_H
#define TESTHV_COUNTERS_H

#include "types.h"

enum counter {
	CNT_MESSAGES,		/* messages written to a slot */
	CNT_SINT0_RAISED,	/* interrupts sent for SINT0 */
	CNT_DISCARDED,		/* messages discarded by FINALIZE */
	CNT_EOM,		/* writes to the EOM register */
	CNT_ROOT_EXITS,
	CNT_CHILD_EXITS,
	CNT_CHILD_ENTRIES,
	CNT_SLICES,		/* slices ended by testhv's clock */
	CNT_KICKS,
	CNT_KICK_RESENDS,
	CNT_QUEUED,		/* messages that found their slot full */
	CNT_MALFORMED,		/* hypercalls answered with status 2, 3 or 4 */
	CNT_INTERCEPTS,
	CNT_INTERCEPT_CLEARS,	/* INTERCEPT_SUSPEND cleared by SET_VP_REGISTERS */
	CNT_HYPERCALLS,
	CNT_APIC_RETRIES,	/* stores to the LAPIC that QEMU lost, and that were repeated */
	CNT_DOORBELLS,		/* stores of guests that were doorbells */
	CNT_PORT_EVENTS,	/* events of ports */
	CNT_RING_FULL,		/* those that had to wait for room in a ring */
	CNT_CHILD_IO,		/* child exits by kind: port I/O */
	CNT_CHILD_APIC,		/* at the local APIC's page */
	CNT_CHILD_MEMORY,	/* at other GPAs */
	CNT_CHILD_MSR,
	CNT_CHILD_CPUID,
	CNT_CHILD_HLT,
	CNT_CHILD_INTERRUPT,	/* an interrupt of the root */
	CNT_CHILD_NMI,		/* testhv's clock, or a kick */
	CNT_CHILD_OTHER,
	CNT_PORT_EVENTS_MERGED,	/* those whose port had one waiting already */
	CNT_STALE_CODE,		/* INT3s executed that then had gone (software.c) */
	CNT_COUNT
};

/* What exists now (MSR 0x4F000010 + n); all but the root's pool must be 0 at the end. */
enum live {
	LIVE_PARTITIONS,
	LIVE_VPS,
	LIVE_DEPOSITED,		/* pages deposited in child partitions */
	LIVE_MAPPED,		/* GPA pages mapped in children */
	LIVE_QUEUED,		/* messages waiting for a slot */
	LIVE_ROOT_POOL,
	LIVE_STATE_PAGES,
	LIVE_PORTS,
	LIVE_CONNECTIONS,
	LIVE_COUNT
};

extern u64 counters[CNT_COUNT];
extern u64 live[LIVE_COUNT];

const char *counter_name(enum counter c);
const char *live_name(enum live l);

#endif

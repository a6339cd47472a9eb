// SPDX-License-Identifier: GPL-2.0
/* The counters and their names. */
#include "counters.h"

u64 counters[CNT_COUNT];
u64 live[LIVE_COUNT];

static const char * const counter_names[CNT_COUNT] = {
	[CNT_MESSAGES] = "messages",
	[CNT_SINT0_RAISED] = "sint0_raised",
	[CNT_DISCARDED] = "messages_discarded",
	[CNT_EOM] = "eom_writes",
	[CNT_ROOT_EXITS] = "root_exits",
	[CNT_CHILD_EXITS] = "child_exits",
	[CNT_CHILD_ENTRIES] = "child_entries",
	[CNT_SLICES] = "slices",
	[CNT_KICKS] = "kicks",
	[CNT_KICK_RESENDS] = "kick_resends",
	[CNT_QUEUED] = "messages_queued",
	[CNT_MALFORMED] = "malformed_hypercalls",
	[CNT_INTERCEPTS] = "intercepts",
	[CNT_INTERCEPT_CLEARS] = "intercept_clears",
	[CNT_HYPERCALLS] = "hypercalls",
	[CNT_APIC_RETRIES] = "apic-retries",
	[CNT_CHILD_IO] = "child_io",
	[CNT_CHILD_APIC] = "child_apic",
	[CNT_CHILD_MEMORY] = "child_memory",
	[CNT_CHILD_MSR] = "child_msr",
	[CNT_CHILD_CPUID] = "child_cpuid",
	[CNT_CHILD_HLT] = "child_hlt",
	[CNT_CHILD_INTERRUPT] = "child_interrupt",
	[CNT_CHILD_NMI] = "child_nmi",
	[CNT_CHILD_OTHER] = "child_other",
	[CNT_DOORBELLS] = "doorbells",
	[CNT_PORT_EVENTS] = "port_events",
	[CNT_RING_FULL] = "port_events_waiting",
	[CNT_PORT_EVENTS_MERGED] = "port_events_merged",
	[CNT_STALE_CODE] = "stale_code",
};

static const char * const live_names[LIVE_COUNT] = {
	[LIVE_PARTITIONS] = "partitions",
	[LIVE_VPS] = "vps",
	[LIVE_DEPOSITED] = "deposited_pages",
	[LIVE_MAPPED] = "mapped_pages",
	[LIVE_QUEUED] = "queued_messages",
	[LIVE_ROOT_POOL] = "root_pool_pages",
	[LIVE_STATE_PAGES] = "state_pages",
	[LIVE_PORTS] = "ports",
	[LIVE_CONNECTIONS] = "connections",
};

const char *counter_name(enum counter c)
{
	return counter_names[c];
}

const char *live_name(enum live l)
{
	return live_names[l];
}

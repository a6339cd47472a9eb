// SPDX-License-Identifier: GPL-2.0
/* Partition properties that are a number with a range. */
#include "../lib/lib.h"
#include "partition.h"

#define CPU_WHOLE	0x10000u	/* of a processor: reserve and cap are fractions of it */
#define WEIGHT_DEFAULT	100
#define WEIGHT_MAX	10000
#define TLB_PAGES_MIN	4
#define TLB_PAGES_MAX	1024
#define U32_ALL		0xffffffffu

struct property_row {
	u32 code;
	u32 at;			/* in struct properties */
	u32 least, most;
	bool early;		/* may be set before INITIALIZE too */
};

#define AT(field)	offsetof(struct properties, field)
#define ABSENT(code)	{ code, AT(nothing), 0, 0, true }

static const struct property_row rows[] = {
	{ PROPERTY_SUSPEND, AT(suspend), 0, 1, false },
	{ PROPERTY_CPU_RESERVE, AT(cpu_reserve), 0, CPU_WHOLE, false },
	{ PROPERTY_CPU_CAP, AT(cpu_cap), 0, CPU_WHOLE, false },
	{ PROPERTY_CPU_WEIGHT, AT(cpu_weight), 1, WEIGHT_MAX, false },
	ABSENT(PROPERTY_CPU_GROUP_ID),
	{ PROPERTY_TIME_FREEZE, AT(time_freeze), 0, 1, false },
	{ PROPERTY_DEBUG_CHANNEL_ID, AT(debug_channel), 0, U32_ALL, true },
	{ PROPERTY_VIRTUAL_TLB_PAGE_COUNT, AT(tlb_pages), 0, U32_ALL, true },
	ABSENT(PROPERTY_VSM_CONFIG),
	{ PROPERTY_ZERO_MEMORY_ON_RESET, AT(zero_on_reset), 0, 1, true },
	{ PROPERTY_PROCESSORS_PER_SOCKET, AT(processors_per_socket), 1, PARTITION_MAX_VPS, true },
	ABSENT(PROPERTY_NESTED_TLB_SIZE),
	{ PROPERTY_GPA_ACCESS_TRACKING, AT(access_tracking), 0, 1, false },
	ABSENT(PROPERTY_SGX_LAUNCH_CONTROL_CONFIG),
	ABSENT(PROPERTY_SGX_LAUNCH_CONTROL0),
	ABSENT(PROPERTY_SGX_LAUNCH_CONTROL0 + 1),
	ABSENT(PROPERTY_SGX_LAUNCH_CONTROL0 + 2),
	ABSENT(PROPERTY_SGX_LAUNCH_CONTROL3),
	ABSENT(PROPERTY_ISOLATION_CONTROL),
	ABSENT(PROPERTY_RDT_L3_COS_INDEX),
	ABSENT(PROPERTY_RDT_RMID),
	ABSENT(PROPERTY_CORE_SHARING),
	ABSENT(PROPERTY_HYPERCALL_DOORBELL_PAGE),
	{ PROPERTY_UNIMPLEMENTED_MSR_ACTION, AT(unimplemented_msr_action), 0,
	  UNIMPLEMENTED_MSR_IGNORE, true },
};

static const struct property_row *find(u32 code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

void properties_init(struct partition *p)
{
	p->properties = (struct properties){ .cpu_cap = CPU_WHOLE, .cpu_weight = WEIGHT_DEFAULT,
					     .tlb_pages = TLB_PAGES_MIN };
}

hv_status properties_get(const struct partition *p, u32 code, u64 *value)
{
	const struct property_row *row = find(code);

	if (!row)
		return HV_UNKNOWN_PROPERTY;
	*value = *(const u64 *)((const u8 *)&p->properties + row->at);
	return HV_SUCCESS;
}

hv_status properties_set(struct partition *p, u32 code, u64 value)
{
	const struct property_row *row = find(code);

	if (!row)
		return HV_UNKNOWN_PROPERTY;
	if (p->state == PARTITION_FINALIZED || (p->state == PARTITION_CREATED && !row->early))
		return HV_INVALID_PARTITION_STATE;
	if (value < row->least || value > row->most)
		return HV_PROPERTY_VALUE_OUT_OF_RANGE;
	/* What is guaranteed can't be more than what is allowed. */
	if ((code == PROPERTY_CPU_RESERVE && value > p->properties.cpu_cap) ||
	    (code == PROPERTY_CPU_CAP && value < p->properties.cpu_reserve))
		return HV_PROPERTY_VALUE_OUT_OF_RANGE;
	/* Out of bounds means the bound (TLFS, "Partition Virtual TLB Page Count"). */
	if (code == PROPERTY_VIRTUAL_TLB_PAGE_COUNT)
		value = MIN(MAX(value, (u64)TLB_PAGES_MIN), (u64)TLB_PAGES_MAX);
	*(u64 *)((u8 *)&p->properties + row->at) = value;
	return HV_SUCCESS;
}

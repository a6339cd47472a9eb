// SPDX-License-Identifier: GPL-2.0
/* ASSERT_VIRTUAL_INTERRUPT (TLFS, 10.8). */
#include "../vm/lapic.h"
#include "../vm/partition.h"
#include "hypercall.h"

#define CONTROL			8
#define DEST			16
#define VECTOR			24
#define CONTROL_LEVEL		BIT(32)
#define CONTROL_LOGICAL		BIT(33)
/* Bit 62: some callers want to say "long mode" with it. */
#define CONTROL_RESERVED	(GENMASK(63, 34) & ~BIT(62))

hv_status call_assert_virtual_interrupt(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	u64 control = call_u64(c, CONTROL), dest = call_u64(c, DEST);
	struct lapic_request r = {
		.type = (u32)control,
		.level = control & CONTROL_LEVEL,
		.logical = control & CONTROL_LOGICAL,
		.dest = (u32)dest,
		.vector = call_u32(c, VECTOR),
	};

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	if (p->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	if (control & CONTROL_RESERVED || dest >> 32)
		return HV_INVALID_PARAMETER;
	return lapic_assert(p, &r);
}

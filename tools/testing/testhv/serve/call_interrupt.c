// SPDX-License-Identifier: GPL-2.0
/* ASSERT and CLEAR_VIRTUAL_INTERRUPT (TLFS, 10.8). */
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

static hv_status find_child(struct call *c, struct partition **p)
{
	*p = partition_find(call_u64(c, 0));
	if (!*p)
		return HV_INVALID_PARTITION_ID;
	if (*p == &root_partition)
		return HV_ACCESS_DENIED;
	return (*p)->state == PARTITION_ACTIVE ? HV_SUCCESS : HV_INVALID_PARTITION_STATE;
}

hv_status call_assert_virtual_interrupt(struct call *c)
{
	u64 control = call_u64(c, CONTROL), dest = call_u64(c, DEST);
	struct lapic_request r = {
		.type = (u32)control,
		.level = control & CONTROL_LEVEL,
		.logical = control & CONTROL_LOGICAL,
		.dest = (u32)dest,
		.vector = call_u32(c, VECTOR),
	};
	struct partition *p;
	hv_status status = find_child(c, &p);

	if (status)
		return status;
	if (control & CONTROL_RESERVED || dest >> 32)
		return HV_INVALID_PARAMETER;
	return lapic_assert(p, &r);
}

/* Takes back an interrupt of type EXTINT that no VP has taken yet. */
hv_status call_clear_virtual_interrupt(struct call *c)
{
	struct partition *p;
	hv_status status = find_child(c, &p);

	return status ? status : lapic_clear(p);
}

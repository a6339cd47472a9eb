// SPDX-License-Identifier: GPL-2.0
/* INSTALL_INTERCEPT (TLFS, 11.9.1). */
#include "../vm/partition.h"
#include "../vm/sched.h"
#include "hypercall.h"

hv_status call_install_intercept(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	hv_status status;

	if (!p)
		return HV_INVALID_PARTITION_ID;
	/* Its parent may, and the root partition has none. */
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	if (p->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	status = intercepts_set(p, call_u32(c, 12), call_u32(c, 8), call_u64(c, 16));
	/* VPs that run now get it at their next entry: let that be now. */
	if (!status)
		sched_flush_partition(p);
	return status;
}

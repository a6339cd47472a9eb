// SPDX-License-Identifier: GPL-2.0
/* MAP and UNMAP_VP_STATE_PAGE (TLFS, 7.8): the register page. */
#include "../vm/partition.h"
#include "../vm/register_page.h"
#include "../vm/sched.h"
#include "../vm/vp.h"
#include "hypercall.h"

#define STATE_PAGE_REGISTERS	0

static hv_status find(const struct call *c, struct vp **vp)
{
	hv_status status = call_find_vp(c, vp);

	if (status)
		return status;
	return call_u32(c, 12) == STATE_PAGE_REGISTERS ? HV_SUCCESS : HV_INVALID_PARAMETER;
}

/* There is one; who asks again is told again where. */
hv_status call_map_vp_state_page(struct call *c)
{
	struct vp *vp;
	hv_status status = find(c, &vp);

	if (status)
		return status;
	if (!vp->page) {
		vp->page = partition_lend_page(vp->partition);
		if (!vp->page)
			return HV_INSUFFICIENT_MEMORY;
		if (vp_at_rest(vp))
			register_page_show(vp);
	}
	call_return_u64(c, 0, (u64)vp->page >> PAGE_SHIFT);
	return HV_SUCCESS;
}

/* What is dirty in it is taken over, as when the VP goes on; what can't be is lost. */
hv_status call_unmap_vp_state_page(struct call *c)
{
	struct partition *p;
	struct vp *vp;
	void *page;
	hv_status status = find(c, &vp);

	if (status)
		return status;
	if (!vp->page)
		return HV_INVALID_PARAMETER;
	register_page_sync(vp);
	register_page_hide(vp);
	p = vp->partition;
	page = vp->page;
	vp->page = NULL;
	partition_hide_page(page);
	/* The lock is dropped, but nobody can delete @p as long as it lacks a page. */
	sched_flush_root();
	partition_return_page(p, page);
	return HV_SUCCESS;
}

// SPDX-License-Identifier: GPL-2.0
/* The Hyper-V interface of child partitions: its beginning and end. */
#include "../lib/lib.h"
#include "child_synic.h"
#include "hv.h"
#include "lapic.h"
#include "partition.h"
#include "sched.h"
#include "slat.h"
#include "vp.h"

#define SINT_RESET	BIT(16)		/* masked */

u64 hv_features(const struct partition *p)
{
	u64 granted = p->hv ? p->hv->granted : 0;

	return p->synthetic_features & granted;
}

static void *page_if(struct partition *p, u64 feature)
{
	return p->hv->granted & feature ? pool_alloc(&p->pool) : NULL;
}

bool hv_init_partition(struct partition *p)
{
	u64 f = p->synthetic_features & SYNTHETIC_PRESENT ? p->synthetic_features : 0;
	struct partition_hv *hv;

	static_assert(sizeof(*hv) <= PAGE_SIZE, "a page");
	if (p->pool.free < 1u + !!(f & SYNTHETIC_HYPERCALL) + !!(f & SYNTHETIC_TSC_PAGE))
		return false;
	hv = pool_alloc(&p->pool);
	p->hv = hv;
	hv->granted = f;
	list_init(&hv->overlays);
	overlay_init(&hv->hypercall_page, page_if(p, SYNTHETIC_HYPERCALL), MAP_READ | MAP_EXECUTE);
	overlay_init(&hv->tsc_page, page_if(p, SYNTHETIC_TSC_PAGE), MAP_READ);
	if (hv->hypercall_page.page) {
		/* VMMCALL; RET */
		memset(hv->hypercall_page.page, 0xcc, PAGE_SIZE);
		memcpy(hv->hypercall_page.page, "\x0f\x01\xd9\xc3", 4);
	}
	lapic_eoi_callback = child_synic_eoi;
	reftime_init(p);
	return true;
}

u32 hv_vp_pages(const struct partition *p)
{
	u64 f = p->hv->granted;

	return 1 + !!(f & SYNTHETIC_INTR_CTRL) + 2 * !!(f & SYNTHETIC_SYNIC);
}

void hv_init_vp(struct vp *vp)
{
	struct partition *p = vp->partition;
	struct vp_hv *hv;

	static_assert(sizeof(*hv) <= PAGE_SIZE, "a page");
	hv = pool_alloc(&p->pool);
	vp->hv = hv;
	overlay_init(&hv->assist_page, page_if(p, SYNTHETIC_INTR_CTRL), MAP_READ | MAP_WRITE);
	overlay_init(&hv->event_page, page_if(p, SYNTHETIC_SYNIC), MAP_READ | MAP_WRITE);
	overlay_init(&hv->message_page, page_if(p, SYNTHETIC_SYNIC), MAP_READ | MAP_WRITE);
	for (unsigned int i = 0; i < HV_SINTS; i++)
		hv->sint[i] = SINT_RESET;
	stimer_init(vp);
	hv->stored[HV_STORED_MISC_ENABLE] = 1;	/* fast strings */
	vp->vmcb->tsc_offset = p->hv->time.tsc_offset;
}

static void free_overlay(struct partition *p, struct overlay *o)
{
	overlay_move(p, o, OVERLAY_HIDDEN);
	if (o->page)
		pool_put(&p->pool, o->page);
}

void hv_free_vp(struct vp *vp)
{
	struct vp_hv *hv = vp->hv;

	stimer_destroy(vp);
	free_overlay(vp->partition, &hv->assist_page);
	free_overlay(vp->partition, &hv->event_page);
	free_overlay(vp->partition, &hv->message_page);
	pool_put(&vp->partition->pool, hv);
	vp->hv = NULL;
}

void hv_destroy_partition(struct partition *p)
{
	struct partition_hv *hv = p->hv;

	if (!hv)
		return;
	free_overlay(p, &hv->hypercall_page);
	free_overlay(p, &hv->tsc_page);
	p->hv = NULL;
	pool_put(&p->pool, hv);
}

void hv_settle(struct vp *vp)
{
	struct partition *p = vp->partition;

	if (!p->hv->stale)
		return;
	p->hv->stale = false;
	sched_flush_by(vp);
}

bool hv_hypercalls_enabled(const struct partition *p)
{
	return p->hv->guest_os_id && p->hv->hypercall & 1;
}

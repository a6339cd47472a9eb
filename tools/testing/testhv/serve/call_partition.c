// SPDX-License-Identifier: GPL-2.0
/* Partitions: create, initialize, finalize, delete (TLFS, 5.4). */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/faults.h"
#include "../vm/features.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/port.h"
#include "../vm/register_page.h"
#include "../vm/sched.h"
#include "../vm/slat.h"
#include "../vm/synic.h"
#include "../vm/vp.h"
#include "hypercall.h"
#include "serve.h"

#define FLAGS_KNOWN	(PARTITION_FLAG_SMT | PARTITION_FLAG_NO_LARGE | PARTITION_FLAG_SUPER | \
			 PARTITION_FLAG_EXO | PARTITION_FLAG_LAPIC_ENABLED)
/* Proximity domain: 30 reserved bits of its flags. */
#define PROXIMITY_RESERVED	GENMASK(62, 33)
/* Messages that outlive their VP, if the test window asks for it. */
#define ORPHANS		16

hv_status call_get_partition_id(struct call *c)
{
	call_return_u64(c, 0, ROOT_PARTITION_ID);
	return HV_SUCCESS;
}

static bool version_known(u32 version)
{
	switch (version) {
	case 0x0605:	/* 19H1 */
	case 0x0607:	/* 20H1 */
	case 0x0609:
	case 0xfe00:
	case 0xff00:
		return true;
	}
	return false;
}

hv_status call_create_partition(struct call *c)
{
	u64 flags = call_u64(c, 0);
	struct partition *p;

	if (flags & ~FLAGS_KNOWN || !(flags & PARTITION_FLAG_EXO))
		return HV_INVALID_PARAMETER;
	if (call_u64(c, 8) & PROXIMITY_RESERVED || !version_known(call_u32(c, 16)))
		return HV_INVALID_PARAMETER;
	if (call_u64(c, 24) & FEATURES0_RESERVED || call_u64(c, 32) & FEATURES1_RESERVED ||
	    call_u64(c, 40) & XSAVE_FEATURES_RESERVED)
		return HV_INVALID_PARAMETER;
	p = partition_create();
	if (!p)
		return HV_INSUFFICIENT_MEMORY;
	p->flags = flags;
	p->compatibility_version = call_u32(c, 16);
	p->disabled_features[0] = call_u64(c, 24);
	p->disabled_features[1] = call_u64(c, 32);
	p->disabled_xsave = call_u64(c, 40);
	call_return_u64(c, 0, p->id);
	return HV_SUCCESS;
}

hv_status call_initialize_partition(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p->state != PARTITION_CREATED)
		return HV_INVALID_PARTITION_STATE;
	if (!hv_init_partition(p))
		return HV_INSUFFICIENT_MEMORY;
	if (!slat_init(p)) {
		hv_destroy_partition(p);
		return HV_INSUFFICIENT_MEMORY;
	}
	p->state = PARTITION_ACTIVE;
	return HV_SUCCESS;
}

/*
 * Let the message of a VP that is about to go wait on without it, in its place in the queue. With
 * no orphan left it is purged.
 */
static bool orphan_message(struct vp *vp)
{
	static struct vp orphans[ORPHANS];

	for (unsigned int i = 0; i < ORPHANS; i++) {
		struct vp *o = &orphans[i];

		if (!o->message_link.next)
			list_init(&o->message_link);
		if (!list_empty(&o->message_link))
			continue;
		memcpy(o->message, vp->message, MESSAGE_SIZE);
		o->message_due = vp->message_due;
		o->home = vp->home;
		list_add_tail(&o->message_link, &vp->message_link);
		list_del(&vp->message_link);
		return true;
	}
	return false;
}

static void bury_vp(struct vp *vp)
{
	bool kept = faults.no_purge && !list_empty(&vp->message_link) && orphan_message(vp);

	if (!kept && synic_purge(vp))
		counters[CNT_DISCARDED]++;
	vp_free(vp);
}

/*
 * Take all VPs off their processors. The lock is dropped meanwhile, but the partition stays: its
 * state lets nobody delete it before its pages are withdrawn, and those of its VPs can't be.
 */
static void stop_vps(struct partition *p)
{
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (!vp)
			continue;
		vp->explicit_suspend = true;
		sched_dequeue(vp);
		while (!sched_stopped(vp))
			sched_wait();
	}
}

/* The root keeps no page of VPs that go. */
static void take_state_pages(struct partition *p)
{
	bool any = false;

	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (!vp || !vp->page)
			continue;
		register_page_hide(vp);
		partition_hide_page(vp->page);
		any = true;
	}
	if (any)
		sched_flush_root();
}

static void free_vps(struct partition *p)
{
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (vp)
			bury_vp(vp);
	}
	for (u32 i = 0; i < ARRAY_SIZE(p->vp_table); i++) {
		if (p->vp_table[i])
			pool_put(&p->pool, p->vp_table[i]);
		p->vp_table[i] = NULL;
	}
}

hv_status call_finalize_partition(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_OPERATION_DENIED;
	if (p->state == PARTITION_FINALIZED)
		return HV_INVALID_PARTITION_STATE;
	p->state = PARTITION_FINALIZED;
	stop_vps(p);
	/* Forgets every processor's last child too, which may be one of these. */
	sched_flush_partition(p);
	take_state_pages(p);
	free_vps(p);
	connections_destroy(p);
	intercepts_destroy(p);
	hv_destroy_partition(p);
	slat_destroy(p);
	return HV_SUCCESS;
}

hv_status call_delete_partition(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_OPERATION_DENIED;
	/* Pages still deposited would be lost with it. */
	if (p->state == PARTITION_ACTIVE || p->pool.total)
		return HV_INVALID_PARTITION_STATE;
	partition_delete(p);
	return HV_SUCCESS;
}

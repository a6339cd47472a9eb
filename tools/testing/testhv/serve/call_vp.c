// SPDX-License-Identifier: GPL-2.0
/* Virtual processors: creation, registers, and by two of these, running (TLFS, 7.8 and 7.9). */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/lapic.h"
#include "../vm/partition.h"
#include "../vm/register_page.h"
#include "../vm/registers.h"
#include "../vm/sched.h"
#include "../vm/stimer.h"
#include "../vm/synic.h"
#include "../vm/vp.h"
#include "hypercall.h"
#include "intercept.h"

#define HEADER		16		/* of GET and SET_VP_REGISTERS */
#define NAME_SIZE	4
#define VALUE_SIZE	16
#define ASSOC_SIZE	32
#define ASSOC_VALUE	16
#define SUSPENDED	BIT(0)

/* How many VPs there can be: with local APICs, as many as have an id of their own. */
static u32 max_vps(const struct partition *p)
{
	return p->flags & PARTITION_FLAG_LAPIC_ENABLED ? LAPIC_MAX_VPS : PARTITION_MAX_VPS;
}

hv_status call_create_vp(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	u32 index = call_u32(c, 8);

	if (!p)
		return HV_INVALID_PARTITION_ID;
	/* The root's VPs are there, one for each processor. */
	if (p == &root_partition)
		return index < cpu_count ? HV_SUCCESS : HV_INVALID_VP_INDEX;
	if (p->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	/* Subnode type any, no flags. */
	if (c->in[15] || call_u64(c, 32))
		return HV_INVALID_PARAMETER;
	if (index >= max_vps(p) || partition_vp(p, index))
		return HV_INVALID_VP_INDEX;
	return vp_create(p, index) ? HV_SUCCESS : HV_INSUFFICIENT_MEMORY;
}

hv_status call_find_vp(const struct call *c, struct vp **vp)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	if (p->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	*vp = partition_vp(p, call_u32(c, 8));
	return *vp ? HV_SUCCESS : HV_INVALID_VP_INDEX;
}

hv_status call_get_vp_registers(struct call *c)
{
	struct register_value v;
	struct vp *vp;
	hv_status status = call_find_vp(c, &vp);

	for (; !status && c->done < c->layout.rep_count; c->done++) {
		u32 name = call_u32(c, HEADER + NAME_SIZE * c->done);

		if (!register_while_running(name)) {
			if (!vp_at_rest(vp))
				return HV_INVALID_VP_STATE;
			status = register_page_sync(vp);
			if (status)
				break;
		}
		status = register_get(vp, name, &v);
		if (status)
			break;
		memcpy(c->out + VALUE_SIZE * c->done, &v, VALUE_SIZE);
	}
	return status;
}

/* Both bits may be clear now. */
static void go_on(struct call *c, struct vp *vp)
{
	bool legal;

	if (vp->explicit_suspend || vp->intercept_suspend)
		return;
	vp->home = c->cpu;
	/* What expired while its parent had stopped it. */
	stimer_rescan(vp);
	/* The root's values and marks are not lost with the attempt: the page stays as it is. */
	legal = !register_page_sync(vp);
	if (legal)
		register_page_hide(vp);
	if (!legal || !registers_prepare(vp))
		intercept_invalid_registers(vp);
	else if (vp_runnable(vp))
		sched_resume(vp, c->cpu);
}

/*
 * Stop the VP; it has stopped when the call returns. The lock is dropped while it does, so the VP
 * is looked up again. Somebody else may resume it meanwhile: then it doesn't stop, and that is his
 * doing.
 */
static hv_status suspend(struct call *c, struct vp *vp)
{
	hv_status status;

	vp->explicit_suspend = true;
	sched_dequeue(vp);
	while (!sched_stopped(vp)) {
		sched_wait();
		status = call_find_vp(c, &vp);
		if (status)
			return status;
		if (!vp->explicit_suspend)
			return HV_SUCCESS;
	}
	register_page_show(vp);
	return HV_SUCCESS;
}

/*
 * A VP that is to go on may still be in its guest, if somebody else is stopping it, or held. Wait
 * for its end, unless it goes on without us.
 */
static hv_status wait_stopped(struct call *c, struct vp **vp)
{
	hv_status status = HV_SUCCESS;

	while (!status && ((*vp)->explicit_suspend || (*vp)->intercept_suspend) &&
	       !sched_stopped(*vp)) {
		sched_wait();
		status = call_find_vp(c, vp);
	}
	return status;
}

static hv_status set_explicit_suspend(struct call *c, struct vp *vp, u64 value)
{
	hv_status status;

	if (value & ~SUSPENDED)
		return HV_INVALID_REGISTER_VALUE;
	if (value)
		return suspend(c, vp);
	status = wait_stopped(c, &vp);
	if (status || !vp->explicit_suspend)
		return status;
	vp->explicit_suspend = false;
	go_on(c, vp);
	return HV_SUCCESS;
}

/* Only the hypervisor sets it. */
static hv_status set_intercept_suspend(struct call *c, struct vp *vp, u64 value)
{
	hv_status status;

	if (value)
		return HV_INVALID_REGISTER_VALUE;
	status = wait_stopped(c, &vp);
	if (status || !vp->intercept_suspend)
		return status;
	counters[CNT_INTERCEPT_CLEARS]++;
	vp->intercept_suspend = false;
	/* Whoever goes on without having got the message won't get it. */
	synic_purge(vp);
	go_on(c, vp);
	return HV_SUCCESS;
}

static hv_status set_one(struct call *c, struct vp *vp, u32 name, const struct register_value *v)
{
	hv_status status;

	switch (name) {
	case REG_EXPLICIT_SUSPEND:
		return set_explicit_suspend(c, vp, v->low);
	case REG_INTERCEPT_SUSPEND:
		return set_intercept_suspend(c, vp, v->low);
	}
	if (!vp_at_rest(vp))
		return HV_INVALID_VP_STATE;
	status = register_page_sync(vp);
	if (status)
		return status;
	return register_set(vp, name, v);
}

/* One after the other: with {INTERCEPT, EXPLICIT} = 0 the VP runs after the second. */
static hv_status set_all(struct call *c)
{
	hv_status status = HV_SUCCESS;

	for (; !status && c->done < c->layout.rep_count; c->done += !status) {
		u32 assoc = HEADER + ASSOC_SIZE * c->done;
		struct register_value v;
		struct vp *vp;

		status = call_find_vp(c, &vp);
		if (status)
			return status;
		if (call_u32(c, assoc + 4) || call_u64(c, assoc + 8))
			return HV_INVALID_PARAMETER;
		memcpy(&v, c->in + assoc + ASSOC_VALUE, sizeof(v));
		status = set_one(c, vp, call_u32(c, assoc), &v);
	}
	return status;
}

hv_status call_set_vp_registers(struct call *c)
{
	struct vp *vp;
	hv_status status = set_all(c);

	if (!call_find_vp(c, &vp))
		register_page_refresh(vp);
	return status;
}

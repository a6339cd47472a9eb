// SPDX-License-Identifier: GPL-2.0
/* TRANSLATE_VIRTUAL_ADDRESS (TLFS, 6.4.6): a GVA as the VP's own tables have it now. */
#include "../lib/lib.h"
#include "../vm/partition.h"
#include "../vm/register_page.h"
#include "../vm/registers.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "../vm/walk.h"
#include "guest.h"
#include "hypercall.h"

/* HV_TRANSLATE_GVA_CONTROL_FLAGS beside those of the walk */
#define SET_TABLE_BITS		BIT(4)
#define FLUSH_INHIBIT		BIT(5)	/* nothing is flushed anyway */
#define FLAGS_KNOWN		(WALK_READ | WALK_WRITE | WALK_EXECUTE | WALK_EXEMPT | \
				 SET_TABLE_BITS | FLUSH_INHIBIT)

/* HV_TRANSLATE_GVA_RESULT */
#define RESULT_CACHE_TYPE	32
#define RESULT_OVERLAY		BIT(40)

/* Somebody who changes an entry as often as this gets no bits set. */
#define TRIES			16

static enum walk_code reach(struct vp *vp, u64 gpa, enum slat_access access)
{
	static const enum walk_code denied[] = { WALK_GPA_NO_READ, WALK_GPA_NO_WRITE,
						 WALK_INTERCEPT };

	switch (slat_check(vp->partition, gpa, access)) {
	case SLAT_UNMAPPED:
		return WALK_GPA_UNMAPPED;
	case SLAT_DENIED:
		return slat_is_overlay(vp->partition, gpa) ? WALK_ILLEGAL_OVERLAY : denied[access];
	case SLAT_ALLOWED:
		break;
	}
	return WALK_SUCCESS;
}

static enum walk_code read_table(void *ctx, u64 gpa, const void **p)
{
	struct vp *vp = ctx;

	*p = slat_read_pointer(vp->partition, gpa);
	return reach(vp, gpa, SLAT_READ);
}

static enum walk_code write_table(void *ctx, u64 gpa, void **p)
{
	struct vp *vp = ctx;

	*p = (void *)slat_read_pointer(vp->partition, gpa);
	return reach(vp, gpa, SLAT_WRITE);
}

/* What the accesses meet behind the guest's tables. */
static enum walk_code check_page(struct vp *vp, u64 gpa, u64 flags)
{
	enum walk_code code = WALK_SUCCESS;

	if (slat_check(vp->partition, gpa, SLAT_READ) == SLAT_UNMAPPED)
		return WALK_GPA_UNMAPPED;
	if (flags & WALK_READ)
		code = reach(vp, gpa, SLAT_READ);
	if (!code && flags & WALK_WRITE)
		code = reach(vp, gpa, SLAT_WRITE);
	if (!code && flags & WALK_EXECUTE)
		code = reach(vp, gpa, SLAT_EXECUTE);
	return code;
}

static enum walk_code translate(struct vp *vp, u64 gva, u64 flags, struct walk_result *r)
{
	struct walk w;
	enum walk_code code = WALK_SUCCESS;

	registers_derive(vp);
	guest_walk(vp, &w);
	w.read = read_table;
	w.write = write_table;
	for (unsigned int i = 0; i < TRIES; i++) {
		code = walk_gva(&w, gva, flags, r);
		if (!code)
			code = check_page(vp, r->gpa, flags);
		if (code || !(flags & SET_TABLE_BITS))
			break;
		code = walk_mark(&w, flags, r);
		if (code != WALK_PAGE_NOT_PRESENT)
			break;
	}
	return code;
}

hv_status call_translate_virtual_address(struct call *c)
{
	u64 flags = call_u64(c, 16), gva = call_u64(c, 24) << PAGE_SHIFT, result;
	struct walk_result r;
	struct vp *vp;
	hv_status status = call_find_vp(c, &vp);

	if (status)
		return status;
	if (flags & ~FLAGS_KNOWN || call_u64(c, 24) >> (64 - PAGE_SHIFT))
		return HV_INVALID_PARAMETER;
	/* Of a VP that runs nobody knows the tables. */
	if (!vp_at_rest(vp))
		return HV_INVALID_VP_STATE;
	status = register_page_sync(vp);
	if (status)
		return status;
	result = translate(vp, gva, flags, &r);
	if (!result) {
		result |= (u64)r.cache_type << RESULT_CACHE_TYPE;
		result |= slat_is_overlay(vp->partition, r.gpa) ? RESULT_OVERLAY : 0;
	}
	call_return_u64(c, 0, result);
	call_return_u64(c, 8, r.gpa >> PAGE_SHIFT);
	return HV_SUCCESS;
}

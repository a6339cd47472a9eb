// SPDX-License-Identifier: GPL-2.0
/* Deposits, and the GPA spaces of children (TLFS, 5.4 and 6.4). */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../vm/partition.h"
#include "../vm/sched.h"
#include "../vm/slat.h"
#include "hypercall.h"

static u64 page_of(const struct call *c, u32 header, u32 rep)
{
	return call_u64(c, header + 8 * rep);
}

/* Claim all pages of the list, or none: a page may stand in it twice. */
static bool claim_pages(struct call *c)
{
	u32 i;

	for (i = c->done; i < c->layout.rep_count; i++) {
		struct frame *f = memory_frame(page_of(c, 8, i));

		if (!f || f->owner != FRAME_ROOT || f->mapped)
			break;
		f->owner = FRAME_DEPOSITED;
	}
	if (i == c->layout.rep_count)
		return true;
	while (i-- > c->done)
		memory_frame(page_of(c, 8, i))->owner = FRAME_ROOT;
	return false;
}

/* All or nothing: Linux frees every page of the list if the call fails. */
hv_status call_deposit_memory(struct call *c)
{
	struct partition *p;

	/* A guest may still reach pages that have just been unmapped. */
	while (sched_flushing())
		sched_wait();
	p = partition_find(call_u64(c, 0));
	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p->state == PARTITION_FINALIZED)
		return HV_INVALID_PARTITION_STATE;
	if (!claim_pages(c))
		return HV_INVALID_PARAMETER;
	for (u32 i = c->done; i < c->layout.rep_count; i++)
		partition_hide_deposit(p, page_of(c, 8, i));
	/* Nothing is written to a page that the root may still write to. */
	sched_flush_root();
	for (; c->done < c->layout.rep_count; c->done++)
		partition_use_deposit(p, page_of(c, 8, c->done));
	return HV_SUCCESS;
}

hv_status call_withdraw_memory(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	bool any = false;
	u64 pfn;

	if (!p)
		return HV_INVALID_PARTITION_ID;
	for (; c->done < c->layout.rep_count && partition_withdraw_page(p, &pfn); c->done++) {
		call_return_u64(c, 8 * c->done, pfn);
		any = true;
	}
	if (any)
		sched_flush_root();
	return c->done == c->layout.rep_count ? HV_SUCCESS : HV_NO_RESOURCES;
}

/* The partition and range that both of the next two are about; a rep is @unit pages. */
static hv_status find_space(const struct call *c, u64 unit, struct partition **p)
{
	u64 base = call_u64(c, 8), count = c->layout.rep_count * unit;

	*p = partition_find(call_u64(c, 0));
	if (!*p)
		return HV_INVALID_PARTITION_ID;
	if (*p == &root_partition)
		return HV_ACCESS_DENIED;
	if ((*p)->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	if (base >= slat_gfn_end() || count > slat_gfn_end() - base)
		return HV_INVALID_PARAMETER;
	if (unit == 1)
		return HV_SUCCESS;
	if (base % unit || (*p)->flags & PARTITION_FLAG_NO_LARGE)
		return HV_INVALID_PARAMETER;
	return HV_SUCCESS;
}

hv_status call_map_gpa_pages(struct call *c)
{
	u32 flags = call_u32(c, 16);
	bool large = flags & MAP_LARGE, replaced = false;
	struct partition *p;
	hv_status status = find_space(c, large ? SLAT_LARGE : 1, &p);

	if (status)
		return status;
	flags &= ~MAP_LARGE;
	if (!slat_flags_valid(flags))
		return HV_INVALID_PARAMETER;
	for (; c->done < c->layout.rep_count; c->done++) {
		u64 pfn = page_of(c, 24, c->done);

		if (large)
			status = slat_map_large(p, call_u64(c, 8) + c->done * SLAT_LARGE, pfn,
						flags, &replaced);
		else
			status = slat_map(p, call_u64(c, 8) + c->done, pfn, flags, &replaced);
		if (status)
			break;
	}
	if (replaced)
		sched_flush_unmapped(p);
	return status;
}

/* A whole large page: by its entry, or by those of its parts. */
static void unmap_large(struct partition *p, u64 gfn, bool *any)
{
	if (slat_unmap_large(p, gfn)) {
		*any = true;
		return;
	}
	/* No large entry is left above them that could need splitting. */
	for (u64 i = 0; i < SLAT_LARGE; i++)
		slat_unmap(p, gfn + i, any);
}

static hv_status unmap_small(struct call *c, struct partition *p, bool *any)
{
	while (c->done < c->layout.rep_count) {
		u64 gfn = call_u64(c, 8) + c->done;
		hv_status status;

		if (!(gfn % SLAT_LARGE) && c->layout.rep_count - c->done >= SLAT_LARGE &&
		    slat_unmap_large(p, gfn)) {
			*any = true;
			c->done += SLAT_LARGE;
			continue;
		}
		status = slat_unmap(p, gfn, any);
		if (status)
			return status;
		c->done++;
	}
	return HV_SUCCESS;
}

/* Where nothing is mapped there is nothing to do. */
hv_status call_unmap_gpa_pages(struct call *c)
{
	u32 flags = call_u32(c, 16);
	bool large = flags & UNMAP_LARGE, any = false;
	struct partition *p;
	hv_status status = find_space(c, large ? SLAT_LARGE : 1, &p);

	if (status)
		return status;
	if (flags & ~UNMAP_LARGE)
		return HV_INVALID_PARAMETER;
	if (!large)
		status = unmap_small(c, p, &any);
	for (; large && c->done < c->layout.rep_count; c->done++)
		unmap_large(p, call_u64(c, 8) + c->done * SLAT_LARGE, &any);
	if (any)
		sched_flush_unmapped(p);
	return status;
}

// SPDX-License-Identifier: GPL-2.0
/* Overlay pages of child partitions. */
#include "../hw/memory.h"
#include "hv.h"
#include "overlay.h"
#include "partition.h"
#include "slat.h"

void overlay_init(struct overlay *o, void *page, u32 rights)
{
	*o = (struct overlay){ .page = page, .rights = rights, .gfn = OVERLAY_HIDDEN };
	list_init(&o->link);
}

/* The overlay at @gfn that covers it, or one that would if that went. */
static struct overlay *find(const struct partition *p, u64 gfn, bool covers)
{
	struct list *l;

	if (!p->hv)
		return NULL;
	list_for_each(l, &p->hv->overlays) {
		struct overlay *o = list_entry(l, struct overlay, link);

		if (o->gfn == gfn && o->covers == covers)
			return o;
	}
	return NULL;
}

static void hide(struct partition *p, struct overlay *o)
{
	struct overlay *next;
	u64 gfn = o->gfn;

	list_del(&o->link);
	o->gfn = OVERLAY_HIDDEN;
	if (!o->covers)
		return;
	o->covers = false;
	next = find(p, gfn, false);
	if (next) {
		next->covers = true;
		next->under = o->under;
	}
	slat_npt_refresh(p, gfn, o->under);
	p->hv->stale = true;
}

bool overlay_move(struct partition *p, struct overlay *o, u64 gfn)
{
	u64 *entry;

	if (gfn == o->gfn)
		return true;
	if (o->gfn != OVERLAY_HIDDEN)
		hide(p, o);
	if (gfn == OVERLAY_HIDDEN)
		return true;
	/* The local APIC lies over all of these. */
	if (gfn >= slat_gfn_end() || slat_is_lapic(p, gfn))
		return false;
	entry = slat_npt_entry(p, gfn);
	if (!entry)
		return false;
	o->gfn = gfn;
	list_add_tail(&o->link, &p->hv->overlays);
	if (find(p, gfn, true))
		return true;
	o->covers = true;
	o->under = *entry;
	slat_npt_refresh(p, gfn, o->under);
	p->hv->stale = true;
	return true;
}

bool overlay_find(const struct partition *p, u64 gfn, u64 *spa, u32 *rights)
{
	const struct overlay *o = find(p, gfn, true);

	if (!o)
		return false;
	*spa = virt_to_spa(o->page);
	*rights = o->rights;
	return true;
}

u64 *overlay_under(const struct partition *p, u64 gfn)
{
	struct overlay *o = find(p, gfn, true);

	return o ? &o->under : NULL;
}

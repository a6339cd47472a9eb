/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Overlay pages of a child partition (TLFS, 5.2.1): pages of the hypervisor that cover whatever is
 * at a GPA while they are enabled. What is covered stays recorded in the overlay and reappears
 * with its end. Where overlays coincide the first one enabled is seen. Protected by the big lock.
 */
#ifndef TESTHV_OVERLAY_H
#define TESTHV_OVERLAY_H

#include "../lib/list.h"

struct partition;

#define OVERLAY_HIDDEN	(~0ULL)

struct overlay {
	struct list link;	/* in partition_hv.overlays while it is shown */
	void *page;		/* from the partition's pool; keeps its contents while hidden */
	u32 rights;		/* MAP_* */
	bool covers;		/* it is the one that is seen at @gfn */
	u64 gfn;		/* or OVERLAY_HIDDEN */
	u64 under;		/* if it covers: the nested entry that would be there without it */
};

void overlay_init(struct overlay *o, void *page, u32 rights);
/*
 * Show @o at @gfn, or nowhere (OVERLAY_HIDDEN). False: no such page, or no memory for tables; it is
 * hidden then. The caller sees to it that no processor uses old translations (hv_settle()).
 */
bool overlay_move(struct partition *p, struct overlay *o, u64 gfn);

/* What covers @gfn, if anything: its page and the rights of the guest (MAP_*). */
bool overlay_find(const struct partition *p, u64 gfn, u64 *spa, u32 *rights);
/* Where the nested entry of a covered page is recorded meanwhile; NULL: @gfn isn't covered. */
u64 *overlay_under(const struct partition *p, u64 gfn);

#endif

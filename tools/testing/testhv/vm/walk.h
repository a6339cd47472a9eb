/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's own page tables (APM 2, chapter 5), as far as testhv must follow them: where an address
 * is, not what may be done to it. Pure: memory comes from a callback.
 */
#ifndef TESTHV_WALK_H
#define TESTHV_WALK_H

#include "../lib/types.h"

struct walk {
	u64 cr0, cr3, cr4, efer;
	/* Guest physical memory at @gpa, up to the end of its page; NULL: nothing there. */
	const void *(*read)(void *ctx, u64 gpa);
	void *ctx;
};

/* False: not mapped by the guest, or through tables that aren't there. */
bool walk_translate(const struct walk *w, u64 gva, u64 *gpa);

#endif

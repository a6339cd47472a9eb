/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's own page tables (APM 2, chapter 5): where an address is, and what may be done to it.
 * Pure: memory comes from callbacks.
 */
#ifndef TESTHV_WALK_H
#define TESTHV_WALK_H

#include "../lib/types.h"

/* HV_TRANSLATE_GVA_RESULT_CODE */
enum walk_code {
	WALK_SUCCESS,
	WALK_PAGE_NOT_PRESENT,
	WALK_PRIVILEGE_VIOLATION,
	WALK_INVALID_TABLE_FLAGS,
	WALK_GPA_UNMAPPED,
	WALK_GPA_NO_READ,
	WALK_GPA_NO_WRITE,
	WALK_ILLEGAL_OVERLAY,
	WALK_INTERCEPT,
};

/* Of HV_TRANSLATE_GVA_CONTROL_FLAGS those that concern the tables */
#define WALK_READ	BIT(0)
#define WALK_WRITE	BIT(1)
#define WALK_EXECUTE	BIT(2)
#define WALK_EXEMPT	BIT(3)		/* from the checks of user against supervisor */

#define WALK_LEVELS	5u

struct walk {
	u64 cr0, cr3, cr4, efer, rflags, pat;
	u64 physical_mask;		/* address bits that the processor has */
	bool huge_pages;		/* it has pages of 1 GiB */
	u8 cpl;
	/*
	 * Guest physical memory at @gpa, up to the end of its page, in *@p; or one of the codes
	 * about GPAs.
	 */
	enum walk_code (*read)(void *ctx, u64 gpa, const void **p);
	enum walk_code (*write)(void *ctx, u64 gpa, void **p);
	void *ctx;
};

struct walk_result {
	u64 gpa;			/* of the GVA, or of what couldn't be reached */
	u8 cache_type;			/* HV_CACHE_TYPE, from the PAT */
	u8 entry_size, entries;
	struct {
		u64 gpa, value;
	} entry[WALK_LEVELS];		/* from the top; the last one is the page's */
};

/*
 * Translate @gva, and check it for the accesses in @flags. Codes below WALK_GPA_UNMAPPED are about
 * the guest's tables, the others about where a table lies.
 */
enum walk_code walk_gva(const struct walk *w, u64 gva, u64 flags, struct walk_result *r);
/*
 * Set the accessed bits of a translation, and the dirty bit for a write. WALK_PAGE_NOT_PRESENT: the
 * guest has changed an entry meanwhile, so walk again. r->gpa is that of an entry out of reach.
 */
enum walk_code walk_mark(const struct walk *w, u64 flags, struct walk_result *r);

/* Only where it is. False: not mapped by the guest, or through tables that aren't there. */
bool walk_translate(const struct walk *w, u64 gva, u64 *gpa);

#endif

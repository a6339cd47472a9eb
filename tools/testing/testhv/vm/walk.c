// SPDX-License-Identifier: GPL-2.0
/* Walking a guest's page tables. */
#include "walk.h"

#define CR0_PG		BIT(31)
#define CR4_PSE		BIT(4)
#define CR4_PAE		BIT(5)
#define CR4_LA57	BIT(12)
#define EFER_LMA	BIT(10)
#define ENTRY_P		BIT(0)
#define ENTRY_PS	BIT(7)
#define ENTRY_ADDR	GENMASK(51, 12)
#define PAE_CR3		GENMASK(31, 5)

static bool entry_at(const struct walk *w, u64 gpa, unsigned int size, u64 *entry)
{
	const void *p = w->read(w->ctx, gpa);

	if (!p)
		return false;
	*entry = size == 4 ? *(const u32 *)p : *(const u64 *)p;
	return *entry & ENTRY_P;
}

/* 32-bit paging: two levels of 4-byte entries; a large page has 8 more address bits (PSE-36). */
static bool translate32(const struct walk *w, u32 gva, u64 *gpa)
{
	u64 entry;

	if (!entry_at(w, (w->cr3 & 0xfffff000) + (gva >> 22) * 4, 4, &entry))
		return false;
	if (entry & ENTRY_PS && w->cr4 & CR4_PSE) {
		*gpa = (entry & 0xffc00000) | ((entry >> 13) & 0xff) << 32 | (gva & 0x3fffff);
		return true;
	}
	if (!entry_at(w, (entry & 0xfffff000) + ((gva >> 12) & 0x3ff) * 4, 4, &entry))
		return false;
	*gpa = (entry & 0xfffff000) | (gva & 0xfff);
	return true;
}

/* Levels of 8-byte entries: PAE (3, of which the top has four entries), long mode (4 or 5). */
static bool translate64(const struct walk *w, u64 gva, unsigned int levels, u64 *gpa)
{
	u64 table = levels == 3 ? w->cr3 & PAE_CR3 : w->cr3 & ENTRY_ADDR;
	u64 entry, offset;

	for (unsigned int level = levels; level; level--) {
		unsigned int shift = PAGE_SHIFT + 9 * (level - 1);
		u64 index = (gva >> shift) & (level == 3 && levels == 3 ? 3 : 511);

		if (!entry_at(w, table + index * 8, 8, &entry))
			return false;
		table = entry & ENTRY_ADDR;
		offset = BIT(shift) - 1;
		if (level == 1 || (level < levels && level < 4 && entry & ENTRY_PS)) {
			*gpa = (table & ~offset) | (gva & offset);
			return true;
		}
	}
	return false;
}

bool walk_translate(const struct walk *w, u64 gva, u64 *gpa)
{
	if (!(w->cr0 & CR0_PG)) {
		*gpa = (u32)gva;
		return true;
	}
	if (w->efer & EFER_LMA)
		return translate64(w, gva, w->cr4 & CR4_LA57 ? 5 : 4, gpa);
	if (w->cr4 & CR4_PAE)
		return translate64(w, (u32)gva, 3, gpa);
	return translate32(w, (u32)gva, gpa);
}

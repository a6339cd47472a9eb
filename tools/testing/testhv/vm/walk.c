// SPDX-License-Identifier: GPL-2.0
/* Walking a guest's page tables. */
#include "walk.h"

#define CR0_WP		BIT(16)
#define CR0_PG		BIT(31)
#define CR4_PSE		BIT(4)
#define CR4_PAE		BIT(5)
#define CR4_LA57	BIT(12)
#define CR4_SMEP	BIT(20)
#define CR4_SMAP	BIT(21)
#define EFER_LMA	BIT(10)
#define EFER_NXE	BIT(11)
#define RFLAGS_AC	BIT(18)

#define ENTRY_P		BIT(0)
#define ENTRY_W		BIT(1)
#define ENTRY_U		BIT(2)
#define ENTRY_PWT	BIT(3)
#define ENTRY_PCD	BIT(4)
#define ENTRY_A		BIT(5)
#define ENTRY_D		BIT(6)
#define ENTRY_PS	BIT(7)		/* above the lowest level */
#define ENTRY_PAT	BIT(7)		/* in the lowest level */
#define ENTRY_PAT_LARGE	BIT(12)
#define ENTRY_ADDR	GENMASK(51, 12)
#define ENTRY_NX	BIT(63)
#define PAE_CR3		GENMASK(31, 5)
#define PAE_AVAILABLE	GENMASK(62, 52)	/* must be 0 outside long mode */
#define PDPTE_RESERVED	(ENTRY_NX | GENMASK(8, 5) | GENMASK(2, 1))
#define PSE36_RESERVED	BIT(21)
#define ALL_RIGHTS	(ENTRY_W | ENTRY_U)

#define PAT_WRITE_BACK	6
#define PAT_UC_MINUS	7

/* What the walk knows on its way down. */
struct state {
	const struct walk *w;
	struct walk_result *r;
	u64 rights;			/* ENTRY_W, ENTRY_U as far as all levels give them */
	bool no_execute;
	u64 entry;			/* the last one read */
};

static enum walk_code read_entry(struct state *s, u64 gpa)
{
	struct walk_result *r = s->r;
	const void *p;
	enum walk_code code = s->w->read(s->w->ctx, gpa, &p);

	if (code) {
		r->gpa = gpa;
		return code;
	}
	s->entry = r->entry_size == 4 ? READ_ONCE(*(const u32 *)p) :
				       READ_ONCE(*(const u64 *)p);
	r->entry[r->entries].gpa = gpa;
	r->entry[r->entries++].value = s->entry;
	return s->entry & ENTRY_P ? WALK_SUCCESS : WALK_PAGE_NOT_PRESENT;
}

static void add_rights(struct state *s)
{
	s->rights &= s->entry;
	s->no_execute |= s->w->efer & EFER_NXE && s->r->entry_size == 8 && s->entry & ENTRY_NX;
}

/* HV_CACHE_TYPE has the PAT's numbers, but for UC-. */
static u8 cache_type(const struct state *s, u64 pat_bit)
{
	unsigned int index = (s->entry & ENTRY_PWT ? 1 : 0) | (s->entry & ENTRY_PCD ? 2 : 0) |
			     (s->entry & pat_bit ? 4 : 0);
	u8 type = (s->w->pat >> (8 * index)) & 7;

	return type == PAT_UC_MINUS ? 0 : type;
}

/* 32-bit paging: two levels of 4-byte entries; a large page has 8 more address bits (PSE-36). */
static enum walk_code walk32(struct state *s, u32 gva)
{
	struct walk_result *r = s->r;
	enum walk_code code;

	r->entry_size = 4;
	code = read_entry(s, (s->w->cr3 & 0xfffff000) + (gva >> 22) * 4);
	if (code)
		return code;
	add_rights(s);
	if (s->entry & ENTRY_PS && s->w->cr4 & CR4_PSE) {
		r->gpa = (s->entry & 0xffc00000) | ((s->entry >> 13) & 0xff) << 32;
		if (s->entry & PSE36_RESERVED || r->gpa & ~s->w->physical_mask)
			return WALK_INVALID_TABLE_FLAGS;
		r->gpa |= gva & 0x3fffff;
		r->cache_type = cache_type(s, ENTRY_PAT_LARGE);
		return WALK_SUCCESS;
	}
	code = read_entry(s, (s->entry & 0xfffff000) + ((gva >> 12) & 0x3ff) * 4);
	if (code)
		return code;
	add_rights(s);
	r->gpa = (s->entry & 0xfffff000) | (gva & 0xfff);
	r->cache_type = cache_type(s, ENTRY_PAT);
	return WALK_SUCCESS;
}

static bool is_pdpte(unsigned int level, unsigned int levels)
{
	return level == 3 && levels == 3;
}

static bool is_large(const struct state *s, unsigned int level, unsigned int levels)
{
	if (!(s->entry & ENTRY_PS) || level == 1 || level > 3 || is_pdpte(level, levels))
		return false;
	return level == 2 || s->w->huge_pages;
}

/* Bits that must be 0 (APM 2, 5.3 and 5.4). */
static u64 reserved64(const struct state *s, unsigned int level, unsigned int levels)
{
	u64 bits = ENTRY_ADDR & ~s->w->physical_mask;

	bits |= s->w->efer & EFER_NXE ? 0 : ENTRY_NX;
	bits |= levels == 3 ? PAE_AVAILABLE : 0;
	if (is_pdpte(level, levels))
		return bits | PDPTE_RESERVED;
	if (is_large(s, level, levels))
		return bits | GENMASK(PAGE_SHIFT + 9 * (level - 1) - 1, 13);
	return level > 2 ? bits | ENTRY_PS : bits;
}

/* Levels of 8-byte entries: PAE (3, of which the top has four entries), long mode (4 or 5). */
static enum walk_code walk64(struct state *s, u64 gva, unsigned int levels)
{
	u64 table = s->w->cr3 & (levels == 3 ? PAE_CR3 : ENTRY_ADDR), offset;
	struct walk_result *r = s->r;
	unsigned int level = levels;
	bool large;

	r->entry_size = 8;
	for (;; level--) {
		unsigned int shift = PAGE_SHIFT + 9 * (level - 1);
		u64 index = (gva >> shift) & (is_pdpte(level, levels) ? 3 : 511);
		enum walk_code code = read_entry(s, table + index * 8);

		if (code)
			return code;
		if (s->entry & reserved64(s, level, levels))
			return WALK_INVALID_TABLE_FLAGS;
		if (!is_pdpte(level, levels))
			add_rights(s);
		table = s->entry & ENTRY_ADDR;
		offset = BIT(shift) - 1;
		large = is_large(s, level, levels);
		if (level == 1 || large)
			break;
	}
	r->gpa = (table & ~offset) | (gva & offset);
	r->cache_type = cache_type(s, large ? ENTRY_PAT_LARGE : ENTRY_PAT);
	return WALK_SUCCESS;
}

/* Whether the rights that the tables give are enough (APM 2, 5.6). */
static bool permitted(const struct state *s, u64 flags)
{
	const struct walk *w = s->w;
	bool exempt = flags & WALK_EXEMPT, user = w->cpl == 3 && !exempt;
	bool user_page = s->rights & ENTRY_U;

	if (user && !user_page && flags & (WALK_READ | WALK_WRITE | WALK_EXECUTE))
		return false;
	if (flags & WALK_WRITE && !(s->rights & ENTRY_W) && (user || w->cr0 & CR0_WP))
		return false;
	if (flags & WALK_EXECUTE && s->no_execute)
		return false;
	if (user || exempt || !user_page)
		return true;
	if (flags & WALK_EXECUTE && w->cr4 & CR4_SMEP)
		return false;
	return !(flags & (WALK_READ | WALK_WRITE)) || !(w->cr4 & CR4_SMAP) ||
	       w->rflags & RFLAGS_AC;
}

static bool canonical(u64 gva, unsigned int levels)
{
	unsigned int unused = 64 - PAGE_SHIFT - 9 * levels;

	return (u64)((s64)(gva << unused) >> unused) == gva;
}

enum walk_code walk_gva(const struct walk *w, u64 gva, u64 flags, struct walk_result *r)
{
	struct state s = { .w = w, .r = r, .rights = ALL_RIGHTS };
	unsigned int levels = w->cr4 & CR4_LA57 ? 5 : 4;
	enum walk_code code;

	*r = (struct walk_result){ .gpa = gva, .cache_type = PAT_WRITE_BACK };
	/* An address beyond what the mode has isn't mapped. */
	if (w->efer & EFER_LMA ? !canonical(gva, levels) : gva >> 32)
		return WALK_PAGE_NOT_PRESENT;
	if (!(w->cr0 & CR0_PG))
		return WALK_SUCCESS;
	if (w->efer & EFER_LMA)
		code = walk64(&s, gva, levels);
	else if (w->cr4 & CR4_PAE)
		code = walk64(&s, gva, 3);
	else
		code = walk32(&s, (u32)gva);
	if (code)
		return code;
	return permitted(&s, flags) ? WALK_SUCCESS : WALK_PRIVILEGE_VIOLATION;
}

/* The guest may run on other processors, so the entry changes only if it is what was walked. */
static bool set_bits(void *p, u8 size, u64 old, u64 bits)
{
	u32 old32 = (u32)old;

	if ((old & bits) == bits)
		return true;
	if (size == 4)
		return __atomic_compare_exchange_n((u32 *)p, &old32, old32 | (u32)bits, false,
						   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	return __atomic_compare_exchange_n((u64 *)p, &old, old | bits, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_RELAXED);
}

enum walk_code walk_mark(const struct walk *w, u64 flags, struct walk_result *r)
{
	bool pae = !(w->efer & EFER_LMA) && r->entry_size == 8;

	/* The four entries at the top of PAE have no such bits. */
	for (unsigned int i = pae ? 1 : 0; i < r->entries; i++) {
		bool dirty = i + 1u == r->entries && flags & WALK_WRITE;
		enum walk_code code;
		void *p;

		code = w->write(w->ctx, r->entry[i].gpa, &p);
		if (code) {
			r->gpa = r->entry[i].gpa;
			return code;
		}
		if (!set_bits(p, r->entry_size, r->entry[i].value, ENTRY_A | (dirty ? ENTRY_D : 0)))
			return WALK_PAGE_NOT_PRESENT;
	}
	return WALK_SUCCESS;
}

bool walk_translate(const struct walk *w, u64 gva, u64 *gpa)
{
	struct walk_result r;

	/* Outside long mode linear addresses wrap. */
	if (walk_gva(w, w->efer & EFER_LMA ? gva : (u32)gva, 0, &r))
		return false;
	*gpa = r.gpa;
	return true;
}

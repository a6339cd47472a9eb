// SPDX-License-Identifier: GPL-2.0
/* Guest page walks: rights, reserved bits, memory types, accessed and dirty bits. */
#include <string.h>

#include "../vm/walk.h"
#include "unit.h"

#define P	1UL
#define W	2UL
#define U	4UL
#define PWT	8UL
#define PCD	0x10UL
#define A	0x20UL
#define D	0x40UL
#define PS	0x80UL
#define PAT12	0x1000UL
#define NX	BIT(63)
#define PG	BIT(31)
#define WP	BIT(16)
#define PSE	BIT(4)
#define PAE	BIT(5)
#define SMEP	BIT(20)
#define SMAP	BIT(21)
#define LMA	BIT(10)
#define NXE	BIT(11)
#define AC	BIT(18)
#define R_	WALK_READ
#define W_	WALK_WRITE
#define X_	WALK_EXECUTE
#define EXEMPT	WALK_EXEMPT

static u64 memory[6][512] __aligned(4096);
static bool read_only;

static enum walk_code read_memory(void *ctx, u64 gpa, const void **p)
{
	(void)ctx;
	*p = (u8 *)memory + gpa;
	return gpa < sizeof(memory) ? WALK_SUCCESS : WALK_GPA_UNMAPPED;
}

static enum walk_code write_memory(void *ctx, u64 gpa, void **p)
{
	(void)ctx;
	*p = (u8 *)memory + gpa;
	return read_only ? WALK_GPA_NO_WRITE : WALK_SUCCESS;
}

/* Four levels for GVA 0x1000: pages 1 to 4 are the tables, 0x5000 is where it leads. */
static struct walk four_levels(u64 leaf)
{
	memset(memory, 0, sizeof(memory));
	memory[1][0] = 0x2000 | P | W | U;
	memory[2][0] = 0x3000 | P | W | U;
	memory[3][0] = 0x4000 | P | W | U;
	memory[4][1] = leaf;
	return (struct walk){ .cr0 = PG | WP, .cr3 = 0x1000, .cr4 = PAE, .efer = LMA | NXE,
			      .pat = 0x0007040600070406, .physical_mask = GENMASK(39, 0),
			      .huge_pages = true, .read = read_memory, .write = write_memory };
}

static enum walk_code walk(const struct walk *w, u64 flags)
{
	struct walk_result r;

	return walk_gva(w, 0x1000, flags, &r);
}

static void rights(void)
{
	static const struct {
		u64 leaf, flags;
		u8 cpl;
		u64 cr4, rflags;
		bool no_wp;
		enum walk_code want;
	} rows[] = {
		{ P, R_, 0, 0, 0, false, WALK_SUCCESS },
		{ P, W_, 0, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P, W_, 0, 0, 0, true, WALK_SUCCESS },
		{ P, X_, 0, 0, 0, false, WALK_SUCCESS },
		{ P | NX, X_, 0, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | NX, R_, 0, 0, 0, false, WALK_SUCCESS },
		{ P | NX, X_ | EXEMPT, 0, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | W, W_, 0, 0, 0, false, WALK_SUCCESS },
		{ P | W, R_, 3, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | W, X_, 3, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | W, 0, 3, 0, 0, false, WALK_SUCCESS },
		{ P | W, R_ | W_ | X_ | EXEMPT, 3, 0, 0, false, WALK_SUCCESS },
		{ P | U, R_, 3, 0, 0, false, WALK_SUCCESS },
		{ P | U, W_, 3, 0, 0, true, WALK_PRIVILEGE_VIOLATION },
		{ P | U, W_ | EXEMPT, 3, 0, 0, true, WALK_SUCCESS },
		{ P | U, W_ | EXEMPT, 3, 0, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | U | W, W_, 3, 0, 0, false, WALK_SUCCESS },
		{ P | U, X_, 0, 0, 0, false, WALK_SUCCESS },
		{ P | U, X_, 0, SMEP, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | U, X_, 3, SMEP, 0, false, WALK_SUCCESS },
		{ P | U, X_ | EXEMPT, 0, SMEP, 0, false, WALK_SUCCESS },
		{ P | U, R_, 0, SMEP, 0, false, WALK_SUCCESS },
		{ P | U, R_, 0, SMAP, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | U, R_, 0, SMAP, AC, false, WALK_SUCCESS },
		{ P | U | W, W_, 1, SMAP, 0, false, WALK_PRIVILEGE_VIOLATION },
		{ P | U, X_, 0, SMAP, 0, false, WALK_SUCCESS },
		{ P | U, R_ | EXEMPT, 0, SMAP, 0, false, WALK_SUCCESS },
		{ P | U, R_, 3, SMAP, 0, false, WALK_SUCCESS },
		{ 0, R_, 0, 0, 0, false, WALK_PAGE_NOT_PRESENT },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct walk w = four_levels(rows[i].leaf ? rows[i].leaf | 0x5000 : 0);

		w.cpl = rows[i].cpl;
		w.cr4 |= rows[i].cr4;
		w.rflags = rows[i].rflags;
		w.cr0 = rows[i].no_wp ? PG : PG | WP;
		about("row", i);
		EXPECT_EQ(rows[i].want, walk(&w, rows[i].flags));
	}
}

/* All levels must give a right. */
static void rights_above(void)
{
	for (unsigned int level = 1; level < 4; level++) {
		struct walk w = four_levels(0x5000 | P | W | U);

		about("table", level);
		w.cpl = 3;
		EXPECT_EQ(WALK_SUCCESS, walk(&w, R_ | W_ | X_));
		memory[level][0] &= ~W;
		EXPECT_EQ(WALK_SUCCESS, walk(&w, R_ | X_));
		EXPECT_EQ(WALK_PRIVILEGE_VIOLATION, walk(&w, W_));
		memory[level][0] |= W | NX;
		EXPECT_EQ(WALK_PRIVILEGE_VIOLATION, walk(&w, X_));
		memory[level][0] &= ~(U | NX);
		EXPECT_EQ(WALK_PRIVILEGE_VIOLATION, walk(&w, R_));
	}
}

static void reserved_bits(void)
{
	struct walk w = four_levels(0x5000 | P);

	w.efer = LMA;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, R_));
	memory[4][1] |= NX;
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
	w = four_levels(0x5000 | P | BIT(40));
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
	w = four_levels(0x5000 | P | GENMASK(62, 52));
	EXPECT_EQ(WALK_SUCCESS, walk(&w, 0));
	memory[1][0] |= PS;
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
	/* Large pages have low address bits that must be 0. */
	w = four_levels(0);
	memory[3][0] = 0x40000000 | P | PS | PAT12;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, 0));
	memory[3][0] |= BIT(13);
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
	memory[2][0] = 0x40000000 | P | PS;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, 0));
	memory[2][0] |= BIT(29);
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
	memory[2][0] &= ~BIT(29);
	w.huge_pages = false;
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, 0));
}

/* In PAE mode more bits are reserved, and the top table has neither rights nor memory types. */
static void pae_bits(void)
{
	struct walk w = four_levels(0x5000 | P);

	w.cr3 = 0x2000;
	w.efer = NXE;
	memory[2][0] = 0x3000 | P;
	w.cpl = 3;
	memory[4][1] |= U;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, R_));
	memory[4][1] |= BIT(52);
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, R_));
	memory[4][1] &= ~BIT(52);
	for (unsigned int bit = 1; bit < 64; bit++) {
		bool reserved = bit < 3 || (bit > 4 && bit < 9) || bit > 39;

		if (bit > 11 && bit < 40)
			continue;
		about("bit", bit);
		memory[2][0] = 0x3000 | P | BIT(bit);
		EXPECT_EQ(reserved ? WALK_INVALID_TABLE_FLAGS : WALK_SUCCESS, walk(&w, R_));
	}
}

static void two_levels(void)
{
	struct walk w = four_levels(0);
	u32 *pd = (u32 *)memory[1], *pt = (u32 *)memory[2];

	w.cr4 = PSE;
	w.efer = NXE;
	pd[0] = 0x2000 | P | U;
	pt[1] = 0x5000 | P | U | W;
	w.cpl = 3;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, R_ | X_));
	EXPECT_EQ(WALK_PRIVILEGE_VIOLATION, walk(&w, W_));
	pd[0] = 0x400000 | P | U | PS;
	EXPECT_EQ(WALK_SUCCESS, walk(&w, R_));
	pd[0] |= BIT(21);
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, R_));
	/* PSE-36 beyond the processor's width */
	w.physical_mask = GENMASK(35, 0);
	pd[0] = 0x400000 | P | U | PS | BIT(17);
	EXPECT_EQ(WALK_INVALID_TABLE_FLAGS, walk(&w, R_));
}

static void address_range(void)
{
	struct walk w = four_levels(0x5000 | P);
	struct walk_result r;

	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, walk_gva(&w, BIT(47), 0, &r));
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, walk_gva(&w, 0x1000 | BIT(48), 0, &r));
	w.efer = 0;
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, walk_gva(&w, BIT(32), 0, &r));
	w.cr0 = 0;
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, walk_gva(&w, BIT(32), 0, &r));
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0xfffff000, R_ | W_ | X_, &r));
	EXPECT_EQ(0xfffff000, r.gpa);
}

static void memory_types(void)
{
	static const u8 want[] = { 6, 4, 0, 0, 1, 5, 0, 6 };
	struct walk_result r;

	for (u64 i = 0; i < 8; i++) {
		u64 bits = (i & 1 ? PWT : 0) | (i & 2 ? PCD : 0);
		struct walk w = four_levels(0x5000 | P | bits | (i & 4 ? BIT(7) : 0));

		/* WB WT UC- UC, then WC WP UC WB */
		w.pat = 0x0600050100070406;
		about("index", i);
		EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, 0, &r));
		EXPECT_EQ(want[i], r.cache_type);
		memory[3][0] = 0x200000 | P | PS | bits | (i & 4 ? PAT12 : 0);
		EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, 0, &r));
		EXPECT_EQ(want[i], r.cache_type);
		EXPECT_EQ(0x201000, r.gpa);
	}
}

static void unreachable_table(void)
{
	struct walk w = four_levels(0x5000 | P);
	struct walk_result r;

	memory[2][0] = 0x123000 | P;
	EXPECT_EQ(WALK_GPA_UNMAPPED, walk_gva(&w, 0x1000, 0, &r));
	EXPECT_EQ(0x123000, r.gpa);
}

static void accessed_and_dirty(void)
{
	struct walk w = four_levels(0x5000 | P | W);
	struct walk_result r;

	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, R_ | W_, &r));
	EXPECT_EQ(0, (memory[1][0] | memory[2][0] | memory[3][0] | memory[4][1]) & (A | D));
	EXPECT_EQ(WALK_SUCCESS, walk_mark(&w, R_, &r));
	EXPECT_EQ(A, memory[1][0] & memory[2][0] & memory[3][0] & memory[4][1] & A);
	EXPECT_EQ(0, memory[4][1] & D);
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, W_, &r));
	EXPECT_EQ(WALK_SUCCESS, walk_mark(&w, W_, &r));
	EXPECT_EQ(A | D, memory[4][1] & (A | D));
	EXPECT_EQ(0, memory[3][0] & D);
	/* Changed by the guest between the two */
	memory[4][1] &= ~(A | D);
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, R_, &r));
	memory[4][1] = 0x6000 | P;
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, walk_mark(&w, R_, &r));
	EXPECT_EQ(0x6000 | P, memory[4][1]);
	read_only = true;
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, R_, &r));
	EXPECT_EQ(WALK_GPA_NO_WRITE, walk_mark(&w, R_, &r));
	EXPECT_EQ(0x1000, r.gpa);
	read_only = false;
}

/* 32-bit entries are written as such, and the top of PAE not at all. */
static void marks_of_other_modes(void)
{
	struct walk w = four_levels(0x5000 | P);
	u32 *pd = (u32 *)memory[1], *pt = (u32 *)memory[2];
	struct walk_result r;

	w.cr3 = 0x2000;
	w.efer = 0;
	memory[2][0] = 0x3000 | P;
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, R_, &r));
	EXPECT_EQ(WALK_SUCCESS, walk_mark(&w, R_, &r));
	EXPECT_EQ(0x3000 | P, memory[2][0]);
	EXPECT(memory[4][1] & A);
	w = four_levels(0);
	w.cr4 = 0;
	w.efer = 0;
	pd[0] = 0x2000 | P | W;
	pt[1] = 0x5000 | P | W;
	pt[2] = 0x12345678;
	EXPECT_EQ(WALK_SUCCESS, walk_gva(&w, 0x1000, W_, &r));
	EXPECT_EQ(WALK_SUCCESS, walk_mark(&w, W_, &r));
	EXPECT_EQ(0x2000 | P | W | A, pd[0]);
	EXPECT_EQ(0x5000 | P | W | A | D, pt[1]);
	EXPECT_EQ(0x12345678, pt[2]);
}

const struct test walk_rights_tests[] = {
	{ "walk: rights", rights },
	{ "walk: rights of the tables above", rights_above },
	{ "walk: reserved bits", reserved_bits },
	{ "walk: reserved bits of PAE", pae_bits },
	{ "walk: two levels, rights and PSE-36", two_levels },
	{ "walk: range of addresses", address_range },
	{ "walk: memory types", memory_types },
	{ "walk: a table out of reach", unreachable_table },
	{ "walk: accessed and dirty bits", accessed_and_dirty },
	{ "walk: the same in other modes", marks_of_other_modes },
	{ }
};

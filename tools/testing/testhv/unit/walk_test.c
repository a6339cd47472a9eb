// SPDX-License-Identifier: GPL-2.0
/* Guest page walks in a memory of eight pages. */
#include <string.h>

#include "../vm/walk.h"
#include "unit.h"

#define P	1UL
#define PS	0x80UL
#define NX	BIT(63)
#define CR0_PG	BIT(31)
#define PSE	BIT(4)
#define PAE	BIT(5)
#define LA57	BIT(12)
#define LMA	BIT(10)
#define NXE		BIT(11)

static u8 memory[8][4096] __aligned(4096);

static enum walk_code read_memory(void *ctx, u64 gpa, const void **p)
{
	(void)ctx;
	*p = &memory[0][0] + gpa;
	return gpa < sizeof(memory) ? WALK_SUCCESS : WALK_GPA_UNMAPPED;
}

static u64 *entry(u64 page, unsigned int index)
{
	return (u64 *)memory[page] + index;
}

static struct walk start(u64 cr3, u64 cr4, u64 efer)
{
	memset(memory, 0, sizeof(memory));
	return (struct walk){ .cr0 = CR0_PG, .cr3 = cr3, .cr4 = cr4, .efer = efer | NXE,
			      .physical_mask = GENMASK(39, 0), .huge_pages = true,
			      .read = read_memory };
}

static u64 translate(const struct walk *w, u64 gva)
{
	u64 gpa;

	return walk_translate(w, gva, &gpa) ? gpa : ~0UL;
}

static void no_paging(void)
{
	struct walk w = start(0x1000, 0, 0);

	w.cr0 = 0;
	EXPECT_EQ(0x12345678, translate(&w, 0x12345678));
	EXPECT_EQ(0x10, translate(&w, 0x100000010));
}

static void two_levels(void)
{
	struct walk w = start(0x1000, PSE, 0);
	u32 *pd = (u32 *)memory[1], *pt = (u32 *)memory[2];

	pd[1] = 0x2000 | P;
	pt[3] = 0x5000 | P;
	pd[2] = 0x00c00000 | PS | P;
	pd[3] = 0x00c00000 | 1 << 13 | PS | P;
	EXPECT_EQ(0x5abc, translate(&w, 0x00403abc));
	EXPECT_EQ(0xc12345, translate(&w, 0x00812345));
	EXPECT_EQ(0x100c12345, translate(&w, 0x00c12345));
	EXPECT_EQ(~0UL, translate(&w, 0x00404000));
	EXPECT_EQ(~0UL, translate(&w, 0x01000000));
	/* Without PSE it is a table, here one that isn't there. */
	w.cr4 = 0;
	EXPECT_EQ(~0UL, translate(&w, 0x00812345));
}

static void three_levels(void)
{
	struct walk w = start(0x1020, PAE, 0);

	*entry(1, 4 + 3) = 0x2000 | P;	/* the top table is 32 bytes at 0x1020 */
	*entry(2, 1) = 0x3000 | P;
	*entry(3, 2) = 0x123456000 | P | NX;
	*entry(2, 2) = 0x40000000 | PS | P;
	EXPECT_EQ(0x123456789, translate(&w, 0xc0202789));
	EXPECT_EQ(0x40012345, translate(&w, 0xc0412345));
	EXPECT_EQ(~0UL, translate(&w, 0x00202789));
}

static void four_levels(void)
{
	struct walk w = start(0x1000, PAE, LMA);

	*entry(1, 511) = 0x2000 | P;
	*entry(2, 1) = 0x3000 | P;
	*entry(3, 2) = 0x4000 | P;
	*entry(4, 3) = 0x7654321000 | P | NX;
	*entry(3, 4) = 0x200000 | PS | P;
	*entry(2, 5) = 0x80000000 | PS | P;
	EXPECT_EQ(0x7654321fff, translate(&w, 0xffffff8040403fff));
	EXPECT_EQ(0x2abcde, translate(&w, 0xffffff80408abcde));
	EXPECT_EQ(0xb2345678, translate(&w, 0xffffff8172345678));
	EXPECT_EQ(~0UL, translate(&w, 0x40403fff));
}

static void five_levels(void)
{
	struct walk w = start(0x1000, PAE | LA57, LMA);

	*entry(1, 1) = 0x2000 | P;
	*entry(2, 0) = 0x3000 | P;
	*entry(3, 0) = 0x4000 | P;
	*entry(4, 0) = 0x5000 | P;
	*entry(5, 7) = 0x9000 | P;
	EXPECT_EQ(0x9123, translate(&w, BIT(48) | 0x7123));
	EXPECT_EQ(~0UL, translate(&w, 0x7123));
}

static void tables_elsewhere(void)
{
	struct walk w = start(0x100000, PAE, LMA);

	EXPECT_EQ(~0UL, translate(&w, 0));
	w = start(0x1000, PAE, LMA);
	*entry(1, 0) = 0x800000 | P;
	EXPECT_EQ(~0UL, translate(&w, 0));
}

const struct test walk_tests[] = {
	{ "walk: no paging", no_paging },
	{ "walk: two levels, PSE-36", two_levels },
	{ "walk: three levels", three_levels },
	{ "walk: four levels", four_levels },
	{ "walk: five levels", five_levels },
	{ "walk: tables that are not there", tables_elsewhere },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* Mappings of 2 MiB: made, split, replaced, taken away. */
#include <string.h>

#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../vm/codes.h"
#include "../vm/hv.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

#define RWX	0xfu
#define FIRST	512u		/* guest page numbers of the first large page */

static u16 map(struct partition *p, u64 gfn, unsigned int page, u32 flags)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, p->id);
	hypercall_input(8, gfn);
	hypercall_input32(16, flags);
	hypercall_input(24, machine_pfn(page));
	hypercall_input(32, machine_pfn(page + 512));
	return hypercall(CALL_MAP_GPA_PAGES | REPS(1), NULL);
}

static u16 unmap(struct partition *p, u64 gfn, u32 flags, u32 count)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, p->id);
	hypercall_input(8, gfn);
	hypercall_input32(16, flags);
	return hypercall(CALL_UNMAP_GPA_PAGES | REPS(count), NULL);
}

static unsigned int level_of(struct partition *p, u64 gfn)
{
	unsigned int level;

	return npt_lookup(&p->npt, gfn << PAGE_SHIFT, &level) ? level : 0;
}

static void one_entry(void)
{
	struct partition *p = machine_partition(0);
	u64 mapped = live[LIVE_MAPPED], free;

	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 512, RWX | MAP_LARGE));
	free = p->pool.free;
	EXPECT_EQ(mapped + 512, live[LIVE_MAPPED]);
	EXPECT_EQ(2, level_of(p, FIRST + 100));
	EXPECT_EQ(1, memory_frame(machine_pfn(512 + 511))->mapped);
	EXPECT(slat_read_pointer(p, (FIRST + 100) * 4096UL + 5) == machine_page(612) + 5);
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, (FIRST + 511) * 4096UL, SLAT_WRITE));
	EXPECT_EQ(SLAT_UNMAPPED, slat_check(p, (FIRST + 512) * 4096UL, SLAT_READ));
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 1024, MAP_READ | MAP_LARGE));
	EXPECT_EQ(mapped + 512, live[LIVE_MAPPED]);
	EXPECT_EQ(0, memory_frame(machine_pfn(512))->mapped);
	EXPECT_EQ(SLAT_DENIED, slat_check(p, FIRST * 4096UL, SLAT_WRITE));
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 1024, MAP_LARGE));
	EXPECT_EQ(SLAT_DENIED, slat_check(p, FIRST * 4096UL, SLAT_READ));
	EXPECT_EQ(HV_SUCCESS, unmap(p, FIRST, UNMAP_LARGE, 1));
	EXPECT_EQ(mapped, live[LIVE_MAPPED]);
	EXPECT_EQ(0, memory_frame(machine_pfn(1024))->mapped);
	EXPECT_EQ(free, p->pool.free);
}

static void refused(void)
{
	struct partition *p = machine_partition(0);
	u64 mapped = live[LIVE_MAPPED];

	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, FIRST + 1, 512, RWX | MAP_LARGE));
	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, FIRST, 513, RWX | MAP_LARGE));
	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, FIRST, 512, 2 | MAP_LARGE));
	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, slat_gfn_end(), 512, RWX | MAP_LARGE));
	EXPECT_EQ(HV_INVALID_PARAMETER, unmap(p, FIRST + 1, UNMAP_LARGE, 1));
	EXPECT_EQ(HV_INVALID_PARAMETER, unmap(p, slat_gfn_end() - 512, UNMAP_LARGE, 2));
	EXPECT_EQ(HV_INVALID_PARAMETER, unmap(p, FIRST, 1, 1));
	unmap(p, FIRST, 0, 1);
	hypercall_input32(20, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_UNMAP_GPA_PAGES | REPS(1), NULL));
	/* One of its pages is somebody's. */
	deposit(p->id, 512 + 300, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, FIRST, 512, RWX | MAP_LARGE));
	EXPECT_EQ(mapped, live[LIVE_MAPPED]);
	EXPECT_EQ(0, memory_frame(machine_pfn(512))->mapped);
	p->flags |= PARTITION_FLAG_NO_LARGE;
	EXPECT_EQ(HV_INVALID_PARAMETER, map(p, FIRST, 1024, RWX | MAP_LARGE));
	EXPECT_EQ(HV_INVALID_PARAMETER, unmap(p, FIRST, UNMAP_LARGE, 1));
}

/* A small page in it is changed: the others stay as they are. */
static void split(void)
{
	struct partition *p = machine_partition(0);
	u64 mapped = live[LIVE_MAPPED];

	map(p, FIRST, 512, MAP_READ | MAP_LARGE);
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST + 7, 50, RWX));
	EXPECT_EQ(1, level_of(p, FIRST + 8));
	EXPECT_EQ(mapped + 512, live[LIVE_MAPPED]);
	EXPECT_EQ(0, memory_frame(machine_pfn(512 + 7))->mapped);
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, (FIRST + 7) * 4096UL, SLAT_WRITE));
	EXPECT_EQ(SLAT_DENIED, slat_check(p, (FIRST + 8) * 4096UL, SLAT_WRITE));
	EXPECT(slat_read_pointer(p, (FIRST + 8) * 4096UL) == machine_page(520));
	EXPECT_EQ(HV_SUCCESS, unmap(p, FIRST, UNMAP_LARGE, 1));
	EXPECT_EQ(mapped, live[LIVE_MAPPED]);
	/* The empty table makes way for a large entry again. */
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 512, RWX | MAP_LARGE));
	EXPECT_EQ(2, level_of(p, FIRST));
	EXPECT_EQ(HV_SUCCESS, unmap(p, FIRST + 3, 0, 2));
	EXPECT_EQ(mapped + 510, live[LIVE_MAPPED]);
	EXPECT_EQ(SLAT_UNMAPPED, slat_check(p, (FIRST + 4) * 4096UL, SLAT_READ));
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, (FIRST + 5) * 4096UL, SLAT_READ));
	/* Over what is mapped in small pages it is small pages too. */
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 1024, RWX | MAP_LARGE));
	EXPECT_EQ(mapped + 512, live[LIVE_MAPPED]);
	EXPECT_EQ(1, level_of(p, FIRST));
	EXPECT(slat_read_pointer(p, (FIRST + 511) * 4096UL) == machine_page(1024 + 511));
}

/* Splitting takes a page, and without one nothing changes. */
static void short_of_memory(void)
{
	struct partition *p = machine_partition(0);
	u32 reps;

	map(p, FIRST, 512, RWX | MAP_LARGE);
	while (p->pool.free)
		pool_alloc(&p->pool);
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, unmap(p, FIRST + 3, 0, 1));
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, map(p, FIRST + 3, 50, RWX));
	EXPECT_EQ(2, level_of(p, FIRST));
	EXPECT_EQ(513, live[LIVE_MAPPED]);
	/* As a whole it goes without, also if asked for by small pages. */
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, p->id);
	hypercall_input(8, FIRST - 2);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_UNMAP_GPA_PAGES | REPS(516), &reps));
	EXPECT_EQ(516, reps);
	EXPECT_EQ(1, live[LIVE_MAPPED]);
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 512, RWX | MAP_LARGE));
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, map(p, BIT(30 - 12), 1024, RWX | MAP_LARGE));
}

/* An overlay splits what it covers; what is mapped or unmapped meanwhile is what lies under it. */
static void under_an_overlay(void)
{
	struct partition *p = machine_partition(0);
	struct overlay o;

	map(p, FIRST, 512, RWX | MAP_LARGE);
	overlay_init(&o, machine_page(60), MAP_READ);
	EXPECT(overlay_move(p, &o, FIRST + 9));
	EXPECT(slat_is_overlay(p, (FIRST + 9) * 4096UL));
	EXPECT(!slat_is_overlay(p, (FIRST + 8) * 4096UL));
	EXPECT(slat_read_pointer(p, (FIRST + 9) * 4096UL) == machine_page(60));
	EXPECT_EQ(HV_SUCCESS, unmap(p, FIRST, UNMAP_LARGE, 1));
	EXPECT_EQ(1, live[LIVE_MAPPED]);
	EXPECT(slat_read_pointer(p, (FIRST + 9) * 4096UL) == machine_page(60));
	EXPECT(!slat_read_pointer(p, (FIRST + 8) * 4096UL));
	EXPECT_EQ(HV_SUCCESS, map(p, FIRST, 1024, RWX | MAP_LARGE));
	EXPECT_EQ(513, live[LIVE_MAPPED]);
	EXPECT(slat_read_pointer(p, (FIRST + 9) * 4096UL) == machine_page(60));
	EXPECT(overlay_move(p, &o, OVERLAY_HIDDEN));
	EXPECT(slat_read_pointer(p, (FIRST + 9) * 4096UL) == machine_page(1024 + 9));
	EXPECT_EQ(513, live[LIVE_MAPPED]);
}

static void finalized(void)
{
	struct partition *p = machine_partition(0);
	u64 id = p->id;

	map(p, FIRST, 512, RWX | MAP_LARGE);
	map(p, 2 * FIRST, 1024, MAP_LARGE);
	map(p, 2 * FIRST + 1, 50, MAP_READ);
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, id);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_FINALIZE_PARTITION, NULL));
	EXPECT_EQ(0, live[LIVE_MAPPED]);
	EXPECT_EQ(p->pool.total, p->pool.free);
	for (unsigned int i = 0; i < MACHINE_PAGES; i++)
		EXPECT_EQ(0, memory_frame(machine_pfn(i))->mapped);
}

const struct test large_tests[] = {
	{ "large pages: one entry", one_entry },
	{ "large pages: refused", refused },
	{ "large pages: split", split },
	{ "large pages: short of memory", short_of_memory },
	{ "large pages: under an overlay", under_an_overlay },
	{ "large pages: gone with their partition", finalized },
	{ }
};

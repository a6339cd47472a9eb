// SPDX-License-Identifier: GPL-2.0
/* Pools and GPA spaces. */
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

static void pool(void)
{
	struct pool p = { 0 };

	EXPECT(!pool_alloc(&p));
	machine_page(0)[100] = 1;
	pool_put(&p, machine_page(0));
	pool_put(&p, machine_page(1));
	EXPECT_EQ(2, p.free);
	EXPECT(pool_alloc(&p) == machine_page(1));
	EXPECT(pool_alloc(&p) == machine_page(0));
	EXPECT_EQ(0, machine_page(0)[100]);
	EXPECT(!pool_alloc(&p));
}

static void deposited_pages(void)
{
	u64 pfn;

	EXPECT_EQ(HV_SUCCESS, deposit(ROOT_PARTITION_ID, 10, 2));
	EXPECT_EQ(FRAME_DEPOSITED, memory_frame(machine_pfn(10))->owner);
	EXPECT_EQ(2, live[LIVE_ROOT_POOL]);
	machine_page(10)[50] = 3;
	EXPECT(partition_withdraw_page(&root_partition, &pfn));
	EXPECT(partition_withdraw_page(&root_partition, &pfn));
	EXPECT(!partition_withdraw_page(&root_partition, &pfn));
	EXPECT_EQ(FRAME_ROOT, memory_frame(machine_pfn(10))->owner);
	EXPECT_EQ(0, machine_page(10)[50]);
	EXPECT_EQ(0, live[LIVE_ROOT_POOL]);
}

static void flags(void)
{
	for (u32 f = 0; f < 64; f++) {
		bool execute_both = (f & 0xc) == 0 || (f & 0xc) == 0xc;

		about("flags", f);
		EXPECT_EQ(f < 16 && execute_both && (!f || f & 1), slat_flags_valid(f));
	}
}

static void permissions(void)
{
	struct partition *p = machine_partition(0);
	bool replaced = false;

	EXPECT_EQ(SLAT_UNMAPPED, slat_check(p, 0x5000, SLAT_READ));
	slat_map(p, 5, machine_pfn(50), MAP_READ, &replaced);
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, 0x5fff, SLAT_READ));
	EXPECT_EQ(SLAT_DENIED, slat_check(p, 0x5000, SLAT_WRITE));
	EXPECT_EQ(SLAT_DENIED, slat_check(p, 0x5000, SLAT_EXECUTE));
	EXPECT(!replaced);
	slat_map(p, 5, machine_pfn(50), MAP_READ | MAP_WRITE | MAP_EXECUTE, &replaced);
	EXPECT(replaced);
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, 0x5000, SLAT_WRITE));
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, 0x5000, SLAT_EXECUTE));
	slat_map(p, 5, machine_pfn(50), 0, &replaced);
	EXPECT_EQ(SLAT_DENIED, slat_check(p, 0x5000, SLAT_READ));
	EXPECT_EQ(1, memory_frame(machine_pfn(50))->mapped);
	replaced = false;
	EXPECT_EQ(HV_SUCCESS, slat_unmap(p, 5, &replaced));
	EXPECT(replaced);
	replaced = false;
	EXPECT_EQ(HV_SUCCESS, slat_unmap(p, 5, &replaced));
	EXPECT(!replaced);
	EXPECT_EQ(0, memory_frame(machine_pfn(50))->mapped);
	EXPECT_EQ(1, live[LIVE_MAPPED]);
}

static void pages_not_to_be_mapped(void)
{
	struct partition *p = machine_partition(0);
	bool replaced;

	EXPECT_EQ(HV_INVALID_PARAMETER, slat_map(p, 5, machine_pfn(16), MAP_READ, &replaced));
	EXPECT_EQ(HV_INVALID_PARAMETER, slat_map(p, 5, 1, MAP_READ, &replaced));
	EXPECT_EQ(HV_INVALID_PARAMETER,
		  slat_map(p, slat_gfn_end(), machine_pfn(50), MAP_READ, &replaced));
	EXPECT_EQ(HV_SUCCESS,
		  slat_map(p, slat_gfn_end() - 1, machine_pfn(50), MAP_READ, &replaced));
}

static void reading(void)
{
	struct partition *p = machine_partition(0);

	EXPECT(slat_read_pointer(p, 0x123) == machine_page(40) + 0x123);
	EXPECT(!slat_read_pointer(p, 0x1000));
	EXPECT(!slat_read_pointer(p, ~0UL));
}

const struct test slat_tests[] = {
	{ "pool", pool },
	{ "pool: deposited and withdrawn pages", deposited_pages },
	{ "slat: flags", flags },
	{ "slat: permissions", permissions },
	{ "slat: pages not to be mapped", pages_not_to_be_mapped },
	{ "slat: reading", reading },
	{ }
};

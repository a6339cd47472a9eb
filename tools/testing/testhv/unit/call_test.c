// SPDX-License-Identifier: GPL-2.0
/* Hypercalls from end to end: a root VP's VMMCALL to its RAX. */
#include <string.h>

#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../serve/serve.h"
#include "../vm/codes.h"
#include "../vm/registers.h"
#include "../vm/status.h"
#include "machine.h"
#include "unit.h"

static void clear_input(void)
{
	memset(machine_page(0), 0, 4096);
}

static u16 create(u64 flags, u32 version)
{
	clear_input();
	hypercall_input(0, flags);
	hypercall_input32(16, version);
	return hypercall(CALL_CREATE_PARTITION, NULL);
}

static u16 by_id(u16 code, u64 id)
{
	hypercall_input(0, id);
	return hypercall(code, NULL);
}

static u16 set_register(u64 id, u32 name, u64 value)
{
	clear_input();
	hypercall_input(0, id);
	hypercall_input32(16, name);
	hypercall_input(32, value);
	return hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL);
}

static void dispatch(void)
{
	EXPECT_EQ(HV_INVALID_HYPERCALL_CODE, hypercall(0x3ff, NULL));
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, hypercall(CALL_GET_PARTITION_ID | REPS(1), NULL));
	EXPECT_EQ(2, counters[CNT_MALFORMED]);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_PARTITION_ID, NULL));
	EXPECT_EQ(ROOT_PARTITION_ID, hypercall_output(0));
	EXPECT_EQ(9, root_vp->vmcb->rip);
	EXPECT_EQ(3, counters[CNT_HYPERCALLS]);
	root_vp->vmcb->cpl = 3;
	hypercall(CALL_GET_PARTITION_ID, NULL);
	EXPECT_EQ(6 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID, root_vp->vmcb->eventinj);
	EXPECT_EQ(9, root_vp->vmcb->rip);
}

/* Parameters must be the root's own memory. */
static void foreign_memory(void)
{
	memory_frame(machine_pfn(1))->owner = FRAME_NONE;
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, hypercall(CALL_GET_PARTITION_ID, NULL));
	memory_frame(machine_pfn(0))->owner = FRAME_DEPOSITED;
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, hypercall(CALL_INITIALIZE_PARTITION, NULL));
}

static void life_of_a_partition(void)
{
	u64 id, flags = PARTITION_FLAG_EXO;
	u32 reps;

	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, create(flags, 0x607));
	deposit(ROOT_PARTITION_ID, 8, 1);
	EXPECT_EQ(HV_SUCCESS, create(flags, 0x607));
	id = hypercall_output(0);
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, by_id(CALL_INITIALIZE_PARTITION, id));
	EXPECT_EQ(HV_SUCCESS, deposit(id, 16, 8));
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_INITIALIZE_PARTITION, id));
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, by_id(CALL_INITIALIZE_PARTITION, id));
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, by_id(CALL_DELETE_PARTITION, id));
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_FINALIZE_PARTITION, id));
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, by_id(CALL_FINALIZE_PARTITION, id));
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, by_id(CALL_DELETE_PARTITION, id));
	clear_input();
	hypercall_input(0, id);
	EXPECT_EQ(HV_NO_RESOURCES, hypercall(CALL_WITHDRAW_MEMORY | REPS(20), &reps));
	EXPECT_EQ(8, reps);
	EXPECT_EQ(0, live[LIVE_DEPOSITED]);
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DELETE_PARTITION, id));
	EXPECT_EQ(HV_INVALID_PARTITION_ID, by_id(CALL_DELETE_PARTITION, id));
	EXPECT_EQ(HV_SUCCESS, create(flags, 0x607));
	EXPECT_EQ(id + 1, hypercall_output(0));
}

static void creation_flags(void)
{
	deposit(ROOT_PARTITION_ID, 8, 4);
	EXPECT_EQ(HV_INVALID_PARAMETER, create(0, 0x607));
	EXPECT_EQ(HV_INVALID_PARAMETER, create(PARTITION_FLAG_EXO | BIT(1), 0x607));
	EXPECT_EQ(HV_INVALID_PARAMETER, create(PARTITION_FLAG_EXO | BIT(63), 0x607));
	EXPECT_EQ(HV_INVALID_PARAMETER, create(PARTITION_FLAG_EXO, 0x606));
	clear_input();
	hypercall_input(0, PARTITION_FLAG_EXO);
	hypercall_input32(16, 0x607);
	hypercall_input(24, BIT(63));
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_CREATE_PARTITION, NULL));
	hypercall_input(24, 0);
	hypercall_input32(20, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_CREATE_PARTITION, NULL));
	EXPECT_EQ(0, live[LIVE_PARTITIONS]);
}

static void deposits(void)
{
	struct partition *p = machine_partition(0);
	u64 total = p->pool.total;

	/* Twice in one list, twice in two, in use by a child, not memory: all or nothing */
	clear_input();
	hypercall_input(0, p->id);
	hypercall_input(8, machine_pfn(100));
	hypercall_input(16, machine_pfn(101));
	hypercall_input(24, machine_pfn(100));
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_DEPOSIT_MEMORY | REPS(3), NULL));
	EXPECT_EQ(HV_INVALID_PARAMETER, deposit(p->id, 15, 2));
	EXPECT_EQ(HV_INVALID_PARAMETER, deposit(p->id, 39, 2));
	hypercall_input(8, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_DEPOSIT_MEMORY | REPS(1), NULL));
	EXPECT_EQ(total, p->pool.total);
	EXPECT_EQ(FRAME_ROOT, memory_frame(machine_pfn(100))->owner);
	EXPECT_EQ(FRAME_ROOT, memory_frame(machine_pfn(39))->owner);
	EXPECT_EQ(HV_INVALID_PARTITION_ID, deposit(0x1234, 100, 1));
}

static void properties(void)
{
	u64 id;

	deposit(ROOT_PARTITION_ID, 8, 1);
	create(PARTITION_FLAG_EXO, 0x607);
	id = hypercall_output(0);
	clear_input();
	hypercall_input(0, id);
	hypercall_input(8, 0x10001);
	hypercall_input(16, BIT(16));
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, hypercall(CALL_SET_PARTITION_PROPERTY, NULL));
	hypercall_input(16, 0xffb);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_SET_PARTITION_PROPERTY, NULL));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_PARTITION_PROPERTY, NULL));
	EXPECT_EQ(0xffb, hypercall_output(0));
	hypercall_input(8, 0x12345);
	EXPECT_EQ(HV_UNKNOWN_PROPERTY, hypercall(CALL_SET_PARTITION_PROPERTY, NULL));
	EXPECT_EQ(HV_UNKNOWN_PROPERTY, hypercall(CALL_GET_PARTITION_PROPERTY, NULL));
	deposit(id, 16, 4);
	by_id(CALL_INITIALIZE_PARTITION, id);
	hypercall_input(8, 0x10001);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, hypercall(CALL_SET_PARTITION_PROPERTY, NULL));
}

/* A table page is missing half-way: the reps before it are done. */
static void map_short_of_memory(void)
{
	struct partition *p = machine_partition(0);
	u32 reps;

	while (p->pool.free)
		pool_alloc(&p->pool);
	clear_input();
	hypercall_input(0, p->id);
	hypercall_input(8, 508);
	hypercall_input32(16, 1);
	for (u32 i = 0; i < 8; i++)
		hypercall_input(24 + 8 * i, machine_pfn(60 + i));
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, hypercall(CALL_MAP_GPA_PAGES | REPS(8), &reps));
	EXPECT_EQ(4, reps);
	EXPECT_EQ(5, live[LIVE_MAPPED]);
	deposit(p->id, 80, 1);
	clear_input();
	hypercall_input(0, p->id);
	hypercall_input(8, 508);
	hypercall_input32(16, 1);
	for (u32 i = 0; i < 8; i++)
		hypercall_input(24 + 8 * i, machine_pfn(60 + i));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_MAP_GPA_PAGES | REPS(8) | REP_START(4), &reps));
	EXPECT_EQ(8, reps);
	hypercall_input32(16, 2);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_MAP_GPA_PAGES | REPS(8), &reps));
	hypercall_input32(16, 0);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_UNMAP_GPA_PAGES | REPS(9), &reps));
	EXPECT_EQ(1, live[LIVE_MAPPED]);
}

static void create_vp(void)
{
	struct partition *p = machine_partition(0);

	clear_input();
	hypercall_input(0, p->id);
	EXPECT_EQ(HV_INVALID_VP_INDEX, hypercall(CALL_CREATE_VP, NULL));
	hypercall_input32(8, PARTITION_MAX_VPS);
	EXPECT_EQ(HV_INVALID_VP_INDEX, hypercall(CALL_CREATE_VP, NULL));
	/* Garbage where Linux leaves it. */
	hypercall_input(8, 1 | 0xabcdefUL << 32);
	hypercall_input(16, ~0UL);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_CREATE_VP, NULL));
	while (p->pool.free)
		pool_alloc(&p->pool);
	hypercall_input32(8, 2);
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, hypercall(CALL_CREATE_VP, NULL));
	hypercall_input32(8, 3);
	hypercall_input(32, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_CREATE_VP, NULL));
	EXPECT_EQ(2, live[LIVE_VPS]);
}

/* APIC ids are VP indexes, and of one byte; 255 is everybody. */
static void create_vp_with_apic(void)
{
	static const u32 bad[] = { 255, 256, 511, 2047, 2048, ~0u };
	struct partition *p = machine_partition(PARTITION_FLAG_LAPIC_ENABLED);
	struct register_value id;

	clear_input();
	hypercall_input(0, p->id);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		hypercall_input32(8, bad[i]);
		about("VP", bad[i]);
		EXPECT_EQ(HV_INVALID_VP_INDEX, hypercall(CALL_CREATE_VP, NULL));
	}
	hypercall_input32(8, 254);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_CREATE_VP, NULL));
	EXPECT_EQ(HV_SUCCESS, register_get(partition_vp(p, 254), REG_APIC_ID, &id));
	EXPECT_EQ(254UL << 24, id.low);
	EXPECT_EQ(2, live[LIVE_VPS]);
	machine_reset();
	p = machine_partition(0);
	clear_input();
	hypercall_input(0, p->id);
	hypercall_input32(8, PARTITION_MAX_VPS - 1);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_CREATE_VP, NULL));
}

static void run(void)
{
	struct vp *vp = machine_vp();
	u64 id = vp->partition->id;
	u32 reps;

	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, set_register(id, REG_INTERCEPT_SUSPEND, 1));
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_RAX, 5));
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_EXPLICIT_SUSPEND, 0));
	EXPECT_EQ(1, resumed);
	EXPECT_EQ(HV_INVALID_VP_STATE, set_register(id, REG_RAX, 6));
	clear_input();
	hypercall_input(0, id);
	hypercall_input32(16, REG_EXPLICIT_SUSPEND);
	hypercall_input32(20, REG_RAX);
	EXPECT_EQ(HV_INVALID_VP_STATE, hypercall(CALL_GET_VP_REGISTERS | REPS(2), &reps));
	EXPECT_EQ(1, reps);
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_EXPLICIT_SUSPEND, 1));
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_RAX, 7));
	EXPECT_EQ(7, vp->vmcb->rax);
	/* An intercept keeps it from going on. */
	vp->intercept_suspend = true;
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_EXPLICIT_SUSPEND, 0));
	EXPECT_EQ(1, resumed);
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_INTERCEPT_SUSPEND, 0));
	EXPECT_EQ(2, resumed);
	EXPECT_EQ(1, counters[CNT_INTERCEPT_CLEARS]);
}

static void reserved_of_an_element(void)
{
	u64 id = machine_vp()->partition->id;

	clear_input();
	hypercall_input(0, id);
	hypercall_input(16, REG_RAX | 1UL << 32);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL));
	hypercall_input(16, REG_RAX);
	hypercall_input(24, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL));
	hypercall_input(24, 0);
	hypercall_input(40, ~0UL);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL));
}

static void bad_state_is_told(void)
{
	u64 id = machine_vp()->partition->id;

	set_register(id, REG_EFER, EFER_LME);
	set_register(id, REG_CR0, 0x80000011);
	EXPECT_EQ(HV_SUCCESS, set_register(id, REG_EXPLICIT_SUSPEND, 0));
	EXPECT_EQ(0, resumed);
	EXPECT_EQ(1, posted);
	EXPECT_EQ(0x80000020, *(u32 *)posted_vp->message);
	EXPECT(posted_vp->intercept_suspend);
}

static void finalize(void)
{
	struct partition *p = machine_partition(0);
	u64 free = p->pool.total;

	EXPECT_EQ(HV_SUCCESS, by_id(CALL_FINALIZE_PARTITION, p->id));
	EXPECT_EQ(free, p->pool.free);
	EXPECT_EQ(0, live[LIVE_VPS]);
	EXPECT_EQ(0, live[LIVE_MAPPED]);
	EXPECT_EQ(0, memory_frame(machine_pfn(40))->mapped);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, deposit(p->id, 100, 1));
	clear_input();
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, set_register(p->id, REG_RAX, 1));
}

static void root_calls(void)
{
	clear_input();
	hypercall_input(0, 1 | 1UL << 32);
	hypercall_input(8, ~0UL);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_ADD_LOGICAL_PROCESSOR, NULL));
	hypercall_input(0, 2 | 2UL << 32);
	EXPECT_EQ(HV_INVALID_LP_INDEX, hypercall(CALL_ADD_LOGICAL_PROCESSOR, NULL));
	hypercall_input(0, ROOT_PARTITION_ID);
	hypercall_input(8, 1 | 0xffffffUL << 32);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_CREATE_VP, NULL));
	clear_input();
	hypercall_input(0, ROOT_PARTITION_ID);
	hypercall_input(8, BIT(62) | 0x18);
	hypercall_input(48, 1);
	hypercall_input(56, 0x41 | 2UL << 32);
	hypercall_input(72, 1);
	hypercall_input(80, 2);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_MAP_DEVICE_INTERRUPT | 2 << 17, NULL));
	EXPECT_EQ(1, hypercall_output(0));
	EXPECT_EQ(0xfee01000 | 0x41UL << 32, hypercall_output(8));
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_MAP_DEVICE_INTERRUPT, NULL));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_UNMAP_DEVICE_INTERRUPT, NULL));
}

static void orders(void)
{
	u64 fault = CALL_GET_PARTITION_ID | 2UL << 16 | 0x7abcUL << 32, left;

	EXPECT(window_write_msr(&cpus[0], 0x4f002000, fault));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_PARTITION_ID, NULL));
	EXPECT_EQ(0x7abc, hypercall(CALL_GET_PARTITION_ID, NULL));
	EXPECT(window_read_msr(&cpus[0], 0x4f002000, &left));
	EXPECT_EQ(0, left);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_PARTITION_ID, NULL));
	window_enabled = false;
	EXPECT(!window_read_msr(&cpus[0], 0x4f002000, &left));
}

static void order_in_the_middle(void)
{
	struct vp *vp = machine_vp();
	u32 reps;

	window_write_msr(&cpus[0], 0x4f002000,
			 CALL_SET_VP_REGISTERS | 1UL << 16 | 0x15UL << 32 | 1UL << 48);
	clear_input();
	hypercall_input(0, vp->partition->id);
	hypercall_input32(16, REG_RAX);
	hypercall_input(32, 1);
	hypercall_input32(48, REG_RAX + 1);
	hypercall_input(64, 2);
	EXPECT_EQ(HV_INVALID_VP_STATE, hypercall(CALL_SET_VP_REGISTERS | REPS(2), &reps));
	EXPECT_EQ(1, reps);
	EXPECT_EQ(1, vp->vmcb->rax);
	EXPECT_EQ(0, vp->gprs.rcx);
}

/* Whatever the root asks for, testhv stays whole. */
static void random_calls(void)
{
	static const u16 codes[] = { 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x48, 0x49, 0x4b, 0x4c,
				     0x4d, 0x4e, 0x50, 0x51, 0x52, 0x76, 0x7c, 0x7d, 0xe1, 0xe2,
				     0xe3, 0xe4, 0x94 };
	u64 seed = 12345;

	machine_partition(0);
	for (unsigned int i = 0; i < 100000; i++) {
		u64 control;

		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		control = codes[(seed >> 40) % ARRAY_SIZE(codes)] | REPS((seed >> 50) & 3);
		for (unsigned int n = 0; n < 12; n++) {
			seed = seed * 6364136223846793005UL + 1442695040888963407UL;
			hypercall_input(8 * n, seed >> 33 & 1 ? machine_pfn((seed >> 40) & 0xff) :
					       seed >> (seed >> 58));
		}
		hypercall_input(0, 1 + (seed >> 60) + (seed >> 50) % 4);
		hypercall(control, NULL);
		if (posted_vp)
			posted_vp->intercept_suspend = true;
	}
	EXPECT(live[LIVE_PARTITIONS] < 1000 && live[LIVE_DEPOSITED] <= MACHINE_PAGES);
}

static void books(void)
{
	EXPECT(!accounting_report());
	deposit(ROOT_PARTITION_ID, 8, 1);
	EXPECT(!accounting_report());
	machine_armed[MACHINE_CPUS - 1] = true;
	EXPECT(accounting_report());
	machine_armed[MACHINE_CPUS - 1] = false;
	EXPECT(!accounting_report());
	machine_partition(0);
	EXPECT(accounting_report());
}

const struct test call_tests[] = {
	{ "calls: dispatch", dispatch },
	{ "calls: parameters in foreign memory", foreign_memory },
	{ "calls: life of a partition", life_of_a_partition },
	{ "calls: creation properties", creation_flags },
	{ "calls: deposits are all or nothing", deposits },
	{ "calls: properties", properties },
	{ "calls: map short of memory", map_short_of_memory },
	{ "calls: create VP", create_vp },
	{ "calls: create VP with a local APIC", create_vp_with_apic },
	{ "calls: run and stop", run },
	{ "calls: reserved fields of an element", reserved_of_an_element },
	{ "calls: a state that no processor takes", bad_state_is_told },
	{ "calls: finalize", finalize },
	{ "calls: the root's own processors and devices", root_calls },
	{ "calls: fault orders", orders },
	{ "calls: fault order in the middle", order_in_the_middle },
	{ "calls: the books at the end", books },
	{ "calls: at random", random_calls },
	{ }
};

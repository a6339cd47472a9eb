// SPDX-License-Identifier: GPL-2.0
/* What a child's guest has of the Hyper-V interface. */
#include <string.h>

#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../serve/intercept.h"
#include "../serve/serve.h"
#include "../vm/hv.h"
#include "../vm/registers.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

#define CLIENT_FEATURES	0xffbUL

static struct vp *vp_with(u64 features)
{
	machine_features = features;
	return machine_vp();
}

static bool rd(struct vp *vp, u32 msr, u64 *value)
{
	return child_msr_access(vp, msr, false, value);
}

static bool wr(struct vp *vp, u32 msr, u64 value)
{
	return child_msr_access(vp, msr, true, &value);
}

static u64 value_of(struct vp *vp, u32 msr)
{
	u64 value = 0;

	EXPECT(rd(vp, msr, &value));
	return value;
}

static const u8 *seen(struct vp *vp, u64 gfn)
{
	return slat_read_pointer(vp->partition, gfn << PAGE_SHIFT);
}

static void hypercall_page(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct partition *p = vp->partition;

	machine_page(40)[0] = 0x77;
	EXPECT(wr(vp, 0x40000001, 1));
	EXPECT_EQ(0, value_of(vp, 0x40000001));
	EXPECT_EQ(0x77, *seen(vp, 0));
	EXPECT(wr(vp, 0x40000000, 0x8100UL << 48));
	EXPECT(wr(vp, 0x40000001, 0x801));
	EXPECT_EQ(0x801, value_of(vp, 0x40000001));
	EXPECT(!memcmp(seen(vp, 0), "\x0f\x01\xd9\xc3\xcc", 5));
	EXPECT_EQ(SLAT_DENIED, slat_check(p, 0, SLAT_WRITE));
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, 0, SLAT_EXECUTE));
	/* Somewhere else, where nothing is. */
	EXPECT(wr(vp, 0x40000001, 0x123001));
	EXPECT_EQ(0x77, *seen(vp, 0));
	EXPECT_EQ(0x0f, *seen(vp, 0x123));
	EXPECT(!wr(vp, 0x40000001, slat_gfn_end() << PAGE_SHIFT | 1));
	EXPECT(wr(vp, 0x40000000, 0));
	EXPECT_EQ(0x123000, value_of(vp, 0x40000001));
	EXPECT(!seen(vp, 0x123));
}

static void locked_hypercall_page(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);

	wr(vp, 0x40000000, 1);
	EXPECT(wr(vp, 0x40000001, 0x5003));
	EXPECT(wr(vp, 0x40000001, 0x6001));
	EXPECT_EQ(0x5003, value_of(vp, 0x40000001));
	EXPECT_EQ(0x0f, *seen(vp, 5));
}

/* What is mapped and unmapped below an overlay appears only with its end. */
static void under_overlay(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct partition *p = vp->partition;
	bool replaced = false;

	EXPECT(wr(vp, 0x40000083, 0x1));
	machine_page(41)[0] = 0x41;
	EXPECT_EQ(HV_SUCCESS, slat_map(p, 0, machine_pfn(41), MAP_READ, &replaced));
	EXPECT_EQ(0, memory_frame(machine_pfn(40))->mapped);
	EXPECT_EQ(SLAT_ALLOWED, slat_check(p, 0, SLAT_WRITE));
	EXPECT_EQ(0, *seen(vp, 0));
	EXPECT(wr(vp, 0x40000083, 0));
	EXPECT_EQ(0x41, *seen(vp, 0));
	EXPECT(wr(vp, 0x40000083, 1));
	EXPECT_EQ(HV_SUCCESS, slat_unmap(p, 0, &replaced));
	EXPECT_EQ(0, memory_frame(machine_pfn(41))->mapped);
	EXPECT(seen(vp, 0));
	EXPECT(wr(vp, 0x40000083, 0));
	EXPECT(!seen(vp, 0));
}

/* Two at the same place: the second is seen when the first goes. */
static void coinciding(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);

	machine_page(40)[0] = 0x77;
	wr(vp, 0x40000000, 1);
	EXPECT(wr(vp, 0x40000083, 1));
	EXPECT(wr(vp, 0x40000001, 1));
	EXPECT_EQ(0, *seen(vp, 0));
	EXPECT(wr(vp, 0x40000083, 0));
	EXPECT_EQ(0x0f, *seen(vp, 0));
	EXPECT(wr(vp, 0x40000001, 0));
	EXPECT_EQ(0x77, *seen(vp, 0));
}

/* A page that a guest wrote keeps its contents while it is elsewhere or nowhere. */
static void contents_move(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);

	wr(vp, 0x40000082, 0x1);
	*(u8 *)seen(vp, 0) = 0x12;
	wr(vp, 0x40000082, 0x9001);
	EXPECT_EQ(0x12, *seen(vp, 9));
	EXPECT_EQ(0, *seen(vp, 0));
	/* The assist page's first dword alone begins afresh. */
	wr(vp, 0x40000073, 1);
	memcpy((u8 *)seen(vp, 0), "\1\2\3\4\5", 5);
	wr(vp, 0x40000073, 0);
	wr(vp, 0x40000073, 1);
	EXPECT_EQ(0, *(u32 *)seen(vp, 0));
	EXPECT_EQ(5, seen(vp, 0)[4]);
	EXPECT(!wr(vp, 0x40000073, slat_gfn_end() << PAGE_SHIFT | 1));
}

/* All of it goes back into the pool. */
static void end(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct partition *p = vp->partition;

	wr(vp, 0x40000000, 1);
	wr(vp, 0x40000001, 1);
	wr(vp, 0x40000021, 0x123001);
	wr(vp, 0x40000082, 0x223001);
	wr(vp, 0x40000083, 1);
	memset(machine_page(0), 0, PAGE_SIZE);
	hypercall_input(0, p->id);
	EXPECT_EQ(HV_SUCCESS, hypercall(0x42, NULL));
	EXPECT_EQ(p->pool.total, p->pool.free);
	EXPECT_EQ(0, memory_frame(machine_pfn(40))->mapped);
}

/* Each feature opens its MSRs and no other. */
static void features(void)
{
	static const struct {
		u64 feature;
		u32 first, last;
	} opens[] = {
		{ SYNTHETIC_HYPERCALL, 0x40000000, 0x40000001 },
		{ SYNTHETIC_VP_INDEX, 0x40000002, 0x40000002 },
		{ SYNTHETIC_RUNTIME, 0x40000010, 0x40000010 },
		{ SYNTHETIC_COUNTER, 0x40000020, 0x40000020 },
		{ SYNTHETIC_TSC_PAGE, 0x40000021, 0x40000021 },
		{ SYNTHETIC_FREQUENCY, 0x40000022, 0x40000023 },
		{ SYNTHETIC_INTR_CTRL, 0x40000073, 0x40000073 },
		{ SYNTHETIC_SYNIC, 0x40000080, 0x40000084 },
		{ SYNTHETIC_SYNIC, 0x40000090, 0x4000009f },
		{ SYNTHETIC_GUEST_IDLE, 0x400000f0, 0x400000f0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(opens); i++) {
		struct vp *vp = (machine_reset(), vp_with(SYNTHETIC_PRESENT | opens[i].feature));

		for (u32 msr = 0x40000000; msr < 0x40000120; msr++) {
			bool open = false;
			u64 value;

			for (unsigned int j = 0; j < ARRAY_SIZE(opens); j++)
				open |= opens[j].feature == opens[i].feature &&
					msr >= opens[j].first && msr <= opens[j].last;
			about("MSR", msr);
			EXPECT_EQ(open, rd(vp, msr, &value));
			if (!open)
				EXPECT(!wr(vp, msr, 0));
		}
	}
}

static void synic_registers(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct register_value v = { .low = 0x20 };

	EXPECT_EQ(0x10000, value_of(vp, 0x40000095));
	EXPECT(!wr(vp, 0x40000095, 15));
	EXPECT(wr(vp, 0x40000095, 0x1000f));
	EXPECT_EQ(1, value_of(vp, 0x40000081));
	EXPECT(!wr(vp, 0x40000081, 1));
	EXPECT(wr(vp, 0x40000084, 5));
	EXPECT_EQ(0, value_of(vp, 0x40000084));
	EXPECT_EQ(HV_SUCCESS, register_set(vp, 0xa0005, &v));
	EXPECT_EQ(0x20, value_of(vp, 0x40000095));
	v.low = 3;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, register_set(vp, 0xa0005, &v));
	EXPECT(wr(vp, 0x40000000, 0x1234));
	register_get(vp, 0x90002, &v);
	EXPECT_EQ(0x1234, v.low);
	EXPECT_EQ(HV_SUCCESS, register_set(vp, 0x90002, &v));
	vp = (machine_reset(), vp_with(0));
	EXPECT_EQ(HV_SUCCESS, register_get(vp, 0xa0005, &v));
	EXPECT_EQ(0, v.low);
	EXPECT_EQ(HV_SUCCESS, register_set(vp, 0xa0005, &v));
	v.low = 0x10000;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, register_set(vp, 0xa0005, &v));
}

static u64 page_time(struct vp *vp, const struct reftime_page *page)
{
	u64 tsc = rdtsc() + vp->vmcb->tsc_offset;

	return (u64)(((__uint128_t)tsc * page->scale) >> 64) + (u64)page->offset;
}

static void expect_near(u64 a, u64 b)
{
	EXPECT(a - b + 100000 < 200000);
}

static void reference_time(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct register_value v = { 0 };
	const struct reftime_page *page;
	u64 before;

	EXPECT(wr(vp, 0x40000021, 1));
	page = (const void *)seen(vp, 0);
	EXPECT(page->sequence && page->sequence != REFTIME_RESERVED);
	EXPECT_EQ(SLAT_DENIED, slat_check(vp->partition, 0, SLAT_WRITE));
	expect_near(page_time(vp, page), value_of(vp, 0x40000020));
	before = value_of(vp, 0x40000020);
	/* The VMM's TSC becomes everybody's; the time goes on. */
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_TSC, &v));
	EXPECT(value_of(vp, 0x10) < tsc_hz / 10);
	expect_near(page_time(vp, page), before);
	vp->partition->hv->started = true;
	v.low = tsc_hz / 2;
	register_set(vp, REG_TSC, &v);
	EXPECT(value_of(vp, 0x10) < tsc_hz / 10);
	EXPECT(page->sequence);
	v.low = 100 * tsc_hz;
	register_set(vp, REG_TSC, &v);
	EXPECT(value_of(vp, 0x10) >= 100 * tsc_hz);
	EXPECT_EQ(REFTIME_INVALID, page->sequence);
	expect_near(value_of(vp, 0x40000020), before);
	EXPECT(!wr(vp, 0x40000020, 0));
	EXPECT(wr(vp, 0x40000021, 0));
	EXPECT_EQ(0, *seen(vp, 0));
}

static void frozen_time(void)
{
	struct vp *vp = vp_with(CLIENT_FEATURES);
	struct partition *p = vp->partition;
	const struct reftime_page *page = p->hv->tsc_page.page;
	u64 at;

	reftime_set(p, 5000000000);
	reftime_freeze(p, true);
	at = reftime_now(p);
	expect_near(at, 5000000000);
	EXPECT_EQ(REFTIME_INVALID, page->sequence);
	EXPECT_EQ(at, reftime_now(p));
	reftime_freeze(p, false);
	EXPECT(page->sequence != REFTIME_INVALID);
	EXPECT(reftime_now(p) >= at);
	expect_near(reftime_now(p), at);
	expect_near(page_time(vp, page), at);
}

static void standard_msrs(void)
{
	struct vp *vp = vp_with(0);

	EXPECT_EQ(0x508, value_of(vp, 0xfe));
	EXPECT(!wr(vp, 0xfe, 0x508));
	EXPECT(!wr(vp, 0x277, 0x0207050600070106));
	EXPECT(wr(vp, 0x277, 0x0407050600070106));
	EXPECT(!wr(vp, 0x250, 2));
	EXPECT(!wr(vp, 0x2ff, 0xc02));
	EXPECT_EQ(BIT(24), value_of(vp, MSR_HWCR));
	EXPECT(wr(vp, MSR_HWCR, 0x40));
	EXPECT_EQ(BIT(24) | 0x40, value_of(vp, MSR_HWCR));
	EXPECT(wr(vp, 0xc0011029, 2));
	EXPECT_EQ(2, value_of(vp, 0xc0011029));
	EXPECT_EQ(0, value_of(vp, 0x8b));
	EXPECT(!wr(vp, 0x179, 1));
	EXPECT_EQ(0x18, value_of(vp, MSR_VM_CR));
	EXPECT(!wr(vp, MSR_VM_CR, 0));
	EXPECT_EQ(1, value_of(vp, 0x1a0));
	EXPECT(!wr(vp, MSR_VM_HSAVE_PA, 0));
	EXPECT(!rd(vp, 0x400, &(u64){ 0 }));
	EXPECT(!rd(vp, MSR_APIC_BASE, &(u64){ 0 }));
	EXPECT(!wr(vp, 0xc0000100, 0x800000000000));
}

const struct test hv_tests[] = {
	{ "hv: hypercall page", hypercall_page },
	{ "hv: locked hypercall page", locked_hypercall_page },
	{ "hv: under an overlay", under_overlay },
	{ "hv: coinciding overlays", coinciding },
	{ "hv: contents move along", contents_move },
	{ "hv: all pages come back", end },
	{ "hv: features open MSRs", features },
	{ "hv: SynIC registers", synic_registers },
	{ "hv: reference time", reference_time },
	{ "hv: frozen time", frozen_time },
	{ "hv: standard MSRs", standard_msrs },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* GET and SET_VP_STATE, and the formats of extended state. */
#include <string.h>

#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../vm/codes.h"
#include "../vm/hv.h"
#include "../vm/xsave.h"
#include "machine.h"
#include "unit.h"

#define XSAVE		0x80000001u
#define VAR(qwords)	((u64)(qwords) << 17)
#define XSTATE_BV	64	/* in qwords */
#define XCOMP_BV	65
#define COMPACTED	BIT(63)
#define AREA		60	/* the page that the state goes to */

static u8 kept[4096];
static u8 area_page[4096] __aligned(64);

static void request(const struct vp *vp, u32 type, u64 flags, u64 states)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(8, vp->index);
	hypercall_input32(16, type);
	hypercall_input(24, flags);
	hypercall_input(32, states);
	hypercall_input(40, machine_pfn(AREA));
}

static u16 get(const struct vp *vp, u64 flags, u64 states)
{
	memset(machine_page(AREA), 0xee, 4096);
	request(vp, XSAVE, flags, states);
	return hypercall(CALL_GET_VP_STATE | VAR(1), NULL);
}

static u16 set(const struct vp *vp, u64 flags, u64 states)
{
	request(vp, XSAVE, flags, states);
	return hypercall(CALL_SET_VP_STATE | VAR(1), NULL);
}

static u64 *area(void)
{
	return (u64 *)machine_page(AREA);
}

/* A VP whose x87, XMM and YMM registers all differ. */
static struct vp *filled(void)
{
	struct vp *vp = machine_vp();
	u8 *fp = vp->ext.fp;

	for (unsigned int i = 0; i < 832; i++)
		fp[i] = (u8)(i * 7 + 1);
	memset(fp + 512, 0, 64);
	*(u64 *)(fp + 512) = 7;
	*(u32 *)(fp + 24) = 0x1fa0;
	memcpy(kept, fp, sizeof(kept));
	return vp;
}

static void round_trip(void)
{
	struct vp *vp = filled();

	EXPECT_EQ(HV_SUCCESS, get(vp, 0, 0));
	EXPECT_EQ(7, area()[XSTATE_BV]);
	EXPECT_EQ(COMPACTED | 7, area()[XCOMP_BV]);
	EXPECT(!memcmp(area(), kept, 24));
	EXPECT(!memcmp((u8 *)area() + 160, kept + 160, 256));
	EXPECT(!memcmp((u8 *)area() + 576, kept + 576, 256));
	memset(vp->ext.fp, 0, 4096);
	EXPECT_EQ(HV_SUCCESS, set(vp, 0, 0));
	EXPECT(!memcmp((u8 *)vp->ext.fp, kept, 160));
	EXPECT(!memcmp((u8 *)vp->ext.fp + 160, kept + 160, 256));
	EXPECT(!memcmp((u8 *)vp->ext.fp + 512, kept + 512, 320));
}

/* Only what was asked for, in and out. */
static void states(void)
{
	struct vp *vp = filled();

	EXPECT_EQ(HV_SUCCESS, get(vp, 0, 4));
	EXPECT_EQ(4, area()[XSTATE_BV]);
	EXPECT_EQ(COMPACTED | 4, area()[XCOMP_BV]);
	EXPECT_EQ(0, *(u16 *)area());
	EXPECT(!memcmp((u8 *)area() + 576, kept + 576, 256));
	EXPECT_EQ(HV_SUCCESS, get(vp, 0, 0));
	memset(vp->ext.fp, 0x11, 832);
	memset((u8 *)vp->ext.fp + 512, 0, 64);
	EXPECT_EQ(HV_SUCCESS, set(vp, 0, 1));
	EXPECT(!memcmp(vp->ext.fp, kept, 24));
	EXPECT_EQ(0x11111111, *(u32 *)((u8 *)vp->ext.fp + 160));
	EXPECT_EQ(0x11111111, *(u32 *)((u8 *)vp->ext.fp + 576));
	/* What is asked for and isn't there is as after a reset. */
	EXPECT_EQ(HV_SUCCESS, get(vp, 0, 1));
	EXPECT_EQ(HV_SUCCESS, set(vp, 0, 6));
	EXPECT_EQ(0x1f80, *(u32 *)((u8 *)vp->ext.fp + 24));
	EXPECT_EQ(0, *(u32 *)((u8 *)vp->ext.fp + 160));
	EXPECT_EQ(0, *(u32 *)((u8 *)vp->ext.fp + 576));
	EXPECT(!memcmp(vp->ext.fp, kept, 24));
}

static void without_xmm(void)
{
	struct vp *vp = filled();

	EXPECT_EQ(HV_SUCCESS, get(vp, XSAVE_NO_XMM, 7));
	EXPECT_EQ(0, ((u64 *)area())[20]);
	EXPECT_EQ(0x1fa0, *(u32 *)((u8 *)area() + 24));
	*(u32 *)((u8 *)vp->ext.fp + 24) = 0x1f80;
	EXPECT_EQ(HV_SUCCESS, set(vp, XSAVE_NO_XMM, 7));
	EXPECT(!memcmp((u8 *)vp->ext.fp + 160, kept + 160, 256));
	EXPECT_EQ(0x1fa0, *(u32 *)((u8 *)vp->ext.fp + 24));
	/* Not there at all: the registers stay, too. */
	area()[XSTATE_BV] = 0;
	EXPECT_EQ(HV_SUCCESS, set(vp, XSAVE_NO_XMM, 7));
	EXPECT(!memcmp((u8 *)vp->ext.fp + 160, kept + 160, 256));
	EXPECT_EQ(HV_SUCCESS, set(vp, 0, 7));
	EXPECT_EQ(0, ((u64 *)vp->ext.fp)[20]);
}

static void bad_areas(void)
{
	struct vp *vp = filled();

	EXPECT_EQ(HV_SUCCESS, get(vp, 0, 0));
	area()[XCOMP_BV] = 0;
	EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, 0, 0));
	area()[XCOMP_BV] = COMPACTED | 15;
	EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, 0, 0));
	area()[XCOMP_BV] = COMPACTED | 3;
	EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, 0, 0));
	area()[XCOMP_BV] = COMPACTED | 7;
	area()[XCOMP_BV + 1] = 1;
	EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, 0, 0));
	area()[XCOMP_BV + 1] = 0;
	*(u32 *)((u8 *)area() + 24) = 0x10000;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, set(vp, 0, 0));
	EXPECT(!memcmp(vp->ext.fp, kept, sizeof(kept)));
	*(u32 *)((u8 *)area() + 24) = 0x1f80;
	EXPECT_EQ(HV_SUCCESS, set(vp, 0, 0));
}

static void refused(void)
{
	struct vp *vp = machine_vp();

	EXPECT_EQ(HV_INVALID_PARAMETER, get(vp, 2, 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, get(vp, 0, 8));
	request(vp, 1, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	request(vp, 0x80000009, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	request(vp, XSAVE, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE, NULL));
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE, NULL));
	hypercall_input(40, machine_pfn(16));		/* deposited */
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	hypercall_input(40, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE | VAR(1), NULL));
	hypercall_input(40, machine_pfn(AREA));
	hypercall_input(48, ~0UL);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(2), NULL));
	hypercall_input(48, machine_pfn(AREA + 1));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_VP_STATE | VAR(2), NULL));
	hypercall_input32(20, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	request(vp, XSAVE, 0, 0);
	hypercall_input32(12, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE | VAR(1), NULL));
	vp->index = 1;
	EXPECT_EQ(HV_INVALID_VP_INDEX, get(vp, 0, 0));
	vp->index = 0;
	vp->explicit_suspend = false;
	EXPECT_EQ(HV_INVALID_VP_STATE, get(vp, 0, 0));
	EXPECT_EQ(HV_INVALID_VP_STATE, set(vp, 0, 0));
}

static void synic_pages(void)
{
	struct partition *p = machine_partition(0);
	struct vp *vp = partition_vp(p, 0);

	request(vp, 0x80000002, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	vp->hv->message_page.page = machine_page(70);
	vp->hv->event_page.page = machine_page(71);
	memset(machine_page(70), 0x70, 4096);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	EXPECT(!memcmp(machine_page(AREA), machine_page(70), 4096));
	hypercall_input32(16, 0x80000003);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_SET_VP_STATE | VAR(1), NULL));
	EXPECT(!memcmp(machine_page(71), machine_page(70), 4096));
	hypercall_input(24, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE | VAR(1), NULL));
}

/* Inline: what GET gives SET takes back. */
static void timers(void)
{
	u8 saved[200];
	struct vp *vp;

	vp = machine_vp();
	request(vp, 4, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE, NULL));
	machine_reset();
	machine_features = 0xffb;
	vp = machine_vp();
	vp->hv->timers[1].count = 0x1234567890;
	vp->hv->timers[1].config = 2 << 16;
	vp->hv->timers[3].pending = true;
	vp->hv->timers[3].expired = 77;
	vp->hv->timers[3].config = 5 << 16;
	request(vp, 4, 0, 0);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_VP_STATE | VAR(1), NULL));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_VP_STATE, NULL));
	EXPECT_EQ(0, hypercall_output(40));
	EXPECT_EQ(2 << 16, hypercall_output(48));
	EXPECT_EQ(0x1234567890, hypercall_output(56));
	EXPECT_EQ(1, hypercall_output(120));
	EXPECT_EQ(77, hypercall_output(152));
	memcpy(saved, machine_page(1), 200);
	memset(&vp->hv->timers[1].config, 0, 16);
	vp->hv->timers[3].pending = false;
	memcpy(machine_page(0) + 40, saved, 200);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE | VAR(24), NULL));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_SET_VP_STATE | VAR(25), NULL));
	EXPECT_EQ(0x1234567890, vp->hv->timers[1].count);
	EXPECT_EQ(2 << 16, vp->hv->timers[1].config);
	EXPECT(vp->hv->timers[3].pending);
	EXPECT_EQ(77, vp->hv->timers[3].expired);
	hypercall_input(40 + 8, BIT(20));
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, hypercall(CALL_SET_VP_STATE | VAR(25), NULL));
	hypercall_input(40, 2);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_VP_STATE | VAR(25), NULL));
}

/* Where a component lies depends on those that are stored before it. */
static void compacted_places(void)
{
	struct cpuid_result pkru = cpuid(0xd, 9), avx = cpuid(0xd, 2);
	struct xsave_choice choice = { .allowed = 0x207, .states = 0x200 };
	u8 *to = machine_page(70);

	if (!pkru.eax || !avx.eax || pkru.ebx + pkru.eax > sizeof(area_page))
		return;
	EXPECT_EQ(576 + pkru.eax, xsave_compacted_size(0x200));
	EXPECT_EQ(576 + avx.eax + pkru.eax, xsave_compacted_size(0x207));
	memset(area_page, 0, sizeof(area_page));
	*(u64 *)(area_page + 512) = 0x207;
	*(u32 *)(area_page + pkru.ebx) = 0x12345678;
	xsave_compact(area_page, &choice, to);
	EXPECT_EQ(0x12345678, *(u32 *)(to + 576));
	choice.states = 0x207;
	memset(to, 0, 4096);
	xsave_compact(area_page, &choice, to);
	EXPECT_EQ(0x12345678, *(u32 *)(to + 576 + avx.eax));
	choice.states = 0x200;
	memset(area_page, 0, sizeof(area_page));
	EXPECT_EQ(HV_SUCCESS, xsave_expand(area_page, &choice, to, 4096));
	EXPECT_EQ(0x12345678, *(u32 *)(area_page + pkru.ebx));
}

const struct test state_tests[] = {
	{ "state: XSAVE round trip", round_trip },
	{ "state: XSAVE, chosen states", states },
	{ "state: XSAVE without XMM", without_xmm },
	{ "state: XSAVE, areas that are none", bad_areas },
	{ "state: refused", refused },
	{ "state: SynIC pages", synic_pages },
	{ "state: synthetic timers", timers },
	{ "state: places in the compacted format", compacted_places },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* INT n, INT3 and INTO that nobody has asked for, and those that have gone. */
#include <string.h>

#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../serve/serve.h"
#include "../vm/intercepts.h"
#include "machine.h"
#include "unit.h"

#define SOFTWARE(vector)	((vector) | EVENTINJ_SOFTWARE << 8 | EVENTINJ_VALID)

/* The VP has executed a software interrupt at 0x10, and now @code is there. */
static void exits(struct vp *vp, u8 cpl, const void *code, size_t size)
{
	memset(machine_page(40), 0xcc, PAGE_SIZE);
	memcpy(machine_page(40) + 0x10, code, size);
	vp->explicit_suspend = false;
	vp->vmcb->cs.base = 0;
	vp->vmcb->rip = 0x10;
	vp->vmcb->cpl = cpl;
	vp->vmcb->eventinj = 0;
	vp->vmcb->int_state = INT_STATE_SHADOW;
	vp->vmcb->exitcode = EXIT_SWINT;
	posted = 0;
	counters[CNT_STALE_CODE] = 0;
	serve_child_exit(&cpus[0], vp);
	EXPECT_EQ(0, posted);
}

static bool armed(struct vp *vp)
{
	intercepts_arm(vp);
	return vp->vmcb->intercept1 & INTERCEPT1_SWINT;
}

static void expect_passing(struct vp *vp)
{
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT_EQ(0x10, vp->vmcb->rip);
	EXPECT_EQ(0, counters[CNT_STALE_CODE]);
	/* Once. */
	EXPECT(!armed(vp));
	EXPECT(armed(vp));
}

static void unasked(void)
{
	struct vp *vp = machine_vp();

	EXPECT(armed(vp));
	exits(vp, 0, "\xcc", 1);
	EXPECT_EQ(SOFTWARE(3), vp->vmcb->eventinj);
	EXPECT_EQ(0x11, vp->vmcb->rip);
	EXPECT_EQ(0, vp->vmcb->int_state & INT_STATE_SHADOW);
	EXPECT(armed(vp));
	exits(vp, 3, "\xcc", 1);
	expect_passing(vp);
	exits(vp, 0, "\xcd\x03", 2);
	EXPECT_EQ(SOFTWARE(3), vp->vmcb->eventinj);
	EXPECT_EQ(0x12, vp->vmcb->rip);
	exits(vp, 0, "\xcd\x80", 2);
	expect_passing(vp);
	exits(vp, 0, "\xce", 1);
	expect_passing(vp);
	/* It can't be read. */
	exits(vp, 0, "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66", 16);
	expect_passing(vp);
}

/* In protected mode there is a gate to look at. */
static void gates(void)
{
	static const struct {
		u8 type, cpl;
		bool injected;
	} cases[] = {
		{ 0x8e, 0, true }, { 0x8f, 0, true }, { 0x86, 0, true }, { 0x8e, 3, false },
		{ 0xee, 3, true }, { 0xef, 3, true }, { 0x0e, 0, false }, { 0x85, 0, false },
		{ 0x8c, 0, false }, { 0x9e, 0, false },
	};
	struct vp *vp = machine_vp();
	/* INT 0x41, whose gate is in the IDT at 0x100. */
	char code[0x100 + 0x42 * 8 - 0x10] = "\xcd\x41";

	vp->vmcb->cr0 |= CR0_PE;
	vp->vmcb->idtr.base = 0x100;
	vp->vmcb->idtr.limit = 0x42 * 8 - 1;
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		code[0x100 - 0x10 + 0x41 * 8 + 5] = (char)cases[i].type;
		exits(vp, cases[i].cpl, code, sizeof(code));
		EXPECT_EQ(cases[i].injected, vp->vmcb->eventinj == SOFTWARE(0x41));
		EXPECT_EQ(!cases[i].injected, !armed(vp));
	}
	/* A good one, whose last byte is behind the IDT's end; and in vm86. */
	code[0x100 - 0x10 + 0x41 * 8 + 5] = (char)0x8e;
	vp->vmcb->idtr.limit--;
	exits(vp, 0, code, sizeof(code));
	expect_passing(vp);
	vp->vmcb->idtr.limit++;
	code[0x100 - 0x10 + 0x41 * 8 + 5] = (char)0xee;
	vp->vmcb->rflags |= BIT(17);
	exits(vp, 3, code, sizeof(code));
	expect_passing(vp);
}

/* Who has asked for #BP or #OF meanwhile misses none. */
static void asked_since(void)
{
	struct vp *vp = machine_vp();

	exits(vp, 0, "\xcd\x80", 2);
	vp->partition->intercepts.exceptions = BIT(3);
	EXPECT(armed(vp));
	exits(vp, 0, "\xcd\x80", 2);
	EXPECT_EQ(SOFTWARE(0x80), vp->vmcb->eventinj);
	EXPECT_EQ(0x12, vp->vmcb->rip);
	EXPECT(armed(vp));
}

static void gone(void)
{
	static const char * const codes[] = {
		"\x90", "\x66\x90", "\x0f\x1f\x44", "\xeb\x10", "\xe8"
	};
	struct vp *vp = machine_vp();

	for (unsigned int asked = 0; asked < 2; asked++) {
		vp->partition->intercepts.exceptions = asked ? BIT(3) : 0;
		for (unsigned int i = 0; i < ARRAY_SIZE(codes); i++) {
			exits(vp, i % 4, codes[i], strlen(codes[i]));
			EXPECT_EQ(1, counters[CNT_STALE_CODE]);
			EXPECT_EQ((u8)codes[i][0], machine_page(40)[0x10]);
			EXPECT_EQ(0, vp->vmcb->eventinj);
			EXPECT_EQ(0x10, vp->vmcb->rip);
			EXPECT(armed(vp));
		}
	}
}

static void of_the_root(void)
{
	struct vmcb *c = root_vp->vmcb;
	u8 *page = machine_page(0);

	c->cpl = 0;
	c->rip = 0x1000;
	memcpy(page, "\xcc\x90", 2);
	serve_root_software(root_vp, page);
	EXPECT_EQ(SOFTWARE(3), c->eventinj);
	EXPECT_EQ(0x1001, c->rip);
	c->eventinj = 0;
	counters[CNT_STALE_CODE] = 0;
	serve_root_software(root_vp, page + 1);
	EXPECT_EQ(1, counters[CNT_STALE_CODE]);
	EXPECT(!root_vp->software_passes);
	serve_root_software(root_vp, NULL);
	EXPECT(root_vp->software_passes);
	intercepts_arm_software(root_vp);
	EXPECT(!(c->intercept1 & INTERCEPT1_SWINT));
	/* What follows is on another page. */
	page[PAGE_SIZE - 1] = 0xcd;
	serve_root_software(root_vp, page + PAGE_SIZE - 1);
	EXPECT(root_vp->software_passes);
	intercepts_arm_software(root_vp);
	intercepts_arm_software(root_vp);
	EXPECT(c->intercept1 & INTERCEPT1_SWINT);
	EXPECT_EQ(1, counters[CNT_STALE_CODE]);
	EXPECT_EQ(0, c->eventinj);
}

const struct test software_tests[] = {
	{ "software interrupts: nobody has asked", unasked },
	{ "software interrupts: gates", gates },
	{ "software interrupts: somebody has asked since", asked_since },
	{ "software interrupts: what has gone", gone },
	{ "software interrupts: of the root", of_the_root },
	{ }
};

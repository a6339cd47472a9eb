// SPDX-License-Identifier: GPL-2.0
/* Interrupts that go into the guest as V_IRQ, and come back if it hasn't taken them. */
#include "../hw/cpu.h"
#include "../vm/event.h"
#include "../vm/registers.h"
#include "machine.h"
#include "unit.h"

#define INTERRUPT(vector)	(EVENTINJ_VALID | (vector))
#define EXCEPTION(vector)	(EVENTINJ_VALID | EVENTINJ_TYPE_EXCEPTION | (vector))

static struct vmcb *c;
static struct vp *vp;

/* Enter with @event. */
static void enter(u64 event, u64 rflags)
{
	machine_reset();
	vp = machine_vp();
	c = vp->vmcb;
	c->rflags = rflags;
	c->eventinj = event;
	event_enter(vp);
}

/* Come back, with V_IRQ as the processor left it. */
static void leave(bool taken, u64 exitintinfo)
{
	if (taken)
		c->int_ctl &= ~INT_CTL_V_IRQ;
	c->exitintinfo = exitintinfo;
	event_after_exit(vp);
	EXPECT(!vp->virtual_irq);
	EXPECT(!(c->int_ctl & INT_CTL_V_IRQ));
}

static void taken(void)
{
	enter(INTERRUPT(0x40), RFLAGS_IF);
	EXPECT_EQ(0, c->eventinj);
	EXPECT_EQ(0x40, c->int_ctl >> INT_CTL_VECTOR_SHIFT);
	EXPECT(c->int_ctl & INT_CTL_V_IRQ && c->int_ctl & INT_CTL_V_IGN_TPR);
	leave(true, 0);
	EXPECT_EQ(0, c->exitintinfo);
	/* What came afterwards is the guest's own. */
	enter(INTERRUPT(0x13), RFLAGS_IF);
	leave(true, EXCEPTION(0x13));
	EXPECT_EQ(EXCEPTION(0x13), c->exitintinfo);
}

/* Anything else has come first, or a page that its delivery needs isn't there. */
static void not_taken(void)
{
	enter(INTERRUPT(0x40), RFLAGS_IF);
	leave(false, 0);
	EXPECT_EQ(INTERRUPT(0x40), c->exitintinfo);
	enter(INTERRUPT(0x40), RFLAGS_IF);
	leave(false, EXCEPTION(0x40));
	EXPECT_EQ(INTERRUPT(0x40), c->exitintinfo);
	EXPECT(!registers_external_pending(vp));
}

/* The guest is in the handler of a fault that the delivery caused. */
static void fault_first(void)
{
	enter(INTERRUPT(0x40), RFLAGS_IF);
	c->rflags = 0;
	leave(false, 0);
	EXPECT_EQ(0, c->exitintinfo);
	EXPECT(registers_external_pending(vp));
	EXPECT_EQ(0x40, registers_take_external(vp));
	enter(INTERRUPT(0x40), RFLAGS_IF);
	leave(false, EXCEPTION(14));
	EXPECT_EQ(EXCEPTION(14), c->exitintinfo);
	EXPECT_EQ(0x40, registers_take_external(vp));
}

static void others(void)
{
	static const struct {
		u64 event, rflags;
		u32 int_state;
	} rows[] = {
		{ INTERRUPT(0x40), 0, 0 },
		{ INTERRUPT(0x40), RFLAGS_IF, INT_STATE_SHADOW },
		{ EXCEPTION(14), RFLAGS_IF, 0 },
		{ EVENTINJ_VALID | EVENTINJ_TYPE_NMI | 2, RFLAGS_IF, 0 },
		{ EVENTINJ_VALID | EVENTINJ_SOFTWARE << 8 | 0x40, RFLAGS_IF, 0 },
		{ 0x40, RFLAGS_IF, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("row", i);
		enter(0, rows[i].rflags);
		c->eventinj = rows[i].event;
		c->int_state = rows[i].int_state;
		event_enter(vp);
		EXPECT_EQ(rows[i].event, c->eventinj);
		EXPECT(!(c->int_ctl & INT_CTL_V_IRQ));
	}
}

/* Another one waits: it has no window, but the end of this entry is near. */
static void second(void)
{
	enter(0, RFLAGS_IF);
	c->intercept1 |= INTERCEPT1_VINTR;
	c->eventinj = INTERRUPT(0x40);
	event_enter(vp);
	EXPECT(vp->virtual_irq && vp->soon);
	EXPECT(!(c->intercept1 & INTERCEPT1_VINTR));
}

const struct test virq_tests[] = {
	{ "V_IRQ: taken", taken },
	{ "V_IRQ: not taken", not_taken },
	{ "V_IRQ: after a fault", fault_first },
	{ "V_IRQ: other events", others },
	{ "V_IRQ: another one waits", second },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* Which event a child gets at its next entry, and how it comes there. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/codes.h"
#include "../vm/event.h"
#include "../vm/lapic.h"
#include "../vm/partition.h"
#include "../vm/registers.h"
#include "machine.h"
#include "unit.h"

#define INTERRUPT(vector)	(EVENTINJ_VALID | (vector))
#define NMI			(EVENTINJ_VALID | EVENTINJ_TYPE_NMI | 2)

static void choices(void)
{
	static const struct {
		struct event_view view;
		struct event_choice choice;
	} rows[] = {
		{ { .interrupts = true, .fixed = true }, { EVENT_FIXED, 0, 0, 0 } },
		{ { .fixed = true }, { EVENT_NONE, true, 0, 0 } },
		{ { .interrupts = true, .fixed = true, .shadow = true },
		  { EVENT_NONE, 0, 0, true } },
		{ { .interrupts = true, .fixed = true, .busy = true }, { EVENT_NONE, true, 0, 0 } },
		{ { .interrupts = true, .below_tpr = true }, { EVENT_NONE, 0, true, 0 } },
		{ { .interrupts = true, .fixed = true, .external = true },
		  { EVENT_EXTERNAL, true, 0, 0 } },
		{ { .interrupts = true, .fixed = true, .nmi = true }, { EVENT_NMI, true, 0, 0 } },
		{ { .nmi = true, .nmi_masked = true }, { EVENT_NONE, 0, 0, 0 } },
		{ { .nmi = true, .shadow = true }, { EVENT_NONE, 0, 0, true } },
		{ { .nmi = true, .busy = true }, { EVENT_NONE, 0, 0, true } },
		{ { .nmi = true, .exception = true }, { EVENT_EXCEPTION, 0, 0, true } },
		{ { .shadow = true }, { EVENT_NONE, 0, 0, 0 } },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct event_choice c = event_choose(&rows[i].view);

		about("row", i);
		EXPECT_EQ(rows[i].choice.event, c.event);
		EXPECT_EQ(rows[i].choice.window, c.window);
		EXPECT_EQ(rows[i].choice.tpr, c.tpr);
		EXPECT_EQ(rows[i].choice.soon, c.soon);
	}
}

/* VP 0 of a partition with a local APIC, which is enabled, at @code with interrupts on. */
static struct vp *with_lapic(const char *code, size_t size)
{
	struct vp *vp = partition_vp(machine_partition(PARTITION_FLAG_LAPIC_ENABLED), 0);

	memcpy(machine_page(40), code, size);
	vp->vmcb->cs.base = 0;
	vp->vmcb->rip = 0;
	vp->vmcb->rflags |= RFLAGS_IF;
	vp->explicit_suspend = false;
	lapic_write(vp, LAPIC_SVR, 0x1ff);
	return vp;
}

static void exits(struct vp *vp, u64 code)
{
	vp->vmcb->eventinj = 0;
	vp->vmcb->exitcode = code;
	event_after_exit(vp);
	serve_child_exit(&cpus[0], vp);
}

static void halt_and_wake(void)
{
	struct vp *vp = with_lapic("\xf4", 1);

	exits(vp, EXIT_HLT);
	EXPECT(!serve_child_entry(vp));
	EXPECT(!vp_runnable(vp));
	lapic_raise(vp, 0x40, false);
	EXPECT_EQ(1, resumed);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
	EXPECT_EQ(1, vp->vmcb->rip);
	EXPECT_EQ(0x40, lapic_read(vp, LAPIC_PPR));
}

/* Interrupts that can't be taken wake nobody; an NMI does. */
static void halt_without_interrupts(void)
{
	struct vp *vp = with_lapic("\xf4", 1);

	vp->vmcb->rflags &= ~RFLAGS_IF;
	exits(vp, EXIT_HLT);
	lapic_raise(vp, 0x40, false);
	EXPECT(!serve_child_entry(vp));
	lapic_arrive(vp, &(struct lapic_request){ .type = LAPIC_NMI });
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(NMI, vp->vmcb->eventinj);
	EXPECT(vp->nmi_masked);
}

static void window(void)
{
	struct vp *vp = with_lapic("\x90", 1);

	vp->vmcb->rflags &= ~RFLAGS_IF;
	lapic_raise(vp, 0x40, false);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT(vp->vmcb->intercept1 & INTERCEPT1_VINTR);
	EXPECT(vp->vmcb->int_ctl & INT_CTL_V_IRQ && vp->vmcb->int_ctl & INT_CTL_V_IGN_TPR);
	vp->vmcb->rflags |= RFLAGS_IF;
	exits(vp, EXIT_VINTR);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
	EXPECT(!(vp->vmcb->intercept1 & INTERCEPT1_VINTR));
	EXPECT(!(vp->vmcb->int_ctl & INT_CTL_V_IRQ));
}

static void cr8(void)
{
	struct vp *vp = with_lapic("\xf0\x0f\x22\xc0", 4);	/* mov %eax, %cr8 */

	vp->vmcb->int_ctl |= 4;
	EXPECT_EQ(0x40, lapic_read(vp, LAPIC_TPR));
	lapic_raise(vp, 0x41, false);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT(vp->vmcb->intercept_cr_write & INTERCEPT_CR8);
	EXPECT(!(vp->vmcb->intercept1 & INTERCEPT1_VINTR));
	vp->vmcb->rax = 3;
	exits(vp, EXIT_CR8_WRITE);
	EXPECT_EQ(4, vp->vmcb->rip);
	EXPECT_EQ(0x30, lapic_read(vp, LAPIC_TPR));
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x41), vp->vmcb->eventinj);
	EXPECT(!(vp->vmcb->intercept_cr_write & INTERCEPT_CR8));
}

/* STI; HLT with an exit, or two, in between. */
static void shadow(void)
{
	struct vp *vp = with_lapic("\x89\xc0\xf4", 3);	/* mov %eax, %eax; hlt */

	vp->vmcb->int_state = INT_STATE_SHADOW;
	exits(vp, EXIT_VINTR);
	lapic_raise(vp, 0x40, false);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT(vp->soon);
	vp->vmcb->int_state = 0;
	exits(vp, EXIT_VINTR);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->eventinj);
	vp->vmcb->int_state = 0;
	vp->vmcb->rip = 2;
	vp->vmcb->int_state = INT_STATE_SHADOW;
	exits(vp, EXIT_VINTR);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
	EXPECT_EQ(3, vp->vmcb->rip);
}

/* STI; NOP; CLI with an exit in the shadow: the interrupt comes between NOP and CLI. */
static void shadow_of_nop(void)
{
	struct vp *vp = with_lapic("\x90\xfa", 2);

	lapic_raise(vp, 0x40, false);
	vp->vmcb->int_state = INT_STATE_SHADOW;
	exits(vp, EXIT_VINTR);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
	EXPECT_EQ(1, vp->vmcb->rip);
}

/* A jump to itself behind STI looks the same, and must not keep interrupts away. */
static void shadow_ends(void)
{
	struct vp *vp = with_lapic("\xeb\xfe", 2);
	unsigned int entries = 0;

	lapic_raise(vp, 0x40, false);
	vp->vmcb->int_state = INT_STATE_SHADOW;
	do {
		exits(vp, EXIT_VINTR);
		EXPECT(serve_child_entry(vp));
		vp->vmcb->int_state = 0;
	} while (!vp->vmcb->eventinj && ++entries < 10);
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
}

static void nested_nmi(void)
{
	struct vp *vp = with_lapic("\xcf", 1);
	const struct lapic_request nmi = { .type = LAPIC_NMI };

	lapic_arrive(vp, &nmi);
	EXPECT(serve_child_entry(vp));
	lapic_arrive(vp, &nmi);
	exits(vp, EXIT_VINTR);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT(vp->vmcb->intercept1 & INTERCEPT1_IRET);
	exits(vp, EXIT_IRET);
	EXPECT(serve_child_entry(vp));
	EXPECT(vp->stepping);
	EXPECT(vp->vmcb->rflags & BIT(8));
	/* Done: RFLAGS are those of the stack. */
	vp->vmcb->rip = 0x100;
	vp->vmcb->rflags &= ~BIT(8);
	vp->vmcb->dr6 |= BIT(14);
	exits(vp, EXIT_EXCEPTION + 1);
	EXPECT_EQ(0, posted);
	EXPECT(!(vp->vmcb->dr6 & BIT(14)));
	EXPECT(!vp->nmi_masked);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(NMI, vp->vmcb->eventinj);
}

static void init_then_sipi(void)
{
	struct partition *p = machine_partition(PARTITION_FLAG_LAPIC_ENABLED);
	const struct lapic_request sipi = { .type = LAPIC_SIPI, .dest = 1, .vector = 9 };
	const struct lapic_request init = { .type = LAPIC_INIT, .dest = 1 };
	struct vp *vp;

	hypercall_input(0, p->id);
	hypercall_input32(8, 1);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_CREATE_VP, NULL));
	vp = partition_vp(p, 1);
	vp->explicit_suspend = false;
	EXPECT(!vp_runnable(vp));
	EXPECT_EQ(HV_SUCCESS, lapic_assert(p, &sipi));
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0x900, vp->vmcb->cs.selector);
	EXPECT_EQ(0x9000, vp->vmcb->cs.base);
	EXPECT_EQ(0, vp->vmcb->rip);
	/* It runs: a SIPI is nothing to it, an INIT brings it back, with the SIPI that follows. */
	vp->vmcb->rip = 0x55;
	lapic_assert(p, &sipi);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0x55, vp->vmcb->rip);
	lapic_write(vp, LAPIC_SVR, 0x1ff);
	lapic_assert(p, &init);
	lapic_assert(p, &sipi);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(0, vp->vmcb->rip);
	EXPECT_EQ(0xff, lapic_read(vp, LAPIC_SVR));
	lapic_assert(p, &init);
	EXPECT(!serve_child_entry(vp));
	EXPECT(vp->lapic->wait_sipi);
}

static void kick_of_a_runner(void)
{
	struct vp *vp = with_lapic("\x90", 1);

	vp->running = &cpus[1];
	lapic_raise(vp, 0x40, false);
	EXPECT_EQ(1, kicked);
	lapic_raise(vp, 0x31, false);
	lapic_raise(vp, 0x40, false);
	EXPECT_EQ(1, kicked);
	lapic_raise(vp, 0x51, false);
	EXPECT_EQ(2, kicked);
	vp->running = NULL;
}

static void level_eoi(void)
{
	struct vp *vp = with_lapic("\x90", 1);

	lapic_raise(vp, 0x40, true);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(1, lapic_read(vp, LAPIC_TMR + 0x20));
	lapic_write(vp, LAPIC_EOI, 0);
	EXPECT(lapic_bit(eois, 0x40));
	memset(eois, 0, sizeof(u32) * LAPIC_BITS);
	vp->vmcb->eventinj = 0;
	lapic_raise(vp, 0x40, false);
	EXPECT(serve_child_entry(vp));
	lapic_write(vp, LAPIC_EOI, 0);
	EXPECT(!lapic_bit(eois, 0x40));
}

static void state(void)
{
	struct vp *vp = with_lapic("\x90", 1);
	u32 first[LAPIC_STATE_WORDS], second[LAPIC_STATE_WORDS];

	lapic_write(vp, LAPIC_LDR, 0x02000000);
	lapic_write(vp, LAPIC_LVT_TIMER, 0x40 | LVT_PERIODIC);
	lapic_write(vp, LAPIC_TMICT, 0xffffffff);
	lapic_raise(vp, 0x77, true);
	lapic_get_state(vp, first);
	EXPECT_EQ(0x02000000, first[2]);
	EXPECT_EQ(0x1ff, first[4]);
	EXPECT_EQ(1u << 23, first[21 + 3]);
	EXPECT_EQ(0xffffffff, first[40]);
	lapic_init(vp);
	EXPECT_EQ(HV_SUCCESS, lapic_set_state(vp, first));
	EXPECT(vp->lapic->model.counting);
	EXPECT(!list_empty(&vp->lapic->timer.link));
	lapic_get_state(vp, second);
	/* All but the count, which goes on. */
	EXPECT_EQ(0, memcmp(first, second, 4 * 41));
	EXPECT_EQ(0, memcmp(first + 42, second + 42, 4 * 2));
}

static u16 assert_interrupt(u64 id, u64 control, u64 dest, u32 vector)
{
	memset(machine_page(0), 0, 64);
	hypercall_input(0, id);
	hypercall_input(8, control);
	hypercall_input(16, dest);
	hypercall_input32(24, vector);
	return hypercall(CALL_ASSERT_VIRTUAL_INTERRUPT, NULL);
}

static void assert_call(void)
{
	struct vp *vp = with_lapic("\x90", 1);
	u64 id = vp->partition->id;

	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, 0, 0, 0x40));
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, BIT(62), 0, 0x41));
	EXPECT_EQ(3, lapic_read(vp, LAPIC_IRR + 0x20));
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, BIT(33) | 1, 1, 0x42));
	EXPECT_EQ(3, lapic_read(vp, LAPIC_IRR + 0x20));
	lapic_write(vp, LAPIC_LDR, 0x01000000);
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, BIT(32) | BIT(33) | 1, 1, 0x42));
	EXPECT_EQ(7, lapic_read(vp, LAPIC_IRR + 0x20));
	EXPECT_EQ(4, lapic_read(vp, LAPIC_TMR + 0x20));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, 0, 0, 15));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, 0, 0, 0x100));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, 10, 0, 0x40));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, BIT(34), 0, 0x40));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, 0, 1, 0x40));
	EXPECT_EQ(HV_INVALID_PARAMETER, assert_interrupt(id, 0, BIT(32), 0x40));
	EXPECT_EQ(HV_INVALID_PARTITION_ID, assert_interrupt(id + 5, 0, 0, 0x40));
	EXPECT_EQ(HV_ACCESS_DENIED, assert_interrupt(ROOT_PARTITION_ID, 0, 0, 0x40));
	/* LINT0: nothing while it is masked, then what its LVT says. */
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, LAPIC_LINT0, 0, 0x33));
	EXPECT(!vp->lapic->extint_pending);
	lapic_write(vp, LAPIC_LVT_LINT0, 0x700);
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, LAPIC_LINT0, 0, 0x33));
	EXPECT(vp->lapic->extint_pending);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x33), vp->vmcb->eventinj);
	EXPECT_EQ(0, lapic_read(vp, LAPIC_PPR));
}

static u16 clear_interrupt(u64 id)
{
	memset(machine_page(0), 0, 64);
	hypercall_input(0, id);
	return hypercall(CALL_CLEAR_VIRTUAL_INTERRUPT, NULL);
}

static void clear_call(void)
{
	struct vp *vp = with_lapic("\x90", 1);
	u64 id = vp->partition->id;

	EXPECT_EQ(HV_SUCCESS, clear_interrupt(id));
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, BIT(32) | LAPIC_EXTINT, 0, 0x33));
	EXPECT_EQ(HV_SUCCESS, assert_interrupt(id, 0, 0, 0x40));
	vp->halted = true;
	EXPECT_EQ(HV_SUCCESS, clear_interrupt(id));
	/* Only that one. */
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(INTERRUPT(0x40), vp->vmcb->eventinj);
	EXPECT_EQ(HV_INVALID_PARTITION_ID, clear_interrupt(id + 5));
	EXPECT_EQ(HV_ACCESS_DENIED, clear_interrupt(ROOT_PARTITION_ID));
	vp->partition->flags &= ~PARTITION_FLAG_LAPIC_ENABLED;
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, clear_interrupt(id));
}

static void deliverability(void)
{
	struct vp *vp = partition_vp(machine_partition(0), 0);
	const struct deliverable_intercept *m = (void *)(vp->message + sizeof(struct message_head));

	EXPECT_EQ(HV_INVALID_PARTITION_STATE, assert_interrupt(vp->partition->id, 0, 0, 0x40));
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_DELIVERABILITY,
					   &(struct register_value){ .low = 2 | 5 << 2 }));
	vp->explicit_suspend = false;
	vp->vmcb->int_ctl |= 5;
	EXPECT(serve_child_entry(vp));
	EXPECT(vp->vmcb->intercept_cr_write & INTERCEPT_CR8);
	vp->vmcb->int_ctl &= ~1UL;
	EXPECT(serve_child_entry(vp));
	EXPECT(vp->vmcb->intercept1 & INTERCEPT1_VINTR);
	EXPECT_EQ(0, posted);
	vp->vmcb->rflags |= RFLAGS_IF;
	EXPECT(!serve_child_entry(vp));
	EXPECT_EQ(1, posted);
	EXPECT_EQ(MESSAGE_DELIVERABLE, *(u32 *)vp->message);
	EXPECT_EQ(48, vp->message[4]);
	EXPECT_EQ(0, m->type);
	EXPECT(vp->intercept_suspend);
	EXPECT_EQ(0, vp->deliverability);
}

const struct test event_tests[] = {
	{ "events: choice", choices },
	{ "events: HLT and what ends it", halt_and_wake },
	{ "events: HLT with interrupts off", halt_without_interrupts },
	{ "events: window", window },
	{ "events: CR8", cr8 },
	{ "events: shadow", shadow },
	{ "events: shadow over a NOP", shadow_of_nop },
	{ "events: shadow that isn't one", shadow_ends },
	{ "events: NMI in an NMI", nested_nmi },
	{ "events: INIT and SIPI", init_then_sipi },
	{ "events: kicks", kick_of_a_runner },
	{ "events: EOI of a level", level_eoi },
	{ "events: state of a local APIC", state },
	{ "events: ASSERT_VIRTUAL_INTERRUPT", assert_call },
	{ "events: CLEAR_VIRTUAL_INTERRUPT", clear_call },
	{ "events: DELIVERABILITY_NOTIFICATIONS", deliverability },
	{ }
};

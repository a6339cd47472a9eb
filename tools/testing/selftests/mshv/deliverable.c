// SPDX-License-Identifier: GPL-2.0
/* Without a local APIC the VMM injects, and asks to be told when it may. */
#include "agent.h"
#include "fixture.h"

#define VECTOR			0x51
#define NOTIFY_INTERRUPT	2
#define RFLAGS_IF		0x200

/* Told once, as soon as STI's shadow is over; then the interrupt is taken at once. */
TEST_F(guest, interrupt)
{
	const struct mshv_hv_x64_interruption_deliverable_message *m;
	struct mshv_hv_message msg;
	struct agent agent;
	int i;

	m = (const void *)msg.payload;
	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	agent.area->flags = AGENT_NO_EOI;
	for (i = 1; i <= 20; i++) {
		reg_set(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, NOTIFY_INTERRUPT);
		agent_goto(&agent, agent_window);
		vp_run(agent.vp, &msg);
		ASSERT_EQ(MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE, msg.header.message_type);
		EXPECT_EQ(48, msg.header.payload_size);
		EXPECT_EQ(0, m->deliverable_type);
		EXPECT_EQ(RFLAGS_IF, m->header.rflags & RFLAGS_IF);
		EXPECT_BITS(0, m->header.execution_state.interrupt_shadow);
		reg_set(agent.vp, HV_REGISTER_PENDING_INTERRUPTION, 1 | VECTOR << 16);
		vp_run(agent.vp, &msg);
		EXPECT_EQ(0, agent_end(&agent, &msg));
		EXPECT_EQ(i, agent.area->counts[VECTOR]);
	}
	/* Nobody asked: nothing is told. */
	EXPECT_EQ(0, agent_do(&agent, agent_window));
}

/* An interruption that is set is delivered, whatever RFLAGS.IF says. */
TEST_F(guest, pending_interruption)
{
	struct mshv_hv_message msg;
	struct agent agent;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	agent.area->flags = AGENT_NO_EOI;
	agent_goto(&agent, agent_out);
	reg_set(agent.vp, HV_REGISTER_PENDING_INTERRUPTION, 1 | VECTOR << 16);
	vp_run(agent.vp, &msg);
	EXPECT_EQ(0, agent_end(&agent, &msg));
	EXPECT_EQ(1, agent.area->counts[VECTOR]);
	EXPECT_EQ(0, reg_get(agent.vp, HV_REGISTER_PENDING_INTERRUPTION));
}

TEST_HARNESS_MAIN

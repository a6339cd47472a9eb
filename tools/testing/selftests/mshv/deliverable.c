// SPDX-License-Identifier: GPL-2.0
/* Without a local APIC the VMM injects, and asks to be told when it may. */
#include "agent.h"
#include "fixture.h"

#define VECTOR			0x51
#define VECTOR_NMI		2
#define NOTIFY_NMI		1
#define NOTIFY_INTERRUPT	2
#define DELIVERABLE_INTERRUPT	0
#define DELIVERABLE_NMI		2
#define PENDING_NMI		(1 | 2 << 1 | VECTOR_NMI << 16)
#define STATE_NMI_MASKED	2
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
		EXPECT_EQ(DELIVERABLE_INTERRUPT, m->deliverable_type);
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

static void expect_nmi(struct __test_metadata *_metadata, const struct mshv_hv_message *msg)
{
	const struct mshv_hv_x64_interruption_deliverable_message *m = (const void *)msg->payload;

	ASSERT_EQ(MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE, msg->header.message_type);
	EXPECT_EQ(48, msg->header.payload_size);
	EXPECT_EQ(DELIVERABLE_NMI, m->deliverable_type);
	EXPECT_EQ(0, m->reserved);
	EXPECT_EQ(0, m->header.vp_index);
}

/* Told at once, whatever RFLAGS.IF says, but not while an NMI is being served. */
TEST_F(guest, nmi)
{
	struct mshv_hv_message msg;
	struct agent agent;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	agent_goto(&agent, agent_out);
	reg_set(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, NOTIFY_NMI);
	vp_run(agent.vp, &msg);
	expect_nmi(_metadata, &msg);
	EXPECT_EQ(0, reg_get(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS));
	reg_set(agent.vp, HV_REGISTER_PENDING_INTERRUPTION, PENDING_NMI);
	vp_run(agent.vp, &msg);
	EXPECT_EQ(0, agent_end(&agent, &msg));
	EXPECT_EQ(1, agent.area->counts[VECTOR_NMI]);
	/* Masked, and nothing unmasks them */
	reg_set(agent.vp, HV_REGISTER_INTERRUPT_STATE, STATE_NMI_MASKED);
	reg_set(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, NOTIFY_NMI);
	EXPECT_EQ(0, agent_do(&agent, agent_window));
	EXPECT_EQ(NOTIFY_NMI, reg_get(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS));
	/* Until the parent does */
	reg_set(agent.vp, HV_REGISTER_INTERRUPT_STATE, 0);
	agent_goto(&agent, agent_out);
	vp_run(agent.vp, &msg);
	expect_nmi(_metadata, &msg);
	vp_run(agent.vp, &msg);
	EXPECT_EQ(0, agent_end(&agent, &msg));
	EXPECT_EQ(1, agent.area->counts[VECTOR_NMI]);
}

/* The handler's IRET unmasks them: then a second one may come. */
TEST_F(guest, nmi_after_iret)
{
	struct mshv_hv_message msg;
	struct agent agent;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	agent_goto(&agent, agent_window);
	reg_set(agent.vp, HV_REGISTER_PENDING_INTERRUPTION, PENDING_NMI);
	reg_set(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, NOTIFY_NMI);
	vp_run(agent.vp, &msg);
	expect_nmi(_metadata, &msg);
	EXPECT_EQ(1, agent.area->counts[VECTOR_NMI]);
	EXPECT_EQ(0, reg_get(agent.vp, HV_REGISTER_INTERRUPT_STATE) & STATE_NMI_MASKED);
	reg_set(agent.vp, HV_REGISTER_PENDING_INTERRUPTION, PENDING_NMI);
	vp_run(agent.vp, &msg);
	EXPECT_EQ(0, agent_end(&agent, &msg));
	EXPECT_EQ(2, agent.area->counts[VECTOR_NMI]);
}

/* Who asks for both is told of each, once. */
TEST_F(guest, nmi_and_interrupt)
{
	const struct mshv_hv_x64_interruption_deliverable_message *m;
	struct mshv_hv_message msg;
	struct agent agent;

	m = (const void *)msg.payload;
	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	agent_goto(&agent, agent_window);
	reg_set(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, NOTIFY_NMI | NOTIFY_INTERRUPT);
	vp_run(agent.vp, &msg);
	expect_nmi(_metadata, &msg);
	EXPECT_EQ(0, m->header.rflags & RFLAGS_IF);
	EXPECT_EQ(NOTIFY_INTERRUPT, reg_get(agent.vp, HV_REGISTER_DELIVERABILITY_NOTIFICATIONS));
	vp_run(agent.vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE, msg.header.message_type);
	EXPECT_EQ(DELIVERABLE_INTERRUPT, m->deliverable_type);
	EXPECT_EQ(RFLAGS_IF, m->header.rflags & RFLAGS_IF);
	vp_run(agent.vp, &msg);
	EXPECT_EQ(0, agent_end(&agent, &msg));
}

TEST_HARNESS_MAIN

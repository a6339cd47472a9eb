// SPDX-License-Identifier: GPL-2.0
/* A start-up IPI as an intercept: the parent hears of it instead of the target. */
#include "lapic.h"

#define ICR_INIT	0x4500
#define ICR_SIPI	0x4600
#define TARGET		3
#define PAGE		0x9a
#define ACCESS_EXECUTE	4
#define TYPE		HV_INTERCEPT_TYPE_X64_APIC_INIT_SIPI

static void send_init(struct agent *agent)
{
	agent_lapic_write(agent, REG_ICR_HIGH, TARGET << 24);
	agent_lapic_write(agent, REG_ICR, ICR_INIT);
}

TEST_F(lapics, told)
{
	const struct mshv_hv_x64_sipi_intercept_message *m;
	struct agent *agent = &self->agent[0];
	struct mshv_hv_message msg;
	__u64 rip = reg_get(self->agent[TARGET].vp, HV_X64_REGISTER_RIP);

	m = (const void *)msg.payload;
	intercept(self->guest.part, ACCESS_EXECUTE, TYPE, 0);
	send_init(agent);
	reg_set(agent->vp, HV_X64_REGISTER_RBX, LAPIC_BASE + REG_ICR);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, ICR_SIPI | PAGE);
	agent_goto(agent, agent_store32);
	vp_run(agent->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_SIPI_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(48, msg.header.payload_size);
	EXPECT_EQ(0, m->header.vp_index);
	EXPECT_EQ(TARGET, m->target_vp_index);
	EXPECT_EQ(PAGE, m->interrupt_vector);
	/* The instruction is done; the VP goes on behind it. */
	vp_run(agent->vp, &msg);
	EXPECT_EQ(0, agent_end(agent, &msg));
	/* The target was not started. */
	EXPECT_EQ(rip, reg_get(self->agent[TARGET].vp, HV_X64_REGISTER_RIP));
}

/* Without an intercept nobody is told. */
TEST_F(lapics, not_told)
{
	struct agent *agent = &self->agent[0];

	intercept(self->guest.part, ACCESS_EXECUTE, TYPE, 0);
	intercept(self->guest.part, 0, TYPE, 0);
	send_init(agent);
	/* It would fail on any message but the port's. */
	agent_lapic_write(agent, REG_ICR, ICR_SIPI | PAGE);
}

TEST_HARNESS_MAIN

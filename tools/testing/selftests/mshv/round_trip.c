// SPDX-License-Identifier: GPL-2.0
/*
 * Registers that a guest has as MSRs: what a VMM sets the guest reads, what the guest writes the
 * VMM reads, and no register is another one.
 */
#include "agent.h"
#include "fixture.h"

struct pair {
	__u32 name, msr;
	__u64 value;
};

static const struct pair pairs[] = {
	{ HV_X64_REGISTER_KERNEL_GS_BASE, 0xc0000102, 0xffff888012345000 },
	{ HV_X64_REGISTER_PAT, 0x277, 0x0407050600070106 },
	{ HV_X64_REGISTER_SYSENTER_CS, 0x174, 0x10 },
	{ HV_X64_REGISTER_SYSENTER_ESP, 0x175, 0xfffffe0000002200 },
	{ HV_X64_REGISTER_SYSENTER_EIP, 0x176, 0xffffffff81000000 },
	{ HV_X64_REGISTER_STAR, 0xc0000081, 0x0023001000000000 },
	{ HV_X64_REGISTER_LSTAR, 0xc0000082, 0xffffffff81000080 },
	{ HV_X64_REGISTER_CSTAR, 0xc0000083, 0xffffffff81000100 },
	{ HV_X64_REGISTER_SFMASK, 0xc0000084, 0x47700 },
	{ 0x0008000e, 0x2ff, 0xc06 },
	{ 0x00080010, 0x200, 0x80000006 },
	{ 0x00080017, 0x20e, 0x87000006 },
	{ 0x00080040, 0x201, 0xff80000800 },
	{ 0x00080047, 0x20f, 0xff87000800 },
	{ 0x00080070, 0x250, 0x0606060606060606 },
	{ 0x00080071, 0x258, 0x0505050505050505 },
	{ 0x00080072, 0x259, 0x0404040404040404 },
	{ 0x00080073, 0x268, 0x0101010101010101 },
	{ 0x0008007a, 0x26f, 0x0600060006000600 },
	{ 0x0008007b, 0xc0000103, 7 },
};

static __u64 other(const struct pair *p)
{
	/* As legal as the value itself: the neighbour's page, or half of its types. */
	switch (p->msr) {
	case 0x277:
		return 0x0007040600070406;
	case 0x174:
	case 0xc0000084:
	case 0xc0000103:
		return p->value + 0x100;
	case 0x2ff:
		return 0x406;
	case 0x250 ... 0x26f:
		return p->value & 0xffffffff;
	default:
		return p->value + 0x10000;
	}
}

TEST_F(guest, to_the_guest)
{
	struct agent agent;
	size_t i;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		reg_set(agent.vp, pairs[i].name, pairs[i].value);
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		EXPECT_EQ(pairs[i].value, agent_get_msr(&agent, pairs[i].msr))
			TH_LOG("register %#x, MSR %#x", pairs[i].name, pairs[i].msr);
}

TEST_F(guest, from_the_guest)
{
	struct agent agent;
	size_t i;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		agent_set_msr(&agent, pairs[i].msr, other(&pairs[i]));
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		EXPECT_EQ(other(&pairs[i]), reg_get(agent.vp, pairs[i].name))
			TH_LOG("register %#x, MSR %#x", pairs[i].name, pairs[i].msr);
}

/* A segment's base is an MSR too. */
TEST_F(guest, fs_base)
{
	struct mshv_hv_register_assoc fs = { .name = HV_X64_REGISTER_FS };
	struct agent agent;

	agent_load(&self->guest);
	agent_start(&agent, &self->guest, self->guest.vp, 0);
	regs_get(agent.vp, &fs, 1);
	fs.value.segment.base = 0x123456789000;
	regs_set(agent.vp, &fs, 1);
	EXPECT_EQ(0x123456789000, agent_get_msr(&agent, 0xc0000100));
	agent_set_msr(&agent, 0xc0000100, 0x7fff12345000);
	regs_get(agent.vp, &fs, 1);
	EXPECT_EQ(0x7fff12345000, fs.value.segment.base);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* Synthetic features at creation: each decides what the guest sees and what it may use. */
#include "agent.h"
#include "fixture.h"

#define RWX		(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)
#define ALL		0xfff
#define VECTOR_UD	6
#define VECTOR_GP	13
#define LEAF_PRIVILEGES	0x40000003
#define MSR_BASE	0x40000000

/* By feature: bit of EAX in the leaf of privileges, and an MSR that can be read */
static const struct { __u32 feature, privilege, msr; } features[] = {
	{ 2, 0, 0x10 }, { 3, 1, 0x20 }, { 4, 2, 0x80 }, { 5, 3, 0xb0 }, { 6, 4, 0x73 },
	{ 7, 5, 0x00 }, { 8, 6, 0x02 }, { 9, 9, 0x21 }, { 11, 11, 0x22 },
};

static void start(struct guest *guest, struct agent *agent, __u64 bits)
{
	const struct mshv_create_partition args = {
		.flags = MSHV_PARTITION_LAPIC_ENABLED,
		.synthetic_processor_features = bits,
	};
	struct mshv_user_mem_region region;

	guest->dev = dev_open();
	guest->part = __part_create(guest->dev, &args);
	die_if(guest->part < 0, "MSHV_CREATE_PARTITION: %d", guest->part);
	guest->mem = pages_alloc(GUEST_SIZE);
	region = mem_region(guest->mem, 0, GUEST_SIZE, RWX);
	mem_map(guest->part, &region);
	guest->vp = vp_create(guest->part, 0);
	agent_load(guest);
	agent_start(agent, guest, guest->vp, 0);
}

/* Without any it finds a plain PC. */
TEST_F(device, none)
{
	struct agent agent;
	struct guest guest;
	__u32 regs[4];
	__u64 value;
	size_t i;

	start(&guest, &agent, 0);
	agent_get_cpuid(&agent, 1, 0, regs);
	EXPECT_EQ(0, regs[2] >> 31);
	agent_get_cpuid(&agent, 0x40000000, 0, regs);
	EXPECT_EQ(0, regs[0] | regs[1] | regs[2] | regs[3]);
	for (i = 0; i < ARRAY_SIZE(features); i++)
		EXPECT_EQ(VECTOR_GP, __agent_rdmsr(&agent, MSR_BASE + features[i].msr, &value))
			TH_LOG("MSR %#x", features[i].msr);
	EXPECT_EQ(VECTOR_UD, agent_do(&agent, agent_vmmcall));
	guest_destroy(&guest);
}

TEST_F(device, clients)
{
	struct agent agent;
	struct guest guest;
	__u32 regs[4];

	start(&guest, &agent, CLIENT_SYNTHETIC_FEATURES);
	agent_get_cpuid(&agent, 1, 0, regs);
	EXPECT_EQ(1, regs[2] >> 31);
	agent_get_cpuid(&agent, 0x40000001, 0, regs);
	EXPECT_EQ(0x31237648, regs[0]);
	agent_get_cpuid(&agent, LEAF_PRIVILEGES, 0, regs);
	EXPECT_EQ(0xe7e, regs[0]);
	EXPECT_EQ(0, regs[1]);
	EXPECT_EQ(0x120, regs[3]);
	guest_destroy(&guest);
}

/* One off in turn: its bit is gone and its MSR is #GP, and the others stay. */
TEST_F_TIMEOUT(device, each_one_off, 180 * time_scale())
{
	struct agent agent;
	struct guest guest;
	__u32 regs[4];
	__u64 value;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		start(&guest, &agent, ALL & ~(1u << features[i].feature));
		agent_get_cpuid(&agent, LEAF_PRIVILEGES, 0, regs);
		EXPECT_EQ(0xe7f & ~(1u << features[i].privilege), regs[0]);
		for (j = 0; j < ARRAY_SIZE(features); j++)
			EXPECT_EQ(i == j ? VECTOR_GP : 0,
				  __agent_rdmsr(&agent, MSR_BASE + features[j].msr, &value))
				TH_LOG("feature %u, MSR %#x", features[i].feature, features[j].msr);
		guest_destroy(&guest);
	}
}

TEST_HARNESS_MAIN

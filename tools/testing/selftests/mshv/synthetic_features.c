// SPDX-License-Identifier: GPL-2.0
/* Synthetic features at creation: each decides what the guest sees and what it may use. */
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define RWX		(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)
#define ALL		0x2f448fffull
#define PRESENT		0
#define HYPERCALL	7
#define GUEST_IDLE	10
#define NONE		64
#define VECTOR_UD	6
#define VECTOR_GP	13
#define MSR_BASE	0x40000000
#define MSR_GUEST_IDLE	0xf0
#define MSR_STIMER	0xb0
#define STIMER_DIRECT	0x1510
#define HYPERCALL_PAGE	0x30000
#define ACCESS_DENIED	6

enum { EAX, EBX, ECX, EDX };

/*
 * What of CPUID goes with a feature: the bits @mask of a register are @on, or without it 0, but for
 * the number of spins, which then is "never". The rest is as it is without any.
 */
static const struct { __u32 feature, leaf, reg, mask, on, off; } visible[] = {
	{ 0, 0x00000001, ECX, 0x80000000, 0x80000000, 0 },
	{ 0, 0x40000000, EAX, 0xffffffff, 0x40000006, 0 },
	{ 1, 0x40000001, EAX, 0xffffffff, 0x31237648, 0 },
	{ 2, 0x40000003, EAX, 1 << 0, 1 << 0, 0 },
	{ 3, 0x40000003, EAX, 1 << 1, 1 << 1, 0 },
	{ 4, 0x40000003, EAX, 1 << 2, 1 << 2, 0 },
	{ 5, 0x40000003, EAX, 1 << 3, 1 << 3, 0 },
	{ 6, 0x40000003, EAX, 1 << 4, 1 << 4, 0 },
	{ 6, 0x40000004, EAX, 1 << 3, 1 << 3, 0 },
	{ 7, 0x40000003, EAX, 1 << 5, 1 << 5, 0 },
	{ 8, 0x40000003, EAX, 1 << 6, 1 << 6, 0 },
	{ 9, 0x40000003, EAX, 1 << 9, 1 << 9, 0 },
	{ 10, 0x40000003, EAX, 1 << 10, 1 << 10, 0 },
	{ 10, 0x40000003, EDX, 1 << 5, 1 << 5, 0 },
	{ 11, 0x40000003, EAX, 1 << 11, 1 << 11, 0 },
	{ 11, 0x40000003, EDX, 1 << 8, 1 << 8, 0 },
	{ 15, 0x40000003, EDX, 1 << 14, 1 << 14, 0 },
	{ 18, 0x40000003, EDX, 1 << 15, 1 << 15, 0 },
	{ 22, 0x40000003, EDX, 1 << 19, 1 << 19, 0 },
	{ 24, 0x40000004, EAX, 1 << 11, 1 << 11, 0 },
	{ 25, 0x40000004, EAX, 1 << 2, 1 << 2, 0 },
	{ 26, 0x40000004, EAX, 1 << 10, 1 << 10, 0 },
	{ 27, 0x40000004, EBX, 0xffffffff, 0xfff, 0xffffffff },
	{ 29, 0x40000003, EBX, 1 << 5, 1 << 5, 0 },
	{ NONE, 0x40000003, EAX, 0xfffff180, 0, 0 },
	{ NONE, 0x40000003, EBX, 0xffffffdf, 0, 0 },
	{ NONE, 0x40000003, ECX, 0xffffffff, 0, 0 },
	{ NONE, 0x40000003, EDX, 0xfff73edf, 0, 0 },
	{ NONE, 0x40000004, EAX, 0xfffff3f3, 0x220, 0 },
};

/* An MSR that can be read with the feature */
static const struct { __u32 feature, msr; } features[] = {
	{ 2, 0x10 }, { 3, 0x20 }, { 4, 0x80 }, { 5, 0xb0 }, { 6, 0x73 }, { 7, 0x00 }, { 8, 0x02 },
	{ 9, 0x21 }, { GUEST_IDLE, MSR_GUEST_IDLE }, { 11, 0x22 },
};

/* A call that all of the features open */
static const struct { __u64 features; __u32 code; } calls[] = {
	{ 1 << 25, 0x02 }, { 1 << 27, 0x08 }, { 1 << 26, 0x0b }, { 1 << 25 | 1 << 24, 0x13 },
	{ 1 << 26 | 1 << 24, 0x15 }, { 1 << 29, 0x5d },
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
	agent_get_cpuid(&agent, 0x40000003, 0, regs);
	EXPECT_EQ(0xe7e, regs[0]);
	EXPECT_EQ(0, regs[1]);
	EXPECT_EQ(0x120, regs[3]);
	guest_destroy(&guest);
}

static void check_cpuid(struct __test_metadata *_metadata, struct agent *agent, __u32 off)
{
	__u32 regs[4], leaf = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(visible); i++) {
		bool on = off != PRESENT && visible[i].feature != off;

		if (visible[i].leaf != leaf) {
			leaf = visible[i].leaf;
			agent_get_cpuid(agent, leaf, 0, regs);
		}
		EXPECT_EQ(on ? visible[i].on : off == PRESENT ? 0 : visible[i].off,
			  regs[visible[i].reg] & visible[i].mask)
			TH_LOG("without %u: row %zu, leaf %#x", off, i, leaf);
	}
}

static void check_msrs(struct __test_metadata *_metadata, struct agent *agent, __u32 off)
{
	__u64 value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		bool on = off != PRESENT && features[i].feature != off;

		/* It would wait there. */
		if (on && features[i].msr == MSR_GUEST_IDLE)
			continue;
		EXPECT_EQ(on ? 0 : VECTOR_GP,
			  __agent_rdmsr(agent, MSR_BASE + features[i].msr, &value))
			TH_LOG("without %u: MSR %#x", off, features[i].msr);
	}
	EXPECT_EQ(off == PRESENT || off == 5 || off == 22 ? VECTOR_GP : 0,
		  __agent_wrmsr(agent, MSR_BASE + MSR_STIMER, STIMER_DIRECT))
		TH_LOG("without %u: direct timers", off);
}

static void check_calls(struct __test_metadata *_metadata, struct agent *agent, __u32 off)
{
	size_t i;

	if (off == PRESENT || off == HYPERCALL) {
		EXPECT_EQ(VECTOR_UD, agent_do(agent, agent_vmmcall));
		return;
	}
	agent_set_msr(agent, MSR_BASE, 1);
	agent_set_msr(agent, MSR_BASE + 1, HYPERCALL_PAGE | 1);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		bool on = !(calls[i].features & 1ull << off);

		reg_set(agent->vp, HV_X64_REGISTER_RCX, calls[i].code);
		reg_set(agent->vp, HV_X64_REGISTER_RDX, GUEST_DATA);
		reg_set(agent->vp, HV_X64_REGISTER_R8, 0);
		EXPECT_EQ(0, agent_do(agent, agent_vmmcall));
		EXPECT_EQ(on, (__u16)reg_get(agent->vp, HV_X64_REGISTER_RAX) != ACCESS_DENIED)
			TH_LOG("without %u: call %#x", off, calls[i].code);
	}
}

/* One off in turn: what it shows and opens is gone, and the others' stays. */
TEST_F_TIMEOUT(device, each_one_off, 180 * time_scale())
{
	struct agent agent;
	struct guest guest;
	__u32 off;

	for (off = 0; off < NONE; off++) {
		if (!(ALL & 1ull << off))
			continue;
		start(&guest, &agent, ALL & ~(1ull << off));
		check_cpuid(_metadata, &agent, off);
		check_msrs(_metadata, &agent, off);
		check_calls(_metadata, &agent, off);
		guest_destroy(&guest);
	}
}

/* What would show and open nothing is no feature here. */
TEST_F(device, others)
{
	struct mshv_create_partition args = {};
	int bit, fd;

	for (bit = 0; bit < 64; bit++) {
		args.synthetic_processor_features = 1ull << bit;
		fd = __part_create(self->dev, &args);
		if (fd >= 0)
			close(fd);
		EXPECT_EQ(ALL & 1ull << bit ? 0 : -EINVAL, fd < 0 ? fd : 0)
			TH_LOG("feature %d", bit);
	}
}

TEST_HARNESS_MAIN

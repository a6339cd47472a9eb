// SPDX-License-Identifier: GPL-2.0
/*
 * Disabled processor features at creation, each alone: its CPUID bits are gone for the guest and
 * all others stay; a bit of CR4 that goes with it can't be set.
 */
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define RWX		(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)
#define VECTOR_GP	13
#define CR4_PAE		0x20
#define NONE		0xff

enum bank { BANK0, BANK1, XSAVE };
enum { EAX, EBX, ECX, EDX };

/* What a guest may look at: leaf, subleaf */
static const struct { __u32 leaf, subleaf; } leaves[] = {
	{ 1, 0 }, { 7, 0 }, { 0xd, 1 }, { 0x80000001, 0 }, { 0x80000007, 0 }, { 0x80000008, 0 },
};

enum leaf { L1, L7, LD, LX1, LX7, LX8, LEAVES };

struct cpuid {
	__u32 regs[LEAVES][4];
};

/* A CPUID bit of a feature; a feature with several has several rows, one behind the other. */
static const struct feature {
	__u8 bank, bit, leaf, reg, pos, cr4;
} features[] = {
	{ BANK0, 0, L1, ECX, 0, NONE },		/* SSE3 */
	{ BANK0, 1, LX1, ECX, 0, NONE },	/* LAHF */
	{ BANK0, 2, L1, ECX, 9, NONE },		/* SSSE3 */
	{ BANK0, 3, L1, ECX, 19, NONE },	/* SSE4.1 */
	{ BANK0, 4, L1, ECX, 20, NONE },	/* SSE4.2 */
	{ BANK0, 5, LX1, ECX, 6, NONE },	/* SSE4A */
	{ BANK0, 6, LX1, ECX, 11, NONE },	/* XOP */
	{ BANK0, 7, L1, ECX, 23, NONE },	/* POPCNT */
	{ BANK0, 8, L1, ECX, 13, NONE },	/* CX16 */
	{ BANK0, 9, LX1, ECX, 4, NONE },	/* CR8 in legacy mode */
	{ BANK0, 10, LX1, ECX, 5, NONE },	/* LZCNT */
	{ BANK0, 11, LX1, ECX, 7, NONE },	/* misaligned SSE */
	{ BANK0, 12, LX1, EDX, 22, NONE },	/* MMX extensions */
	{ BANK0, 13, LX1, EDX, 31, NONE },	/* 3DNow! */
	{ BANK0, 14, LX1, EDX, 30, NONE },	/* its extensions */
	{ BANK0, 15, LX1, EDX, 26, NONE },	/* 1 GiB pages */
	{ BANK0, 16, L1, ECX, 25, NONE },	/* AES */
	{ BANK0, 17, L1, ECX, 1, NONE },	/* PCLMULQDQ */
	{ BANK0, 18, L1, ECX, 17, 17 },		/* PCID */
	{ BANK0, 19, LX1, ECX, 16, NONE },	/* FMA4 */
	{ BANK0, 20, L1, ECX, 29, NONE },	/* F16C */
	{ BANK0, 21, L1, ECX, 30, NONE },	/* RDRAND */
	{ BANK0, 22, L7, EBX, 0, 16 },		/* FSGSBASE */
	{ BANK0, 23, L7, EBX, 7, 20 },		/* SMEP */
	{ BANK0, 24, L7, EBX, 9, NONE },	/* ERMS */
	{ BANK0, 25, L7, EBX, 3, NONE },	/* BMI1 */
	{ BANK0, 26, L7, EBX, 8, NONE },	/* BMI2 */
	{ BANK0, 29, L1, ECX, 22, NONE },	/* MOVBE */
	{ BANK0, 32, L7, EBX, 18, NONE },	/* RDSEED */
	{ BANK0, 33, L7, EBX, 19, NONE },	/* ADX */
	{ BANK0, 35, L7, EBX, 20, 21 },		/* SMAP */
	{ BANK0, 38, LX1, EDX, 27, NONE },	/* RDTSCP */
	{ BANK0, 39, L7, EBX, 23, NONE },	/* CLFLUSHOPT */
	{ BANK0, 40, L7, EBX, 24, NONE },	/* CLWB */
	{ BANK0, 41, L7, EBX, 29, NONE },	/* SHA */
	{ BANK0, 43, L7, EBX, 10, NONE },	/* INVPCID */
	{ BANK0, 44, L7, EDX, 26, NONE },	/* IBRS */
	{ BANK0, 44, LX8, EBX, 14, NONE },
	{ BANK0, 45, L7, EDX, 27, NONE },	/* STIBP */
	{ BANK0, 45, LX8, EBX, 15, NONE },
	{ BANK0, 46, LX8, EBX, 12, NONE },	/* IBPB */
	{ BANK0, 57, L7, ECX, 22, NONE },	/* RDPID */
	{ BANK0, 58, L7, ECX, 2, 11 },		/* UMIP */
	{ BANK1, 1, LX7, EDX, 8, NONE },	/* invariant TSC */
	{ BANK1, 2, LX8, EBX, 0, NONE },	/* CLZERO */
	{ BANK1, 4, L7, ECX, 16, 12 },		/* LA57: for no guest */
	{ BANK1, 8, L7, ECX, 7, NONE },		/* CET, nor these */
	{ BANK1, 9, L7, EDX, 20, NONE },
	{ BANK1, 17, L1, ECX, 24, NONE },	/* TSC deadline */
	{ BANK1, 18, L7, EBX, 1, NONE },	/* TSC_ADJUST */
	{ XSAVE, 0, L1, ECX, 26, 18 },		/* XSAVE, and all that needs it */
	{ XSAVE, 0, L1, ECX, 12, NONE },
	{ XSAVE, 0, L1, ECX, 28, NONE },
	{ XSAVE, 0, L1, ECX, 29, NONE },
	{ XSAVE, 0, L7, EBX, 5, NONE },
	{ XSAVE, 0, L7, ECX, 9, NONE },
	{ XSAVE, 0, L7, ECX, 10, NONE },
	{ XSAVE, 0, LD, EAX, 0, NONE },
	{ XSAVE, 0, LD, EAX, 2, NONE },
	{ XSAVE, 1, LD, EAX, 0, NONE },		/* XSAVEOPT */
	{ XSAVE, 2, L1, ECX, 28, NONE },	/* AVX, and what needs it */
	{ XSAVE, 2, L1, ECX, 12, NONE },
	{ XSAVE, 2, L1, ECX, 29, NONE },
	{ XSAVE, 2, L7, EBX, 5, NONE },
	{ XSAVE, 2, L7, ECX, 9, NONE },
	{ XSAVE, 2, L7, ECX, 10, NONE },
	{ XSAVE, 3, L7, EBX, 5, NONE },		/* AVX2 */
	{ XSAVE, 4, L1, ECX, 12, NONE },	/* FMA */
	{ XSAVE, 5, L7, EBX, 14, NONE },	/* MPX: for no guest */
	{ XSAVE, 11, LD, EAX, 1, NONE },	/* XSAVEC, nor this */
	{ XSAVE, 12, LD, EAX, 3, NONE },	/* nor XSAVES */
	{ XSAVE, 13, LD, EAX, 2, NONE },	/* XGETBV with ECX = 1 */
	{ XSAVE, 20, L7, ECX, 9, NONE },	/* VAES */
};

/* Those that every QEMU has, so that each kind is really seen to go */
#define LEAST_SEEN	28

static int start(struct guest *guest, struct agent *agent, int dev, const __u64 disabled[3])
{
	struct mshv_create_partition args = {
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	struct mshv_hv_partition_creation_properties *p = &args.partition_creation_properties;
	struct mshv_user_mem_region region;

	p->disabled_processor_features.as_uint64[0] = disabled[BANK0];
	p->disabled_processor_features.as_uint64[1] = disabled[BANK1];
	p->disabled_processor_xsave_features.as_uint64 = disabled[XSAVE];
	guest->dev = dev;
	guest->part = __part_create(dev, &args);
	if (guest->part < 0)
		return guest->part;
	guest->mem = pages_alloc(GUEST_SIZE);
	region = mem_region(guest->mem, 0, GUEST_SIZE, RWX);
	mem_map(guest->part, &region);
	guest->vp = vp_create(guest->part, 0);
	agent_load(guest);
	agent_start(agent, guest, guest->vp, 0);
	return 0;
}

static void stop(struct guest *guest)
{
	close(guest->vp);
	close(guest->part);
	munmap(guest->mem, GUEST_SIZE);
}

static void get_cpuid(struct agent *agent, struct cpuid *c)
{
	unsigned int i;

	for (i = 0; i < LEAVES; i++)
		agent_get_cpuid(agent, leaves[i].leaf, leaves[i].subleaf, c->regs[i]);
}

/* The agent's page tables are the user's too: with SMEP or SMAP it would not go on. */
static void protect_agent(struct guest *guest)
{
	__u64 *pd = (__u64 *)(guest->mem + GUEST_PD);

	pd[0] &= ~4ull;
}

/* What the guest's write of @bit to CR4 ends with, seen from 0 */
static int write_cr4(struct agent *agent, __u8 bit)
{
	reg_set(agent->vp, HV_X64_REGISTER_RBX, CR4_PAE | 1ull << bit);
	return agent_do(agent, agent_cr4);
}

/* Of all features' bits, those of @f and the rows behind it that are the same feature's */
static void clear_bits(struct cpuid *c, const struct feature *f)
{
	const struct feature *end = features + ARRAY_SIZE(features), *first = f;

	for (; f < end && f->bank == first->bank && f->bit == first->bit; f++)
		c->regs[f->leaf][f->reg] &= ~(1u << f->pos);
	/* Without XSAVE there is nothing in its leaf. */
	if (first->bank == XSAVE && !first->bit)
		memset(c->regs[LD], 0, sizeof(c->regs[LD]));
}

static void check_feature(struct __test_metadata *_metadata, int dev, const struct cpuid *all,
			  const struct feature *f)
{
	struct cpuid want = *all, have;
	__u64 disabled[3] = {};
	struct agent agent;
	struct guest guest;
	unsigned int i;

	disabled[f->bank] = 1ull << f->bit;
	clear_bits(&want, f);
	ASSERT_EQ(0, start(&guest, &agent, dev, disabled))
		TH_LOG("bank %u, bit %u", f->bank, f->bit);
	get_cpuid(&agent, &have);
	for (i = 0; i < 4 * LEAVES; i++)
		EXPECT_EQ(want.regs[i / 4][i % 4], have.regs[i / 4][i % 4])
			TH_LOG("bank %u, bit %u: leaf %#x, register %u", f->bank, f->bit,
			       leaves[i / 4].leaf, i % 4);
	if (f->cr4 != NONE) {
		protect_agent(&guest);
		EXPECT_EQ(VECTOR_GP, write_cr4(&agent, f->cr4))
			TH_LOG("bank %u, bit %u: CR4 bit %u", f->bank, f->bit, f->cr4);
		EXPECT_EQ(CR4_PAE, reg_get(agent.vp, HV_X64_REGISTER_CR4));
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL,
			   __reg_set(agent.vp, HV_X64_REGISTER_CR4, CR4_PAE | 1ull << f->cr4));
	}
	stop(&guest);
}

/* What is not disabled is there, and its bit of CR4 can be set. */
static unsigned int check_all(struct __test_metadata *_metadata, int dev, struct cpuid *all)
{
	const __u64 none[3] = {};
	const struct feature *f;
	struct agent agent;
	struct guest guest;
	unsigned int n = 0;
	bool there;

	ASSERT_EQ(0, start(&guest, &agent, dev, none));
	get_cpuid(&agent, all);
	protect_agent(&guest);
	for (f = features; f < features + ARRAY_SIZE(features); f++) {
		there = all->regs[f->leaf][f->reg] & 1u << f->pos;
		n += there;
		if (f->cr4 != NONE)
			EXPECT_EQ(there ? 0 : VECTOR_GP, write_cr4(&agent, f->cr4))
				TH_LOG("CR4 bit %u", f->cr4);
	}
	stop(&guest);
	return n;
}

TEST_F(device, each_alone)
{
	const struct feature *f;
	struct cpuid all;
	unsigned int n;

	n = check_all(_metadata, self->dev, &all);
	TH_LOG("%u of %zu bits are there", n, ARRAY_SIZE(features));
	EXPECT_LE(LEAST_SEEN, n);
	for (f = features; f < features + ARRAY_SIZE(features); f++)
		if (f == features || f->bank != f[-1].bank || f->bit != f[-1].bit)
			check_feature(_metadata, self->dev, &all, f);
}

/* All at once: none of them is left, and the guest runs. */
TEST_F(device, all_together)
{
	__u64 disabled[3] = {};
	const struct feature *f;
	struct agent agent;
	struct guest guest;
	struct cpuid have;

	for (f = features; f < features + ARRAY_SIZE(features); f++)
		disabled[f->bank] |= 1ull << f->bit;
	ASSERT_EQ(0, start(&guest, &agent, self->dev, disabled));
	get_cpuid(&agent, &have);
	protect_agent(&guest);
	for (f = features; f < features + ARRAY_SIZE(features); f++) {
		EXPECT_EQ(0, have.regs[f->leaf][f->reg] & 1u << f->pos)
			TH_LOG("bank %u, bit %u", f->bank, f->bit);
		if (f->cr4 != NONE)
			EXPECT_EQ(VECTOR_GP, write_cr4(&agent, f->cr4))
				TH_LOG("CR4 bit %u", f->cr4);
	}
	stop(&guest);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* Messages: which are about a VP, and how long they must be. */
#include <kunit/test.h>

#include "../message.h"

static const struct {
	u32 type;
	size_t least;
} about_a_vp[] = {
	{ 0x80000000, 80 },	/* unmapped GPA */
	{ 0x80000001, 80 },	/* GPA intercept */
	{ 0x80000020, 8 },	/* invalid register value */
	{ 0x80000021, 40 },	/* unrecoverable exception */
	{ 0x80000022, 16 },	/* unsupported feature */
	{ 0x80000050, 196 },	/* hypercall */
	{ 0x80010000, 128 },	/* I/O port */
	{ 0x80010001, 64 },	/* MSR */
	{ 0x80010002, 104 },	/* CPUID */
	{ 0x80010003, 240 },	/* exception */
	{ 0x80010004, 8 },	/* APIC EOI */
	{ 0x80010007, 40 },	/* HLT */
	{ 0x80010008, 48 },	/* interruption deliverable */
	{ 0x80010009, 48 },	/* SIPI */
};

static void message_sizes_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(about_a_vp); i++)
		KUNIT_EXPECT_EQ_MSG(test, about_a_vp[i].least,
				    mshv_message_least_payload(about_a_vp[i].type),
				    "type 0x%x", about_a_vp[i].type);
}

/* Each holds the VP's index, and fits into a slot. */
static void message_bounds_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(about_a_vp); i++) {
		KUNIT_EXPECT_GE(test, about_a_vp[i].least, sizeof(u32));
		KUNIT_EXPECT_LE(test, about_a_vp[i].least,
				MSHV_HV_MESSAGE_PAYLOAD_SIZE);
	}
}

/* Each intercept that can be installed ends a run; of others nobody would hear. */
static void message_intercepts_test(struct kunit *test)
{
	const unsigned long known = BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(6) |
				    BIT(8) | BIT(9) | BIT(10);
	u32 type;

	for (type = 0; type < 64; type++)
		KUNIT_EXPECT_EQ_MSG(test, mshv_message_of_intercept(type),
				    !!(known & BIT(type)), "type %u", type);
	KUNIT_EXPECT_FALSE(test, mshv_message_of_intercept(U32_MAX));
}

static void message_other_test(struct kunit *test)
{
	static const u32 others[] = {
		MSHV_HVMSG_NONE, 1, 0x80000010, 0x80000040, 0x80000002,
		0x80010005, 0x80010006, 0x8001000a, 0x7fffffff, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		KUNIT_EXPECT_EQ_MSG(test, mshv_message_least_payload(others[i]),
				    0, "type 0x%x", others[i]);
}

static struct kunit_case message_test_cases[] = {
	KUNIT_CASE(message_sizes_test),
	KUNIT_CASE(message_bounds_test),
	KUNIT_CASE(message_intercepts_test),
	KUNIT_CASE(message_other_test),
	{}
};

static struct kunit_suite message_suite = {
	.name = "mshv_message",
	.test_cases = message_test_cases,
};

kunit_test_suite(message_suite);

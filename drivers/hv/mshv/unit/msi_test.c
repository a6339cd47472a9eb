// SPDX-License-Identifier: GPL-2.0
/* Messages of MSIs: the interrupts they mean, and what ends those. */
#include <kunit/test.h>

#include "../msi.h"

/* Bits as the SDM has them, not by the names under test */
#define ADDRESS		0xfee00000
#define LOGICAL		0x4
#define HINT		0x8
#define REMAPPABLE	0x10
#define LEVEL		0x8000
#define ASSERT		0x4000

static const struct msi_case {
	u32 address, data;
	u16 dest;
	u8 type, flags, vector;
} cases[] = {
	{ ADDRESS, 0x0030, 0, 0, 0, 0x30 },
	{ ADDRESS | 0x05000, 0x0030, 5, 0, 0, 0x30 },
	{ ADDRESS | 0xff000, 0x00ff, 0xff, 0, 0, 0xff },
	{ ADDRESS | 0xff000 | LOGICAL, 0x0041, 0xff, 0, 2, 0x41 },
	{ ADDRESS | 0x01000, 0x0110, 1, 1, 0, 0x10 },
	{ ADDRESS, 0x0041 | LEVEL, 0, 0, 1, 0x41 },
	{ ADDRESS, 0x0041 | LEVEL | ASSERT, 0, 0, 1, 0x41 },
	{ ADDRESS, 0x0041 | ASSERT, 0, 0, 0, 0x41 },
	{ ADDRESS | LOGICAL, 0x0041 | LEVEL, 0, 0, 3, 0x41 },
	/* The redirection hint matters with several to choose from. */
	{ ADDRESS | 0x01000 | HINT, 0x0041, 1, 0, 0, 0x41 },
	{ ADDRESS | 0x03000 | HINT | LOGICAL, 0x0041, 3, 1, 2, 0x41 },
	{ ADDRESS | 0x03000 | HINT | LOGICAL, 0x0400, 3, 4, 2, 0 },
	/* Bits 14:8 of the destination, which remappable messages lack */
	{ ADDRESS | 0x020, 0x0030, 0x100, 0, 0, 0x30 },
	{ ADDRESS | 0xfffe0, 0x0030, 0x7fff, 0, 0, 0x30 },
	{ ADDRESS | 0x12fe0 | REMAPPABLE, 0x0030, 0x12, 0, 0, 0x30 },
	/* SMI, NMI, INIT: any vector, no level */
	{ ADDRESS, 0x0200 | LEVEL, 0, 2, 0, 0 },
	{ ADDRESS, 0x0402 | LEVEL, 0, 4, 0, 2 },
	{ ADDRESS, 0x0500 | LEVEL, 0, 5, 0, 0 },
	{ ADDRESS, 0x0708, 0, 7, 0, 8 },
	{ ADDRESS, 0x0708 | LEVEL, 0, 7, 1, 8 },
	/* Reserved bits mean nothing. */
	{ ADDRESS | 0x3, 0xffffb830, 0, 0, 1, 0x30 },
};

static void msi_decode_test(struct kunit *test)
{
	struct mshv_route route;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct msi_case *c = &cases[i];

		route = mshv_msi_decode(c->address, c->data);
		KUNIT_EXPECT_TRUE_MSG(test, route.given && route.valid,
				      "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, route.dest, c->dest, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, route.type, c->type, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, route.flags, c->flags, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, route.vector, c->vector, "case %u",
				    i);
	}
}

/* An entry of zeroes, vectors of exceptions, reserved delivery modes */
static void msi_invalid_test(struct kunit *test)
{
	static const u32 data[] = { 0, 0xf, 0x100, 0x10f, 0x330, 0x630 };
	struct mshv_route route;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(data); i++) {
		route = mshv_msi_decode(i ? ADDRESS : 0, data[i]);
		KUNIT_EXPECT_TRUE(test, route.given);
		KUNIT_EXPECT_FALSE_MSG(test, route.valid, "data %#x", data[i]);
		KUNIT_EXPECT_FALSE(test, mshv_route_ends(&route, data[i]));
	}
}

static bool ends(u32 data, u8 vector)
{
	const struct mshv_route route = mshv_msi_decode(ADDRESS, data);

	return mshv_route_ends(&route, vector);
}

static void msi_eoi_test(struct kunit *test)
{
	unsigned int vector;

	for (vector = 0; vector < 256; vector++) {
		KUNIT_EXPECT_EQ(test, ends(0x41 | LEVEL, vector),
				vector == 0x41);
		KUNIT_EXPECT_FALSE(test, ends(0x41, vector));
		KUNIT_EXPECT_FALSE(test, ends(0x441 | LEVEL, vector));
		KUNIT_EXPECT_FALSE(test, ends(0x0f | LEVEL, vector));
	}
	KUNIT_EXPECT_TRUE(test, ends(0x1ff | LEVEL, 0xff));
}

static struct kunit_case msi_test_cases[] = {
	KUNIT_CASE(msi_decode_test),
	KUNIT_CASE(msi_invalid_test),
	KUNIT_CASE(msi_eoi_test),
	{}
};

static struct kunit_suite msi_suite = {
	.name = "mshv_msi",
	.test_cases = msi_test_cases,
};

kunit_test_suite(msi_suite);

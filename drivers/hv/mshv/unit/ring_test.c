// SPDX-License-Identifier: GPL-2.0
/* Event rings: each event is taken once, and none is left behind. */
#include <kunit/test.h>

#include "../ring.h"

static struct mshv_hv_event_ring shared;
static unsigned int told, more;

/* What the hypervisor does when it hears that there is room again. */
static void tell(void)
{
	told++;
	if (more)
		shared.entries[20] = more--;
}

static struct mshv_ring ring_init(void)
{
	memset(&shared, 0, sizeof(shared));
	told = 0;
	more = 0;
	return (struct mshv_ring){ .shared = &shared };
}

static void ring_none_test(struct kunit *test)
{
	struct mshv_ring none = {};

	KUNIT_EXPECT_EQ(test, mshv_ring_take(&none, tell), 0);
	KUNIT_EXPECT_EQ(test, told, 0);
}

static void ring_empty_test(struct kunit *test)
{
	struct mshv_ring ring = ring_init();

	shared.masked = 1;
	KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, tell), 0);
	KUNIT_EXPECT_EQ(test, shared.masked, 0);
	KUNIT_EXPECT_EQ(test, told, 0);
}

/* In order, round and round, masked until it is empty. */
static void ring_order_test(struct kunit *test)
{
	struct mshv_ring ring = ring_init();
	unsigned int i, at = 0;

	for (i = 1; i <= 200; i += 2) {
		shared.entries[at++ % MSHV_EVENT_RING_ENTRIES] = i;
		shared.entries[at++ % MSHV_EVENT_RING_ENTRIES] = i + 1;
		KUNIT_ASSERT_EQ(test, mshv_ring_take(&ring, tell), i);
		KUNIT_EXPECT_EQ(test, shared.masked, 1);
		KUNIT_ASSERT_EQ(test, mshv_ring_take(&ring, tell), i + 1);
		KUNIT_ASSERT_EQ(test, mshv_ring_take(&ring, tell), 0);
		KUNIT_EXPECT_EQ(test, shared.masked, 0);
	}
}

/* A reader that has just begun knows nothing of where the writer is. */
static void ring_anywhere_test(struct kunit *test)
{
	struct mshv_ring ring;
	unsigned int at;

	for (at = 0; at < MSHV_EVENT_RING_ENTRIES; at++) {
		ring = ring_init();
		shared.entries[at] = 7;
		shared.entries[(at + 1) % MSHV_EVENT_RING_ENTRIES] = 8;
		KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, tell) +
				mshv_ring_take(&ring, tell), 15);
		KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, tell), 0);
	}
}

/* All entries, then what did not fit, then no more. */
static void ring_full_test(struct kunit *test)
{
	struct mshv_ring ring = ring_init();
	unsigned int i;

	for (i = 0; i < MSHV_EVENT_RING_ENTRIES; i++)
		shared.entries[i] = i + 1;
	shared.full = 1;
	more = 1;
	for (i = 0; i < MSHV_EVENT_RING_ENTRIES; i++)
		KUNIT_ASSERT_EQ(test, mshv_ring_take(&ring, tell), i + 1);
	KUNIT_EXPECT_EQ(test, told, 0);
	KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, tell), 1);
	KUNIT_EXPECT_EQ(test, told, 1);
	KUNIT_EXPECT_EQ(test, shared.full, 0);
	KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, tell), 0);
	KUNIT_EXPECT_EQ(test, told, 1);
	KUNIT_EXPECT_EQ(test, shared.masked, 0);
}

static void set_full(void)
{
	told++;
	shared.full = 1;
}

/* A hypervisor that says full for ever has its say so often, and not masked. */
static void ring_bounded_test(struct kunit *test)
{
	struct mshv_ring ring = ring_init();

	shared.full = 1;
	KUNIT_EXPECT_EQ(test, mshv_ring_take(&ring, set_full), 0);
	KUNIT_EXPECT_EQ(test, told, MSHV_RING_LOOKS);
	KUNIT_EXPECT_EQ(test, shared.masked, 0);
}

static struct kunit_case ring_test_cases[] = {
	KUNIT_CASE(ring_none_test),
	KUNIT_CASE(ring_empty_test),
	KUNIT_CASE(ring_order_test),
	KUNIT_CASE(ring_anywhere_test),
	KUNIT_CASE(ring_full_test),
	KUNIT_CASE(ring_bounded_test),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "mshv_ring",
	.test_cases = ring_test_cases,
};

kunit_test_suite(ring_suite);

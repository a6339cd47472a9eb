// SPDX-License-Identifier: GPL-2.0
/* A VP's events: the semaphore has a token exactly while one is raised. */
#include <kunit/test.h>

#include "../vp.h"

static bool token(struct mshv_events *events)
{
	return !down_trylock(&events->sem);
}

static void events_none_test(struct kunit *test)
{
	struct mshv_events events;

	mshv_events_init(&events);
	KUNIT_EXPECT_FALSE(test, token(&events));
}

static void events_one_test(struct kunit *test)
{
	struct mshv_events events;

	mshv_events_init(&events);
	mshv_events_raise(&events, MSHV_EVENT_MESSAGE);
	KUNIT_ASSERT_TRUE(test, token(&events));
	KUNIT_EXPECT_EQ(test, mshv_events_take(&events), MSHV_EVENT_MESSAGE);
	KUNIT_EXPECT_FALSE(test, token(&events));
}

static void events_collapse_test(struct kunit *test)
{
	struct mshv_events events;
	int i;

	mshv_events_init(&events);
	for (i = 0; i < 5; i++)
		mshv_events_raise(&events, MSHV_EVENT_CANCEL);
	KUNIT_ASSERT_TRUE(test, token(&events));
	KUNIT_EXPECT_EQ(test, mshv_events_take(&events), MSHV_EVENT_CANCEL);
	KUNIT_EXPECT_FALSE(test, token(&events));
}

static void events_both_test(struct kunit *test)
{
	struct mshv_events events;

	mshv_events_init(&events);
	mshv_events_raise(&events, MSHV_EVENT_CANCEL);
	mshv_events_raise(&events, MSHV_EVENT_MESSAGE);
	KUNIT_ASSERT_TRUE(test, token(&events));
	KUNIT_EXPECT_EQ(test, mshv_events_take(&events),
			MSHV_EVENT_CANCEL | MSHV_EVENT_MESSAGE);
	KUNIT_EXPECT_FALSE(test, token(&events));
}

/* One that comes between down() and take() belongs to the same wake-up. */
static void events_late_test(struct kunit *test)
{
	struct mshv_events events;

	mshv_events_init(&events);
	mshv_events_raise(&events, MSHV_EVENT_CANCEL);
	KUNIT_ASSERT_TRUE(test, token(&events));
	mshv_events_raise(&events, MSHV_EVENT_MESSAGE);
	KUNIT_EXPECT_EQ(test, mshv_events_take(&events),
			MSHV_EVENT_CANCEL | MSHV_EVENT_MESSAGE);
	KUNIT_EXPECT_FALSE(test, token(&events));

	mshv_events_raise(&events, MSHV_EVENT_MESSAGE);
	KUNIT_EXPECT_TRUE(test, token(&events));
}

static struct kunit_case events_test_cases[] = {
	KUNIT_CASE(events_none_test),
	KUNIT_CASE(events_one_test),
	KUNIT_CASE(events_collapse_test),
	KUNIT_CASE(events_both_test),
	KUNIT_CASE(events_late_test),
	{}
};

static struct kunit_suite events_suite = {
	.name = "mshv_events",
	.test_cases = events_test_cases,
};

kunit_test_suite(events_suite);

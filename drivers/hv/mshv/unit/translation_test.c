// SPDX-License-Identifier: GPL-2.0
/* Translations: the address, where the code says that there is one. */
#include <kunit/test.h>

#include "../translation.h"

static u64 gpa(u64 result, u64 gva)
{
	const struct mshv_translation translation = {
		.result = result, .gpa_page = 0x12345,
	};

	return mshv_translation_gpa(&translation, gva);
}

static void translation_leads_test(struct kunit *test)
{
	static const u32 codes[] = { 0, 4, 5, 6, 7 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		KUNIT_EXPECT_EQ_MSG(test, gpa(codes[i], 0x7fffffffeabc),
				    0x12345abc, "code %u", codes[i]);
}

static void translation_nowhere_test(struct kunit *test)
{
	static const u32 codes[] = { 1, 2, 3, 8, 9, 10, 0x80000000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		KUNIT_EXPECT_EQ_MSG(test, gpa(codes[i], 0xabc), 0, "code %u",
				    codes[i]);
}

/* Cache type and overlay bit are no part of the code. */
static void translation_upper_bits_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, gpa(0x10600000000, 0xfff), 0x12345fff);
	KUNIT_EXPECT_EQ(test, gpa(0x10600000001, 0xfff), 0);
}

static struct kunit_case translation_test_cases[] = {
	KUNIT_CASE(translation_leads_test),
	KUNIT_CASE(translation_nowhere_test),
	KUNIT_CASE(translation_upper_bits_test),
	{}
};

static struct kunit_suite translation_suite = {
	.name = "mshv_translation",
	.test_cases = translation_test_cases,
};

kunit_test_suite(translation_suite);

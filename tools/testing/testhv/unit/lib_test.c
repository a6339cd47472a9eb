// SPDX-License-Identifier: GPL-2.0
/* Printing, lists, names of counters. */
#include <stdarg.h>
#include <string.h>

#include "../lib/counters.h"
#include "../lib/list.h"
#include "unit.h"

int hv_snprintf(char *buf, size_t size, const char *fmt, ...);

#define EXPECT_TEXT(text, ...) \
	do { \
		char buf_[64]; \
		hv_snprintf(buf_, sizeof(buf_), __VA_ARGS__); \
		EXPECT(!strcmp(buf_, text)); \
	} while (0)

static void conversions(void)
{
	EXPECT_TEXT("a b", "%s %c", "a", 'b');
	EXPECT_TEXT("0 7 4294967295", "%u %u %u", 0u, 7u, 0xffffffffu);
	EXPECT_TEXT("18446744073709551615", "%lu", ~0ul);
	EXPECT_TEXT("ffff000000000000", "%lx", 0xffffUL << 48);
	EXPECT_TEXT("-5", "%d", -5);
	EXPECT_TEXT("100%", "100%%");
}

static void widths(void)
{
	EXPECT_TEXT("  5", "%3u", 5u);
	EXPECT_TEXT("0005", "%04u", 5u);
	EXPECT_TEXT("00ab", "%04x", 0xabu);
	EXPECT_TEXT("12345", "%3u", 12345u);
}

static void truncation(void)
{
	char buf[4] = "zzz";

	EXPECT_EQ(6, (u64)hv_snprintf(buf, sizeof(buf), "abcdef"));
	EXPECT(!strcmp(buf, "abc"));
}

static void lists(void)
{
	struct list head = LIST_INIT(head), a, b;
	unsigned int n = 0;
	struct list *l;

	list_init(&a);
	list_init(&b);
	EXPECT(list_empty(&head));
	list_add_tail(&a, &head);
	list_add_tail(&b, &head);
	list_for_each(l, &head)
		n++;
	EXPECT_EQ(2, n);
	EXPECT(head.next == &a && head.prev == &b);
	list_del(&a);
	list_del(&a);
	EXPECT(head.next == &b && list_empty(&a));
	list_del(&b);
	EXPECT(list_empty(&head));
}

static void names(void)
{
	for (unsigned int i = 0; i < CNT_COUNT; i++)
		EXPECT(counter_name(i) && !strchr(counter_name(i), ' '));
	for (unsigned int i = 0; i < LIVE_COUNT; i++)
		EXPECT(live_name(i) && !strchr(live_name(i), ' '));
}

const struct test lib_tests[] = {
	{ "printf: conversions", conversions },
	{ "printf: widths", widths },
	{ "printf: truncation", truncation },
	{ "list", lists },
	{ "counters: names", names },
	{ }
};

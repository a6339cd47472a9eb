// SPDX-License-Identifier: GPL-2.0
/* Results. */
#include "cpu.h"
#include "print.h"
#include "test.h"

#define EXIT_PORT	0xf4
#define FAILURES_MAX	100		/* more than that is 100 in the exit status */

static volatile uint32_t passed, failed, skipped;

static bool result(bool good, const char *name, const char *what)
{
	if (good) {
		atomic_add(&passed, 1);
		print("PASS: %s\n", name);
	} else {
		atomic_add(&failed, 1);
		print("FAIL: %s: %s\n", name, what);
	}
	return good;
}

static void format_to(char *to, unsigned long size, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	format(to, size, text, arguments);
	va_end(arguments);
}

/* The name is the caller's variable arguments. */
#define NAME(name) ({							\
	va_list arguments_;						\
									\
	va_start(arguments_, name);					\
	format(text, sizeof(text), name, arguments_);			\
	va_end(arguments_);						\
	text; })

bool check(bool good, const char *name, ...)
{
	char text[160];

	return result(good, NAME(name), "not so");
}

bool check_equal(uint64_t got, uint64_t want, const char *name, ...)
{
	char text[160], what[80];

	format_to(what, sizeof(what), "0x%lx, expected 0x%lx", got, want);
	return result(got == want, NAME(name), what);
}

bool check_range(uint64_t got, uint64_t low, uint64_t high, const char *name, ...)
{
	char text[160], what[100];

	format_to(what, sizeof(what), "%lu, expected %lu to %lu", got, low, high);
	return result(got >= low && got <= high, NAME(name), what);
}

void skip(const char *name, const char *why)
{
	atomic_add(&skipped, 1);
	print("SKIP: %s: %s\n", name, why);
}

noreturn static void leave(void)
{
	out8(EXIT_PORT, failed < FAILURES_MAX ? failed : FAILURES_MAX);
	for (;;)
		asm volatile("cli\n\thlt");
}

noreturn void test_end(void)
{
	print("SUMMARY: %u passed, %u failed, %u skipped\n", passed, failed, skipped);
	leave();
}

noreturn void die(const char *name, ...)
{
	char text[160];

	result(false, "the run", NAME(name));
	test_end();
}

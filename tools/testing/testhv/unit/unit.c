// SPDX-License-Identifier: GPL-2.0
/* Runs all tests. */
#include <stdio.h>

#include "machine.h"
#include "unit.h"

static const struct test * const suites[] = {
	lib_tests, decode_tests, walk_tests, walk_rights_tests, insn_tests, abi_tests, slat_tests,
	register_tests, call_tests, exit_tests, hv_tests, intercept_tests, property_tests,
	state_page_tests, state_tests, translate_tests, large_tests, port_tests, synic_tests,
	child_tests, stimer_tests, root_tests,
	lapic_tests, event_tests, hostile_tests, mmio_tests, race_tests, software_tests, virq_tests,
};

static unsigned int failures;
static const char *context;
static u64 context_number;

void about(const char *what, u64 number)
{
	context = what;
	context_number = number;
}

static void complain(const char *file, int line)
{
	failures++;
	printf("# %s:%d: ", file, line);
	if (context)
		printf("(%s %#lx) ", context, context_number);
}

void expect(bool ok, const char *what, const char *file, int line)
{
	if (ok)
		return;
	complain(file, line);
	printf("not %s\n", what);
}

void expect_equal(u64 want, u64 have, const char *what, const char *file, int line)
{
	if (want == have)
		return;
	complain(file, line);
	printf("%s is %#lx, not %#lx\n", what, have, want);
}

int main(void)
{
	unsigned int passed = 0, failed = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(suites); i++) {
		for (const struct test *t = suites[i]; t->name; t++) {
			failures = 0;
			about(NULL, 0);
			machine_reset();
			t->run();
			printf("%s %u - %s\n", failures ? "not ok" : "ok", passed + failed + 1,
			       t->name);
			passed += !failures;
			failed += !!failures;
		}
	}
	printf("1..%u\n%u passed, %u failed\n", passed + failed, passed, failed);
	return failed != 0;
}

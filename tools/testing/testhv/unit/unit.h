/* SPDX-License-Identifier: GPL-2.0 */
/* A test is a function of a table; what it expects is counted, a test with none failed is "ok". */
#ifndef TESTHV_UNIT_H
#define TESTHV_UNIT_H

#include "../lib/types.h"

struct test {
	const char *name;
	void (*run)(void);
};

void expect(bool ok, const char *what, const char *file, int line);
void expect_equal(u64 want, u64 have, const char *what, const char *file, int line);
/* What a failure message adds: which row of a table it was. */
void about(const char *what, u64 number);

#define EXPECT(cond)		expect(cond, #cond, __FILE__, __LINE__)
#define EXPECT_EQ(want, have)	expect_equal(want, have, #have, __FILE__, __LINE__)

/* One table a file. */
extern const struct test abi_tests[], call_tests[], decode_tests[], exit_tests[], insn_tests[],
			 intercept_tests[], lib_tests[], property_tests[], register_tests[],
			 slat_tests[], state_page_tests[], state_tests[], translate_tests[],
			 walk_rights_tests[], walk_tests[];
extern const struct test large_tests[], port_tests[], synic_tests[];
/* Local APICs and events. */
extern const struct test event_tests[], hostile_tests[], lapic_tests[], mmio_tests[],
			 race_tests[], software_tests[], virq_tests[];
/* What the root sees. */
extern const struct test root_tests[];
/* The Hyper-V interface of guests. */
extern const struct test child_tests[], hv_tests[], stimer_tests[];

#endif

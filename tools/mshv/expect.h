/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests share: a count of what holds and what doesn't. */
#ifndef TOOLS_MSHV_EXPECT_H
#define TOOLS_MSHV_EXPECT_H

#include <stdbool.h>

#define CHECK(condition) expect(condition, #condition, __FILE__, __LINE__)

void expect(bool condition, const char *text, const char *file, int line);

/* Prints the counts. Returns: the exit status. */
int expect_result(void);

#endif

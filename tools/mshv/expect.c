// SPDX-License-Identifier: GPL-2.0
/* The count of what holds and what doesn't. */
#include <stdio.h>

#include "expect.h"

static unsigned int passed, failed;

void expect(bool condition, const char *text, const char *file, int line)
{
	if (condition) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s\n", file, line, text);
}

int expect_result(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}

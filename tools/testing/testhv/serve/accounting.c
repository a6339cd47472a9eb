// SPDX-License-Identifier: GPL-2.0
/* The books at the end: what was counted, and what is left over. */
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "serve.h"

bool accounting_report(void)
{
	bool leak = false;

	for (enum counter c = 0; c < CNT_COUNT; c++)
		log_line("counter %s %lu", counter_name(c), counters[c]);
	for (enum live l = 0; l < LIVE_COUNT; l++) {
		/* The root's own pool is its for ever. */
		if (l == LIVE_ROOT_POOL || !live[l])
			continue;
		log_line("leak %s %lu", live_name(l), live[l]);
		leak = true;
	}
	return leak;
}

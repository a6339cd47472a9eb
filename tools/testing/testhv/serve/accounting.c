// SPDX-License-Identifier: GPL-2.0
/* The books at the end: what was counted, and what is left over. */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/synic.h"
#include "serve.h"

/* Who comes after this root would find it sending interrupts, for messages it knows nothing of. */
static bool armed_synics(void)
{
	bool any = false;

	for (unsigned int i = 0; i < cpu_count; i++) {
		if (!synic_armed(&cpus[i]))
			continue;
		log_line("leak armed_synic of root VP %u", i);
		any = true;
	}
	return any;
}

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
	return armed_synics() || leak;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* What the test window tells the dispatcher of hypercalls, and what it is told. */
#ifndef TESTHV_WINDOW_H
#define TESTHV_WINDOW_H

#include "../vm/status.h"

/* The answer that a call gets instead of its own, after @reps reps. */
struct fault_order {
	hv_status status;
	u16 reps;
};

/* A call of @code begins: true if it is the one that an order is for. */
bool window_take_order(u16 code, struct fault_order *order);
/* It could not be obeyed, since the call failed by itself: the next one is it. */
void window_return_order(u16 code, const struct fault_order *order);
void window_count_call(u16 code);
/* The TLFS name of a call, or NULL. */
const char *call_name(u16 code);

#endif

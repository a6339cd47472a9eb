/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reserved fields of hypercall inputs: checked to be 0, but for those in which known callers leave
 * garbage. Both are rows of one table, so the list of leniences is data.
 */
#ifndef TESTHV_RESERVED_H
#define TESTHV_RESERVED_H

#include "status.h"

struct reserved_field {
	u16 code;
	u8 offset, size;
	const char *garbage;	/* who leaves what here; NULL: checked */
};

extern const struct reserved_field reserved_fields[];
extern const unsigned int reserved_count;

/* @in: the input's fixed header. */
hv_status reserved_check(u16 code, const u8 *in);

#endif

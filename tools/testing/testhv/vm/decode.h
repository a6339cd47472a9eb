/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control word of a hypercall against the call's shape (TLFS, 3.7 and 3.8): what lies where.
 * Pure: knows neither memory nor handlers.
 */
#ifndef TESTHV_DECODE_H
#define TESTHV_DECODE_H

#include "status.h"

#define CALL_CODE(control)	((u16)(control))
#define CALL_FAST		BIT(16)
#define CALL_FAST_BYTES		16u

/* call_shape.flags */
#define SHAPE_REP		1	/* a rep call */
#define SHAPE_VARIABLE		2	/* may have a variable header */

/* Sizes are in bytes; those of a rep call's elements are apart from the header's. */
struct call_shape {
	u8 flags;
	u8 in, rep_in;
	u8 out, rep_out;
};

struct call_layout {
	bool fast;
	u32 variable;		/* bytes of variable header behind the fixed one */
	u32 rep_start, rep_count;
	u32 in, out;		/* bytes at the input and the output pointer */
};

/* Whether @control has bits that no call has. */
bool decode_reserved(u64 control);
/*
 * Check @control and the two pointers (or fast words) of a call of shape @shape (NULL: there is no
 * such call) and fill @layout in.
 */
hv_status decode_call(u64 control, u64 in, u64 out, const struct call_shape *shape,
		      struct call_layout *layout);

/* A pointer to @size bytes of parameters. */
hv_status decode_pointer(u64 gpa, u32 size);

#endif

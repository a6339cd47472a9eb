/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A child's hypercall as its handlers get it. The input is the guest's own memory, which its other
 * VPs may change meanwhile: each field is read once.
 */
#ifndef TESTHV_CHILD_CALL_H
#define TESTHV_CHILD_CALL_H

#include "../vm/decode.h"

struct vp;

struct child_call {
	u64 control, in, out;		/* as in the registers */
	struct call_layout layout;
	const u8 *input;
	u32 done;			/* reps completed */
};

static inline u64 child_call_u64(const struct child_call *c, u32 offset)
{
	return READ_ONCE(*(const u64 *)(c->input + offset));
}

/* child_ipi.c */
hv_status child_send_ipi(struct vp *vp, struct child_call *c);
hv_status child_send_ipi_ex(struct vp *vp, struct child_call *c);

#endif

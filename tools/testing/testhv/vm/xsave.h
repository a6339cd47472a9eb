/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Extended processor state between the standard format, in which a VP's is kept, and the compacted
 * one, in which its parent gets and sets it (APM 2, 11.5.9; APM 4, XSAVEC).
 */
#ifndef TESTHV_XSAVE_H
#define TESTHV_XSAVE_H

#include "status.h"

/* Leave XMM registers out: MXCSR is still in. */
#define XSAVE_NO_XMM	BIT(0)

/* What of the state an operation is about. */
struct xsave_choice {
	u64 allowed;	/* what the partition's processor has */
	u64 states;	/* what was asked for, part of @allowed */
	u64 flags;	/* XSAVE_NO_XMM */
};

/* Bytes that the components in @states need in the compacted format. */
u32 xsave_compacted_size(u64 states);
/* @to is zeroed and has room for them. */
void xsave_compact(const u8 *standard, const struct xsave_choice *choice, u8 *to);
/*
 * Components that were asked for and aren't in @from get their initial value, others stay.
 * HV_INVALID_PARAMETER: no such format (@size bytes are there); HV_INVALID_REGISTER_VALUE: MXCSR.
 */
hv_status xsave_expand(u8 *standard, const struct xsave_choice *choice, const u8 *from, u32 size);

#endif

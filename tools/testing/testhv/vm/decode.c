// SPDX-License-Identifier: GPL-2.0
/* Hypercall control word and shape. */
#include "decode.h"

/* 30:27, 31 (nested), 47:44 and 63:60 */
#define CONTROL_RESERVED	(GENMASK(31, 27) | GENMASK(47, 44) | GENMASK(63, 60))
#define VARIABLE_QWORDS(c)	((u32)((c) >> 17) & 0x3ff)
#define REP_COUNT(c)		((u32)((c) >> 32) & 0xfff)
#define REP_START(c)		((u32)((c) >> 48) & 0xfff)

static hv_status check_reps(const struct call_shape *shape, const struct call_layout *l)
{
	if (!(shape->flags & SHAPE_REP))
		return l->rep_count || l->rep_start ? HV_INVALID_HYPERCALL_INPUT : HV_SUCCESS;
	if (!l->rep_count || l->rep_start >= l->rep_count)
		return HV_INVALID_HYPERCALL_INPUT;
	return HV_SUCCESS;
}

/* Parameters are 8-byte aligned and don't cross a page (TLFS, 3.7.2). */
hv_status decode_pointer(u64 gpa, u32 size)
{
	if (!size)
		return HV_SUCCESS;
	if (gpa & 7 || (gpa & ~PAGE_MASK) + size > PAGE_SIZE)
		return HV_INVALID_ALIGNMENT;
	return HV_SUCCESS;
}

bool decode_reserved(u64 control)
{
	return control & CONTROL_RESERVED;
}

hv_status decode_call(u64 control, u64 in, u64 out, const struct call_shape *shape,
		      struct call_layout *layout)
{
	struct call_layout *l = layout;
	hv_status status;

	*l = (struct call_layout){ .fast = control & CALL_FAST,
				   .variable = VARIABLE_QWORDS(control) * 8,
				   .rep_count = REP_COUNT(control),
				   .rep_start = REP_START(control) };
	if (!shape)
		return HV_INVALID_HYPERCALL_CODE;
	if (decode_reserved(control))
		return HV_INVALID_HYPERCALL_INPUT;
	if (l->variable && !(shape->flags & SHAPE_VARIABLE))
		return HV_INVALID_HYPERCALL_INPUT;
	status = check_reps(shape, l);
	if (status)
		return status;
	l->in = shape->in + l->variable + l->rep_count * shape->rep_in;
	l->out = shape->out + l->rep_count * shape->rep_out;
	if (l->fast)
		return l->out || l->in > CALL_FAST_BYTES ? HV_INVALID_HYPERCALL_INPUT : HV_SUCCESS;
	status = decode_pointer(in, l->in);
	return status ? status : decode_pointer(out, l->out);
}

// SPDX-License-Identifier: GPL-2.0
/* Control word and shape of hypercalls; the reserved fields. */
#include <string.h>

#include "../vm/codes.h"
#include "../vm/decode.h"
#include "../vm/reserved.h"
#include "unit.h"

#define REPS(n)		((u64)(n) << 32)
#define START(n)	((u64)(n) << 48)
#define VARIABLE(n)	((u64)(n) << 17)

static const struct call_shape simple = { 0, 16, 0, 8, 0 };
static const struct call_shape input_only = { 0, 16, 0, 0, 0 };
static const struct call_shape rep = { SHAPE_REP, 24, 8, 0, 0 };
static const struct call_shape both = { SHAPE_REP, 16, 4, 0, 16 };
static const struct call_shape variable = { SHAPE_VARIABLE, 72, 0, 16, 0 };

static const struct {
	const struct call_shape *shape;
	u64 control, in, out;
	hv_status status;
} rows[] = {
	{ NULL, 0x3ff, 0, 0, HV_INVALID_HYPERCALL_CODE },
	{ &simple, 0x44, 0x1000, 0x2000, HV_SUCCESS },
	{ &simple, 0x44, 0x1000, 0x2004, HV_INVALID_ALIGNMENT },
	{ &simple, 0x44, 0x1001, 0x2000, HV_INVALID_ALIGNMENT },
	{ &simple, 0x44, 0x1ff0, 0x2ff8, HV_SUCCESS },
	{ &simple, 0x44, 0x1ff8, 0x2000, HV_INVALID_ALIGNMENT },
	{ &simple, 0x44 | BIT(31), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | BIT(27), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | BIT(44), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | BIT(63), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | REPS(1), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | START(1), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | VARIABLE(1), 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &simple, 0x44 | CALL_FAST, 0x1000, 0x2000, HV_INVALID_HYPERCALL_INPUT },
	{ &input_only, 0x41 | CALL_FAST, 1, 3, HV_SUCCESS },
	{ &rep, 0x4b | REPS(509), 0x1000, 0, HV_SUCCESS },
	{ &rep, 0x4b | REPS(510), 0x1000, 0, HV_INVALID_ALIGNMENT },
	{ &rep, 0x4b, 0x1000, 0, HV_INVALID_HYPERCALL_INPUT },
	{ &rep, 0x4b | REPS(3) | START(2), 0x1000, 0, HV_SUCCESS },
	{ &rep, 0x4b | REPS(3) | START(3), 0x1000, 0, HV_INVALID_HYPERCALL_INPUT },
	{ &rep, 0x4b | REPS(3) | START(4), 0x1000, 0, HV_INVALID_HYPERCALL_INPUT },
	{ &rep, 0x4b | REPS(1) | CALL_FAST, 0x1000, 0, HV_INVALID_HYPERCALL_INPUT },
	{ &both, 0x50 | REPS(256), 0x1000, 0x2000, HV_SUCCESS },
	{ &both, 0x50 | REPS(257), 0x1000, 0x2000, HV_INVALID_ALIGNMENT },
	{ &variable, 0x7c | VARIABLE(2), 0x1000, 0x2000, HV_SUCCESS },
	{ &variable, 0x7c | VARIABLE(503), 0x1000, 0x2000, HV_SUCCESS },
	{ &variable, 0x7c | VARIABLE(504), 0x1000, 0x2000, HV_INVALID_ALIGNMENT },
};

static void statuses(void)
{
	struct call_layout l;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("row", i);
		EXPECT_EQ(rows[i].status, decode_call(rows[i].control, rows[i].in, rows[i].out,
						      rows[i].shape, &l));
	}
}

static void sizes(void)
{
	struct call_layout l;

	decode_call(0x50 | REPS(5) | START(2), 0, 0, &both, &l);
	EXPECT_EQ(16 + 5 * 4, l.in);
	EXPECT_EQ(5 * 16, l.out);
	EXPECT_EQ(2, l.rep_start);
	EXPECT_EQ(5, l.rep_count);
	decode_call(0x7c | VARIABLE(2), 0, 0, &variable, &l);
	EXPECT_EQ(72 + 16, l.in);
	EXPECT_EQ(16, l.variable);
	EXPECT_EQ(16, l.out);
}

static void no_pointer_without_use(void)
{
	static const struct call_shape output_only = { 0, 0, 0, 8, 0 };
	struct call_layout l;

	EXPECT_EQ(HV_SUCCESS, decode_call(0x46, 1, 0x2000, &output_only, &l));
	EXPECT_EQ(HV_SUCCESS, decode_call(0x45, 0x1000, 1, &input_only, &l));
}

/* Every byte of a checked field must be 0; none of a lenient one. */
static void reserved(void)
{
	unsigned int lenient = 0;
	u8 in[256];

	for (unsigned int i = 0; i < reserved_count; i++) {
		const struct reserved_field *f = &reserved_fields[i];

		about("row", i);
		lenient += !!f->garbage;
		for (unsigned int b = 0; b < f->size; b++) {
			memset(in, 0, sizeof(in));
			EXPECT_EQ(HV_SUCCESS, reserved_check(f->code, in));
			in[f->offset + b] = 0x80;
			EXPECT_EQ(f->garbage ? HV_SUCCESS : HV_INVALID_PARAMETER,
				  reserved_check(f->code, in));
		}
	}
	EXPECT_EQ(5, lenient);
}

const struct test decode_tests[] = {
	{ "decode: statuses", statuses },
	{ "decode: sizes", sizes },
	{ "decode: pointers that are not used", no_pointer_without_use },
	{ "reserved fields and lenient ones", reserved },
	{ }
};

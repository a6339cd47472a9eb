// SPDX-License-Identifier: GPL-2.0
/* x87 and SSE registers: the legacy region of the XSAVE area (APM 2, 11.4.4). */
#include "../lib/lib.h"
#include "register_row.h"
#include "vp.h"

struct legacy_region {
	u16 fcw, fsw;
	u8 ftw, reserved5;
	u16 last_opcode;
	u64 last_rip, last_dp;
	u32 mxcsr, mxcsr_mask;
	u8 st[8][16];
	u8 xmm[16][16];
	u8 reserved[96];
	u64 xstate_bv;
} __packed;

static_assert(offsetof(struct legacy_region, mxcsr) == 24, "XSAVE");
static_assert(offsetof(struct legacy_region, st) == 32, "XSAVE");
static_assert(offsetof(struct legacy_region, xmm) == 160, "XSAVE");
static_assert(offsetof(struct legacy_region, xstate_bv) == 512, "XSAVE");

#define XSTATE_X87	BIT(0)
#define XSTATE_SSE	BIT(1)
#define ST_BYTES	10
#define MXCSR_KNOWN	0xffffu

/* The area, marked as holding what is about to be set. */
static struct legacy_region *region(struct vp *vp)
{
	struct legacy_region *r = vp->ext.fp;

	r->xstate_bv |= XSTATE_X87 | XSTATE_SSE;
	return r;
}

static void get_xmm(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	(void)row;
	memcpy(v, region(vp)->xmm[i], 16);
}

static hv_status set_xmm(struct vp *vp, const struct register_row *row, u32 i,
			 const struct register_value *v)
{
	(void)row;
	memcpy(region(vp)->xmm[i], v, 16);
	return HV_SUCCESS;
}

/* 80 bits; what lies above is ignored. */
static void get_mmx(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v)
{
	(void)row;
	memcpy(v, region(vp)->st[i], ST_BYTES);
}

static hv_status set_mmx(struct vp *vp, const struct register_row *row, u32 i,
			 const struct register_value *v)
{
	(void)row;
	memcpy(region(vp)->st[i], v, ST_BYTES);
	return HV_SUCCESS;
}

/* The same 16 bytes in the same order. */
static void get_fp_control(struct vp *vp, const struct register_row *row, u32 i,
			   struct register_value *v)
{
	(void)row;
	(void)i;
	memcpy(v, region(vp), sizeof(*v));
}

static hv_status set_fp_control(struct vp *vp, const struct register_row *row, u32 i,
				const struct register_value *v)
{
	struct legacy_region *r = region(vp);

	(void)row;
	(void)i;
	memcpy(r, v, sizeof(*v));
	r->reserved5 = 0;
	return HV_SUCCESS;
}

static void get_xmm_control(struct vp *vp, const struct register_row *row, u32 i,
			    struct register_value *v)
{
	const struct legacy_region *r = region(vp);

	(void)row;
	(void)i;
	v->low = r->last_dp;
	v->high = r->mxcsr | (u64)MXCSR_KNOWN << 32;
}

static hv_status set_xmm_control(struct vp *vp, const struct register_row *row, u32 i,
				 const struct register_value *v)
{
	struct legacy_region *r = region(vp);

	(void)row;
	(void)i;
	/* XRSTOR would not take it. */
	if ((u32)v->high & ~MXCSR_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	r->last_dp = v->low;
	r->mxcsr = (u32)v->high;
	return HV_SUCCESS;
}

const struct register_kind kind_xmm = { get_xmm, set_xmm };
const struct register_kind kind_mmx = { get_mmx, set_mmx };
const struct register_kind kind_fp_control = { get_fp_control, set_fp_control };
const struct register_kind kind_xmm_control = { get_xmm_control, set_xmm_control };

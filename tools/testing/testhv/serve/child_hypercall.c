// SPDX-License-Identifier: GPL-2.0
/*
 * VMMCALL in a child (TLFS, chapter 3): a table of its own, of the few calls that synthetic
 * features open. None of the root's calls can be reached from here.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../svm/svm.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "child_call.h"
#include "intercept.h"
#include "serve.h"

#define VMMCALL_LENGTH	3
#define VECTOR_UD	6
#define RFLAGS_VM	BIT(17)
#define RESULT_REPS	32

struct call_row {
	u16 code;
	u64 features;			/* all of them open it */
	struct call_shape shape;
	u16 (*handler)(struct vp *vp, struct child_call *c);
};

/* More than what was asked for is flushed, which is allowed: all VPs, everything. */
static hv_status flush(struct vp *vp, struct child_call *c)
{
	vp->partition->hv->stale = true;
	c->done = c->layout.rep_count;
	return HV_SUCCESS;
}

/* Every VP gets its turn anyway. */
static hv_status notify_long_spin(struct vp *vp, struct child_call *c)
{
	(void)vp;
	(void)c;
	return HV_SUCCESS;
}

/* Nobody has connected a port to anything. */
static hv_status signal_event(struct vp *vp, struct child_call *c)
{
	(void)vp;
	(void)c;
	return HV_INVALID_CONNECTION_ID;
}

#define EXTENDED	SYNTHETIC_EXTENDED_MASKS
#define REP		SHAPE_REP
#define VAR		SHAPE_VARIABLE

static const struct call_row rows[] = {
	{ 0x0002, SYNTHETIC_TB_FLUSH, { 0, 24, 0, 0, 0 }, flush },
	{ 0x0003, SYNTHETIC_TB_FLUSH, { REP, 24, 8, 0, 0 }, flush },
	{ 0x0008, SYNTHETIC_LONG_SPIN, { 0, 8, 0, 0, 0 }, notify_long_spin },
	{ 0x000b, SYNTHETIC_CLUSTER_IPI, { 0, 16, 0, 0, 0 }, child_send_ipi },
	{ 0x0013, SYNTHETIC_TB_FLUSH | EXTENDED, { VAR, 32, 0, 0, 0 }, flush },
	{ 0x0014, SYNTHETIC_TB_FLUSH | EXTENDED, { REP | VAR, 32, 8, 0, 0 }, flush },
	{ 0x0015, SYNTHETIC_CLUSTER_IPI | EXTENDED, { VAR, 24, 0, 0, 0 }, child_send_ipi_ex },
	{ 0x005d, SYNTHETIC_SIGNAL_EVENTS, { 0, 8, 0, 0, 0 }, signal_event },
};

/* Ranges of codes that exist (TLFS, appendix A), whoever may make those calls. */
static const struct {
	u16 first, last;
} known[] = {
	{ 0x0001, 0x0004 }, { 0x0008, 0x001d }, { 0x0040, 0x00a1 }, { 0x00af, 0x00b2 },
	{ 0x00bf, 0x00c2 }, { 0x00db, 0x00e6 }, { 0x8001, 0x8006 },
};

static bool is_known(u16 code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++)
		if (code >= known[i].first && code <= known[i].last)
			return true;
	return false;
}

/* What the partition's features open; NULL: nothing of that code. */
static const struct call_row *find(const struct vp *vp, u16 code)
{
	u64 features = hv_features(vp->partition);

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code && (features & rows[i].features) == rows[i].features)
			return &rows[i];
	return NULL;
}

static bool is_64bit(const struct vp *vp)
{
	return vp->vmcb->efer & EFER_LMA && vp->vmcb->cs.attrib & SEG_L;
}

/* The two register forms (TLFS, 3.7). */
static void get_arguments(const struct vp *vp, struct child_call *c)
{
	const struct gprs *g = &vp->gprs;

	if (is_64bit(vp)) {
		c->control = g->rcx;
		c->in = g->rdx;
		c->out = g->r8;
	} else {
		c->control = (u32)vp->vmcb->rax | g->rdx << 32;
		c->in = (u32)g->rcx | g->rbx << 32;
		c->out = (u32)g->rsi | g->rdi << 32;
	}
}

static void set_result(struct vp *vp, u64 result)
{
	if (is_64bit(vp)) {
		vp->vmcb->rax = result;
	} else {
		vp->vmcb->rax = (u32)result;
		vp->gprs.rdx = result >> 32;
	}
}

/* Parameters lie in RAM that the guest may read, not in a page of the hypervisor. */
static const u8 *input_of(struct vp *vp, struct child_call *c)
{
	struct partition *p = vp->partition;

	if (c->layout.fast)
		return (const u8 *)&c->in;
	if (slat_check(p, c->in, SLAT_READ) != SLAT_ALLOWED || slat_is_overlay(p, c->in))
		return NULL;
	return slat_read_pointer(p, c->in);
}

static hv_status serve(struct vp *vp, struct child_call *c)
{
	u16 code = CALL_CODE(c->control);
	const struct call_row *row = find(vp, code);
	hv_status status;

	if (!row && !is_known(code))
		return HV_INVALID_HYPERCALL_CODE;
	if (decode_reserved(c->control))
		return HV_INVALID_HYPERCALL_INPUT;
	if (!row)
		return HV_ACCESS_DENIED;
	status = decode_call(c->control, c->in, c->out, &row->shape, &c->layout);
	if (status)
		return status;
	c->input = input_of(vp, c);
	if (!c->input)
		return HV_INVALID_PARAMETER;
	c->done = c->layout.rep_start;
	return row->handler(vp, c);
}

static bool is_undefined(const struct vp *vp)
{
	const struct vmcb *v = vp->vmcb;

	return v->cpl || !(v->cr0 & CR0_PE) || v->rflags & RFLAGS_VM ||
	       !hv_hypercalls_enabled(vp->partition);
}

void child_hypercall(struct vp *vp)
{
	struct child_call c = { 0 };
	hv_status status;

	if (is_undefined(vp)) {
		inject_exception(vp, VECTOR_UD);
		return;
	}
	get_arguments(vp, &c);
	status = serve(vp, &c);
	hv_settle(vp);
	set_result(vp, status | (u64)c.done << RESULT_REPS);
	child_skip(vp, VMMCALL_LENGTH);
}

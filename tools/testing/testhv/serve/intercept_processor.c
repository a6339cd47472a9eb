// SPDX-License-Identifier: GPL-2.0
/* Programmed intercepts as messages: MSRs, CPUID, exceptions (TLFS, 11.11.6 to 11.11.9). */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../vm/partition.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"

#define MSR_LENGTH		2
#define CPUID_LENGTH		2
#define VECTOR_DB		1
#define VECTOR_PF		14
/* #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP (APM 2, 8.2) */
#define WITH_ERROR_CODE		0x00227d00u

static void *payload(struct vp *vp)
{
	return vp->message + sizeof(struct message_head);
}

bool intercept_msr(struct vp *vp, u32 msr, bool write)
{
	struct msr_intercept *m = payload(vp);

	if (!intercepts_msr(vp->partition, msr, write))
		return false;
	intercept_header(vp, MSR_LENGTH, write ? ACCESS_WRITE : ACCESS_READ);
	m->msr = msr;
	m->rdx = vp->gprs.rdx;
	m->rax = vp->vmcb->rax;
	intercept_raise(vp, MESSAGE_MSR, sizeof(*m));
	return true;
}

bool intercept_cpuid(struct vp *vp, const struct cpuid_result *result)
{
	struct cpuid_intercept *m = payload(vp);

	if (!intercepts_cpuid(vp->partition, (u32)vp->vmcb->rax))
		return false;
	intercept_header(vp, CPUID_LENGTH, ACCESS_EXECUTE);
	m->rax = vp->vmcb->rax;
	m->rcx = vp->gprs.rcx;
	m->rdx = vp->gprs.rdx;
	m->rbx = vp->gprs.rbx;
	m->default_rax = result->eax;
	m->default_rcx = result->ecx;
	m->default_rdx = result->edx;
	m->default_rbx = result->ebx;
	intercept_raise(vp, MESSAGE_CPUID, sizeof(*m));
	return true;
}

static void registers(struct vp *vp, struct exception_intercept *m)
{
	const struct vmcb *c = vp->vmcb;
	const struct gprs *g = &vp->gprs;
	const u64 values[] = { c->rax, g->rcx, g->rdx, g->rbx, c->rsp, g->rbp, g->rsi, g->rdi,
			       g->r8, g->r9, g->r10, g->r11, g->r12, g->r13, g->r14, g->r15 };

	m->ds = intercept_segment(&c->ds);
	m->ss = intercept_segment(&c->ss);
	memcpy(m->gpr, values, sizeof(values));
}

struct exception {
	u8 vector, length;	/* length: of INT3 and INTO */
	u32 error_code;
	u64 parameter;
};

/* The exception itself isn't delivered; who wants it to be injects it. */
static void raise_exception(struct vp *vp, const struct exception *e)
{
	struct exception_intercept *m = payload(vp);

	intercept_header(vp, e->length, ACCESS_EXECUTE);
	m->vector = e->vector;
	if (WITH_ERROR_CODE & BIT(e->vector)) {
		m->info = EXCEPTION_ERROR_CODE;
		m->error_code = e->error_code;
	}
	if (e->length)
		m->info |= EXCEPTION_SOFTWARE;
	m->parameter = e->parameter;
	m->byte_count = guest_fetch(vp, m->bytes, sizeof(m->bytes));
	registers(vp, m);
	intercept_raise(vp, MESSAGE_EXCEPTION, sizeof(*m));
}

void intercept_breakpoint(struct vp *vp, u8 vector, u8 length)
{
	raise_exception(vp, &(struct exception){ vector, length, 0, 0 });
}

void intercept_exception(struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;
	struct exception e = { .vector = (u8)(c->exitcode - EXIT_EXCEPTION),
			       .error_code = (u32)c->exitinfo1 };

	/* CR2 has not changed (APM 2, 15.12.15), DR6 has (15.12.2). */
	if (e.vector == VECTOR_PF)
		e.parameter = c->exitinfo2;
	else if (e.vector == VECTOR_DB)
		e.parameter = c->dr6;
	raise_exception(vp, &e);
}

bool intercept_injected(struct vp *vp, u8 vector)
{
	struct exception e = { .vector = vector };

	/* One message at a time: the guest gets what comes with the first one. */
	if (vp->intercept_suspend || !(vp->partition->intercepts.exceptions & BIT(vector)))
		return false;
	if (vector == VECTOR_DB)
		e.parameter = vp->vmcb->dr6;
	raise_exception(vp, &e);
	return true;
}

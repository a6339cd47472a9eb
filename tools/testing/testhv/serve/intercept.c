// SPDX-License-Identifier: GPL-2.0
/* Children's exits: handled inside, or a message to the parent. */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/event.h"
#include "../vm/insn.h"
#include "../vm/partition.h"
#include "../vm/register_page.h"
#include "../vm/registers.h"
#include "../vm/sched.h"
#include "../vm/slat.h"
#include "../vm/synic.h"
#include "../vm/vp.h"
#include "../vm/walk.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

#define VECTOR_DB	1
#define VECTOR_UD	6
#define RFLAGS_TF	BIT(8)
#define RFLAGS_RF	BIT(16)
#define DR6_BS		BIT(14)
#define DR7_ENABLES	0xffu
#define CR8_BITS	0xfu
#define OPCODE_0F	0x0f
#define OPCODE_MOV_CR	0x22
#define HLT_LENGTH	1
#define INVD_LENGTH	2

struct message_segment intercept_segment(const struct vmcb_segment *s)
{
	return (struct message_segment){ .base = s->base, .limit = s->limit,
					 .selector = s->selector,
					 .attributes = segment_to_tlfs(s->attrib) };
}

static u16 execution_state(const struct vmcb *c)
{
	u16 state = c->cpl & STATE_CPL;

	state |= c->cr0 & CR0_PE ? STATE_CR0_PE : 0;
	state |= c->cr0 & CR0_AM ? STATE_CR0_AM : 0;
	state |= c->efer & EFER_LMA ? STATE_EFER_LMA : 0;
	state |= c->dr7 & DR7_ENABLES ? STATE_DEBUG_ACTIVE : 0;
	state |= c->eventinj & EVENTINJ_VALID ? STATE_INTERRUPTION : 0;
	state |= c->int_state & INT_STATE_SHADOW ? STATE_SHADOW : 0;
	return state;
}

static void *payload(struct vp *vp)
{
	return vp->message + sizeof(struct message_head);
}

void intercept_header(struct vp *vp, u8 instruction_length, u8 access)
{
	const struct vmcb *c = vp->vmcb;
	struct intercept_head *h = payload(vp);

	memset(vp->message, 0, MESSAGE_SIZE);
	*h = (struct intercept_head){
		.vp_index = vp->index,
		.length_cr8 = (instruction_length & 0xf) | (u8)((c->int_ctl & CR8_BITS) << 4),
		.access = access,
		.state = execution_state(c),
		.cs = intercept_segment(&c->cs),
		.rip = c->rip,
		.rflags = c->rflags,
	};
}

void intercept_raise(struct vp *vp, u32 type, u8 payload_size)
{
	*(struct message_head *)vp->message = (struct message_head){
		.type = type,
		.payload_size = payload_size,
		.sender = vp->partition->id,
	};
	vp->intercept_suspend = true;
	register_page_show(vp);
	sched_dequeue(vp);
	counters[CNT_INTERCEPTS]++;
	synic_post(vp);
}

void intercept_invalid_registers(struct vp *vp)
{
	memset(vp->message, 0, MESSAGE_SIZE);
	*(struct invalid_register_intercept *)payload(vp) =
		(struct invalid_register_intercept){ .vp_index = vp->index };
	intercept_raise(vp, MESSAGE_INVALID_VP_REGISTER,
			sizeof(struct invalid_register_intercept));
}

void child_skip(struct vp *vp, u8 length)
{
	struct vmcb *c = vp->vmcb;

	c->rip += length;
	if (!(c->efer & EFER_LMA && c->cs.attrib & SEG_L))
		c->rip = (u32)c->rip;
	/* An instruction that has been carried out ends both (APM 2, 13.1.5). */
	c->int_state &= ~INT_STATE_SHADOW;
	c->rflags &= ~RFLAGS_RF;
	if (c->rflags & RFLAGS_TF) {
		c->dr6 |= DR6_BS;
		inject_exception(vp, VECTOR_DB);
	}
}

/* The segment that OUTS reads: only the instruction itself tells of an override. */
static const struct vmcb_segment *outs_segment(struct vp *vp, const u8 *bytes, u8 count)
{
	struct insn_context c;
	struct insn insn;

	guest_insn_context(vp, &c, bytes, count);
	if (!insn_decode(&c, &insn))
		return &vp->vmcb->ds;
	return &vp->vmcb->es + insn.segment;
}

static void io_exit(struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;
	u64 info = c->exitinfo1;
	/* EXITINFO2 is the next RIP (APM 2, 15.10.2). */
	u8 length = MIN((u32)(c->exitinfo2 - c->rip), (u32)INSN_MAX_LENGTH);
	struct io_intercept *io = payload(vp);

	intercept_header(vp, length, info & IOIO_IN ? ACCESS_READ : ACCESS_WRITE);
	io->port = IOIO_PORT(info);
	io->info = IOIO_SIZE(info) | (info & IOIO_STR ? IO_STRING : 0) |
		   (info & IOIO_REP ? IO_REP : 0);
	io->byte_count = guest_fetch(vp, io->bytes, length);
	io->rax = c->rax;
	if (info & IOIO_STR) {
		io->ds = intercept_segment(outs_segment(vp, io->bytes, io->byte_count));
		io->es = intercept_segment(&c->es);
		io->rcx = vp->gprs.rcx;
		io->rsi = vp->gprs.rsi;
		io->rdi = vp->gprs.rdi;
	}
	intercept_raise(vp, MESSAGE_IO_PORT, sizeof(*io));
}

/* With a local APIC the VP waits here for an interrupt, else its parent decides. */
static void hlt_exit(struct vp *vp)
{
	if (vp->partition->flags & PARTITION_FLAG_LAPIC_ENABLED) {
		child_skip(vp, HLT_LENGTH);
		/* Whether something wakes it by now is seen before the next entry. */
		vp->halted = true;
		return;
	}
	intercept_header(vp, HLT_LENGTH, ACCESS_EXECUTE);
	intercept_raise(vp, MESSAGE_HALT, sizeof(struct intercept_head));
}

static void shutdown_exit(struct vp *vp)
{
	/* What was being delivered has died with the guest. */
	vp->vmcb->eventinj = 0;
	intercept_header(vp, 0, ACCESS_EXECUTE);
	intercept_raise(vp, MESSAGE_UNRECOVERABLE, sizeof(struct intercept_head));
}

/*
 * VMRUN refused the state, or (QEMU) the guest wrote reserved bits to CR3 or CR4, which should have
 * been #GP.
 */
static void invalid_exit(struct vp *vp)
{
	u8 code[2];

	if (guest_fetch(vp, code, 2) == 2 && code[0] == OPCODE_0F && code[1] == OPCODE_MOV_CR)
		inject_gp(vp);
	else
		intercept_invalid_registers(vp);
}

static void unsupported(struct vp *vp, u32 feature, u64 parameter)
{
	memset(vp->message, 0, MESSAGE_SIZE);
	*(struct unsupported_intercept *)payload(vp) = (struct unsupported_intercept){
		.vp_index = vp->index,
		.feature = feature,
		.parameter = parameter,
	};
	intercept_raise(vp, MESSAGE_UNSUPPORTED_FEATURE, sizeof(struct unsupported_intercept));
}

/* A #DB that is there because testhv steps: over, or the guest's own after all. */
static bool step_exit(struct vp *vp)
{
	if (!vp->stepping || vp->vmcb->exitcode != EXIT_EXCEPTION + VECTOR_DB)
		return false;
	if (event_step_done(vp))
		return true;
	if (vp->partition->intercepts.exceptions & BIT(VECTOR_DB))
		return false;
	inject_exception(vp, VECTOR_DB);
	return true;
}

/* Exits that testhv has asked for because an event waits. */
static bool event_exit(struct vp *vp)
{
	switch (vp->vmcb->exitcode) {
	case EXIT_VINTR:
		return true;
	case EXIT_CR8_WRITE:
		child_cr8_write(vp);
		return true;
	case EXIT_IRET:
		event_iret(vp);
		return true;
	}
	return step_exit(vp);
}

/* What exits only because the parent wants to know, or that nobody can help with. */
static void parent_exit(struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;

	switch (c->exitcode) {
	case EXIT_EXCEPTION ... EXIT_EXCEPTION_LAST:
		intercept_exception(vp);
		break;
	case EXIT_SWINT:
		intercept_software(vp);
		break;
	case EXIT_TASK_SWITCH:
		/* EXITINFO1 is the selector of the new TSS (APM 2, 15.14.1). */
		unsupported(vp, UNSUPPORTED_TASK_SWITCH, (u16)c->exitinfo1);
		break;
	default:
		unsupported(vp, UNSUPPORTED_INTERCEPT, c->exitcode);
	}
}

/* What a child must not do to the processor that it shares. */
static void forbidden_exit(struct vp *vp)
{
	switch (vp->vmcb->exitcode) {
	case EXIT_RDPMC:
		inject_gp(vp);
		break;
	case EXIT_INVD:
		/* Others have their data in the caches too. */
		child_skip(vp, INVD_LENGTH);
		break;
	default:
		inject_exception(vp, VECTOR_UD);
	}
}

void serve_child_exit(struct cpu *cpu, struct vp *vp)
{
	struct vmcb *c = vp->vmcb;

	(void)cpu;
	/* RIP is still at the INT n, or put back to it: it is executed again (APM 2, 15.7.2). */
	if (c->exitintinfo & EVENTINJ_VALID && EVENTINJ_TYPE(c->exitintinfo) == EVENTINJ_SOFTWARE) {
		c->eventinj = 0;
		c->rip -= vp->soft_length;
	}
	if (event_exit(vp))
		return;
	switch (c->exitcode) {
	case EXIT_IOIO:
		io_exit(vp);
		break;
	case EXIT_NPF:
		if (!child_apic_page(vp) && !child_doorbell(vp))
			intercept_memory(vp);
		break;
	case EXIT_HLT:
		hlt_exit(vp);
		break;
	case EXIT_CPUID:
		child_cpuid(vp);
		break;
	case EXIT_MSR:
		child_msr(vp);
		break;
	case EXIT_SHUTDOWN:
		shutdown_exit(vp);
		break;
	case EXIT_INVALID:
		invalid_exit(vp);
		break;
	case EXIT_VMMCALL:
		child_hypercall(vp);
		break;
	case EXIT_CR4_WRITE:
		child_write_cr4(vp);
		break;
	case EXIT_INVLPGA:
	case EXIT_VMRUN:
	case EXIT_VMLOAD ... EXIT_SKINIT:
	case EXIT_MONITOR:
	case EXIT_MWAIT:
	case EXIT_RDPMC:
	case EXIT_INVD:
	case EXIT_MWAIT_COND:
		forbidden_exit(vp);
		break;
	default:
		parent_exit(vp);
	}
	if (vp_runnable(vp))
		registers_inject(vp);
}

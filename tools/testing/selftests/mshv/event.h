/* SPDX-License-Identifier: GPL-2.0 */
/* Guests whose writes signal eventfds; included once a program. */
#ifndef MSHV_EVENT_H
#define MSHV_EVENT_H

#include "fixture.h"

#define DATAMATCH	MSHV_IOEVENTFD_FLAG_DATAMATCH
#define PIO		MSHV_IOEVENTFD_FLAG_PIO
#define DEASSIGN	MSHV_IOEVENTFD_FLAG_DEASSIGN

/* Each is one instruction; RBX (and RDI), RDX say where, RAX what. */
GUEST_SNIPPET(code_event64);
GUEST_SNIPPET(event_store8);
GUEST_SNIPPET(event_store16);
GUEST_SNIPPET(event_store32);
GUEST_SNIPPET(event_store64);
GUEST_SNIPPET(event_store8_high);
GUEST_SNIPPET(event_imm16);
GUEST_SNIPPET(event_imm64);
GUEST_SNIPPET(event_far);
GUEST_SNIPPET(event_load32);
GUEST_SNIPPET(event_add32);
GUEST_SNIPPET(event_xchg32);
GUEST_SNIPPET(event_stos32);
GUEST_SNIPPET(event_rep_stos32);
GUEST_SNIPPET(event_out8);
GUEST_SNIPPET(event_out16);
GUEST_SNIPPET(event_out32);
GUEST_SNIPPET(event_out8_imm);
GUEST_SNIPPET(event_in32);
GUEST_SNIPPET(event_outs8);
GUEST_SNIPPET(event_rep_outs8);
/* R9 writes, counted at RSI */
extern const __u8 event_store_storm[], event_out_storm[];

/* What became of a write */
enum fate {
	FATE_SIGNAL,	/* the guest went on by itself */
	FATE_MMIO,	/* the VMM was asked */
	FATE_PORT,
	FATE_OTHER,
};

static inline __u64 event_gva(const __u8 *op)
{
	return GUEST_CODE + (op - code_event64);
}

/* The next run is @op. */
static inline void event_goto(int vp, const __u8 *op, __u64 addr, __u64 value)
{
	reg_set(vp, HV_X64_REGISTER_RBX, addr);
	reg_set(vp, HV_X64_REGISTER_RDI, addr);
	reg_set(vp, HV_X64_REGISTER_RDX, addr);
	reg_set(vp, HV_X64_REGISTER_RSI, GUEST_DATA);
	reg_set(vp, HV_X64_REGISTER_RCX, 1);
	reg_set(vp, HV_X64_REGISTER_RAX, value);
	reg_set(vp, HV_X64_REGISTER_RIP, event_gva(op));
}

/* By the instruction that the exit is at: the one behind a write is an OUT. */
static inline enum fate event_fate(const struct mshv_hv_message *msg, const __u8 *op,
				   const __u8 *end)
{
	const struct mshv_hv_x64_intercept_message_header *head = (const void *)msg->payload;

	if (head->rip == event_gva(end))
		return FATE_SIGNAL;
	if (head->rip != event_gva(op))
		return FATE_OTHER;
	switch (msg->header.message_type) {
	case MSHV_HVMSG_UNMAPPED_GPA:
		return FATE_MMIO;
	case MSHV_HVMSG_X64_IO_PORT_INTERCEPT:
		return FATE_PORT;
	default:
		return FATE_OTHER;
	}
}

static inline enum fate __event_do(struct guest *guest, const __u8 *op, const __u8 *end,
				   __u64 addr, __u64 value)
{
	struct mshv_hv_message msg;

	event_goto(guest->vp, op, addr, value);
	vp_run(guest->vp, &msg);
	return event_fate(&msg, op, end);
}

#define event_do(guest, op, addr, value)	__event_do(guest, op, op##_end, addr, value)

static inline int __io_request(int part, int fd, __u64 addr, __u32 len, __u32 flags,
			       __u64 datamatch)
{
	struct mshv_ioeventfd args;

	memset(&args, POISON, sizeof(args));
	args.datamatch = datamatch;
	args.addr = addr;
	args.len = len;
	args.fd = fd;
	args.flags = flags;
	return __ioeventfd(part, &args);
}

/* A signal that is on its way gets some time. */
static inline __u64 event_await(int fd)
{
	return event_comes(fd, 5000) ? event_take(fd) : 0;
}

/* A guest that executes them */
FIXTURE(events) {
	struct books books;
	struct guest guest;
	int part;
	int fd;
};

FIXTURE_SETUP(events)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	guest_start(&self->guest, MODE_64, code_event64);
	self->part = self->guest.part;
	self->fd = event_new();
}

FIXTURE_TEARDOWN(events)
{
	close(self->fd);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

#endif /* MSHV_EVENT_H */

// SPDX-License-Identifier: GPL-2.0
/* HLT, triple fault, what must not exit, and the header's state bits. */
#include "fixture.h"

GUEST_SNIPPET(code_halt16);
GUEST_SNIPPET(code_halt64);
GUEST_SNIPPET(code_triple16);
GUEST_SNIPPET(code_triple32);
GUEST_SNIPPET(code_triple64);
GUEST_SNIPPET(code_quiet16);
GUEST_SNIPPET(code_shadow64);
GUEST_SNIPPET(code_vector64);

#define TRACE_PORT	0x20
#define HEADER_SIZE	40

static const struct mshv_hv_x64_intercept_message_header *
run_to_io(struct __test_metadata *_metadata, struct guest *guest, struct mshv_hv_message *msg)
{
	vp_run(guest->vp, msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg->header.message_type);
	return (const void *)msg->payload;
}

static void check_halt(struct __test_metadata *_metadata, struct guest *guest, bool is64)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct mshv_hv_message msg;

	h = (const void *)msg.payload;
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_HALT, msg.header.message_type);
	EXPECT_EQ(HEADER_SIZE, msg.header.payload_size);
	EXPECT_EQ(0, h->vp_index);
	EXPECT_BITS(1, h->instruction_length);
	EXPECT_BITS(is64, h->execution_state.efer_lma);
	EXPECT_EQ(is64 ? 0 : GUEST_CODE, h->cs_segment.base);
	EXPECT_EQ((is64 ? GUEST_CODE : 0) + 1, h->rip);
	EXPECT_EQ(2, h->rflags);
	EXPECT_TRUE(vp_suspended(guest->vp));
	guest_skip(guest, &msg);
	h = run_to_io(_metadata, guest, &msg);
	EXPECT_EQ((is64 ? GUEST_CODE : 0) + 2, h->rip);
}

TEST_F(guest, halt16)
{
	guest_start(&self->guest, MODE_REAL, code_halt16);
	check_halt(_metadata, &self->guest, false);
}

TEST_F(guest, halt64)
{
	guest_start(&self->guest, MODE_64, code_halt64);
	check_halt(_metadata, &self->guest, true);
}

/* With a local APIC a HLT idles in the hypervisor: no exit, -EINTR on a cancel. */
TEST_F(device, halt_with_lapic)
{
	struct guest guest;
	struct runner r;

	guest_create(&guest, MSHV_PARTITION_LAPIC_ENABLED);
	guest_start(&guest, MODE_64, code_halt64);
	runner_start(&r, guest.vp, -1);
	EXPECT_FALSE(runner_wait(&r, 100));
	vp_cancel(guest.vp);
	ASSERT_TRUE(runner_wait(&r, 1000));
	EXPECT_EQ(-EINTR, runner_join(&r));
	guest_destroy(&guest);
}

static void check_triple(struct __test_metadata *_metadata, struct guest *guest, bool real)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct mshv_hv_register_assoc idtr = { .name = HV_X64_REGISTER_IDTR };
	struct mshv_hv_message msg;

	h = (const void *)msg.payload;
	/* Limit 0: not even one vector */
	regs_set(guest->vp, &idtr, 1);
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_UNRECOVERABLE_EXCEPTION, msg.header.message_type);
	EXPECT_EQ(HEADER_SIZE, msg.header.payload_size);
	EXPECT_EQ(0, h->vp_index);
	EXPECT_EQ(real ? GUEST_CODE : 0, h->cs_segment.base);
	EXPECT_EQ(real ? 0 : GUEST_CODE, h->rip);
	EXPECT_TRUE(vp_suspended(guest->vp));
}

TEST_F(guest, triple_fault16)
{
	guest_start(&self->guest, MODE_REAL, code_triple16);
	check_triple(_metadata, &self->guest, true);
}

TEST_F(guest, triple_fault32)
{
	guest_start(&self->guest, MODE_32, code_triple32);
	check_triple(_metadata, &self->guest, false);
}

TEST_F(guest, triple_fault64)
{
	guest_start(&self->guest, MODE_64, code_triple64);
	check_triple(_metadata, &self->guest, false);
}

/* The VMM resets the VP after a triple fault, and it runs again. */
TEST_F(guest, life_after_triple_fault)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	guest_start(guest, MODE_64, code_triple64);
	check_triple(_metadata, guest, false);
	guest_start(guest, MODE_REAL, code_out16);
	run_to_io(_metadata, guest, &msg);
}

/* One exit at the end, and three handlers have run in the guest. */
TEST_F(guest, cpuid_msr_exceptions_stay)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_register_assoc idtr = { .name = HV_X64_REGISTER_IDTR };
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_quiet16);
	idtr.value.table.limit = 0x3ff;
	regs_set(guest->vp, &idtr, 1);
	run_to_io(_metadata, guest, &msg);
	EXPECT_EQ(TRACE_PORT, io->port_number);
	EXPECT_EQ(0x10101, (__u32)io->rax);
}

TEST_F(guest, interrupt_shadow)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct mshv_hv_message msg;

	guest_start(&self->guest, MODE_64, code_shadow64);
	h = run_to_io(_metadata, &self->guest, &msg);
	EXPECT_BITS(1, h->execution_state.interrupt_shadow);
	EXPECT_EQ(0x202, h->rflags);
}

/* CPL 3 with IOPL 3, CR0.AM, CR8, another VP index */
TEST_F(guest, header_state)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	guest_start(guest, MODE_64_USER, code_halt64);
	reg_set(guest->vp, HV_X64_REGISTER_CR0, 0x80040011);
	reg_set(guest->vp, HV_X64_REGISTER_CR8, 9);
	reg_set(guest->vp, HV_X64_REGISTER_RIP, GUEST_CODE + 2);
	h = run_to_io(_metadata, guest, &msg);
	EXPECT_BITS(3, h->execution_state.cpl);
	EXPECT_BITS(1, h->execution_state.cr0_am);
	EXPECT_BITS(9, h->cr8);
	EXPECT_EQ(0x1b, h->cs_segment.selector);
	EXPECT_EQ(0x3002, h->rflags);
	EXPECT_EQ(0xffffffff, h->cs_segment.limit);
	EXPECT_EQ(0xa0fb, h->cs_segment.attributes);
}

TEST_F(guest, vp_index)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct guest other = self->guest;
	struct mshv_hv_message msg;

	guest_start(&self->guest, MODE_REAL, code_out16);
	other.vp = vp_create(self->guest.part, 255);
	vp_start(other.vp, MODE_REAL, 0);
	h = run_to_io(_metadata, &other, &msg);
	EXPECT_EQ(255, h->vp_index);
	h = run_to_io(_metadata, &self->guest, &msg);
	EXPECT_EQ(0, h->vp_index);
	close(other.vp);
}

/* The sender is the partition: the same for all its messages, never reused. */
TEST_F(guest, sender)
{
	struct mshv_hv_message msg, again, foreign;
	struct guest other;

	guest_start(&self->guest, MODE_REAL, code_out16);
	run_to_io(_metadata, &self->guest, &msg);
	run_to_io(_metadata, &self->guest, &again);
	EXPECT_EQ(msg.header.sender, again.header.sender);
	guest_create(&other, 0);
	guest_start(&other, MODE_REAL, code_out16);
	run_to_io(_metadata, &other, &foreign);
	EXPECT_NE(msg.header.sender, foreign.header.sender);
	guest_destroy(&other);
}

/*
 * FPU and SSE state is the guest's own across exits, although this thread and
 * another guest use theirs in between.
 */
TEST_F(guest, vector_state)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	double mine = 1.5;
	struct guest other;
	int i;

	io = (const void *)msg.payload;
	guest_create(&other, 0);
	guest_start(guest, MODE_64, code_vector64);
	guest_start(&other, MODE_64, code_vector64);
	reg_set(guest->vp, HV_X64_REGISTER_CR4, 0x630);
	reg_set(other.vp, HV_X64_REGISTER_CR4, 0x630);
	*(__u32 *)(other.mem + GUEST_DATA) = 1000000;
	for (i = 0; i < 50; i++) {
		run_to_io(_metadata, guest, &msg);
		ASSERT_EQ(GUEST_PORT, io->port_number);
		guest_skip(guest, &msg);
		asm volatile("pcmpeqd %%xmm7, %%xmm7" : : : "xmm7");
		mine *= 1.25;
		asm volatile("" : "+m" (mine));
		run_to_io(_metadata, &other, &msg);
		ASSERT_EQ(GUEST_PORT, io->port_number);
		guest_skip(&other, &msg);
	}
	EXPECT_EQ(49, *(__u32 *)(guest->mem + GUEST_DATA));
	EXPECT_EQ(1000049, *(__u32 *)(other.mem + GUEST_DATA));
	EXPECT_GT(mine, 1000);
	guest_destroy(&other);
}

TEST_HARNESS_MAIN

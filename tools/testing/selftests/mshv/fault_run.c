// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that fail while a VP is run: what is lost, and what is not. */
#include <errno.h>

#include "fixture.h"

static void expect_number(struct __test_metadata *_metadata, struct guest *guest, __u32 number)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	ASSERT_EQ(number, (__u32)io->rax);
	guest_skip(guest, &msg);
}

/* A resume that fails loses no exit, wherever it fails. */
TEST_F(guest, resume_fails)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u32 number = 0;
	int i;

	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 0; i < 5; i++) {
		window_fault(CALL_SET_REGISTERS, 1, STATUS_INVALID_VP_STATE, 0);
		poison(&msg, sizeof(msg));
		EXPECT_ERR(MSHV_RUN_VP, EBADFD, __vp_run(guest->vp, &msg));
		EXPECT_TRUE(poisoned(&msg, sizeof(msg)));
		EXPECT_TRUE(vp_suspended(guest->vp));
		expect_number(_metadata, guest, ++number);
		expect_number(_metadata, guest, ++number);
	}
	EXPECT_EQ(number, window_counter(COUNT_MESSAGES));
}

/*
 * A message that a signal could not stop leaves both suspend bits set; the
 * resume that clears them fails between the two.
 */
TEST_F(guest, resume_fails_half_way)
{
	unsigned long delay_us = rounds(500000, 2000000);
	struct guest *guest = &self->guest;
	struct runner r;
	__u32 number = 0;
	int i;

	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 0; i < 3; i++) {
		window_delay(delay_us);
		runner_start(&r, guest->vp, -1);
		/* Two exits a round */
		window_await(COUNT_INTERCEPTS, 2 * i + 1);
		vp_cancel(guest->vp);
		ASSERT_EQ(0, runner_join(&r));
		window_delay(0);
		number++;
		guest_skip(guest, &r.msg);
		/* The cancel, after the message */
		EXPECT_EQ(-EINTR, __vp_run(guest->vp, &r.msg));
		EXPECT_EQ(1, reg_get(guest->vp, HV_REGISTER_EXPLICIT_SUSPEND));
		EXPECT_EQ(1, reg_get(guest->vp, HV_REGISTER_INTERCEPT_SUSPEND));

		window_fault(CALL_SET_REGISTERS, 1, STATUS_INVALID_VP_STATE, 1);
		EXPECT_ERR(MSHV_RUN_VP, EBADFD, __vp_run(guest->vp, &r.msg));
		EXPECT_TRUE(window_fault_fired());
		EXPECT_TRUE(vp_suspended(guest->vp));
		expect_number(_metadata, guest, ++number);
	}
	EXPECT_EQ(number, window_counter(COUNT_MESSAGES));
}

/* A VP that can't be stopped any more is dead: -EIO for everything but close. */
TEST_F(guest, stop_fails)
{
	struct guest *guest = &self->guest;
	const struct state state = {
		.type = STATE_XSAVE, .size = GUEST_PAGE, .buf = pages_alloc(GUEST_PAGE),
	};
	struct mshv_hv_message msg;
	struct translation to;
	struct runner r;
	__u64 value;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	window_fault(CALL_SET_REGISTERS, 1, STATUS_INVALID_VP_STATE, 0);
	vp_cancel(guest->vp);
	EXPECT_GT(0, runner_join(&r));
	EXPECT_TRUE(window_fault_fired());
	EXPECT_ERR(MSHV_RUN_VP, EIO, __vp_run(guest->vp, &msg));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EIO, __reg_get(guest->vp, HV_X64_REGISTER_RIP, &value));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EIO, __reg_set(guest->vp, HV_X64_REGISTER_RIP, 0));
	EXPECT_ERR(MSHV_GET_VP_STATE, EIO, __state_get(guest->vp, &state));
	EXPECT_ERR(MSHV_SET_VP_STATE, EIO, __state_set(guest->vp, &state));
	EXPECT_ERR(MSHV_TRANSLATE_GVA, EIO, __translate(guest->vp, 0, 0, &to));
	munmap(state.buf, GUEST_PAGE);
	vp_cancel(guest->vp);
}

TEST_HARNESS_MAIN

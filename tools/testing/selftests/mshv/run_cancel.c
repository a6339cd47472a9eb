// SPDX-License-Identifier: GPL-2.0
/* MSHV_CANCEL_RUN: one -EINTR, in the present run or the next, losing nothing. */
#include <errno.h>
#include <sys/wait.h>

#include "fixture.h"

/* One exit of code_count16 or code_out16, skipped */
static void expect_exit(struct __test_metadata *_metadata, struct guest *guest)
{
	struct mshv_hv_message msg;

	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	guest_skip(guest, &msg);
}

static void expect_cancelled(struct __test_metadata *_metadata, struct guest *guest)
{
	struct mshv_hv_message msg;

	poison(&msg, sizeof(msg));
	EXPECT_ERR(MSHV_RUN_VP, EINTR, __vp_run(guest->vp, &msg));
	EXPECT_TRUE(poisoned(&msg, sizeof(msg)));
}

/* Cancelled before it starts, the VP isn't resumed at all. */
TEST_F(guest, before_a_run)
{
	struct guest *guest = &self->guest;
	__u64 calls;

	guest_start(guest, MODE_REAL, code_count16);
	expect_exit(_metadata, guest);
	vp_cancel(guest->vp);
	calls = window_calls(CALL_SET_REGISTERS);
	expect_cancelled(_metadata, guest);
	EXPECT_EQ(calls, window_calls(CALL_SET_REGISTERS));
	expect_exit(_metadata, guest);
}

TEST_F(guest, before_the_first_run)
{
	guest_start(&self->guest, MODE_REAL, code_count16);
	vp_cancel(self->guest.vp);
	expect_cancelled(_metadata, &self->guest);
	expect_exit(_metadata, &self->guest);
}

TEST_F(guest, many_collapse_into_one)
{
	int i;

	guest_start(&self->guest, MODE_REAL, code_count16);
	for (i = 0; i < 10; i++)
		vp_cancel(self->guest.vp);
	expect_cancelled(_metadata, &self->guest);
	expect_exit(_metadata, &self->guest);
	expect_exit(_metadata, &self->guest);
}

TEST_F(guest, during_a_run)
{
	struct guest *guest = &self->guest;
	struct runner r;
	__u32 ticks;
	int i;

	guest_start(guest, MODE_REAL, code_spin16);
	for (i = 0; i < 20; i++) {
		runner_start(&r, guest->vp, -1);
		guest_wait_tick(guest);
		vp_cancel(guest->vp);
		ASSERT_TRUE(runner_wait(&r, 1000));
		ASSERT_EQ(-EINTR, runner_join(&r));
		EXPECT_TRUE(poisoned(&r.msg, sizeof(r.msg)));
		ticks = guest_ticks(guest);
		EXPECT_TRUE(vp_suspended(guest->vp));
		EXPECT_EQ(ticks, guest_ticks(guest));
	}
}

/* If there is a message it comes first, and the -EINTR after it. */
TEST_F(guest, message_first)
{
	struct guest *guest = &self->guest;
	int i;

	guest_start(guest, MODE_REAL, code_count16);
	for (i = 0; i < 3; i++) {
		/* Leaves the message unread */
		EXPECT_ERR(MSHV_RUN_VP, EFAULT, __vp_run(guest->vp, NULL));
		vp_cancel(guest->vp);
		expect_exit(_metadata, guest);
		expect_cancelled(_metadata, guest);
		expect_exit(_metadata, guest);
	}
}

/* A cancel between the exit and its message: the message, then -EINTR. */
TEST_F(guest, message_in_flight)
{
	struct guest *guest = &self->guest;
	const struct mshv_hv_message *msg;
	struct runner r;

	guest_start(guest, MODE_REAL, code_out16);
	window_zero();
	window_delay(500000);
	runner_start(&r, guest->vp, -1);
	window_await(COUNT_INTERCEPTS, 1);
	vp_cancel(guest->vp);
	ASSERT_EQ(0, runner_join(&r));
	msg = &r.msg;
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg->header.message_type);
	window_delay(0);
	expect_cancelled(_metadata, guest);
	expect_exit(_metadata, guest);
}

/* Any holder of the fd may cancel, also from another process. */
TEST_F(guest, from_another_process)
{
	struct guest *guest = &self->guest;
	struct runner r;
	int status;
	pid_t pid;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(__vp_cancel(guest->vp) ? 1 : 0);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-EINTR, runner_join(&r));
}

/* No argument, so any is as good */
TEST_F(guest, argument_is_ignored)
{
	guest_start(&self->guest, MODE_REAL, code_count16);
	EXPECT_EQ(0, ioctl(self->guest.vp, MSHV_CANCEL_RUN, -1ul));
	expect_cancelled(_metadata, &self->guest);
	expect_exit(_metadata, &self->guest);
}

TEST_F(guest, other_fds)
{
	EXPECT_ERR(any, ENOTTY, __vp_cancel(self->guest.part));
	EXPECT_ERR(any, ENOTTY, __vp_cancel(self->guest.dev));
}

/* One VP's cancel is none of another's business. */
TEST_F(guest, other_vp_runs_on)
{
	struct guest other = self->guest;

	other.vp = vp_create(self->guest.part, 1);
	guest_start(&self->guest, MODE_REAL, code_count16);
	vp_start(other.vp, MODE_REAL, 0);
	vp_cancel(self->guest.vp);
	expect_exit(_metadata, &other);
	expect_cancelled(_metadata, &self->guest);
	expect_exit(_metadata, &other);
	close(other.vp);
}

/* Takes no lock: as quick in the middle of a run, and of a slow mapping. */
TEST_F(guest, never_waits)
{
	struct guest *guest = &self->guest;
	struct runner r;
	int i, late = 0;
	__u64 start;

	guest_start(guest, MODE_REAL, code_spin16);
	for (i = 0; i < 10; i++) {
		runner_start(&r, guest->vp, -1);
		guest_wait_tick(guest);
		start = now_ns();
		vp_cancel(guest->vp);
		if (now_ns() - start > 100000000ull * time_scale())
			late++;
		EXPECT_EQ(-EINTR, runner_join(&r));
	}
	/* Now and then the machine below takes a break. */
	EXPECT_LT(late, 5);
}

TEST_HARNESS_MAIN

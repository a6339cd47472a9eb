// SPDX-License-Identifier: GPL-2.0
/*
 * What a running VP refuses, at once and undisturbed: a second MSHV_RUN_VP and
 * access to its registers.  And what a VP refuses that waits for a late message.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

/* -EBUSY comes at once: nobody waits for the guest. But the machine below may take a break. */
#define AT_ONCE_NS	(50000000ull * time_scale())

/* Returns: whether it came at once */
static bool expect_busy(struct __test_metadata *_metadata, int vp)
{
	struct mshv_hv_message msg;
	__u64 value, start = now_ns();

	poison(&msg, sizeof(msg));
	EXPECT_ERR(MSHV_RUN_VP, EBUSY, __vp_run(vp, &msg));
	EXPECT_TRUE(poisoned(&msg, sizeof(msg)));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EBUSY, __reg_get(vp, HV_X64_REGISTER_RIP, &value));
	EXPECT_TRUE(poisoned(&value, sizeof(value)));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EBUSY, __reg_set(vp, HV_X64_REGISTER_RIP, 0));
	return now_ns() - start < AT_ONCE_NS;
}

TEST_F(guest, busy_while_running)
{
	struct guest *guest = &self->guest;
	int i, at_once = 0;
	struct runner r;
	__u64 calls;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	calls = window_calls(CALL_SET_REGISTERS) + window_calls(CALL_GET_REGISTERS);
	for (i = 0; i < 20; i++)
		at_once += expect_busy(_metadata, guest->vp);
	EXPECT_GT(at_once, 10);
	/* The hypervisor was not asked, and the guest goes on. */
	EXPECT_EQ(calls, window_calls(CALL_SET_REGISTERS) + window_calls(CALL_GET_REGISTERS));
	EXPECT_FALSE(runner_done(&r));
	guest_wait_tick(guest);
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_NE(0, reg_get(guest->vp, HV_X64_REGISTER_CS));
}

struct hammer {
	pthread_t thread;
	int vp;
	bool stop;
	unsigned long busy, fine;
};

static void *hammer_main(void *arg)
{
	struct hammer *h = arg;
	__u64 value;
	int ret;

	while (!__atomic_load_n(&h->stop, __ATOMIC_ACQUIRE)) {
		ret = __reg_get(h->vp, HV_X64_REGISTER_RSP, &value);
		die_if(ret && ret != -EBUSY, "MSHV_GET_VP_REGISTERS: %d", ret);
		die_if(!ret && value != GUEST_STACK - 16, "RSP is %#llx", value);
		if (ret)
			h->busy++;
		else
			h->fine++;
		ret = __reg_set(h->vp, HV_X64_REGISTER_R15, h->fine);
		die_if(ret && ret != -EBUSY, "MSHV_SET_VP_REGISTERS: %d", ret);
	}
	return NULL;
}

static bool hammer_had_both(const struct hammer *h)
{
	return __atomic_load_n(&h->busy, __ATOMIC_RELAXED) &&
		__atomic_load_n(&h->fine, __ATOMIC_RELAXED);
}

/* Register access beside a VP that exits all the time never fails its runs. */
TEST_F(guest, register_access_never_disturbs)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	unsigned long n = rounds(2000, 200), i;
	struct guest *guest = &self->guest;
	struct hammer hammer = { .vp = guest->vp };
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	ASSERT_EQ(0, pthread_create(&hammer.thread, NULL, hammer_main, &hammer));
	/* Longer, if the two have not met yet */
	for (i = 1; i <= n || (i <= 50 * n && !hammer_had_both(&hammer)); i++) {
		vp_run(guest->vp, &msg);
		ASSERT_EQ(i, (__u32)io->rax);
		guest_skip(guest, &msg);
	}
	__atomic_store_n(&hammer.stop, true, __ATOMIC_RELEASE);
	pthread_join(hammer.thread, NULL);
	EXPECT_EQ(i - 1, window_counter(COUNT_MESSAGES));
	EXPECT_GT(hammer.busy, 0);
	EXPECT_GT(hammer.fine, 0);
}

struct rival {
	pthread_t thread;
	struct guest *guest;
	unsigned long rounds, busy;
};

/* Whoever gets in runs the VP to its exit, always the same: nobody skips it. */
static void *rival_main(void *arg)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct rival *r = arg;
	struct mshv_hv_message msg;
	unsigned long i;
	int ret;

	io = (const void *)msg.payload;
	for (i = 0; i < r->rounds; i++) {
		ret = __vp_run(r->guest->vp, &msg);
		if (ret == -EBUSY) {
			r->busy++;
			continue;
		}
		die_if(ret, "MSHV_RUN_VP: %d", ret);
		die_if((__u32)io->rax != 1, "exit says %#x", (__u32)io->rax);
	}
	return NULL;
}

/* Two threads on one VP: each run is whole, or refused. */
TEST_F(guest, rivals)
{
	struct guest *guest = &self->guest;
	struct rival rival[2] = {};
	__u64 done = 0;
	int i;

	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 0; i < 2; i++) {
		rival[i].guest = guest;
		rival[i].rounds = rounds(2000, 200);
		ASSERT_EQ(0, pthread_create(&rival[i].thread, NULL, rival_main, &rival[i]));
	}
	for (i = 0; i < 2; i++) {
		pthread_join(rival[i].thread, NULL);
		done += rival[i].rounds - rival[i].busy;
	}
	EXPECT_EQ(done, window_counter(COUNT_MESSAGES));
	EXPECT_TRUE(vp_suspended(guest->vp));
}

/*
 * A process that is killed while it waits for a late message leaves the VP
 * draining: registers are refused, and the next run gets the message.
 */
TEST_F(guest, killed_while_draining)
{
	unsigned long delay_us = rounds(1000000, 4000000);
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u64 start, value;
	int status;
	pid_t pid;

	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	window_delay(delay_us);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		__vp_run(guest->vp, &msg);
		_exit(0);
	}
	window_await(COUNT_INTERCEPTS, 1);
	start = now_ns();
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	/* Killed at once, not when the message has come */
	EXPECT_LT(now_ns() - start, delay_us * 900);
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EBUSY, __reg_get(guest->vp, HV_X64_REGISTER_RIP, &value));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EBUSY, __reg_set(guest->vp, HV_X64_REGISTER_RIP, 0));
	vp_run(guest->vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	window_delay(0);
	guest_skip(guest, &msg);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(2, window_counter(COUNT_MESSAGES));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * Signals and cancels before, during and after a run, at random times.  The
 * guest numbers its exits, so that a lost, doubled or stale one shows.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"

/* Runs of the storm; half of them with a cancelling thread beside it */
#define STORM_ROUNDS	rounds(50000, 2500)

/* glibc has no name for this member in all of its versions. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* A timer whose signal goes to the calling thread */
static timer_t timer_for_me(int sig)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = sig,
	};
	timer_t timer;

	event.sigev_notify_thread_id = syscall(SYS_gettid);
	die_if(timer_create(CLOCK_MONOTONIC, &event, &timer), "timer_create");
	return timer;
}

static void timer_in(timer_t timer, __u64 ns)
{
	struct itimerspec when = { .it_value.tv_nsec = ns + 1 };

	die_if(timer_settime(timer, 0, &when, NULL), "timer_settime");
}

/* Again and again: one that comes before the run has begun ends nothing. */
static void timer_every(timer_t timer, __u64 ns)
{
	struct itimerspec when = {
		.it_value.tv_nsec = ns,
		.it_interval.tv_nsec = 5000000 * time_scale(),
	};

	die_if(timer_settime(timer, 0, &when, NULL), "timer_settime");
}

struct canceller {
	pthread_t thread;
	int vp;
	__u64 gap_us;
	unsigned long cancels;
	bool stop;
};

static void *canceller_main(void *arg)
{
	struct canceller *c = arg;

	while (!__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
		sleep_us(random_below(c->gap_us));
		__atomic_fetch_add(&c->cancels, 1, __ATOMIC_RELEASE);
		vp_cancel(c->vp);
	}
	return NULL;
}

static void canceller_start(struct canceller *c, int vp, __u64 gap_us)
{
	c->vp = vp;
	c->gap_us = gap_us;
	errno = pthread_create(&c->thread, NULL, canceller_main, c);
	die_if(errno, "pthread_create");
}

static unsigned long canceller_stop(struct canceller *c)
{
	__atomic_store_n(&c->stop, true, __ATOMIC_RELEASE);
	pthread_join(c->thread, NULL);
	return c->cancels;
}

struct storm {
	__u32 exits;
	unsigned long interrupted;
	unsigned long armed;
};

/* How long a round takes, so that signals fall everywhere into it */
static __u64 round_time(struct guest *guest, struct storm *storm)
{
	struct mshv_hv_message msg;
	__u64 start = now_ns();
	int i;

	for (i = 0; i < 100; i++) {
		vp_run(guest->vp, &msg);
		storm->exits++;
		guest_skip(guest, &msg);
	}
	return (now_ns() - start) / 100;
}

/* One run.  What it may return is -EINTR, untouched, or the next exit. */
static void storm_round(struct __test_metadata *_metadata, struct guest *guest,
			struct storm *storm)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;
	int ret;

	io = (const void *)msg.payload;
	msg.header.message_type = 0;
	ret = __vp_run(guest->vp, &msg);
	if (ret == -EINTR) {
		ASSERT_EQ(0, msg.header.message_type);
		storm->interrupted++;
		return;
	}
	ASSERT_EQ(0, ret);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	ASSERT_EQ(storm->exits + 1, (__u32)io->rax);
	storm->exits++;
	guest_skip(guest, &msg);
}

/* Every intercept was returned once, and cleared once. */
static void check_storm(struct __test_metadata *_metadata, struct guest *guest,
			struct storm *storm, unsigned long causes)
{
	TH_LOG("%u exits, %lu interruptions, %lu causes", storm->exits, storm->interrupted, causes);
	EXPECT_EQ(storm->exits, window_counter(COUNT_INTERCEPTS));
	EXPECT_EQ(storm->exits, window_counter(COUNT_MESSAGES));
	EXPECT_EQ(0, window_counter(COUNT_DISCARDED));
	EXPECT_LE(storm->interrupted, causes);
	EXPECT_GT(storm->interrupted, 0);
	EXPECT_TRUE(vp_suspended(guest->vp));
}

/* Let what is pending go, then see that the numbers still go on. */
static void storm_end(struct __test_metadata *_metadata, struct guest *guest,
		      struct storm *storm)
{
	int i;

	for (i = 0; i < 10; i++)
		storm_round(_metadata, guest, storm);
}

TEST_F_TIMEOUT(guest, storm_of_signals, 360 * time_scale())
{
	timer_t timer = timer_for_me(SIGUSR1);
	struct guest *guest = &self->guest;
	unsigned long n = STORM_ROUNDS, i;
	struct storm storm = {};
	__u64 span;

	random_init();
	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	span = round_time(guest, &storm) * 3 / 2;
	for (i = 0; i < n; i++) {
		/* A signal in every other round; a late one hits the next. */
		if (random_below(2))
			timer_in(timer, random_below(span));
		storm_round(_metadata, guest, &storm);
	}
	timer_delete(timer);
	storm_end(_metadata, guest, &storm);
	check_storm(_metadata, guest, &storm, signals_caught());
}

TEST_F_TIMEOUT(guest, storm_of_cancels, 360 * time_scale())
{
	timer_t timer = timer_for_me(SIGUSR1);
	struct guest *guest = &self->guest;
	unsigned long n = STORM_ROUNDS, i, causes;
	struct canceller canceller = {};
	struct storm storm = {};
	__u64 span;

	random_init();
	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	span = round_time(guest, &storm);
	canceller_start(&canceller, guest->vp, span * 4 / 1000 + 1);
	for (i = 0; i < n; i++) {
		if (!random_below(16))
			timer_in(timer, random_below(span));
		storm_round(_metadata, guest, &storm);
	}
	causes = canceller_stop(&canceller);
	timer_delete(timer);
	storm_end(_metadata, guest, &storm);
	check_storm(_metadata, guest, &storm, causes + signals_caught());
}

/* Messages that come late: signals fall between the exit and its message. */
TEST_F_TIMEOUT(guest, storm_with_late_messages, 180 * time_scale())
{
	timer_t timer = timer_for_me(SIGUSR1);
	struct guest *guest = &self->guest;
	unsigned long n = rounds(1000, 100), i;
	struct storm storm = {};
	__u64 delay_us = 2000;

	random_init();
	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	window_delay(delay_us);
	for (i = 0; i < n; i++) {
		timer_in(timer, random_below(delay_us * 2000));
		storm_round(_metadata, guest, &storm);
	}
	window_delay(0);
	timer_delete(timer);
	storm_end(_metadata, guest, &storm);
	check_storm(_metadata, guest, &storm, signals_caught());
}

/* A guest that never exits stops at each signal, and stays stopped. */
TEST_F(guest, spinning_guest_stops)
{
	timer_t timer = timer_for_me(SIGUSR1);
	struct guest *guest = &self->guest;
	unsigned long n = rounds(200, 20), i;
	struct mshv_hv_message msg;
	__u32 ticks;

	random_init();
	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_spin16);
	for (i = 0; i < n; i++) {
		poison(&msg, sizeof(msg));
		timer_every(timer, 1 + random_below(5000000));
		ASSERT_ERR(MSHV_RUN_VP, EINTR, __vp_run(guest->vp, &msg));
		ASSERT_TRUE(poisoned(&msg, sizeof(msg)));
		ticks = guest_ticks(guest);
		ASSERT_TRUE(vp_suspended(guest->vp));
		ASSERT_EQ(ticks, guest_ticks(guest));
	}
	timer_delete(timer);
	EXPECT_GT(guest_ticks(guest), 0);
}

/* With a signal pending the VP isn't even touched. */
TEST_F(guest, pending_signal)
{
	struct guest *guest = &self->guest;
	struct runner r;
	sigset_t set;
	int i;

	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_spin16);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	/* A blocked signal doesn't count. */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	runner_signal(&r, SIGUSR1);
	EXPECT_FALSE(runner_wait(&r, 50));
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	for (i = 0; i < 5; i++) {
		runner_start(&r, guest->vp, -1);
		guest_wait_tick(guest);
		runner_signal(&r, SIGUSR1);
		ASSERT_TRUE(runner_wait(&r, 20000));
		EXPECT_EQ(-EINTR, runner_join(&r));
	}
}

static struct guest *jumper;

/* Runs the VP from within the handler: the thread's own run is over by then. */
static void run_in_handler(int sig)
{
	struct mshv_hv_message msg;
	int ret = __vp_run(jumper->vp, &msg);

	die_if(ret && ret != -EINTR, "MSHV_RUN_VP in a handler: %d", ret);
}

TEST_F(guest, run_in_signal_handler)
{
	struct sigaction action = { .sa_handler = run_in_handler };
	timer_t timer = timer_for_me(SIGUSR1);
	struct mshv_hv_message msg;
	int i, ret;

	jumper = &self->guest;
	guest_start(jumper, MODE_REAL, code_out16);
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	for (i = 0; i < 50; i++) {
		timer_in(timer, i * 20000);
		ret = __vp_run(jumper->vp, &msg);
		ASSERT_TRUE(!ret || ret == -EINTR);
	}
	timer_delete(timer);
}

/* A message on its way wins over the signal that came before it. */
TEST_F(guest, message_in_flight_wins)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	unsigned long delay_us = 400000;
	struct runner r;
	__u64 start;
	int i;

	io = (const void *)r.msg.payload;
	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	window_delay(delay_us);
	for (i = 1; i <= 5; i++) {
		start = now_ns();
		runner_start(&r, guest->vp, -1);
		window_await(COUNT_INTERCEPTS, i);
		runner_signal(&r, SIGUSR1);
		ASSERT_EQ(0, runner_join(&r));
		EXPECT_GE(now_ns() - start, delay_us * 900);
		ASSERT_EQ(i, (__u32)io->rax);
		guest_skip(guest, &r.msg);
	}
	EXPECT_EQ(5, signals_caught());
	window_delay(0);
}

/* What a debugger or a shell's job control does to a VMM */
TEST_F(guest, stopped_and_continued)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	unsigned long n = rounds(50, 10), i;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u32 exits = 0;
	int status, ret;
	pid_t pid;

	random_init();
	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_count16);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		for (;;) {
			ret = __vp_run(guest->vp, &msg);
			if (ret == -EINTR)
				continue;
			die_if(ret, "MSHV_RUN_VP: %d", ret);
			die_if((__u32)io->rax != ++exits, "exit %u, not %u", (__u32)io->rax,
			       exits);
			guest_skip(guest, &msg);
		}
	}
	for (i = 0; i < n; i++) {
		sleep_us(random_below(3000) * time_scale());
		kill(pid, SIGSTOP);
		ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
		ASSERT_TRUE(WIFSTOPPED(status));
		kill(pid, SIGCONT);
	}
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGKILL, WTERMSIG(status));
}

TEST_HARNESS_MAIN

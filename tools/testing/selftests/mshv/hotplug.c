// SPDX-License-Identifier: GPL-2.0
/* Processors of the root go and come while guests run. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "fixture.h"

#define CPU1	"/sys/devices/system/cpu/cpu1/online"

FIXTURE(hotplug) {
	struct books books;
	struct guest guest;
};

FIXTURE_SETUP(hotplug)
{
	if (missing())
		SKIP(return, "%s", missing());
	if (online_cpus() < 2 || access(CPU1, W_OK))
		SKIP(return, "needs a second processor that can be taken offline");
	books_open(&self->books);
	guest_create(&self->guest, 0);
}

FIXTURE_TEARDOWN(hotplug)
{
	write_text(CPU1, "1");
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

struct worker {
	pthread_t thread;
	struct guest guest;
	bool stop;
	__u32 exits;
};

/* Runs on whatever processor there is. */
static void *worker_main(void *arg)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct worker *w = arg;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	while (!__atomic_load_n(&w->stop, __ATOMIC_ACQUIRE)) {
		vp_run(w->guest.vp, &msg);
		die_if((__u32)io->rax != w->exits + 1, "exit %u after %u", (__u32)io->rax,
		       w->exits);
		w->exits++;
		guest_skip(&w->guest, &msg);
	}
	return NULL;
}

static void start_workers(struct worker *workers, int n, struct guest *guest)
{
	int i;

	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 0; i < n; i++) {
		workers[i].guest = *guest;
		if (i)
			workers[i].guest.vp = vp_create(guest->part, i);
		vp_start(workers[i].guest.vp, MODE_REAL, 0);
		errno = pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]);
		die_if(errno, "pthread_create");
	}
}

static __u64 stop_workers(struct worker *workers, int n)
{
	__u64 exits = 0;
	int i;

	for (i = 0; i < n; i++) {
		__atomic_store_n(&workers[i].stop, true, __ATOMIC_RELEASE);
		pthread_join(workers[i].thread, NULL);
		exits += workers[i].exits;
		if (i)
			close(workers[i].guest.vp);
	}
	return exits;
}

/* Exits all the time on both processors: not one message is lost with a processor. */
TEST_F_TIMEOUT(hotplug, under_load, 180 * time_scale())
{
	struct worker workers[3] = {};
	unsigned long n = rounds(8, 2), i;
	__u64 exits;

	start_workers(workers, 3, &self->guest);
	for (i = 0; i < n; i++) {
		sleep_us(100000);
		write_text(CPU1, "0");
		sleep_us(100000);
		write_text(CPU1, "1");
	}
	sleep_us(100000);
	exits = stop_workers(workers, 3);
	EXPECT_GT(exits, n);
	EXPECT_EQ(exits, window_counter(COUNT_MESSAGES));
	EXPECT_EQ(0, window_counter(COUNT_DISCARDED));
}

/* The processor that resumed the VP goes while it runs, or while its message is late. */
TEST_F_TIMEOUT(hotplug, processor_of_a_run_goes, 180 * time_scale())
{
	unsigned long n = rounds(4, 1), i;
	struct guest *guest = &self->guest;
	struct runner r;

	for (i = 0; i < n; i++) {
		guest_start(guest, MODE_REAL, code_spin16);
		runner_start(&r, guest->vp, 1);
		guest_wait_tick(guest);
		write_text(CPU1, "0");
		vp_cancel(guest->vp);
		ASSERT_TRUE(runner_wait(&r, 20000));
		EXPECT_EQ(-EINTR, runner_join(&r));
		write_text(CPU1, "1");

		guest_start(guest, MODE_REAL, code_out16);
		window_zero();
		window_delay(300000 * time_scale());
		runner_start(&r, guest->vp, 1);
		window_await(COUNT_INTERCEPTS, 1);
		write_text(CPU1, "0");
		ASSERT_TRUE(runner_wait(&r, 20000));
		window_delay(0);
		EXPECT_EQ(0, runner_join(&r));
		EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, r.msg.header.message_type);
		write_text(CPU1, "1");
	}
}

/* Messages arrive on a processor that has come back. */
TEST_F(hotplug, back_in_service)
{
	struct mshv_hv_message msg;
	int i;

	write_text(CPU1, "0");
	guest_start(&self->guest, MODE_REAL, code_out16);
	for (i = 0; i < 20; i++)
		vp_run(self->guest.vp, &msg);
	write_text(CPU1, "1");
	pin_to_cpu(1);
	for (i = 0; i < 20; i++)
		vp_run(self->guest.vp, &msg);
}

/* Partitions are made and destroyed meanwhile. */
TEST_F_TIMEOUT(hotplug, create_meanwhile, 180 * time_scale())
{
	unsigned long n = rounds(3, 1), i, j;
	struct guest guest;

	for (i = 0; i < 2 * n; i++) {
		write_text(CPU1, i % 2 ? "1" : "0");
		for (j = 0; j < n; j++) {
			guest_create(&guest, 0);
			guest_destroy(&guest);
		}
	}
}

TEST_HARNESS_MAIN

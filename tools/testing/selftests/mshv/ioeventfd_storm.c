// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells under load: more writes than event rings hold, by many VPs, while
 * ioeventfds, signals and processors come and go. Events of a doorbell may merge;
 * but one is seen after each write.
 */
#include <errno.h>
#include <signal.h>

#include "event.h"

#define CPU1	"/sys/devices/system/cpu/cpu1/online"
#define VPS	4
#define GPA(i)	(GUEST_HOLE + 0x200 + 4 * (i))

static void vps_create(struct guest *guest, int vp[VPS])
{
	int i;

	for (i = 0; i < VPS; i++) {
		vp[i] = i ? vp_create(guest->part, i) : guest->vp;
		vp_start(vp[i], MODE_64, GUEST_CODE);
	}
}

static void vps_close(int vp[VPS])
{
	int i;

	for (i = 1; i < VPS; i++)
		close(vp[i]);
}

static __u64 *written(struct guest *guest, int i)
{
	return (__u64 *)(guest->mem + GUEST_DATA + 64 * i);
}

/* @vp writes @n times (0 for 2^32), with @pause turns in between, and counts as the @i-th. */
static void storm_start(struct runner *r, int vp, int i, __u64 gpa, __u32 n, __u32 pause, int cpu)
{
	event_goto(vp, event_store_storm, gpa, i);
	reg_set(vp, HV_X64_REGISTER_RSI, GUEST_DATA + 64 * i);
	reg_set(vp, HV_X64_REGISTER_RCX, pause);
	reg_set(vp, HV_X64_REGISTER_R9, n);
	runner_start(r, vp, cpu);
}

static void storm_stop(struct __test_metadata *_metadata, struct runner *r)
{
	vp_cancel(r->vp);
	EXPECT_TRUE(runner_wait(r, 20000));
	EXPECT_EQ(-EINTR, runner_join(r));
}

static bool comes_until(int fd, __u64 *got, __u64 want)
{
	while (*got < want) {
		if (!event_comes(fd, 10000))
			return false;
		*got += event_take(fd);
	}
	return true;
}

/* More doorbells than a ring has entries, rung by several VPs at once: each has been rung. */
TEST_F_TIMEOUT(events, more_than_a_ring_holds, 120 * time_scale())
{
	enum { BELLS = 200, WRITES = 3 };
	struct guest *guest = &self->guest;
	int fd[BELLS], vp[VPS], i, j;
	struct runner r[VPS];
	__u64 got;

	vps_create(guest, vp);
	for (i = 0; i < BELLS; i++) {
		fd[i] = event_new();
		ASSERT_EQ(0, __io_request(self->part, fd[i], GPA(i), 4, 0, 0));
	}
	window_zero();
	for (i = 0; i < BELLS; i += VPS) {
		for (j = 0; j < VPS; j++)
			storm_start(&r[j], vp[j], j, GPA(i + j), WRITES, 0, -1);
		for (j = 0; j < VPS; j++)
			ASSERT_EQ(0, runner_join(&r[j]));
	}
	for (i = 0; i < BELLS; i++) {
		got = 0;
		EXPECT_TRUE(comes_until(fd[i], &got, 1)) TH_LOG("doorbell %d", i);
		EXPECT_GE(WRITES, got);
		close(fd[i]);
	}
	EXPECT_EQ(WRITES * BELLS, window_counter(COUNT_DOORBELLS));
	vps_close(vp);
}

/* All write as fast as they can for a while: after the last write there is a signal. */
TEST_F_TIMEOUT(events, of_many_vps, 120 * time_scale())
{
	__u64 writes = 0, got[VPS] = {}, last;
	struct guest *guest = &self->guest;
	int fd[VPS], vp[VPS], i, j, n = rounds(3, 2);
	struct runner r[VPS];

	vps_create(guest, vp);
	for (i = 0; i < VPS; i++) {
		fd[i] = event_new();
		ASSERT_EQ(0, __io_request(self->part, fd[i], GPA(i), 4, 0, 0));
	}
	window_zero();
	for (j = 0; j < n; j++) {
		for (i = 0; i < VPS; i++)
			storm_start(&r[i], vp[i], i, GPA(i), 2000, 0, -1);
		for (i = 0; i < VPS; i++) {
			EXPECT_EQ(0, runner_join(&r[i]));
			last = got[i];
			ASSERT_TRUE(comes_until(fd[i], &got[i], last + 1));
		}
		/* What is still on its way is of this round. */
		for (i = 0; i < VPS; i++) {
			while (event_comes(fd[i], 20))
				got[i] += event_take(fd[i]);
		}
	}
	for (i = 0; i < VPS; i++) {
		EXPECT_EQ(2000ull * n, *written(guest, i));
		EXPECT_GE(*written(guest, i), got[i]);
		writes += *written(guest, i);
		TH_LOG("VP %d: %llu writes, %llu signals", i, *written(guest, i), got[i]);
		close(fd[i]);
	}
	EXPECT_EQ(writes, window_counter(COUNT_DOORBELLS));
	/* One exit each at the end of a round, and no other */
	EXPECT_EQ(VPS * n, window_counter(COUNT_INTERCEPTS));
	TH_LOG("%llu events, %llu found their ring full", window_counter(COUNT_PORT_EVENTS),
	       window_counter(COUNT_RING_FULL));
	vps_close(vp);
}

/* One write at a time, by a VP that waits long between them: none is overlooked. */
TEST_F(events, each_is_seen)
{
	__u64 n = rounds(400, 60), i, got = 0;
	struct guest *guest = &self->guest;

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, 0, 0));
	random_init();
	for (i = 0; i < n; i++) {
		if (i % 64 == 0)
			pin_to_cpu(random_below(online_cpus()));
		ASSERT_EQ(FATE_SIGNAL, event_do(guest, event_store32, GPA(0), i));
		ASSERT_TRUE(comes_until(self->fd, &got, i + 1)) TH_LOG("write %llu", i);
	}
	EXPECT_EQ(n, got);
	EXPECT_EQ(0, event_take(self->fd));
}

/* A run that only writes ends at a signal, and soon. */
TEST_F(events, signalled)
{
	struct guest *guest = &self->guest;
	int i, n = rounds(15, 5);
	__u64 begun, worst = 0;
	struct runner r;

	catch_signal(SIGUSR1);
	random_init();
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, 0, 0));
	for (i = 0; i < n; i++) {
		storm_start(&r, guest->vp, 0, GPA(0), 0, 0, -1);
		sleep_us(random_below(3000));
		begun = now_ns();
		do {
			runner_signal(&r, SIGUSR1);
		} while (!runner_wait(&r, 500));
		EXPECT_EQ(-EINTR, runner_join(&r));
		if (now_ns() - begun > worst)
			worst = now_ns() - begun;
		ASSERT_TRUE(vp_suspended(guest->vp));
	}
	EXPECT_GT(5000000000ull * time_scale(), worst);
	EXPECT_TRUE(event_comes(self->fd, 5000));
}

/* Behind the store at RIP, which is two bytes long */
static void skip_store(struct guest *guest)
{
	reg_set(guest->vp, HV_X64_REGISTER_RIP, reg_get(guest->vp, HV_X64_REGISTER_RIP) + 2);
}

/* Assigned and deassigned while the guest writes: signals only in between. */
TEST_F(events, comes_and_goes)
{
	__u64 n = rounds(60, 10), got = 0, exits = 0, i;
	struct guest *guest = &self->guest;
	struct runner r;

	random_init();
	event_goto(guest->vp, event_store_storm, GPA(0), 0);
	reg_set(guest->vp, HV_X64_REGISTER_RCX, 0);
	reg_set(guest->vp, HV_X64_REGISTER_R9, 0);
	for (i = 0; i < n; i++) {
		/* The first store comes before the doorbell, or not. */
		if (i % 2)
			runner_start(&r, guest->vp, -1);
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, 0, 0));
		if (i % 2 == 0) {
			runner_start(&r, guest->vp, -1);
			ASSERT_TRUE(event_comes(self->fd, 20000));
		}
		sleep_us(random_below(1000));
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, DEASSIGN, 0));
		got += event_take(self->fd);
		ASSERT_EQ(0, runner_join(&r));
		ASSERT_EQ(MSHV_HVMSG_UNMAPPED_GPA, r.msg.header.message_type);
		/* Nothing comes late, not even of an event that was in a ring. */
		ASSERT_EQ(0, event_take(self->fd)) TH_LOG("round %llu", i);
		skip_store(guest);
		exits++;
	}
	EXPECT_GE(*written(guest, 0) + 1, got + exits);
	EXPECT_LT(0, got);
	TH_LOG("%llu signals, %llu exits, %llu writes", got, exits, *written(guest, 0));
}

/* A number of a port that is gone may still be in a ring: it signals nobody else. */
TEST_F(events, stale_events)
{
	__u64 n = rounds(60, 10), i;
	struct guest *guest = &self->guest;
	struct runner r;
	int other;

	other = event_new();
	storm_start(&r, guest->vp, 0, GPA(0), 0, 0, -1);
	ASSERT_TRUE(runner_wait(&r, 20000));
	EXPECT_EQ(0, runner_join(&r));
	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, 0, 0));
		storm_start(&r, guest->vp, 0, GPA(0), 0, 0, -1);
		sleep_us(200);
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA(0), 4, DEASSIGN, 0));
		/* The next one, that nobody writes to */
		ASSERT_EQ(0, __io_request(self->part, other, GPA(9), 4, 0, 0));
		ASSERT_EQ(0, runner_join(&r));
		ASSERT_EQ(0, event_take(other));
		ASSERT_EQ(0, __io_request(self->part, other, GPA(9), 4, DEASSIGN, 0));
	}
	close(other);
}

/* The processor whose ring it is goes away while it rings, and comes back. */
TEST_F_TIMEOUT(events, processor_goes, 180 * time_scale())
{
	struct guest *guest = &self->guest;
	unsigned long n = rounds(2, 1), i;
	int fd[2], vp[VPS], j, k;
	struct runner r[2];
	__u64 got;

	if (online_cpus() < 2 || access(CPU1, W_OK))
		SKIP(return, "needs a second processor that can be taken offline");
	vps_create(guest, vp);
	for (j = 0; j < 2; j++) {
		fd[j] = event_new();
		ASSERT_EQ(0, __io_request(self->part, fd[j], GPA(j), 4, 0, 0));
	}
	for (i = 0; i < n; i++) {
		for (j = 0; j < 2; j++)
			storm_start(&r[j], vp[j], j, GPA(j), 0, 0, j);
		for (k = 0; k < 2; k++) {
			write_text(CPU1, k ? "1" : "0");
			for (j = 0; j < 2; j++) {
				event_take(fd[j]);
				got = 0;
				EXPECT_TRUE(comes_until(fd[j], &got, 3))
					TH_LOG("round %lu, doorbell %d, processor %s", i, j,
					       k ? "back" : "gone");
			}
		}
		for (j = 0; j < 2; j++)
			storm_stop(_metadata, &r[j]);
		/* The last write was seen, wherever its event went. */
		for (j = 0; j < 2; j++) {
			while (event_comes(fd[j], 20))
				event_take(fd[j]);
			storm_start(&r[j], vp[j], j, GPA(j), 1, 0, -1);
			EXPECT_EQ(0, runner_join(&r[j]));
			EXPECT_TRUE(event_comes(fd[j], 10000));
			event_take(fd[j]);
		}
	}
	for (j = 0; j < 2; j++)
		close(fd[j]);
	vps_close(vp);
}

TEST_HARNESS_MAIN

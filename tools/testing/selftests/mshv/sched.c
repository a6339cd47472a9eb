// SPDX-License-Identifier: GPL-2.0
/*
 * How the hypervisor shares processors: a guest that never exits starves
 * nobody, and is stopped when it shall stop.
 */
#include <errno.h>

#include "fixture.h"

/*
 * The machine below has other things to do, too, and not the same for each of those that are
 * compared. A bad scheduler is bad every time.
 */
#define TRIES		4

/* For a VP to stop, however busy the machine below is */
#define LONGEST_NS	(2000000000ull * time_scale())

/* How far two busy ones get in this time */
#define SPAN_NS		(1000000000ull * (debug_kernel() ? 4 : 1))

static __u64 count_for(__u64 ns)
{
	__u64 end = now_ns() + ns, n = 0;
	int work;

	while (now_ns() < end) {
		for (work = 0; work < 1000; work++)
			asm volatile("" : "+r" (work));
		n++;
	}
	return n;
}

/* How far the guest gets in @ns, alone or beside a busy root */
static __u64 guest_share(struct guest *guest, __u64 ns, __u64 *root)
{
	struct runner r;
	__u32 ticks;

	runner_start(&r, guest->vp, 0);
	guest_wait_tick(guest);
	ticks = guest_ticks(guest);
	if (root)
		*root += count_for(ns);
	else
		sleep_us(ns / 1000);
	ticks = guest_ticks(guest) - ticks;
	vp_cancel(guest->vp);
	die_if(runner_join(&r) != -EINTR, "the run ended by itself");
	return ticks;
}

/* Short turns, so that the machine below is as busy for one as for the other. */
static bool fair_beside_root(struct __test_metadata *_metadata, struct guest *guest)
{
	__u64 root_alone = 0, root_shared = 0, guest_alone = 0, guest_shared = 0;
	int i;

	for (i = 0; i < 10; i++) {
		root_alone += count_for(SPAN_NS / 5);
		guest_alone += guest_share(guest, SPAN_NS / 5, NULL);
		guest_shared += guest_share(guest, SPAN_NS / 5, &root_shared);
	}
	TH_LOG("root %llu of %llu, guest %llu of %llu", root_shared, root_alone, guest_shared,
	       guest_alone);
	return root_shared * 4 >= root_alone && guest_shared * 4 >= guest_alone;
}

/* On one processor each gets at least a quarter of what it gets alone. */
TEST_F_TIMEOUT(guest, fair_shares, 120 * time_scale())
{
	bool fair = false;
	int i;

	guest_start(&self->guest, MODE_REAL, code_spin16);
	pin_to_cpu(0);
	for (i = 0; i < TRIES && !fair; i++)
		fair = fair_beside_root(_metadata, &self->guest);
	EXPECT_TRUE(fair);
}

/* The guests' progress in the same time */
static bool fair_to_both(struct __test_metadata *_metadata, struct guest *guests[2])
{
	__u64 ticks[2];
	int i;

	for (i = 0; i < 2; i++)
		ticks[i] = guest_ticks(guests[i]);
	sleep_us(SPAN_NS / 1000);
	for (i = 0; i < 2; i++)
		ticks[i] = (__u32)(guest_ticks(guests[i]) - ticks[i]);
	TH_LOG("%llu and %llu", ticks[0], ticks[1]);
	return ticks[0] * 4 >= ticks[1] && ticks[1] * 4 >= ticks[0];
}

/* Two guests on one processor, and the root idle */
TEST_F_TIMEOUT(guest, two_guests_one_processor, 120 * time_scale())
{
	struct guest other, *guests[2] = { &self->guest, &other };
	struct runner r[2];
	bool fair = false;
	int i;

	guest_create(&other, 0);
	pin_to_cpu(0);
	for (i = 0; i < 2; i++) {
		guest_start(guests[i], MODE_REAL, code_spin16);
		runner_start(&r[i], guests[i]->vp, 0);
	}
	for (i = 0; i < 2; i++)
		guest_wait_tick(guests[i]);
	for (i = 0; i < TRIES && !fair; i++)
		fair = fair_to_both(_metadata, guests);
	EXPECT_TRUE(fair);
	for (i = 0; i < 2; i++) {
		vp_cancel(guests[i]->vp);
		EXPECT_EQ(-EINTR, runner_join(&r[i]));
	}
	guest_destroy(&other);
}

/* Two VPs answer each other through memory, without a single exit. */
TEST_F_TIMEOUT(guest, ping_pong, 120 * time_scale())
{
	struct guest *guest = &self->guest;
	int vp1 = vp_create(guest->part, 1);
	struct runner ping, pong;
	__u32 before, moved = 0;
	int i;

	if (online_cpus() < 2) {
		close(vp1);
		SKIP(return, "needs two processors");
	}
	guest_start(guest, MODE_64, code_ping64);
	memcpy(guest->mem + GUEST_CODE + 0x800, code_pong64, code_pong64_end - code_pong64);
	vp_start(vp1, MODE_64, GUEST_CODE + 0x800);
	window_zero();
	runner_start(&ping, guest->vp, 0);
	runner_start(&pong, vp1, 1);
	guest_wait_tick(guest);
	before = guest_ticks(guest);
	for (i = 0; i < 20 && moved < 4; i++) {
		sleep_us(SPAN_NS / 1000);
		moved = guest_ticks(guest) - before;
	}
	EXPECT_EQ(0, window_counter(COUNT_INTERCEPTS));
	vp_cancel(guest->vp);
	vp_cancel(vp1);
	EXPECT_EQ(-EINTR, runner_join(&ping));
	EXPECT_EQ(-EINTR, runner_join(&pong));
	close(vp1);
	TH_LOG("%u answers", moved);
	EXPECT_GE(moved, 4);
}

/*
 * A VP that is told to stop has stopped within 100 ms, unless the machine below takes a break, and
 * that is not as long as LONGEST_NS. Once the call has returned it executes nothing more.
 */
TEST_F_TIMEOUT(guest, stops_in_time, 120 * time_scale())
{
	unsigned long n = rounds(50, 10), late = 0, i;
	struct guest *guest = &self->guest;
	__u64 start, longest = 0;
	struct runner r;
	__u32 ticks;

	guest_start(guest, MODE_REAL, code_spin16);
	for (i = 0; i < n; i++) {
		runner_start(&r, guest->vp, i % online_cpus());
		guest_wait_tick(guest);
		start = now_ns();
		vp_cancel(guest->vp);
		ASSERT_EQ(-EINTR, runner_join(&r));
		ticks = guest_ticks(guest);
		start = now_ns() - start;
		longest = start > longest ? start : longest;
		if (start > 100000000ull * time_scale())
			late++;
		EXPECT_GE(LONGEST_NS, start);
		EXPECT_EQ(1, reg_get(guest->vp, HV_REGISTER_EXPLICIT_SUSPEND));
		sleep_us(1000);
		ASSERT_EQ(ticks, guest_ticks(guest));
	}
	TH_LOG("longest %llu us, %lu late", longest / 1000, late);
	EXPECT_LE(late, n / 5);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * STI; HLT over and over against interrupts at any instant: from another VP, from the VMM, from
 * the VP's own timer.  A wake-up that is lost is a sleep without end.
 *
 * ROUNDS is how often, a million by default; SECONDS is for how long at most, as each wake-up
 * costs what it costs on the machine at hand.
 */
#include "lapic.h"

#define VECTOR	0x51

static __u64 from_environment(const char *name, __u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static __u32 most_rounds(void)
{
	return from_environment("ROUNDS", 1000000);
}

static __u64 seconds(void)
{
	return from_environment("SECONDS", rounds(20, 8));
}

static __u64 last_moment(void)
{
	return now_ns() + seconds() * 1000000000ull;
}

#define TEST_SECONDS	(seconds() + 100 * time_scale())

/*
 * Its handler counts an interrupt that comes before the HLT, too, and then it sleeps: only what is
 * behind the HLT tells that it has woken up.
 */
static __u32 woken(const struct agent *sleeper)
{
	return __atomic_load_n(&sleeper->area->ticks, __ATOMIC_ACQUIRE);
}

static bool wakes(const struct agent *sleeper, __u32 count)
{
	const __u64 end = now_ns() + 20000000000ull * time_scale();

	while (woken(sleeper) < count) {
		if (now_ns() > end)
			return false;
		sleep_us(50);
	}
	return true;
}

/* Until @agent has ended or time is up: false if it got nowhere for a generous time. */
static bool progresses(struct agent *agent, struct runner *r)
{
	const __u64 patience = 20000000000ull * time_scale(), end = last_moment();
	__u64 ticks, seen = 0, since = now_ns();

	while (!runner_done(r) && now_ns() < end) {
		ticks = __atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE);
		if (ticks != seen)
			since = now_ns();
		else if (now_ns() - since > patience)
			return false;
		seen = ticks;
		sleep_us(1000);
	}
	__atomic_store_n(&agent->area->stop, 1, __ATOMIC_RELEASE);
	return runner_wait(r, 20000);
}

static void said(const struct agent *agent, const char *whom)
{
	printf("# %llu wake-ups by %s\n", (unsigned long long)agent->area->ticks, whom);
}

static void stop_sleeper(struct agent *agent, struct runner *r)
{
	__atomic_store_n(&agent->area->stop, 1, __ATOMIC_RELEASE);
	interrupt_fixed(agent->guest->part, 0, VECTOR);
	agent_stop(agent, r);
}

/* One from the other processor as soon as it has woken up from the last one, or a little later */
TEST_F_TIMEOUT(lapics, from_another_vp, TEST_SECONDS)
{
	struct agent *sleeper = &self->agent[0], *sender = &self->agent[1];
	struct runner sleeps, sends;

	random_init();
	reg_set(sender->vp, HV_X64_REGISTER_RAX, VECTOR);
	reg_set(sender->vp, HV_X64_REGISTER_RCX, LAPIC_BASE + REG_ICR);
	reg_set(sender->vp, HV_X64_REGISTER_R8, AGENT_AREA + AREA_TICKS);
	reg_set(sender->vp, HV_X64_REGISTER_R9, most_rounds());
	reg_set(sender->vp, HV_X64_REGISTER_R11, random_u64() | 1);
	reg_set(sender->vp, HV_X64_REGISTER_RSI, 0x3ff);
	agent_run_on(sleeper, &sleeps, agent_sleep, 0);
	agent_run_on(sender, &sends, agent_ipi, 1);
	ASSERT_TRUE(progresses(sender, &sends))
		TH_LOG("a wake-up is lost after %llu", sender->area->ticks);
	EXPECT_EQ(0, runner_join(&sends));
	EXPECT_EQ(0, agent_end(sender, &sends.msg));
	EXPECT_EQ(sender->area->ticks, sleeper->area->counts[VECTOR]);
	EXPECT_EQ(sender->area->ticks, woken(sleeper));
	EXPECT_EQ(0, sleeper->area->counts[0]);
	said(sender, "another VP");
	stop_sleeper(sleeper, &sleeps);
}

/* From the VMM, once the last one has woken it, after any time from none to a few us */
TEST_F_TIMEOUT(lapics, from_the_vmm, TEST_SECONDS)
{
	struct agent *agent = &self->agent[0];
	const __u64 end = last_moment();
	__u32 n = most_rounds(), i;
	unsigned int spin;
	struct runner r;

	random_init();
	agent_run(agent, &r, agent_sleep);
	for (i = 1; i <= n && now_ns() < end; i++) {
		for (spin = random_below(1 << random_below(12)); spin; spin--)
			asm volatile("pause");
		interrupt_fixed(self->guest.part, 0, VECTOR);
		ASSERT_TRUE(wakes(agent, i)) TH_LOG("wake-up %u is lost", i);
	}
	EXPECT_EQ(woken(agent), agent->area->counts[VECTOR]);
	said(agent, "the VMM");
	stop_sleeper(agent, &r);
}

/* From its own timer, at times before, in and after the two instructions */
TEST_F_TIMEOUT(lapics, from_its_timer, TEST_SECONDS)
{
	struct agent *agent = &self->agent[0];
	struct runner r;

	random_init();
	agent_lapic_write(agent, REG_DIVIDE, DIVIDE_BY_1);
	agent_lapic_write(agent, REG_TIMER, VECTOR);
	reg_set(agent->vp, HV_X64_REGISTER_R9, most_rounds());
	reg_set(agent->vp, HV_X64_REGISTER_R11, random_u64() | 1);
	reg_set(agent->vp, HV_X64_REGISTER_RSI, 0x1fff);
	agent_run(agent, &r, agent_timer);
	ASSERT_TRUE(progresses(agent, &r))
		TH_LOG("a wake-up is lost after %llu", agent->area->ticks);
	EXPECT_EQ(0, runner_join(&r));
	EXPECT_EQ(0, agent_end(agent, &r.msg));
	EXPECT_EQ(agent->area->ticks, agent->area->counts[VECTOR]);
	EXPECT_EQ(0, agent->area->counts[0]);
	said(agent, "the timer");
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_GET_VP_STATE and MSHV_SET_VP_STATE of a local APIC, and their arguments. */
#include <assert.h>
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define LAPIC_SIZE	176

#define REG_ID		0x20
#define REG_EOI		0xb0
#define REG_LDR		0xd0
#define REG_SPURIOUS	0xf0
#define REG_IRR		0x200
#define REG_TIMER	0x320
#define REG_LINT0	0x350
#define REG_COUNT	0x380
#define REG_CURRENT	0x390
#define REG_DIVIDE	0x3e0

#define ENABLED		0x1ff
#define PERIODIC	0x20000
#define MASKED		0x10000
#define DIVIDE_BY_1	0xb
#define DIVIDE_BY_128	0xa

#define VECTOR_TIMER	0x41
#define VECTOR_LOW	0x42
#define VECTOR_HELD	0x63
#define VECTOR_HIGH	0xa4

static_assert(sizeof(struct lapic_state) == LAPIC_SIZE, "state of a local APIC");

FIXTURE(lapic) {
	struct books books;
	struct guest guest;
	struct agent agent, other;
	int vp1;
};

FIXTURE_SETUP(lapic)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, MSHV_PARTITION_LAPIC_ENABLED);
	self->vp1 = vp_create(self->guest.part, 1);
	agent_load(&self->guest);
	agent_start(&self->agent, &self->guest, self->guest.vp, 0);
	agent_start(&self->other, &self->guest, self->vp1, 1);
	/* It would wait for a start-up IPI. */
	reg_set(self->vp1, HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0);
}

FIXTURE_TEARDOWN(lapic)
{
	close(self->vp1);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* What a local APIC has after reset */
TEST_F(lapic, works)
{
	struct lapic_state s, again;

	lapic_get(self->guest.vp, &s);
	EXPECT_EQ(0x14, s.version & 0xff);
	EXPECT_EQ(0xff, s.spurious & 0x1ff);
	EXPECT_EQ(0xffffffff, s.dfr);
	EXPECT_EQ(MASKED, s.lvt_timer);
	EXPECT_EQ(MASKED, s.lvt_lint0);
	EXPECT_EQ(0, s.initial_count);
	lapic_set(self->guest.vp, &s);
	lapic_get(self->guest.vp, &again);
	EXPECT_EQ(0, memcmp(&s, &again, sizeof(s)));
}

/* As the clients do it: read, change the modes of two pins, write back */
TEST_F(lapic, pins)
{
	struct lapic_state s;

	lapic_get(self->guest.vp, &s);
	s.lvt_lint0 = 0x10700;
	s.lvt_lint1 = 0x10400;
	lapic_set(self->guest.vp, &s);
	EXPECT_EQ(0x10700, agent_lapic_read(&self->agent, REG_LINT0));
	EXPECT_EQ(0x10400, agent_lapic_read(&self->agent, REG_LINT0 + 0x10));
	lapic_get(self->guest.vp, &s);
	EXPECT_EQ(0x10700, s.lvt_lint0);
	EXPECT_EQ(0x10400, s.lvt_lint1);
}

/* What the guest programs is in the state. */
TEST_F(lapic, left_by_the_guest)
{
	struct agent *agent = &self->agent;
	struct lapic_state s;

	agent_lapic_write(agent, REG_SPURIOUS, ENABLED);
	agent_lapic_write(agent, REG_LDR, 0x04000000);
	agent_lapic_write(agent, REG_TIMER, MASKED | PERIODIC | VECTOR_TIMER);
	agent_lapic_write(agent, REG_DIVIDE, DIVIDE_BY_1);
	agent_lapic_write(agent, REG_COUNT, 0x7fffffff);
	agent_lapic_write(agent, REG_LINT0, 0x700);
	lapic_get(agent->vp, &s);
	EXPECT_EQ(ENABLED, s.spurious);
	EXPECT_EQ(0x04000000, s.ldr);
	EXPECT_EQ(MASKED | PERIODIC | VECTOR_TIMER, s.lvt_timer);
	EXPECT_EQ(DIVIDE_BY_1, s.divide);
	EXPECT_EQ(0x7fffffff, s.initial_count);
	EXPECT_GE(0x7fffffff, s.counter_value);
	EXPECT_NE(0, s.counter_value);
	EXPECT_EQ(0x700, s.lvt_lint0);
	/* The other VP has its own. */
	lapic_get(self->vp1, &s);
	EXPECT_EQ(0, s.initial_count);
	EXPECT_EQ(MASKED, s.lvt_timer);
}

/* Interrupts that one VP has not taken come in the other one, highest first. */
TEST_F(lapic, pending_interrupts_move)
{
	static const __u8 vectors[] = { 0x31, 0x52, 0xa3, 0xf4 };
	struct agent *agent = &self->agent, *other = &self->other;
	struct lapic_state s;
	size_t i;

	agent_lapic_write(agent, REG_SPURIOUS, ENABLED);
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		interrupt_fixed(self->guest.part, 0, vectors[i]);
	lapic_get(agent->vp, &s);
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		EXPECT_EQ(1u << (vectors[i] & 31), s.irr[vectors[i] / 32]);
	lapic_get(self->vp1, &(struct lapic_state){});
	s.id = 1 << 24;
	lapic_set(self->vp1, &s);
	EXPECT_EQ(0, agent_do(other, agent_window));
	EXPECT_EQ(ARRAY_SIZE(vectors), other->area->logged);
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		EXPECT_EQ(vectors[ARRAY_SIZE(vectors) - 1 - i], other->area->log[i]);
	lapic_get(self->vp1, &s);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, s.irr[i] | s.isr[i]);
	/* Where they came from they still are, until that is overwritten. */
	EXPECT_EQ(0, agent_do(agent, agent_window));
	EXPECT_EQ(ARRAY_SIZE(vectors), agent->area->logged);
}

/* A timer that runs in one VP goes on in the other one. */
TEST_F(lapic, timer_moves)
{
	struct agent *agent = &self->agent, *other = &self->other;
	struct lapic_state s;
	__u64 end;

	agent_lapic_write(agent, REG_SPURIOUS, ENABLED);
	agent_lapic_write(agent, REG_DIVIDE, DIVIDE_BY_1);
	agent_lapic_write(agent, REG_TIMER, PERIODIC | VECTOR_TIMER);
	agent_lapic_write(agent, REG_COUNT, 2000000);
	lapic_get(agent->vp, &s);
	EXPECT_EQ(2000000, s.initial_count);
	s.id = 1 << 24;
	lapic_set(self->vp1, &s);
	end = now_ns() + 20000000000ull * time_scale();
	while (other->area->counts[VECTOR_TIMER] < 5 && now_ns() < end)
		die_if(agent_do(other, agent_halt), "an exception in the agent's sleep");
	EXPECT_LE(5, other->area->counts[VECTOR_TIMER]);
}

/* What is left to count, in nanoseconds, lies between what has passed at least and at most. */
static void check_count(struct __test_metadata *_metadata, int vp, __u64 hz, __u32 set,
			const __u64 since[2])
{
	__u64 least = now_ns() - since[1], most;
	struct lapic_state s;
	__s64 gone;

	lapic_get(vp, &s);
	most = now_ns() - since[0];
	EXPECT_EQ(0x7fffffff, s.initial_count);
	EXPECT_GE(set, s.counter_value);
	gone = (__s64)(set - s.counter_value) * 1000000000 / (__s64)hz;
	/* The clocks may differ by a few per cent. */
	EXPECT_LE(least - least / 10, gone + 1000000);
	EXPECT_GE(most + most / 10 + 1000000, gone);
}

/* It goes on where it was, from counter_value; the initial count would take minutes. */
TEST_F(lapic, timer_goes_on)
{
	__u64 hz = reg_get(self->guest.vp, HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY) / 128;
	__u32 count = hz / 2 * time_scale();
	struct agent *other = &self->other;
	struct lapic_state s;
	__u64 since[2];

	ASSERT_LT(count, 0x7fffffff / 8);
	lapic_get(self->vp1, &s);
	s.spurious = ENABLED;
	s.lvt_timer = VECTOR_TIMER;
	s.divide = DIVIDE_BY_128;
	s.initial_count = 0x7fffffff;
	s.counter_value = count;
	since[0] = now_ns();
	lapic_set(self->vp1, &s);
	since[1] = now_ns();
	check_count(_metadata, self->vp1, hz, count, since);
	sleep_us(100000);
	check_count(_metadata, self->vp1, hz, count, since);
	EXPECT_EQ(0, agent_do(other, agent_halt));
	EXPECT_EQ(1, other->area->counts[VECTOR_TIMER]);
	EXPECT_LE(450000000ull * time_scale(), now_ns() - since[0]);
	EXPECT_GE(10000000000ull * time_scale(), now_ns() - since[1]);
	/* Once */
	lapic_get(self->vp1, &s);
	EXPECT_EQ(0x7fffffff, s.initial_count);
	EXPECT_EQ(0, s.counter_value);
	EXPECT_EQ(0, agent_do(other, agent_window));
	EXPECT_EQ(1, other->area->logged);
}

/* What one VP serves the other one serves: it keeps lower ones back until the EOI there. */
TEST_F(lapic, in_service_moves)
{
	struct agent *agent = &self->agent, *other = &self->other;
	struct lapic_state s;

	agent_lapic_write(agent, REG_SPURIOUS, ENABLED);
	agent->area->flags = AGENT_NO_EOI;
	interrupt_fixed(self->guest.part, 0, VECTOR_HELD);
	EXPECT_EQ(0, agent_do(agent, agent_window));
	EXPECT_EQ(1, agent->area->counts[VECTOR_HELD]);
	lapic_get(agent->vp, &s);
	EXPECT_EQ(1u << (VECTOR_HELD & 31), s.isr[VECTOR_HELD / 32]);
	s.id = 1 << 24;
	lapic_set(self->vp1, &s);
	interrupt_fixed(self->guest.part, 1, VECTOR_LOW);
	interrupt_fixed(self->guest.part, 1, VECTOR_HIGH);
	EXPECT_EQ(0, agent_do(other, agent_window));
	EXPECT_EQ(1, other->area->counts[VECTOR_HIGH]);
	EXPECT_EQ(0, other->area->counts[VECTOR_LOW]);
	lapic_get(self->vp1, &s);
	EXPECT_EQ(1u << (VECTOR_HELD & 31), s.isr[VECTOR_HELD / 32]);
	agent_lapic_write(other, REG_EOI, 0);
	lapic_get(self->vp1, &s);
	EXPECT_EQ(0, s.isr[VECTOR_HELD / 32]);
	EXPECT_EQ(0, agent_do(other, agent_window));
	EXPECT_EQ(1, other->area->counts[VECTOR_LOW]);
	EXPECT_EQ(0, other->area->counts[VECTOR_HELD]);
}

/* A state that was set and is read back is the same, values of all registers distinct. */
TEST_F(lapic, round_trip)
{
	struct lapic_state s, again;
	int i;

	lapic_get(self->guest.vp, &s);
	s.ldr = 0x10000000;
	s.dfr = 0x0fffffff;
	s.spurious = 0x1e1;
	for (i = 1; i < 8; i++) {
		s.isr[i] = i == 2 ? 0x100 : 0;
		s.tmr[i] = 0x10 << i;
		s.irr[i] = 0x11 << i;
	}
	s.icr_high = 0x05000000;
	s.icr_low = 0x000c0045;
	s.lvt_timer = MASKED | 0x31;
	s.lvt_thermal = MASKED | 0x32;
	s.lvt_perfmon = MASKED | 0x33;
	s.lvt_lint0 = MASKED | 0x34;
	s.lvt_lint1 = MASKED | 0x35;
	s.lvt_error = MASKED | 0x36;
	s.divide = 9;
	lapic_set(self->guest.vp, &s);
	lapic_get(self->guest.vp, &again);
	EXPECT_EQ(0, memcmp(&s, &again, sizeof(s)));
	for (i = 0; i < (int)(sizeof(s) / 4); i++)
		EXPECT_EQ(((__u32 *)&s)[i], ((__u32 *)&again)[i]) TH_LOG("word %d", i);
	EXPECT_EQ(0x10000000, agent_lapic_read(&self->agent, REG_LDR));
	EXPECT_EQ(0x11 << 3, agent_lapic_read(&self->agent, REG_IRR + 0x30));
}

static int get(int vp, __u32 type, void *buf, __u64 size)
{
	const struct state state = { .type = type, .size = size, .buf = buf };

	return __state_get(vp, &state);
}

static int set(int vp, __u32 type, void *buf, __u64 size)
{
	const struct state state = { .type = type, .size = size, .buf = buf };

	return __state_set(vp, &state);
}

TEST_F(lapic, types)
{
	static const __u32 types[] = { 1, 4, 5, 0x7fffffff, 0x80000000, 0x80000002, 0x80000003,
				       0x80000004, 0xffffffff };
	__u8 *page = pages_alloc(GUEST_PAGE);
	int vp = self->guest.vp;
	size_t i;

	poison(page, GUEST_PAGE);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL, get(vp, types[i], page, GUEST_PAGE))
			TH_LOG("type %#x", types[i]);
		EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, types[i], page, GUEST_PAGE))
			TH_LOG("type %#x", types[i]);
	}
	EXPECT_TRUE(poisoned(page, GUEST_PAGE));
	munmap(page, GUEST_PAGE);
}

TEST_F(lapic, sizes)
{
	__u8 buf[2 * LAPIC_SIZE];
	int vp = self->guest.vp;
	__u64 size;

	poison(buf, sizeof(buf));
	for (size = 0; size < LAPIC_SIZE; size++) {
		EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL, get(vp, STATE_LAPIC, buf, size));
		EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, STATE_LAPIC, buf, size));
	}
	EXPECT_TRUE(poisoned(buf, sizeof(buf)));
	/* Longer, and anywhere */
	EXPECT_EQ(0, get(vp, STATE_LAPIC, buf + 1, 1ull << 62));
	EXPECT_TRUE(poisoned(buf + 1 + LAPIC_SIZE, LAPIC_SIZE - 1));
	EXPECT_EQ(0, set(vp, STATE_LAPIC, buf + 1, 1ull << 62));
}

TEST_F(lapic, bad_pointers)
{
	__u8 *pages = pages_alloc(2 * GUEST_PAGE), *end = pages + GUEST_PAGE;
	int vp = self->guest.vp;

	ASSERT_EQ(0, munmap(end, GUEST_PAGE));
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, get(vp, STATE_LAPIC, NULL, LAPIC_SIZE));
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, set(vp, STATE_LAPIC, NULL, LAPIC_SIZE));
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, get(vp, STATE_LAPIC, end - 175, LAPIC_SIZE));
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, set(vp, STATE_LAPIC, end - 175, LAPIC_SIZE));
	EXPECT_EQ(0, get(vp, STATE_LAPIC, end - 176, LAPIC_SIZE));
	munmap(pages, GUEST_PAGE);
}

/* Without a local APIC there is no state of one. */
TEST_F(guest, no_lapic)
{
	__u8 buf[LAPIC_SIZE];

	poison(buf, sizeof(buf));
	EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL,
		   get(self->guest.vp, STATE_LAPIC, buf, sizeof(buf)));
	EXPECT_TRUE(poisoned(buf, sizeof(buf)));
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL,
		   set(self->guest.vp, STATE_LAPIC, buf, sizeof(buf)));
}

TEST_F(lapic, busy)
{
	struct agent *agent = &self->agent;
	__u8 buf[LAPIC_SIZE];
	struct runner r;

	agent_goto(agent, agent_spin);
	runner_start(&r, agent->vp, -1);
	while (!__atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE))
		sleep_us(100);
	poison(buf, sizeof(buf));
	EXPECT_ERR(MSHV_GET_VP_STATE, EBUSY, get(agent->vp, STATE_LAPIC, buf, sizeof(buf)));
	EXPECT_TRUE(poisoned(buf, sizeof(buf)));
	EXPECT_ERR(MSHV_SET_VP_STATE, EBUSY, set(agent->vp, STATE_LAPIC, buf, sizeof(buf)));
	vp_cancel(agent->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_EQ(0, get(agent->vp, STATE_LAPIC, buf, sizeof(buf)));
}

TEST_F(guest, wrong_fd_or_size)
{
	struct mshv_vp_state args = { .type = STATE_LAPIC };
	const int other[] = { self->guest.dev, self->guest.part };
	const unsigned int dir = _IOC_READ | _IOC_WRITE;
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(other); i++) {
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_GET_VP_STATE, &args) ? -errno : 0);
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_SET_VP_STATE, &args) ? -errno : 0);
	}
	for (size = 0; size < 64; size++) {
		if (size == sizeof(args))
			continue;
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.vp, _IOC(dir, 0xb8, 0xa, size), &args) ?
			  -errno : 0);
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.vp, _IOC(dir, 0xb8, 0xb, size), &args) ?
			  -errno : 0);
	}
}

static void *getter_main(void *arg)
{
	int ret, vp = *(int *)arg;
	__u8 *page = pages_alloc(GUEST_PAGE);

	do {
		ret = get(vp, STATE_XSAVE, page, GUEST_PAGE);
		if (!ret)
			ret = set(vp, STATE_XSAVE, page, GUEST_PAGE);
	} while (!ret);
	munmap(page, GUEST_PAGE);
	return (void *)(long)ret;
}

TEST_F(device, concurrent_close)
{
	unsigned long n = rounds(50, 8), i;
	pthread_t thread;
	void *ret;
	int part, vp;

	random_init();
	for (i = 0; i < n; i++) {
		part = part_create(self->dev, 0);
		vp = vp_create(part, 0);
		ASSERT_EQ(0, pthread_create(&thread, NULL, getter_main, &vp));
		sleep_us(random_below(2000));
		close(part);
		close(vp);
		pthread_join(thread, &ret);
		EXPECT_EQ(-EBADF, (long)ret);
	}
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * MSHV_IRQFD under load: as many signals as there is time for, and none is lost.
 *
 * Signals that come while the interrupt is pending are one interrupt with it,
 * so a guest may count less than was signalled. But an interrupt is always
 * counted after the last signal, and there are never more of them than signals.
 */
#include <errno.h>

#include "irqfd.h"

#define VECTOR_LOW	0x31

/**
 * struct source - a device that signals as fast as it can
 * @thread: thread
 * @agent: whom it interrupts
 * @vector: by what
 * @fd: eventfd
 * @seed: of its random numbers
 * @end: when to stop, ns
 * @signals: how often it has signalled
 * @lost: one was not answered
 */
struct source {
	pthread_t thread;
	struct agent *agent;
	__u8 vector;
	int fd;
	__u64 seed;
	__u64 end;
	__u64 signals;
	bool lost;
};

static __u32 counted(struct agent *agent, __u8 vector)
{
	return __atomic_load_n(&agent->area->counts[vector], __ATOMIC_ACQUIRE);
}

/* Bursts of 1 to 128 signals; the last of each must still be counted. */
static void *source_main(void *arg)
{
	struct source *s = arg;
	unsigned int n;
	__u32 before;

	while (!s->lost && now_ns() < s->end) {
		s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
		for (n = s->seed >> 57; n; n--) {
			event_signal(s->fd);
			s->signals++;
		}
		before = counted(s->agent, s->vector);
		event_signal(s->fd);
		s->signals++;
		s->lost = !count_reaches(s->agent, s->vector, before + 1);
	}
	return NULL;
}

static void source_start(struct source *s, struct agent *agent, unsigned int ms)
{
	s->agent = agent;
	s->fd = event_new();
	s->seed = random_u64();
	s->end = now_ns() + ms * 1000000ull;
	irqfd_assign(agent->guest->part, s->fd, s->vector);
	errno = pthread_create(&s->thread, NULL, source_main, s);
	die_if(errno, "pthread_create");
}

static void source_join(struct __test_metadata *_metadata, struct source *s)
{
	pthread_join(s->thread, NULL);
	EXPECT_FALSE(s->lost) TH_LOG("vector %#x after %llu signals", s->vector, s->signals);
	EXPECT_EQ(0, event_take(s->fd));
	EXPECT_LE(counted(s->agent, s->vector), s->signals);
	TH_LOG("vector %#x: %llu signals, %u interrupts", s->vector, s->signals,
	       counted(s->agent, s->vector));
	close(s->fd);
}

/* Numbers are the vectors. */
static void route_vectors(int part, unsigned int id[2], unsigned int nr)
{
	struct mshv_msi_routing_entry entries[8] = {};
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		entries[i].gsi = VECTOR + i;
		entries[i].address_lo = MSI_ADDRESS(id[i % 2]);
		entries[i].data = VECTOR + i;
	}
	ret = __msi_routing(part, entries, nr);
	die_if(ret, "MSHV_SET_MSI_ROUTING: %d", ret);
}

/* SECONDS=20 in the environment makes it the long form. */
static unsigned int storm_ms(void)
{
	const char *text = getenv("SECONDS");

	return text ? strtoul(text, NULL, 0) * 1000 : 1000;
}

static void storm(struct __test_metadata *_metadata, struct agent *agents, const __u8 *op)
{
	struct source source[4] = {};
	unsigned int i, id[2] = { 0, 1 };
	struct runner r[2];

	random_init();
	route_vectors(agents->guest->part, id, 4);
	for (i = 0; i < 2; i++)
		agent_run(&agents[i], &r[i], op);
	for (i = 0; i < 4; i++) {
		source[i].vector = VECTOR + i;
		source_start(&source[i], &agents[i % 2], storm_ms());
	}
	for (i = 0; i < 4; i++)
		source_join(_metadata, &source[i]);
	for (i = 0; i < 2; i++) {
		EXPECT_FALSE(runner_done(&r[i]));
		/* A sleeper has to wake up to see that it shall stop. */
		__atomic_store_n(&agents[i].area->stop, 1, __ATOMIC_RELEASE);
		interrupt_fixed(agents->guest->part, i, VECTOR_LOW);
		agent_stop(&agents[i], &r[i]);
	}
}

TEST_F(lapics, storm)
{
	storm(_metadata, self->agent, agent_spin);
}

/* The VPs are halted between interrupts: each is woken up. */
TEST_F(lapics, storm_of_sleepers)
{
	storm(_metadata, self->agent, agent_sleep);
}

/* One at a time: each wakes the VP, and nothing comes twice. */
TEST_F(lapics, wakes)
{
	struct agent *agent = &self->agent[1];
	__u32 i, n = rounds(200, 30);
	int part = self->guest.part, fd = event_new();
	struct runner r;

	msi_route(part, GSI, MSI_ADDRESS(1), VECTOR);
	irqfd_assign(part, fd, GSI);
	agent_run(agent, &r, agent_sleep);
	for (i = 1; i <= n; i++) {
		event_signal(fd);
		ASSERT_TRUE(count_reaches(agent, VECTOR, i)) TH_LOG("round %u", i);
		if (i % 8 == 0)
			sleep_us(random_below(200));
	}
	EXPECT_EQ(n, counted(agent, VECTOR));
	agent->area->stop = 1;
	event_signal(fd);
	agent_stop(agent, &r);
	EXPECT_EQ(n + 1, counted(agent, VECTOR));
	close(fd);
}

/*
 * A device whose line stays up until the guest has served it @again times more:
 * each end of the interrupt is told once, and each raise is one interrupt.
 */
TEST_F(lapics, line_stays_up)
{
	struct agent *agent = &self->agent[1];
	int part = self->guest.part, fd = event_new(), end = event_new();
	__u32 i, j, expected = 0, n = rounds(40, 10);
	struct runner r;

	msi_route(part, GSI, MSI_ADDRESS(1), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, end, GSI));
	agent_run(agent, &r, agent_spin);
	for (i = 0; i < n; i++) {
		for (j = 0; j <= i % 4; j++) {
			event_signal(fd);
			ASSERT_TRUE(count_reaches(agent, VECTOR, ++expected));
			ASSERT_TRUE(event_comes(end, 5000)) TH_LOG("round %u.%u", i, j);
			ASSERT_EQ(1, event_take(end));
		}
	}
	EXPECT_EQ(expected, counted(agent, VECTOR));
	EXPECT_FALSE(event_comes(end, 5));
	agent_stop(agent, &r);
	close(fd);
	close(end);
}

/* What is signalled while the interrupt is in service comes again after its end. */
TEST_F(lapics, signalled_in_service)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new(), end = event_new();
	int i;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, end, GSI));
	agent->area->flags = AGENT_NO_EOI;
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	for (i = 0; i < 3; i++)
		event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, event_take(end));
	agent_lapic_write(agent, REG_EOI, 0);
	ASSERT_TRUE(event_comes(end, 5000));
	EXPECT_EQ(2, take(agent, VECTOR));
	agent_lapic_write(agent, REG_EOI, 0);
	EXPECT_EQ(2, take(agent, VECTOR));
	close(fd);
	close(end);
}

/* The guest ends interrupts of which the route has gone, or got another vector. */
TEST_F(lapics, route_changed_in_service)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new(), end = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, end, GSI));
	agent->area->flags = AGENT_NO_EOI;
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	msi_route(part, GSI, MSI_ADDRESS(0), (VECTOR + 1) | MSI_LEVEL);
	agent_lapic_write(agent, REG_EOI, 0);
	EXPECT_FALSE(event_comes(end, 20));
	/* By the table of the moment: that nobody raised it by the number doesn't matter. */
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR + 1));
	msi_route(part, GSI + 1, MSI_ADDRESS(0), (VECTOR + 1) | MSI_LEVEL);
	agent_lapic_write(agent, REG_EOI, 0);
	EXPECT_FALSE(event_comes(end, 20));
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	interrupt(part, &(struct irq){ .type = IRQ_FIXED, .flags = IRQ_LEVEL, .vector = VECTOR });
	EXPECT_EQ(2, take(agent, VECTOR));
	agent_lapic_write(agent, REG_EOI, 0);
	EXPECT_TRUE(event_comes(end, 5000));
	close(fd);
	close(end);
}

struct pesterer {
	pthread_t thread;
	int fd;
	bool stop;
};

static void *pesterer_main(void *arg)
{
	struct pesterer *p = arg;

	while (!__atomic_load_n(&p->stop, __ATOMIC_ACQUIRE))
		event_signal(p->fd);
	return NULL;
}

/* Everything that was raised before is counted when an interrupt of less priority is. */
static __u32 settled(struct agent *agent)
{
	__u32 low = counted(agent, VECTOR_LOW);

	interrupt_fixed(agent->guest->part, 0, VECTOR_LOW);
	die_if(!count_reaches(agent, VECTOR_LOW, low + 1), "no interrupt");
	return counted(agent, VECTOR);
}

/* Detached under fire: nothing is raised after that, and nothing is lost when it is back. */
TEST_F_TIMEOUT(lapics, deassign_is_final, 120 * time_scale())
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part;
	struct pesterer p = { .fd = event_new() };
	__u32 i, count, n = rounds(40, 10);
	struct runner r;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	agent_run(agent, &r, agent_spin);
	ASSERT_EQ(0, pthread_create(&p.thread, NULL, pesterer_main, &p));
	for (i = 0; i < n; i++) {
		count = counted(agent, VECTOR);
		irqfd_assign(part, p.fd, GSI);
		ASSERT_TRUE(count_reaches(agent, VECTOR, count + 1 + i % 3));
		irqfd_deassign(part, p.fd, GSI);
		count = settled(agent);
		sleep_us(500);
		ASSERT_EQ(count, settled(agent)) TH_LOG("round %u", i);
		ASSERT_TRUE(event_comes(p.fd, 5000));
	}
	__atomic_store_n(&p.stop, true, __ATOMIC_RELEASE);
	pthread_join(p.thread, NULL);
	agent_stop(agent, &r);
	close(p.fd);
}

/* At once after the ioctl, again and again: what detaches must have been waited for. */
TEST_F(device, deassign_waits)
{
	int part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED), fd = event_new();
	__u32 i, n = rounds(1000, 150);

	for (i = 0; i < n; i++) {
		irqfd_assign(part, fd, GSI);
		irqfd_deassign(part, fd, GSI);
		event_signal(fd);
		ASSERT_EQ(1, event_take(fd)) TH_LOG("round %u", i);
	}
	close(fd);
	close(part);
}

TEST_HARNESS_MAIN

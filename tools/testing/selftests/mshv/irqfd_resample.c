// SPDX-License-Identifier: GPL-2.0
/* MSHV_IRQFD with a resamplefd: the ends of interrupts as signals. */
#include "irqfd.h"

#define MSI_EXTINT	0x700
#define LVT_EXTINT	0x700

/* The guest's end of the interrupt, by its vector, whatever the number is */
TEST_F(lapics, resample)
{
	struct agent *agent = &self->agent[1];
	int part = self->guest.part, fd = event_new(), again = event_new(), i;

	msi_route(part, GSI, MSI_ADDRESS(1), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, again, GSI));
	for (i = 1; i <= 10; i++) {
		event_signal(fd);
		EXPECT_EQ(0, event_take(again));
		EXPECT_EQ(i, take(agent, VECTOR));
		ASSERT_TRUE(event_comes(again, 5000));
		EXPECT_EQ(1, event_take(again));
	}
	/* An edge has no end. */
	msi_route(part, GSI, MSI_ADDRESS(1), VECTOR);
	event_signal(fd);
	EXPECT_EQ(i, take(agent, VECTOR));
	EXPECT_FALSE(event_comes(again, 20));
	irqfd_deassign(part, fd, GSI);
	close(fd);
	close(again);
}

/* All that have the vector now are asked, and no other. */
TEST_F(lapics, resample_shared)
{
	static const struct mshv_msi_routing_entry routes[] = {
		{ .gsi = 1, .address_lo = MSI_ADDRESS(0), .data = VECTOR | MSI_LEVEL },
		{ .gsi = 2, .address_lo = MSI_ADDRESS(1), .data = VECTOR | MSI_LEVEL },
		{ .gsi = 3, .address_lo = MSI_ADDRESS(0), .data = (VECTOR + 1) | MSI_LEVEL },
		{ .gsi = VECTOR, .address_lo = MSI_ADDRESS(0), .data = (VECTOR + 2) | MSI_LEVEL },
	};
	static const __u32 gsis[] = { 1, 1, 2, 3, VECTOR, VECTOR + 1 };
	int part = self->guest.part, fd[ARRAY_SIZE(gsis)], again[ARRAY_SIZE(gsis)];
	size_t i;

	ASSERT_EQ(0, __msi_routing(part, routes, ARRAY_SIZE(routes)));
	for (i = 0; i < ARRAY_SIZE(gsis); i++) {
		fd[i] = event_new();
		again[i] = event_new();
		ASSERT_EQ(0, resample(part, fd[i], again[i], gsis[i]));
	}
	event_signal(fd[0]);
	EXPECT_EQ(1, take(&self->agent[0], VECTOR));
	ASSERT_TRUE(event_comes(again[0], 5000) && event_comes(again[1], 5000));
	ASSERT_TRUE(event_comes(again[2], 5000));
	for (i = 0; i < ARRAY_SIZE(gsis); i++)
		EXPECT_EQ(i < 3, event_take(again[i])) TH_LOG("irqfd %zu", i);
	/* One gone, the other of its number stays. */
	irqfd_deassign(part, fd[0], 1);
	event_signal(fd[1]);
	EXPECT_EQ(2, take(&self->agent[0], VECTOR));
	ASSERT_TRUE(event_comes(again[1], 5000));
	EXPECT_EQ(0, event_take(again[0]));
	for (i = 0; i < ARRAY_SIZE(gsis); i++) {
		close(fd[i]);
		close(again[i]);
	}
}

/* The fd of the partition goes, and with it who raised; the VP, which has never run, stays. */
TEST_F(device, partition_closed)
{
	int part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED);
	int vp = vp_create(part, 0), fd = event_new(), again = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, again, GSI));
	event_signal(fd);
	close(part);
	event_signal(fd);
	EXPECT_EQ(1, event_take(fd));
	close(vp);
	close(fd);
	close(again);
}

/*
 * The fd of the partition goes while the VP ends interrupts, of which each raises the next:
 * the VP runs on, but nobody interrupts it any more, and nobody is told.
 */
TEST_F_TIMEOUT(device, partition_closed_under_load, 120 * time_scale())
{
	unsigned long i, n = rounds(30, 6);
	int fd, other, again;
	struct agent agent;
	struct guest guest;
	struct runner r;
	__u32 count;

	random_init();
	for (i = 0; i < n; i++) {
		target_create(&guest, &agent);
		msi_route(guest.part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
		fd = event_new();
		other = event_new();
		again = event_new();
		ASSERT_EQ(0, resample(guest.part, fd, fd, GSI));
		ASSERT_EQ(0, resample(guest.part, other, again, GSI));
		agent_run(&agent, &r, agent_spin);
		event_signal(fd);
		ASSERT_TRUE(count_reaches(&agent, VECTOR, 20));
		sleep_us(random_below(1000));
		target_close_partition(&guest);
		EXPECT_LT(0, event_take(again));
		ASSERT_TRUE(target_runs(&agent));
		count = agent.area->counts[VECTOR];
		ASSERT_TRUE(target_runs(&agent));
		EXPECT_EQ(count, agent.area->counts[VECTOR]);
		EXPECT_EQ(0, event_take(again));
		/* Nobody takes its signals. */
		event_take(fd);
		event_signal(fd);
		EXPECT_EQ(1, event_take(fd));
		EXPECT_FALSE(runner_done(&r));
		agent_stop(&agent, &r);
		guest_destroy(&guest);
		close(fd);
		close(other);
		close(again);
	}
}

/* Irqfds come and go while ends of interrupts, each of which raises the next, are told to all. */
TEST_F_TIMEOUT(lapics, come_and_go, 120 * time_scale())
{
	enum { OTHERS = 48 };
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, again = event_new(), fd[OTHERS + 1], i;
	unsigned long round, n = rounds(400, 200);
	struct runner r;
	__u32 count;

	random_init();
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	for (i = 0; i <= OTHERS; i++) {
		fd[i] = event_new();
		ASSERT_EQ(0, resample(part, fd[i], i ? again : fd[0], GSI));
	}
	agent_run(agent, &r, agent_spin);
	event_signal(fd[0]);
	for (round = 0; round < n; round++) {
		i = 1 + random_below(OTHERS);
		irqfd_deassign(part, fd[i], GSI);
		ASSERT_EQ(0, resample(part, fd[i], again, GSI));
	}
	count = agent->area->counts[VECTOR];
	EXPECT_TRUE(count_reaches(agent, VECTOR, count + 20));
	EXPECT_LT(0, event_take(again));
	agent_stop(agent, &r);
	for (i = 0; i <= OTHERS; i++)
		close(fd[i]);
	close(again);
}

/* Signalled again while in service, it comes once more after the EOI. */
TEST_F(lapics, again_in_service)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new(), again = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, again, GSI));
	agent->area->flags = AGENT_NO_EOI;
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	event_signal(fd);
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, event_take(again));
	agent->area->flags = 0;
	agent_lapic_write(agent, REG_EOI, 0);
	EXPECT_EQ(2, take(agent, VECTOR));
	ASSERT_TRUE(event_comes(again, 5000));
	EXPECT_EQ(2, take(agent, VECTOR));
	close(fd);
	close(again);
}

/* An external interrupt has a line: who was the last to ask for its end lowers it. */
TEST_F(lapics, external)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd[2] = { event_new(), event_new() }, again = event_new();

	agent_lapic_write(agent, REG_LINT0, LVT_EXTINT);
	agent->area->flags = AGENT_NO_EOI;
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_EXTINT | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd[0], again, GSI));
	ASSERT_EQ(0, resample(part, fd[1], again, GSI));
	event_signal(fd[0]);
	irqfd_deassign(part, fd[0], GSI);
	EXPECT_EQ(1, take(agent, VECTOR));
	event_signal(fd[1]);
	irqfd_deassign(part, fd[1], GSI);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, event_take(again));
	/* Without a resamplefd it is as an edge. */
	irqfd_assign(part, fd[0], GSI);
	event_signal(fd[0]);
	irqfd_deassign(part, fd[0], GSI);
	EXPECT_EQ(2, take(agent, VECTOR));
	close(fd[0]);
	close(fd[1]);
	close(again);
}

/*
 * The next irqfd of the number comes while the last one is still being shut down: what it
 * raises is not lowered with the other's line.
 */
TEST_F_TIMEOUT(lapics, external_taken_over, 120 * time_scale())
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd, old = event_new(), again = event_new();
	__u32 i, n = rounds(400, 60);
	__u64 end;

	random_init();
	agent_lapic_write(agent, REG_LINT0, LVT_EXTINT);
	agent->area->flags = AGENT_NO_EOI;
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_EXTINT | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, old, again, GSI));
	for (i = 1; i <= n; i++) {
		fd = event_new();
		close(old);
		end = now_ns() + random_below(100000);
		while (now_ns() < end)
			;
		ASSERT_EQ(0, resample(part, fd, again, GSI));
		event_signal(fd);
		/* It isn't attached, but what is being shut down is waited for. */
		irqfd_deassign(part, again, GSI);
		ASSERT_EQ(i, take(agent, VECTOR)) TH_LOG("round %u", i);
		old = fd;
	}
	close(old);
	close(again);
}

/* EOIs that the hypervisor only pretends, of any vector, with and without irqfds */
TEST_F(lapics, odd_ends)
{
	static const __u32 vectors[] = { 0, 1, VECTOR - 1, 255, 256, VECTOR | 0x100, ~0u };
	int part = self->guest.part, fd = event_new(), again = event_new();
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_APIC_EOI, .payload_size = 8,
		.sender = part_stat(part, "partition"),
	};
	__u64 before;
	size_t i;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	ASSERT_EQ(0, resample(part, fd, again, GSI));
	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		raw.payload = (__u64)vectors[i] << 32;
		before = callback_interrupts();
		window_raw(0, &raw);
		EXPECT_TRUE(callback_interrupts_reach(before + 1));
	}
	EXPECT_FALSE(event_comes(again, 20));
	raw.payload = (__u64)VECTOR << 32;
	window_raw(0, &raw);
	EXPECT_TRUE(event_comes(again, 5000));
	irqfd_deassign(part, fd, GSI);
	event_take(again);
	window_raw(0, &raw);
	EXPECT_FALSE(event_comes(again, 20));
	close(fd);
	close(again);
}

TEST_HARNESS_MAIN

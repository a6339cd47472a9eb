// SPDX-License-Identifier: GPL-2.0
/* MSHV_IRQFD: signals of eventfds as interrupts. */
#include <errno.h>
#include <sys/resource.h>

#include "irqfd.h"

TEST_F(lapics, raises)
{
	struct agent *agent = &self->agent[1];
	int part = self->guest.part, fd = event_new();
	__u32 i;

	msi_route(part, GSI, MSI_ADDRESS(1), VECTOR);
	irqfd_assign(part, fd, GSI);
	EXPECT_EQ(1, part_stat(part, "irqfds"));
	for (i = 1; i <= 20; i++) {
		event_signal(fd);
		EXPECT_EQ(0, event_take(fd));
		EXPECT_EQ(i, take(agent, VECTOR));
	}
	EXPECT_EQ(0, take(&self->agent[0], VECTOR));
	EXPECT_EQ(0, part_stat(part, "irqs-dropped"));
	close(fd);
}

TEST_F(lapics, raises_while_it_runs)
{
	struct agent *agent = &self->agent[0];
	__u32 i, n = rounds(1000, 100);
	int part = self->guest.part, fd = event_new();
	struct runner r;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	agent_run(agent, &r, agent_spin);
	for (i = 1; i <= n; i++) {
		event_signal(fd);
		ASSERT_TRUE(count_reaches(agent, VECTOR, i)) TH_LOG("round %u", i);
	}
	EXPECT_FALSE(runner_done(&r));
	agent_stop(agent, &r);
	close(fd);
}

/* What was signalled before counts, once, and is taken. */
TEST_F(lapics, pending_when_assigned)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	event_signal(fd);
	event_signal(fd);
	EXPECT_EQ(0, take(agent, VECTOR));
	irqfd_assign(part, fd, GSI);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, event_take(fd));
	irqfd_deassign(part, fd, GSI);
	irqfd_assign(part, fd, GSI);
	EXPECT_EQ(1, take(agent, VECTOR));
	close(fd);
}

/* The number need not have a route; it is looked up at each signal. */
TEST_F(lapics, route_comes_and_goes)
{
	static const __u32 gsis[] = { 0, GSI, MSHV_MAX_GSIS - 1, MSHV_MAX_GSIS, ~0u };
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gsis); i++) {
		irqfd_assign(part, fd, gsis[i]);
		event_signal(fd);
		EXPECT_EQ(i + 1, part_stat(part, "irqs-dropped"));
		irqfd_deassign(part, fd, gsis[i]);
	}
	EXPECT_EQ(0, take(agent, VECTOR));
	irqfd_assign(part, fd, GSI);
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR + 1);
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR + 1));
	EXPECT_EQ(0, __msi_routing(part, NULL, 0));
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(ARRAY_SIZE(gsis) + 1, part_stat(part, "irqs-dropped"));
	close(fd);
}

/* By eventfd and number; what isn't there is detached already. */
TEST_F(lapics, deassign)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new(), other = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	irqfd_deassign(part, fd, GSI + 1);
	irqfd_deassign(part, other, GSI);
	EXPECT_EQ(1, part_stat(part, "irqfds"));
	event_signal(fd);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, assign(part, fd, GSI, MSHV_IRQFD_FLAG_DEASSIGN | MSHV_IRQFD_FLAG_RESAMPLE));
	EXPECT_EQ(0, part_stat(part, "irqfds"));
	event_signal(fd);
	EXPECT_EQ(1, event_take(fd));
	EXPECT_EQ(1, take(agent, VECTOR));
	irqfd_deassign(part, fd, GSI);
	close(fd);
	close(other);
}

static bool irqfds_become(int part, long count)
{
	__u64 end = now_ns() + 5000000000ull * time_scale();

	while (part_stat(part, "irqfds") != count) {
		if (now_ns() > end)
			return false;
		sleep_us(100);
	}
	return true;
}

TEST_F(lapics, eventfd_closed)
{
	int part = self->guest.part, fd[8], i;

	for (i = 0; i < 8; i++) {
		fd[i] = event_new();
		irqfd_assign(part, fd[i], GSI);
	}
	EXPECT_EQ(8, part_stat(part, "irqfds"));
	for (i = 0; i < 8; i++)
		close(fd[i]);
	EXPECT_TRUE(irqfds_become(part, 0));
}

TEST_F(lapics, busy)
{
	int other = part_create(self->guest.dev, MSHV_PARTITION_LAPIC_ENABLED);
	int part = self->guest.part, fd = event_new(), again = event_new();

	irqfd_assign(part, fd, GSI);
	EXPECT_ERR(MSHV_IRQFD, EBUSY, assign(part, fd, GSI, 0));
	EXPECT_ERR(MSHV_IRQFD, EBUSY, assign(part, fd, GSI + 1, 0));
	EXPECT_ERR(MSHV_IRQFD, EBUSY, resample(part, fd, again, GSI));
	/* Each signal is for one. */
	EXPECT_ERR(MSHV_IRQFD, EBUSY, assign(other, fd, GSI, 0));
	EXPECT_EQ(1, part_stat(part, "irqfds"));
	EXPECT_EQ(0, part_stat(other, "irqfds"));
	irqfd_deassign(part, fd, GSI);
	irqfd_assign(other, fd, GSI);
	close(other);
	irqfd_assign(part, fd, GSI);
	close(fd);
	close(again);
}

TEST_F(guest, irqfd_errnos)
{
	int part = self->guest.part, fd = event_new(), closed = event_new();
	__u32 flag;

	close(closed);
	EXPECT_ERR(MSHV_IRQFD, EFAULT, __irqfd(part, NULL));
	for (flag = 4; flag; flag <<= 1)
		EXPECT_ERR(MSHV_IRQFD, EINVAL, assign(part, fd, GSI, flag)) TH_LOG("%#x", flag);
	EXPECT_ERR(MSHV_IRQFD, EBADF, assign(part, closed, GSI, 0));
	EXPECT_ERR(MSHV_IRQFD, EBADF, assign(part, -1, GSI, 0));
	EXPECT_ERR(MSHV_IRQFD, EBADF, assign(part, closed, GSI, MSHV_IRQFD_FLAG_DEASSIGN));
	EXPECT_ERR(MSHV_IRQFD, EBADF, resample(part, fd, closed, GSI));
	EXPECT_ERR(MSHV_IRQFD, EINVAL, assign(part, part, GSI, 0));
	EXPECT_ERR(MSHV_IRQFD, EINVAL, assign(part, part, GSI, MSHV_IRQFD_FLAG_DEASSIGN));
	EXPECT_ERR(MSHV_IRQFD, EINVAL, resample(part, fd, self->guest.vp, GSI));
	EXPECT_EQ(0, part_stat(part, "irqfds"));
	/* What it failed with is free for the next. */
	EXPECT_EQ(0, resample(part, fd, fd, GSI));
	close(fd);
}

/* MSHV_IRQFD takes no more; the process's limit is larger. */
#define MAX_IRQFDS	4096

TEST_F_TIMEOUT(guest, no_more, 120 * time_scale())
{
	struct rlimit limit = { MAX_IRQFDS + 100, MAX_IRQFDS + 100 };
	int part = self->guest.part, *fd = calloc(MAX_IRQFDS, sizeof(*fd)), extra, i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	extra = event_new();
	for (i = 0; i < MAX_IRQFDS; i++) {
		fd[i] = event_new();
		irqfd_assign(part, fd[i], i);
	}
	EXPECT_ERR(MSHV_IRQFD, ENOSPC, assign(part, extra, 0, 0));
	irqfd_deassign(part, fd[0], 0);
	EXPECT_EQ(0, assign(part, extra, 0, 0));
	for (i = 0; i < MAX_IRQFDS; i++)
		close(fd[i]);
	EXPECT_TRUE(irqfds_become(part, 1));
	close(extra);
	free(fd);
}

/* The hypervisor lacks memory: it gets some, and the interrupt comes. */
TEST_F(lapics, insufficient_memory)
{
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new();
	__u64 deposited = window_live(LIVE_DEPOSITED);
	struct runner r;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	agent_run(agent, &r, agent_spin);
	window_fault(CALL_ASSERT_INTERRUPT, 1, STATUS_INSUFFICIENT_MEMORY, 0);
	event_signal(fd);
	EXPECT_TRUE(count_reaches(agent, VECTOR, 1));
	EXPECT_TRUE(window_fault_fired());
	window_fault_clear();
	EXPECT_EQ(deposited + 1, window_live(LIVE_DEPOSITED));
	EXPECT_EQ(0, part_stat(part, "irqs-dropped"));
	agent_stop(agent, &r);
	close(fd);
}

/* Whatever the hypervisor says: counted, and the next signal is as good as ever. */
TEST_F(lapics, refused)
{
	static const enum status statuses[] = {
		STATUS_INVALID_PARAMETER, STATUS_INVALID_PARTITION_STATE,
		STATUS_ACCESS_DENIED, 0x7abc,
	};
	struct agent *agent = &self->agent[0];
	int part = self->guest.part, fd = event_new();
	size_t i;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		window_fault(CALL_ASSERT_INTERRUPT, 1, statuses[i], 0);
		event_signal(fd);
		EXPECT_TRUE(window_fault_fired());
		window_fault_clear();
		EXPECT_EQ(i + 1, part_stat(part, "irqs-dropped"));
		EXPECT_EQ(i, take(agent, VECTOR));
		event_signal(fd);
		EXPECT_EQ(i + 1, take(agent, VECTOR));
	}
	/* A destination that isn't there */
	msi_route(part, GSI, MSI_ADDRESS(LAPIC_VPS), VECTOR);
	event_signal(fd);
	EXPECT_EQ(i + 1, part_stat(part, "irqs-dropped"));
	close(fd);
}

/* A guest without local APICs: nothing arrives, nothing breaks. */
TEST_F(guest, no_lapic)
{
	int part = self->guest.part, fd = event_new();

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	event_signal(fd);
	EXPECT_EQ(1, part_stat(part, "irqs-dropped"));
	close(fd);
}

struct racer {
	int fd;
	bool stop;
	unsigned int turn, done;
};

static void *signaller_main(void *arg)
{
	struct racer *racer = arg;
	const __u64 one = 1;

	while (!__atomic_load_n(&racer->stop, __ATOMIC_ACQUIRE))
		if (write(racer->fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
			break;
	return NULL;
}

/*
 * Signals go on and on while it is attached, detached, closed, and its partition too, and
 * while a VP takes and ends the interrupts.
 */
TEST_F_TIMEOUT(device, races, 120 * time_scale())
{
	unsigned long i, n = rounds(100, 20), taken = 0;
	struct agent agent;
	struct guest guest;
	struct racer racer;
	struct runner r;
	pthread_t thread;
	int part, fd;

	random_init();
	for (i = 0; i < n; i++) {
		target_create(&guest, &agent);
		part = guest.part;
		agent_run(&agent, &r, agent_spin);
		msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
		fd = event_new();
		racer = (struct racer){ .fd = event_new() };
		ASSERT_EQ(0, pthread_create(&thread, NULL, signaller_main, &racer));
		ASSERT_EQ(0, resample(part, racer.fd, fd, GSI));
		sleep_us(random_below(500));
		switch (random_below(4)) {
		case 0:
			irqfd_deassign(part, racer.fd, GSI);
			irqfd_assign(part, racer.fd, GSI);
			break;
		case 1:
			close(racer.fd);
			break;
		case 2:
			msi_route(part, GSI, MSI_ADDRESS(0), VECTOR + 1);
			break;
		}
		target_close_partition(&guest);
		__atomic_store_n(&racer.stop, true, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		EXPECT_FALSE(runner_done(&r));
		agent_stop(&agent, &r);
		taken += agent.area->counts[VECTOR] + agent.area->counts[VECTOR + 1];
		guest_destroy(&guest);
		close(racer.fd);
		close(fd);
	}
	EXPECT_LT(0, taken);
	TH_LOG("%lu interrupts", taken);
}

/* Signals @racer's eventfd, on the first processor, each time that its turn comes. */
static void *turns_main(void *arg)
{
	struct racer *racer = arg;
	unsigned int done = 0;

	pin_to_cpu(0);
	while (!__atomic_load_n(&racer->stop, __ATOMIC_ACQUIRE)) {
		if (__atomic_load_n(&racer->turn, __ATOMIC_ACQUIRE) == done)
			continue;
		event_signal(racer->fd);
		__atomic_store_n(&racer->done, ++done, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Closed on one processor while the other gets the memory that its interrupt takes */
TEST_F_TIMEOUT(device, closed_while_it_gets_memory, 60 * time_scale())
{
	int part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED), vp = vp_create(part, 0);
	unsigned int i, n = rounds(200, 100);
	struct racer racer = {};
	pthread_t thread;
	__u64 end;

	random_init();
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	pin_to_cpu(1);
	ASSERT_EQ(0, pthread_create(&thread, NULL, turns_main, &racer));
	for (i = 1; i <= n; i++) {
		racer.fd = event_new();
		irqfd_assign(part, racer.fd, GSI);
		window_fault(CALL_ASSERT_INTERRUPT, 1, STATUS_INSUFFICIENT_MEMORY, 0);
		__atomic_store_n(&racer.turn, i, __ATOMIC_RELEASE);
		while (__atomic_load_n(&racer.done, __ATOMIC_ACQUIRE) != i)
			;
		end = now_ns() + random_below(100000);
		while (now_ns() < end)
			;
		close(racer.fd);
		EXPECT_TRUE(window_fault_fired());
	}
	__atomic_store_n(&racer.stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_TRUE(irqfds_become(part, 0));
	close(part);
	close(vp);
}

struct attacher {
	pthread_t thread;
	int part, fd;
	__u32 gsi;
	bool *stop;
	unsigned long attached, busy;
};

/* Attach and detach what others do, too */
static void *attacher_main(void *arg)
{
	struct attacher *a = arg;
	int ret;

	while (!__atomic_load_n(a->stop, __ATOMIC_ACQUIRE)) {
		ret = resample(a->part, a->fd, a->fd, a->gsi);
		die_if(ret && ret != -EBUSY, "MSHV_IRQFD: %d", ret);
		a->attached += !ret;
		a->busy += !!ret;
		irqfd_deassign(a->part, a->fd, a->gsi);
	}
	return NULL;
}

/* At no time has an eventfd two; at the end it has none. */
TEST_F_TIMEOUT(lapics, attach_and_detach, 60 * time_scale())
{
	struct attacher a[4] = {};
	int part = self->guest.part, fd = event_new(), i;
	unsigned long attached = 0;
	bool stop = false;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR | MSI_LEVEL);
	for (i = 0; i < 4; i++) {
		a[i] = (struct attacher){ .part = part, .fd = fd, .gsi = GSI, .stop = &stop };
		ASSERT_EQ(0, pthread_create(&a[i].thread, NULL, attacher_main, &a[i]));
	}
	for (i = 0; i < 200; i++) {
		event_signal(fd);
		take(&self->agent[0], VECTOR);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	for (i = 0; i < 4; i++) {
		pthread_join(a[i].thread, NULL);
		attached += a[i].attached;
	}
	EXPECT_LT(0, attached);
	EXPECT_EQ(0, part_stat(part, "irqfds"));
	close(fd);
}

TEST_HARNESS_MAIN

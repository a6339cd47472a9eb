// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that can be done with eventfds of a partition, at once, in random
 * order and time: what is refused says why, and at the end nothing is left.
 */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "event.h"
#include "irqfd.h"

#define SLOTS		8
/* Those of ioeventfds stay what they are, or nobody could deassign them. */
#define KEPT		2
#define GSIS		4
#define ADDRESSES	3
#define PORT		0xc120
/* Behind the areas of the agents */
#define STORM_CODE	0x18000

/**
 * struct world - what the threads have in common
 * @agent: VPs 0 and 1 take interrupts, 2 and 3 write
 * @part: partition
 * @fd: always an eventfd, but not always the same, unless it is of the first KEPT
 * @stop: end it
 * @done: what has been done, by kind of thread
 */
struct world {
	struct agent *agent;
	int part;
	int fd[SLOTS];
	bool stop;
	unsigned long done[8];
};

struct actor {
	pthread_t thread;
	struct world *world;
	__u64 seed;
	unsigned int kind;
	unsigned int vp;
};

static unsigned int pick(struct actor *a, unsigned int limit)
{
	a->seed = a->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (a->seed >> 33) % limit;
}

static int pick_fd(struct actor *a)
{
	return a->world->fd[pick(a, SLOTS)];
}

static void must_be(const char *what, int ret, int one, int other)
{
	die_if(ret && ret != -one && ret != -other, "%s: %d", what, ret);
}

static void signal_one(struct actor *a)
{
	event_signal(pick_fd(a));
}

static void irqfd_one(struct actor *a)
{
	const struct mshv_irqfd args = {
		.fd = pick_fd(a),
		.resamplefd = pick_fd(a),
		.gsi = pick(a, GSIS),
		.flags = pick(a, 4),
	};

	must_be("MSHV_IRQFD", __irqfd(a->world->part, &args), EBUSY, 0);
}

static void ioeventfd_one(struct actor *a)
{
	static const __u32 flags[] = {
		0, PIO, DATAMATCH, DEASSIGN, PIO | DEASSIGN, DATAMATCH | DEASSIGN,
	};
	__u32 flag = flags[pick(a, ARRAY_SIZE(flags))];
	__u64 addr = (flag & PIO ? PORT : GUEST_HOLE) + 4 * pick(a, ADDRESSES);

	int fd = a->world->fd[pick(a, KEPT)];

	must_be("MSHV_IOEVENTFD", __io_request(a->world->part, fd, addr, 4, flag, pick(a, 2)),
		EEXIST, ENOENT);
}

static void route_some(struct actor *a)
{
	struct mshv_msi_routing_entry e[GSIS];
	unsigned int i, nr = pick(a, GSIS + 1);
	int ret;

	for (i = 0; i < nr; i++)
		e[i] = (struct mshv_msi_routing_entry){
			.gsi = i,
			.address_lo = MSI_ADDRESS(pick(a, 2)),
			.data = (VECTOR + pick(a, 4)) | (pick(a, 2) ? MSI_LEVEL : 0),
		};
	ret = __msi_routing(a->world->part, e, nr);
	die_if(ret, "MSHV_SET_MSI_ROUTING: %d", ret);
}

/* The last reference of an eventfd goes, and another has its number at once. */
static void replace_one(struct actor *a)
{
	int fd = event_new();

	die_if(dup2(fd, a->world->fd[KEPT + pick(a, SLOTS - KEPT)]) < 0, "dup2");
	close(fd);
	sleep_us(pick(a, 300));
}

static void poll_all(struct actor *a)
{
	struct pollfd p[SLOTS];
	int i;

	for (i = 0; i < SLOTS; i++)
		p[i] = (struct pollfd){ .fd = a->world->fd[i], .events = POLLIN | POLLOUT };
	die_if(poll(p, SLOTS, pick(a, 2)) < 0, "poll");
	event_take(pick_fd(a));
}

/* A VP that writes to memory or ports: goes on behind each write that is an exit. */
static void run_writer(struct actor *a)
{
	int vp = a->world->agent[a->vp].vp;
	struct mshv_hv_message msg;
	int ret = __vp_run(vp, &msg);

	die_if(ret && ret != -EINTR, "MSHV_RUN_VP: %d", ret);
	if (ret)
		return;
	/* The store is two bytes long, OUT one. */
	reg_set(vp, HV_X64_REGISTER_RIP, reg_get(vp, HV_X64_REGISTER_RIP) +
		(msg.header.message_type == MSHV_HVMSG_UNMAPPED_GPA ? 2 : 1));
	reg_set(vp, HV_X64_REGISTER_RBX, GUEST_HOLE + 4 * pick(a, ADDRESSES));
	reg_set(vp, HV_X64_REGISTER_RDX, PORT + 4 * pick(a, ADDRESSES));
	reg_set(vp, HV_X64_REGISTER_RAX, pick(a, 2));
}

static void (*const acts[])(struct actor *a) = {
	signal_one, signal_one, irqfd_one, ioeventfd_one, route_some, replace_one, poll_all,
	run_writer,
};

static void *actor_main(void *arg)
{
	struct actor *a = arg;

	while (!__atomic_load_n(&a->world->stop, __ATOMIC_ACQUIRE)) {
		acts[a->kind](a);
		__atomic_fetch_add(&a->world->done[a->kind], 1, __ATOMIC_RELAXED);
		if (!pick(a, 16))
			sleep_us(pick(a, 500));
	}
	return NULL;
}

static void actor_start(struct actor *a, struct world *world, unsigned int kind, unsigned int vp)
{
	a->world = world;
	a->seed = random_u64();
	a->kind = kind;
	a->vp = vp;
	errno = pthread_create(&a->thread, NULL, actor_main, a);
	die_if(errno, "pthread_create");
}

static void start_writer(struct agent *agent, const __u8 *op)
{
	memcpy(agent->guest->mem + STORM_CODE, code_event64, code_event64_end - code_event64);
	event_goto(agent->vp, op, 0, 0);
	reg_set(agent->vp, HV_X64_REGISTER_RIP, STORM_CODE + (op - code_event64));
	reg_set(agent->vp, HV_X64_REGISTER_RBX, GUEST_HOLE);
	reg_set(agent->vp, HV_X64_REGISTER_RDX, PORT);
	reg_set(agent->vp, HV_X64_REGISTER_R9, 0);
}

static bool irqfds_gone(int part)
{
	__u64 end = now_ns() + 10000000000ull * time_scale();

	while (part_stat(part, "irqfds")) {
		if (now_ns() > end)
			return false;
		sleep_us(1000);
	}
	return true;
}

/* All of it still works. */
static void check_alive(struct __test_metadata *_metadata, struct world *world)
{
	struct agent *agent = &world->agent[0];
	int fd = event_new();
	__u32 before;

	msi_route(world->part, 0, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(world->part, fd, 0);
	before = take(agent, VECTOR);
	event_signal(fd);
	EXPECT_EQ(before + 1, take(agent, VECTOR));
	close(fd);
}

TEST_F_TIMEOUT(lapics, all_at_once, 180 * time_scale())
{
	struct world world = { .agent = self->agent, .part = self->guest.part };
	__u64 end = now_ns() + rounds(4, 10) * 1000000000ull;
	struct actor actor[ARRAY_SIZE(acts) + 1];
	struct runner r[2];
	size_t i;

	random_init();
	for (i = 0; i < SLOTS; i++)
		world.fd[i] = event_new();
	agent_run(&self->agent[0], &r[0], agent_spin);
	agent_run(&self->agent[1], &r[1], agent_sleep);
	start_writer(&self->agent[2], event_store_storm);
	start_writer(&self->agent[3], event_out_storm);
	for (i = 0; i < ARRAY_SIZE(actor); i++)
		actor_start(&actor[i], &world, i < ARRAY_SIZE(acts) ? i : i - 1, i - 5);
	while (now_ns() < end)
		sleep_us(10000);
	__atomic_store_n(&world.stop, true, __ATOMIC_RELEASE);
	for (i = 0; i < ARRAY_SIZE(actor); i++) {
		/* A writer whose writes all signal comes back for nothing else. */
		if (i >= ARRAY_SIZE(acts) - 1)
			vp_cancel(self->agent[actor[i].vp].vp);
		pthread_join(actor[i].thread, NULL);
	}
	for (i = 0; i < 2; i++) {
		self->agent[i].area->stop = 1;
		interrupt_fixed(world.part, i, VECTOR);
		agent_stop(&self->agent[i], &r[i]);
	}
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		EXPECT_LT(0, world.done[i]);
		TH_LOG("kind %zu: %lu", i, world.done[i]);
	}
	for (i = 0; i < SLOTS; i++)
		close(world.fd[i]);
	EXPECT_TRUE(irqfds_gone(world.part));
	check_alive(_metadata, &world);
}

/* The fd of the partition goes while a VP rings; then it rings no more, and its write exits. */
TEST_F_TIMEOUT(device, partition_closed_while_it_rings, 120 * time_scale())
{
	const struct mshv_hv_x64_intercept_message_header *head;
	unsigned long i, n = rounds(30, 6);
	struct guest guest;
	struct runner r;
	int fd;

	random_init();
	for (i = 0; i < n; i++) {
		guest_create(&guest, 0);
		guest_start(&guest, MODE_64, code_event64);
		fd = event_new();
		ASSERT_EQ(0, __io_request(guest.part, fd, GUEST_HOLE, 4, 0, 0));
		event_goto(guest.vp, event_store_storm, GUEST_HOLE, 0);
		reg_set(guest.vp, HV_X64_REGISTER_R9, 0);
		runner_start(&r, guest.vp, -1);
		ASSERT_TRUE(event_comes(fd, 10000));
		sleep_us(random_below(1000));
		EXPECT_FALSE(runner_done(&r));
		target_close_partition(&guest);
		ASSERT_TRUE(runner_wait(&r, 10000));
		event_take(fd);
		EXPECT_EQ(0, runner_join(&r));
		EXPECT_EQ(MSHV_HVMSG_UNMAPPED_GPA, r.msg.header.message_type);
		head = (const void *)r.msg.payload;
		EXPECT_EQ(event_gva(event_store_storm), head->rip);
		EXPECT_EQ(0, event_take(fd));
		guest_destroy(&guest);
		close(fd);
	}
}

struct user {
	pthread_t thread;
	int part;
	unsigned long done;
};

/* Until the partition's fd is none, or another file's */
static void *user_main(void *arg)
{
	struct user *u = arg;
	int ret, fd = event_new();

	do {
		const struct mshv_irqfd args = {
			.fd = fd, .gsi = 1, .flags = u->done % 2 ? MSHV_IRQFD_FLAG_DEASSIGN : 0,
		};

		ret = __irqfd(u->part, &args);
		if (!ret)
			ret = __io_request(u->part, fd, GUEST_HOLE, 4, u->done % 2 * DEASSIGN, 0);
		if (!ret)
			ret = __io_request(u->part, fd, PORT, 4, PIO | u->done % 2 * DEASSIGN, 0);
		event_signal(fd);
		u->done++;
	} while (!ret || ret == -EEXIST || ret == -ENOENT);
	close(fd);
	return NULL;
}

/* The partition's fd is closed while all that is done through it. */
TEST_F_TIMEOUT(device, partition_closed_meanwhile, 60 * time_scale())
{
	unsigned long i, n = rounds(40, 8), done = 0;
	struct user user[2];
	int part, vp, j;

	random_init();
	for (i = 0; i < n; i++) {
		part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED);
		vp = vp_create(part, 0);
		msi_route(part, 1, MSI_ADDRESS(0), VECTOR);
		for (j = 0; j < 2; j++) {
			user[j] = (struct user){ .part = part };
			errno = pthread_create(&user[j].thread, NULL, user_main, &user[j]);
			die_if(errno, "pthread_create");
		}
		sleep_us(random_below(2000));
		close(part);
		for (j = 0; j < 2; j++) {
			pthread_join(user[j].thread, NULL);
			done += user[j].done;
		}
		close(vp);
	}
	TH_LOG("%lu rounds of use", done);
}

TEST_HARNESS_MAIN

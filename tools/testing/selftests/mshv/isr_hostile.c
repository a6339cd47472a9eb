// SPDX-License-Identifier: GPL-2.0
/*
 * Messages in SINT0 that the driver has not asked for.  It frees the slot each
 * time, whatever lay in it, and a guest's exits go on as if nothing had been.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

#define IO_SIZE		128
#define HEADER_SIZE	40

struct prey {
	struct guest guest;
	__u64 sender;
	__u32 exits;
};

FIXTURE(hostile) {
	struct books books;
	struct prey prey;
};

static void next_exit(struct __test_metadata *_metadata, struct prey *prey)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	vp_run(prey->guest.vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	ASSERT_EQ(++prey->exits, (__u32)io->rax);
	guest_skip(&prey->guest, &msg);
}

FIXTURE_SETUP(hostile)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;

	if (missing())
		SKIP(return, "%s", missing());
	io = (const void *)msg.payload;
	books_open(&self->books);
	guest_create(&self->prey.guest, 0);
	guest_start(&self->prey.guest, MODE_REAL, code_count16);
	vp_run(self->prey.guest.vp, &msg);
	self->prey.exits = (__u32)io->rax;
	self->prey.sender = msg.header.sender;
	guest_skip(&self->prey.guest, &msg);
}

FIXTURE_TEARDOWN(hostile)
{
	guest_destroy(&self->prey.guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* The slot is free again, and the interrupt came. */
static void expect_ignored(struct __test_metadata *_metadata, struct prey *prey,
			   const struct raw_message *raw)
{
	int cpu, cpus = online_cpus();
	__u64 before;

	for (cpu = 0; cpu < cpus; cpu++) {
		before = callback_interrupts();
		window_raw(cpu, raw);
		EXPECT_TRUE(callback_interrupts_reach(before + 1));
		EXPECT_EQ(0, window_live(LIVE_QUEUED));
	}
	next_exit(_metadata, prey);
}

TEST_F(hostile, unknown_senders)
{
	const __u64 sender = self->prey.sender;
	const __u64 senders[] = { 0, 1, sender + 1, sender | 1ull << 32, ~0ull };
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		.payload_size = IO_SIZE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(senders); i++) {
		raw.sender = senders[i];
		expect_ignored(_metadata, &self->prey, &raw);
	}
}

TEST_F(hostile, unknown_types)
{
	static const __u32 types[] = {
		1, 0x7fffffff, 0x80000010, 0x80000040, 0x80010006, 0x8001ffff, 0xffffffff,
	};
	struct raw_message raw = { .sender = self->prey.sender, .payload_size = IO_SIZE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		raw.type = types[i];
		expect_ignored(_metadata, &self->prey, &raw);
	}
}

TEST_F(hostile, vp_index_out_of_range)
{
	static const __u32 indices[] = { 1, 255, 256, 4095, 0x10000, 0x7fffffff, 0xffffffff };
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		.sender = self->prey.sender,
		.payload_size = IO_SIZE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(indices); i++) {
		raw.payload = indices[i];
		expect_ignored(_metadata, &self->prey, &raw);
	}
}

/* Of messages that were dropped because of their size, the VP's fdinfo tells. */
static long too_short_or_long(int vp)
{
	char path[64], line[128];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", vp);
	f = fopen(path, "r");
	die_if(!f, "open %s", path);
	while (fgets(line, sizeof(line), f) && sscanf(line, "mshv-malformed: %ld", &value) != 1)
		;
	fclose(f);
	return value;
}

TEST_F(hostile, payload_sizes)
{
	static const __u8 sizes[] = { 0, 1, 3, 39, 241, 255 };
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		.sender = self->prey.sender,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		raw.payload_size = sizes[i];
		expect_ignored(_metadata, &self->prey, &raw);
	}
	/* Those that name no VP are nobody's. */
	EXPECT_EQ(3 * online_cpus(), too_short_or_long(self->prey.guest.vp));
}

/* APIC_EOI is the driver's own business, never an exit. */
TEST_F(hostile, eoi_is_no_exit)
{
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_APIC_EOI,
		.sender = self->prey.sender,
		.payload = 0x31ull << 32,
		.payload_size = 8,
	};
	struct runner r;
	int i;

	expect_ignored(_metadata, &self->prey, &raw);
	guest_start(&self->prey.guest, MODE_REAL, code_spin16);
	runner_start(&r, self->prey.guest.vp, -1);
	guest_wait_tick(&self->prey.guest);
	for (i = 0; i < 20; i++)
		window_raw(0, &raw);
	EXPECT_FALSE(runner_wait(&r, 20));
	guest_wait_tick(&self->prey.guest);
	vp_cancel(self->prey.guest.vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
}

/* The first of two messages for one VP stays; the second isn't written over it. */
TEST_F(hostile, second_message_is_dropped)
{
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_HALT,
		.sender = self->prey.sender,
		.payload_size = HEADER_SIZE,
	};
	struct mshv_hv_message msg;

	window_raw(0, &raw);
	raw.type = MSHV_HVMSG_UNRECOVERABLE_EXCEPTION;
	window_raw(0, &raw);
	EXPECT_EQ(0, window_live(LIVE_QUEUED));
	vp_run(self->prey.guest.vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_HALT, msg.header.message_type);
	EXPECT_EQ(self->prey.sender, msg.header.sender);
	next_exit(_metadata, &self->prey);
}

/* What nobody has read when the partition dies is forgotten with it. */
TEST_F(hostile, message_for_a_dead_partition)
{
	struct raw_message raw = {
		.type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		.sender = self->prey.sender,
		.payload_size = IO_SIZE,
	};

	window_raw(0, &raw);
	guest_destroy(&self->prey.guest);
	EXPECT_TRUE(books_balanced(&self->books));
	window_raw(0, &raw);
	EXPECT_EQ(0, window_live(LIVE_QUEUED));
	guest_create(&self->prey.guest, 0);
	guest_start(&self->prey.guest, MODE_REAL, code_count16);
	self->prey.exits = 0;
	next_exit(_metadata, &self->prey);
}

struct sprayer {
	pthread_t thread;
	__u64 sender;
	bool stop;
	unsigned long sent;
};

/* Nothing of this is for a VP that exists. */
static void *sprayer_main(void *arg)
{
	static const __u32 types[] = {
		MSHV_HVMSG_X64_IO_PORT_INTERCEPT, MSHV_HVMSG_UNMAPPED_GPA, 0x80000040, 0x12345,
	};
	struct sprayer *s = arg;
	struct raw_message raw;

	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE)) {
		raw.type = types[random_below(4)];
		raw.sender = random_below(2) ? s->sender : random_u64();
		raw.payload = 1 + random_below(1000);
		raw.payload_size = random_below(256);
		window_raw(random_below(online_cpus()), &raw);
		s->sent++;
	}
	return NULL;
}

/* All of it at once, beside a guest that exits */
TEST_F(hostile, spray)
{
	struct sprayer sprayer = { .sender = self->prey.sender };
	unsigned long n = rounds(2000, 200), i;

	random_init();
	window_pending(true);
	ASSERT_EQ(0, pthread_create(&sprayer.thread, NULL, sprayer_main, &sprayer));
	for (i = 0; i < n; i++)
		next_exit(_metadata, &self->prey);
	__atomic_store_n(&sprayer.stop, true, __ATOMIC_RELEASE);
	pthread_join(sprayer.thread, NULL);
	EXPECT_GT(sprayer.sent, 0);
	EXPECT_EQ(0, window_live(LIVE_QUEUED));
}

static bool queue_empties(void)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();

	while (window_live(LIVE_QUEUED) && now_ns() < end)
		sleep_us(1000);
	return !window_live(LIVE_QUEUED);
}

/* FINALIZE that purges nothing: a late message finds its partition gone. */
TEST_F(hostile, late_message_after_teardown)
{
	unsigned long delay_us = 100000 * time_scale(), n = rounds(5, 2), i;
	struct mshv_hv_message msg;
	struct guest guest;
	int status;
	pid_t pid;

	for (i = 0; i < n; i++) {
		window_no_purge(true);
		window_delay(delay_us);
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid) {
			guest_create(&guest, 0);
			guest_start(&guest, MODE_REAL, code_out16);
			vp_run(guest.vp, &msg);
			_exit(0);
		}
		sleep_us(delay_us / 2);
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		window_delay(0);
		EXPECT_TRUE(queue_empties());
		window_no_purge(false);
		next_exit(_metadata, &self->prey);
	}
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_IOEVENTFD: each field, each errno, and that it does what it says. */
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define DATAMATCH	MSHV_IOEVENTFD_FLAG_DATAMATCH
#define PIO		MSHV_IOEVENTFD_FLAG_PIO
#define DEASSIGN	MSHV_IOEVENTFD_FLAG_DEASSIGN

#define PORT		0xabc0
#define BELL		(GUEST_HOLE + 0x100)

FIXTURE(io) {
	struct books books;
	struct guest guest;
	struct agent agent;
	int fd;
};

FIXTURE_SETUP(io)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	agent_load(&self->guest);
	agent_start(&self->agent, &self->guest, self->guest.vp, 0);
	self->fd = event_new();
}

FIXTURE_TEARDOWN(io)
{
	close(self->fd);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

static struct mshv_ioeventfd io_args(int fd, __u64 addr, __u32 len, __u32 flags)
{
	struct mshv_ioeventfd args;

	/* The padding arrives as it is in real clients: with garbage. */
	memset(&args, POISON, sizeof(args));
	args.datamatch = 0;
	args.addr = addr;
	args.len = len;
	args.fd = fd;
	args.flags = flags;
	return args;
}

/* What the kernel answers; @value with DATAMATCH */
static int request(int part, struct mshv_ioeventfd args, __u64 value)
{
	args.datamatch = value;
	return __ioeventfd(part, &args);
}

/* A guest's write to a port ends no run, and signals once. */
TEST_F(io, port)
{
	const struct mshv_ioeventfd args = io_args(self->fd, GUEST_PORT, 4, PIO);
	struct guest *guest = &self->guest;
	struct runner r;
	__u64 seen = 0;

	guest_start(guest, MODE_REAL, code_count16);
	ioeventfd(guest->part, &args);
	runner_start(&r, guest->vp, -1);
	while (seen < 100) {
		ASSERT_TRUE(event_comes(self->fd, 10000));
		seen += event_take(self->fd);
	}
	EXPECT_FALSE(runner_done(&r));
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_TRUE(vp_suspended(guest->vp));
	seen += event_take(self->fd);
	EXPECT_EQ(seen, (__u32)reg_get(guest->vp, HV_X64_REGISTER_RAX));
}

/* A guest's write to memory stops no VP, and signals once. */
TEST_F(io, memory)
{
	const struct mshv_ioeventfd args = io_args(self->fd, BELL, 4, 0);
	int i;

	ioeventfd(self->guest.part, &args);
	window_zero();
	for (i = 1; i <= 100; i++) {
		agent_write(&self->agent, BELL, i);
		ASSERT_TRUE(event_comes(self->fd, 1000));
		ASSERT_EQ(1, event_take(self->fd));
	}
	/* The agent's own exits, one for each operation */
	EXPECT_EQ(100, window_counter(COUNT_INTERCEPTS));
}

/* Widths, values, and both: what does not match is an exit as ever. */
TEST_F(io, port_that_does_not_match)
{
	struct mshv_ioeventfd args = io_args(self->fd, GUEST_PORT, 4, PIO | DATAMATCH);
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_count16);
	args.datamatch = 3;
	ioeventfd(guest->part, &args);
	args = io_args(self->fd, GUEST_PORT, 2, PIO);
	ioeventfd(guest->part, &args);
	args = io_args(self->fd, GUEST_PORT + 1, 0, PIO);
	ioeventfd(guest->part, &args);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(1, (__u32)io->rax);
	guest_skip(guest, &msg);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(2, (__u32)io->rax);
	EXPECT_EQ(0, event_take(self->fd));
	guest_skip(guest, &msg);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(4, (__u32)io->rax);
	EXPECT_EQ(1, event_take(self->fd));
}

TEST_F(io, bad_fields)
{
	const int part = self->guest.part, fd = self->fd;
	__u64 flag;
	__u32 len;

	EXPECT_ERR(MSHV_IOEVENTFD, EFAULT, __ioeventfd(part, NULL));
	for (flag = 8; flag <= 0x80000000; flag <<= 1)
		EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, PORT, 1, flag), 0));
	for (len = 3; len < 20; len++) {
		if (len == 4 || len == 8)
			continue;
		EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, PORT, len, PIO), 0));
		EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, BELL, len, 0), 0));
	}
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, ~0ull, 1, 0), 0));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, -7ull, 8, 0), 0));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, 0x10000, 1, PIO), 0));
	/* A value needs a width, and has to fit in. */
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, BELL, 0, DATAMATCH), 0));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, BELL, 1, DATAMATCH), 256));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, BELL, 4, DATAMATCH), -1));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL, request(part, io_args(fd, PORT, 2, PIO | DATAMATCH),
						   0x10000));
	EXPECT_EQ(self->books.live[LIVE_PORTS], window_live(LIVE_PORTS));
}

TEST_F(io, bad_fd)
{
	const __u32 flags[] = { 0, PIO, DEASSIGN, PIO | DEASSIGN };
	const int part = self->guest.part;
	int closed = event_new(), i;

	close(closed);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_ERR(MSHV_IOEVENTFD, EBADF, request(part, io_args(-1, PORT, 1, flags[i]), 0));
		EXPECT_ERR(MSHV_IOEVENTFD, EBADF,
			   request(part, io_args(closed, PORT, 1, flags[i]), 0));
		EXPECT_ERR(MSHV_IOEVENTFD, EINVAL,
			   request(part, io_args(part, PORT, 1, flags[i]), 0));
	}
}

/* Two that one write would signal are one too many, whatever their eventfds. */
static void check_collisions(struct __test_metadata *_metadata, int part, int fd, __u32 kind)
{
	static const struct {
		__u32 len, flags;
		__u64 value;
		__u32 len2, flags2;
		__u64 value2;
		int ret;
	} rows[] = {
		{ 4, 0, 0, 4, 0, 0, -EEXIST },
		{ 4, 0, 0, 0, 0, 0, -EEXIST },
		{ 0, 0, 0, 4, 0, 0, -EEXIST },
		{ 0, 0, 0, 1, DATAMATCH, 7, -EEXIST },
		{ 4, DATAMATCH, 7, 4, 0, 0, -EEXIST },
		{ 4, 0, 0, 4, DATAMATCH, 7, -EEXIST },
		{ 4, DATAMATCH, 7, 4, DATAMATCH, 7, -EEXIST },
		{ 4, DATAMATCH, 7, 4, DATAMATCH, 8, 0 },
		{ 4, DATAMATCH, 7, 2, DATAMATCH, 7, 0 },
		{ 4, 0, 0, 2, 0, 0, 0 },
	};
	int other = event_new(), i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mshv_ioeventfd a = io_args(fd, PORT, rows[i].len, rows[i].flags | kind);
		struct mshv_ioeventfd b = io_args(other, PORT, rows[i].len2,
						  rows[i].flags2 | kind);

		EXPECT_EQ(0, request(part, a, rows[i].value));
		EXPECT_EQ(rows[i].ret, request(part, b, rows[i].value2)) TH_LOG("row %d", i);
		b.flags |= DEASSIGN;
		EXPECT_EQ(rows[i].ret ? -ENOENT : 0, request(part, b, rows[i].value2));
		a.flags |= DEASSIGN;
		EXPECT_EQ(0, request(part, a, rows[i].value));
	}
	close(other);
}

TEST_F(io, collisions)
{
	const struct mshv_ioeventfd args = io_args(self->fd, BELL, 4, 0);

	check_collisions(_metadata, self->guest.part, self->fd, PIO);
	check_collisions(_metadata, self->guest.part, self->fd, 0);
	ioeventfd(self->guest.part, &args);
	EXPECT_ERR(MSHV_IOEVENTFD, EEXIST, __ioeventfd(self->guest.part, &args));
}

/* Only what was assigned is deassigned: all fields, and the eventfd, count. */
static void check_deassign(struct __test_metadata *_metadata, int part, int fd, __u32 kind)
{
	const __u32 off = kind | DEASSIGN;
	int other = event_new();

	EXPECT_EQ(0, request(part, io_args(fd, PORT, 2, kind | DATAMATCH), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT, request(part, io_args(fd, PORT, 2, off), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT, request(part, io_args(fd, PORT, 0, off), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT, request(part, io_args(fd, PORT, 4, off | DATAMATCH), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT, request(part, io_args(fd, PORT, 2, off | DATAMATCH), 8));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT,
		   request(part, io_args(fd, PORT + 2, 2, off | DATAMATCH), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT,
		   request(part, io_args(other, PORT, 2, off | DATAMATCH), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT,
		   request(part, io_args(fd, PORT, 2, (off ^ PIO) | DATAMATCH), 9));
	EXPECT_EQ(0, request(part, io_args(fd, PORT, 2, off | DATAMATCH), 9));
	EXPECT_ERR(MSHV_IOEVENTFD, ENOENT, request(part, io_args(fd, PORT, 2, off | DATAMATCH), 9));
	close(other);
}

TEST_F(io, deassign)
{
	check_deassign(_metadata, self->guest.part, self->fd, PIO);
	check_deassign(_metadata, self->guest.part, self->fd, 0);
	EXPECT_EQ(self->books.live[LIVE_PORTS], window_live(LIVE_PORTS));
	EXPECT_EQ(self->books.live[LIVE_CONNECTIONS], window_live(LIVE_CONNECTIONS));
}

/* As many as there may be; where they are in the list makes no difference. */
TEST_F(io, limit)
{
	const int part = self->guest.part;
	int i, ret = 0;

	for (i = 0; i < 10000 && !ret; i++)
		ret = request(part, io_args(self->fd, 0x1000 + i, 1, PIO), 0);
	EXPECT_ERR(MSHV_IOEVENTFD, ENOSPC, ret);
	EXPECT_EQ(4097, i);
	EXPECT_ERR(MSHV_IOEVENTFD, ENOSPC, request(part, io_args(self->fd, BELL, 1, 0), 0));
	EXPECT_EQ(0, request(part, io_args(self->fd, 0x1000, 1, PIO | DEASSIGN), 0));
	EXPECT_EQ(0, request(part, io_args(self->fd, BELL, 1, 0), 0));
}

/* A deassigned write is an exit again; the eventfd may be closed before. */
TEST_F(io, closed_eventfd)
{
	const struct mshv_ioeventfd args = io_args(self->fd, GUEST_PORT, 4, PIO);
	struct guest *guest = &self->guest;
	struct runner r;

	guest_start(guest, MODE_REAL, code_count16);
	ioeventfd(guest->part, &args);
	close(self->fd);
	runner_start(&r, guest->vp, -1);
	EXPECT_FALSE(runner_wait(&r, 20));
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_LT(1, (__u32)reg_get(guest->vp, HV_X64_REGISTER_RAX));
	self->fd = event_new();
}

/* The partition's fd takes them with it, while a VP runs on. */
TEST_F(io, partition_closed)
{
	struct mshv_ioeventfd args = io_args(self->fd, GUEST_PORT, 4, PIO);
	struct guest *guest = &self->guest;
	struct runner r;

	guest_start(guest, MODE_REAL, code_count16);
	ioeventfd(guest->part, &args);
	args = io_args(self->fd, BELL, 0, 0);
	ioeventfd(guest->part, &args);
	runner_start(&r, guest->vp, -1);
	ASSERT_TRUE(event_comes(self->fd, 10000));
	close(guest->part);
	guest->part = -1;
	EXPECT_EQ(0, runner_join(&r));
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, r.msg.header.message_type);
	EXPECT_EQ(self->books.live[LIVE_CONNECTIONS], window_live(LIVE_CONNECTIONS));
	EXPECT_EQ(self->books.live[LIVE_PORTS], window_live(LIVE_PORTS));
}

TEST_HARNESS_MAIN

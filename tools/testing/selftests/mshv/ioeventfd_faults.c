// SPDX-License-Identifier: GPL-2.0
/* Hypercalls of doorbells fail: a clear errno, nothing half done, nothing left. */
#include <errno.h>

#include "event.h"

#define GPA	(GUEST_HOLE + 0x120)

static int assign(int part, int fd)
{
	return __io_request(part, fd, GPA, 4, 0, 0);
}

static int deassign(int part, int fd)
{
	return __io_request(part, fd, GPA, 4, DEASSIGN, 0);
}

static const struct refusal {
	enum status status;
	int err;
} refusals[] = {
	{ STATUS_INVALID_PARAMETER, EINVAL },
	{ STATUS_INVALID_HYPERCALL_CODE, EOPNOTSUPP },
	{ STATUS_INVALID_HYPERCALL_INPUT, ENOTRECOVERABLE },
	{ STATUS_ACCESS_DENIED, EACCES },
	{ STATUS_INVALID_PARTITION_STATE, EBADFD },
	{ 0x7abc, ENOTRECOVERABLE },
};

/* Each status of @call at the assignment: then there is no port and no connection. */
static void refuse_assign(struct __test_metadata *_metadata, struct guest *guest, int fd,
			  enum call call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		window_fault(call, 1, refusals[i].status, 0);
		EXPECT_EQ(-refusals[i].err, assign(guest->part, fd))
			TH_LOG("call %#x, status %#x", call, refusals[i].status);
		EXPECT_TRUE(window_fault_fired());
		window_fault_clear();
		EXPECT_EQ(0, window_live(LIVE_PORTS));
		EXPECT_EQ(0, window_live(LIVE_CONNECTIONS));
		EXPECT_EQ(FATE_MMIO, event_do(guest, event_store32, GPA, 0));
		EXPECT_EQ(0, event_take(fd));
		/* What failed works at the next try. */
		ASSERT_EQ(0, assign(guest->part, fd));
		EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_store32, GPA, 0));
		EXPECT_EQ(1, event_await(fd));
		ASSERT_EQ(0, deassign(guest->part, fd));
	}
}

TEST_F(events, create_port)
{
	refuse_assign(_metadata, &self->guest, self->fd, CALL_CREATE_PORT);
}

TEST_F(events, connect_port)
{
	refuse_assign(_metadata, &self->guest, self->fd, CALL_CONNECT_PORT);
}

/* Ports of a hypervisor that lacks memory for them are paid for by the root's pool. */
TEST_F(events, insufficient_memory)
{
	static const enum call calls[] = { CALL_CREATE_PORT, CALL_CONNECT_PORT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		window_fault(calls[i], 1, STATUS_INSUFFICIENT_MEMORY, 0);
		EXPECT_EQ(0, assign(self->part, self->fd)) TH_LOG("call %#x", calls[i]);
		EXPECT_TRUE(window_fault_fired());
		window_fault_clear();
		EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 0));
		EXPECT_EQ(1, event_await(self->fd));
		ASSERT_EQ(0, deassign(self->part, self->fd));
	}
}

/* A connection that can't be ended stays, and can be ended later. */
TEST_F(events, disconnect_port)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		ASSERT_EQ(0, assign(self->part, self->fd));
		window_fault(CALL_DISCONNECT_PORT, 1, refusals[i].status, 0);
		EXPECT_EQ(-refusals[i].err, deassign(self->part, self->fd))
			TH_LOG("status %#x", refusals[i].status);
		EXPECT_TRUE(window_fault_fired());
		window_fault_clear();
		EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 0));
		EXPECT_EQ(1, event_await(self->fd));
		EXPECT_EQ(0, deassign(self->part, self->fd));
		EXPECT_EQ(0, window_live(LIVE_CONNECTIONS));
	}
}

/* At the end of the partition, one that can't be ended goes with it. */
TEST_F(events, disconnect_at_close)
{
	ASSERT_EQ(0, assign(self->part, self->fd));
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA + 8, 4, 0, 0));
	window_fault(CALL_DISCONNECT_PORT, 1, STATUS_ACCESS_DENIED, 0);
	close(self->part);
	self->guest.part = -1;
	EXPECT_TRUE(window_fault_fired());
	window_fault_clear();
	EXPECT_EQ(0, window_live(LIVE_PORTS));
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, GPA + 8, 0));
}

/* A ring that is said to be empty, and the hypervisor doesn't listen: the next time it does. */
TEST_F(events, ring_empty)
{
	int i;

	ASSERT_EQ(0, assign(self->part, self->fd));
	window_fault(CALL_NOTIFY_RING_EMPTY, 1, STATUS_INVALID_PARAMETER, 0);
	for (i = 0; i < 70; i++) {
		EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, i));
		EXPECT_EQ(1, event_await(self->fd));
	}
	window_fault_clear();
}

/* A write to a port whose RIP can't be set is not done: the VMM gets it, and once. */
TEST_F(events, rip_not_set)
{
	const __u64 port = 0xc120;
	struct mshv_hv_message msg;

	ASSERT_EQ(0, __io_request(self->part, self->fd, port, 4, PIO, 0));
	event_goto(self->guest.vp, event_out32, port, 0);
	/* Of its run, the first is the resume, the second would be RIP. */
	window_fault(CALL_SET_REGISTERS, 2, STATUS_INVALID_VP_STATE, 0);
	vp_run(self->guest.vp, &msg);
	EXPECT_EQ(FATE_PORT, event_fate(&msg, event_out32, event_out32_end));
	EXPECT_TRUE(window_fault_fired());
	EXPECT_EQ(0, event_take(self->fd));
	window_fault_clear();
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_out32, port, 0));
	EXPECT_EQ(1, event_take(self->fd));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_IOEVENTFD of ports: writes that MSHV_RUN_VP completes itself, and all others. */
#include <errno.h>
#include <signal.h>

#include "event.h"

#define PORT	0xc120
#define VALUE	0x8877665544332211ull

#define PAGE_RAX		0	/* in the register page */
#define PAGE_RDX		2
#define CLASS_GENERAL	0x1

static const struct out {
	const __u8 *op, *end;
	unsigned int len;
} outs[] = {
	{ event_out8, event_out8_end, 1 },
	{ event_out16, event_out16_end, 2 },
	{ event_out32, event_out32_end, 4 },
};

static enum fate out(struct guest *guest, int width, __u64 port, __u64 value)
{
	return __event_do(guest, outs[width].op, outs[width].end, port, value);
}

/* Signalled when the run is over, not some time later */
TEST_F(events, port_widths)
{
	static const unsigned int lens[] = { 0, 1, 2, 4, 8 };
	size_t i;
	int w;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, lens[i], PIO, VALUE));
		for (w = 0; w < ARRAY_SIZE(outs); w++) {
			bool hit = !lens[i] || lens[i] == outs[w].len;

			EXPECT_EQ(hit ? FATE_SIGNAL : FATE_PORT,
				  out(&self->guest, w, PORT, VALUE))
				TH_LOG("length %u, width %u", lens[i], outs[w].len);
			EXPECT_EQ(hit, event_take(self->fd));
		}
		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, lens[i], PIO | DEASSIGN, 0));
		for (w = 0; w < ARRAY_SIZE(outs); w++)
			EXPECT_EQ(FATE_PORT, out(&self->guest, w, PORT, VALUE));
	}
	EXPECT_EQ(0, event_take(self->fd));
}

TEST_F(events, port_datamatch)
{
	struct guest *guest = &self->guest;
	int w;

	for (w = 0; w < ARRAY_SIZE(outs); w++) {
		unsigned int len = outs[w].len;
		__u64 value = VALUE & ((1ull << len * 8) - 1);

		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, len, PIO | DATAMATCH, value));
		EXPECT_EQ(FATE_SIGNAL, out(guest, w, PORT, VALUE));
		EXPECT_EQ(1, event_take(self->fd));
		EXPECT_EQ(FATE_PORT, out(guest, w, PORT, VALUE + 1));
		EXPECT_EQ(FATE_PORT, out(guest, w, PORT, VALUE ^ 1ull << (len * 8 - 1)));
		EXPECT_EQ(FATE_SIGNAL, out(guest, w, PORT, VALUE ^ 1ull << len * 8));
		EXPECT_EQ(1, event_take(self->fd));
		EXPECT_ERR(MSHV_IOEVENTFD, ENOENT,
			   __io_request(self->part, self->fd, PORT, len, PIO | DEASSIGN, 0));
		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, len,
					  PIO | DATAMATCH | DEASSIGN, value));
		EXPECT_EQ(FATE_PORT, out(guest, w, PORT, VALUE));
	}
	EXPECT_EQ(0, event_take(self->fd));
}

/* One port, a value for each; all writes are of a single run. */
TEST_F(events, port_values)
{
	int fd[8], i;

	for (i = 0; i < 8; i++) {
		fd[i] = event_new();
		ASSERT_EQ(0, __io_request(self->part, fd[i], PORT, 2, PIO | DATAMATCH, i));
	}
	for (i = 7; i >= 0; i--) {
		EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_out16, PORT, i));
		EXPECT_EQ(1, event_take(fd[i])) TH_LOG("value %d", i);
	}
	EXPECT_EQ(FATE_PORT, event_do(&self->guest, event_out16, PORT, 8));
	for (i = 0; i < 8; i++) {
		EXPECT_EQ(0, event_take(fd[i]));
		close(fd[i]);
	}
}

TEST_F(events, port_neighbours)
{
	struct guest *guest = &self->guest;
	int offset;

	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
	for (offset = -4; offset <= 4; offset++) {
		if (offset)
			EXPECT_EQ(FATE_PORT, event_do(guest, event_out32, PORT + offset, 0));
	}
	/* A port is 16 bits of RDX; memory of the same number is another thing. */
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_out32, 0x7770000 + PORT, 0));
	EXPECT_EQ(1, event_take(self->fd));
	ASSERT_EQ(0, __io_request(self->part, self->fd, GUEST_HOLE + 0x40, 4, 0, 0));
	EXPECT_EQ(FATE_PORT, event_do(guest, event_out32, (GUEST_HOLE + 0x40) & 0xffff, 0));
	/* The first and the last */
	ASSERT_EQ(0, __io_request(self->part, self->fd, 0xffff, 1, PIO, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_out8, 0xffff, 0));
	ASSERT_EQ(0, __io_request(self->part, self->fd, 0, 0, PIO, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_out8, 0, 0));
	EXPECT_ERR(MSHV_IOEVENTFD, EINVAL,
		   __io_request(self->part, self->fd, 0x10000, 1, PIO, 0));
}

/* Reads and strings are the VMM's, who finds the guest in front of them. */
TEST_F(events, port_other_instructions)
{
	struct guest *guest = &self->guest;

	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 0, PIO, 0));
	ASSERT_EQ(0, __io_request(self->part, self->fd, EVENT_PORT, 1, PIO, 0));
	EXPECT_EQ(FATE_PORT, event_do(guest, event_in32, PORT, 0));
	EXPECT_EQ(FATE_PORT, event_do(guest, event_outs8, PORT, 0));
	EXPECT_EQ(GUEST_DATA, reg_get(guest->vp, HV_X64_REGISTER_RSI));
	EXPECT_EQ(FATE_PORT, event_do(guest, event_rep_outs8, PORT, 0));
	EXPECT_EQ(1, reg_get(guest->vp, HV_X64_REGISTER_RCX));
	EXPECT_EQ(0, event_take(self->fd));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_out8_imm, 0, VALUE));
	EXPECT_EQ(1, event_take(self->fd));
	EXPECT_EQ(VALUE, reg_get(guest->vp, HV_X64_REGISTER_RAX));
}

/* In each mode the guest goes on behind the instruction. */
TEST_F(events, port_modes)
{
	static const enum guest_mode modes[] = { MODE_REAL, MODE_32, MODE_32_PAGED, MODE_64 };
	/* The same bytes in all modes: xor eax, eax; 1: inc eax; out 0x12, al; jmp 1b */
	static const __u8 code[] = { 0x31, 0xc0, 0xff, 0xc0, 0xe6, 0x12, 0xeb, 0xfa };
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	size_t i;

	io = (const void *)msg.payload;
	for (i = 1; i <= 100; i++)
		ASSERT_EQ(0, __io_request(self->part, self->fd, 0x12, 1, PIO | DATAMATCH, i));
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		guest_load(guest, modes[i], code, code + sizeof(code));
		vp_run(guest->vp, &msg);
		ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
		EXPECT_EQ(101, io->rax & 0xffff) TH_LOG("mode %d", modes[i]);
		EXPECT_EQ(100, event_take(self->fd));
	}
}

/* The page shows what the guest is at, and what is marked in it is loaded, only once. */
TEST_F(events, port_register_page)
{
	struct mshv_hv_vp_register_page *page = register_page_map(self->guest.vp);
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	int i;

	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO | DATAMATCH, 5));
	for (i = 0; i < 3; i++) {
		event_goto(guest->vp, event_out32, 0, 0);
		ASSERT_TRUE(page->isvalid);
		page->gprs[PAGE_RAX] = 5;
		page->gprs[PAGE_RDX] = PORT;
		page->dirty = CLASS_GENERAL;
		vp_run(guest->vp, &msg);
		EXPECT_EQ(FATE_SIGNAL, event_fate(&msg, event_out32, event_out32_end));
		EXPECT_EQ(1, event_take(self->fd));
		EXPECT_EQ(0, page->dirty);
		EXPECT_EQ(event_gva(event_out32_end), page->rip);
		EXPECT_EQ(page->rip, reg_get(guest->vp, HV_X64_REGISTER_RIP));
		EXPECT_EQ(5, page->gprs[PAGE_RAX]);
	}
	munmap(page, GUEST_PAGE);
}

/* Exact: each write is one signal, however many runs they took. */
static void storm(struct __test_metadata *_metadata, struct guest *guest, int fd, bool by_signal)
{
	__u64 *count = (__u64 *)(guest->mem + GUEST_DATA), n = rounds(1000, 200);
	unsigned int interrupted = 0;
	struct runner r;

	catch_signal(SIGUSR1);
	random_init();
	*count = 0;
	event_goto(guest->vp, event_out_storm, PORT, 0);
	reg_set(guest->vp, HV_X64_REGISTER_R9, n);
	do {
		runner_start(&r, guest->vp, -1);
		sleep_us(random_below(3000));
		/* However often the guest writes meanwhile; a signal may come too early. */
		do {
			if (by_signal)
				runner_signal(&r, SIGUSR1);
			else
				vp_cancel(guest->vp);
		} while (!runner_wait(&r, 1000));
		if (runner_join(&r) == -EINTR)
			interrupted++;
		ASSERT_TRUE(vp_suspended(guest->vp));
	} while (r.ret == -EINTR);
	EXPECT_LT(0, interrupted);
	EXPECT_EQ(n, *count);
	EXPECT_EQ(n, event_take(fd));
	TH_LOG("%llu writes, %u interruptions", n, interrupted);
}

TEST_F(events, port_storm_cancelled)
{
	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
	storm(_metadata, &self->guest, self->fd, false);
}

TEST_F(events, port_storm_signalled)
{
	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
	storm(_metadata, &self->guest, self->fd, true);
}

/* A write that a VMM could not be told of stays its own, though an ioeventfd comes for it. */
TEST_F(events, port_kept_message)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	event_goto(guest->vp, event_out32, PORT, VALUE);
	EXPECT_ERR(MSHV_RUN_VP, EFAULT, __vp_run(guest->vp, NULL));
	reg_set(guest->vp, HV_X64_REGISTER_RIP, event_gva(event_out8));
	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
	vp_run(guest->vp, &msg);
	EXPECT_EQ(FATE_PORT, event_fate(&msg, event_out32, event_out32_end));
	EXPECT_EQ(0, event_take(self->fd));
	EXPECT_EQ(event_gva(event_out8), reg_get(guest->vp, HV_X64_REGISTER_RIP));
}

/* The VPs of a partition share its ports. */
#define VPS	4

TEST_F_TIMEOUT(events, port_storm_of_vps, 120 * time_scale())
{
	__u64 n = rounds(300, 50);
	struct runner r[VPS];
	int vp[VPS], i;

	ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
	for (i = 0; i < VPS; i++) {
		vp[i] = i ? vp_create(self->part, i) : self->guest.vp;
		vp_start(vp[i], MODE_64, GUEST_CODE);
		event_goto(vp[i], event_out_storm, PORT, 0);
		reg_set(vp[i], HV_X64_REGISTER_R9, n);
		reg_set(vp[i], HV_X64_REGISTER_RSI, GUEST_DATA + 64 * i);
		runner_start(&r[i], vp[i], -1);
	}
	for (i = 0; i < VPS; i++)
		EXPECT_EQ(0, runner_join(&r[i]));
	EXPECT_EQ(n * VPS, event_take(self->fd));
	for (i = 1; i < VPS; i++)
		close(vp[i]);
}

/* Assigned and deassigned while the guest writes: each write is there or an exit. */
TEST_F(events, port_comes_and_goes)
{
	__u64 n = rounds(80, 15), exits = 0, got = 0, i;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	struct runner r;

	event_goto(guest->vp, event_out_storm, PORT, 0);
	reg_set(guest->vp, HV_X64_REGISTER_R9, 0);
	random_init();
	for (i = 0; i < n; i++) {
		runner_start(&r, guest->vp, -1);
		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO, 0));
		sleep_us(random_below(500));
		ASSERT_EQ(0, __io_request(self->part, self->fd, PORT, 4, PIO | DEASSIGN, 0));
		got += event_take(self->fd);
		ASSERT_EQ(0, runner_join(&r));
		ASSERT_EQ(0, event_take(self->fd));
		exits++;
		guest_skip(guest, &r.msg);
	}
	/* The last one's count is not made yet. */
	vp_run(guest->vp, &msg);
	EXPECT_EQ(exits + got, *(__u64 *)(guest->mem + GUEST_DATA));
	TH_LOG("%llu exits, %llu signals", exits, got);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * What one exit costs, in exact numbers: one intercept, one message, one
 * interrupt, one SET_VP_REGISTERS, nothing else.
 */
#include "fixture.h"

TEST_F(guest, works)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;
	int i;

	io = (const void *)msg.payload;
	guest_start(&self->guest, MODE_REAL, code_count16);
	for (i = 1; i <= 20; i++) {
		vp_run(self->guest.vp, &msg);
		ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
		ASSERT_EQ(i, (__u32)io->rax);
		guest_skip(&self->guest, &msg);
	}
}

/* The guest stays at its OUT, so that only MSHV_RUN_VP makes hypercalls. */
TEST_F(guest, one_of_each_per_exit)
{
	unsigned long n = rounds(2000, 200), i;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u64 interrupts;

	guest_start(guest, MODE_REAL, code_out16);
	interrupts = callback_interrupts();
	window_zero();
	for (i = 0; i < n; i++)
		vp_run(guest->vp, &msg);
	EXPECT_EQ(n, callback_interrupts() - interrupts);
	EXPECT_EQ(n, window_counter(COUNT_INTERCEPTS));
	EXPECT_EQ(n, window_counter(COUNT_MESSAGES));
	EXPECT_EQ(n, window_counter(COUNT_INTERRUPTS));
	EXPECT_EQ(n, window_calls(CALL_SET_REGISTERS));
	EXPECT_EQ(0, window_calls(CALL_GET_REGISTERS));
	/* The first run found nothing to clear, and the last one is unanswered. */
	EXPECT_EQ(n - 1, window_counter(COUNT_RESUMES));
	EXPECT_EQ(0, window_counter(COUNT_EOM));
	EXPECT_EQ(0, window_counter(COUNT_MALFORMED));
	EXPECT_EQ(0, window_counter(COUNT_DISCARDED));
	EXPECT_EQ(n, window_counter(COUNT_HYPERCALLS));
}

/* With msg_pending set each message costs one EOM, and no other. */
TEST_F(guest, eom_only_if_pending)
{
	unsigned long n = rounds(200, 50), i;
	struct mshv_hv_message msg;

	guest_start(&self->guest, MODE_REAL, code_out16);
	window_zero();
	window_pending(true);
	for (i = 0; i < n; i++)
		vp_run(self->guest.vp, &msg);
	EXPECT_EQ(n, window_counter(COUNT_EOM));
	window_pending(false);
	for (i = 0; i < n; i++)
		vp_run(self->guest.vp, &msg);
	EXPECT_EQ(n, window_counter(COUNT_EOM));
	EXPECT_EQ(2 * n, window_counter(COUNT_MESSAGES));
}

static void check_refused(struct __test_metadata *_metadata, int vp, void *buf)
{
	__u64 calls = window_counter(COUNT_HYPERCALLS);

	EXPECT_ERR(MSHV_RUN_VP, EFAULT, __vp_run(vp, buf));
	/* A message that nobody has read is not overtaken by a resume. */
	EXPECT_EQ(calls, window_counter(COUNT_HYPERCALLS));
}

/* A message that can't be copied out is kept, whole, for the next call. */
TEST_F(guest, fault_keeps_message)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u8 *pages = pages_alloc(2 * GUEST_PAGE);

	io = (const void *)msg.payload;
	ASSERT_EQ(0, munmap(pages + GUEST_PAGE, GUEST_PAGE));
	guest_start(guest, MODE_REAL, code_count16);
	window_zero();
	EXPECT_ERR(MSHV_RUN_VP, EFAULT, __vp_run(guest->vp, NULL));
	check_refused(_metadata, guest->vp, NULL);
	check_refused(_metadata, guest->vp, (void *)-4096ul);
	check_refused(_metadata, guest->vp, pages + GUEST_PAGE - 128);
	check_refused(_metadata, guest->vp, (void *)code_count16);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(1, (__u32)io->rax);
	EXPECT_EQ(1, window_counter(COUNT_MESSAGES));
	EXPECT_EQ(1, window_calls(CALL_SET_REGISTERS));
	guest_skip(guest, &msg);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(2, (__u32)io->rax);
	/* Right at the end of what is mapped */
	guest_skip(guest, &msg);
	vp_run(guest->vp, (void *)(pages + GUEST_PAGE - sizeof(msg)));
}

/* A message without payload leaves no trace of an older one. */
TEST_F(guest, no_stale_bytes)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	size_t i;

	guest_start(guest, MODE_REAL, code_out16);
	vp_run(guest->vp, &msg);
	guest_skip(guest, &msg);
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_HALT, msg.header.message_type);
	for (i = msg.header.payload_size; i < sizeof(msg.payload); i++)
		ASSERT_NE(POISON, ((__u8 *)msg.payload)[i]);
}

/* Registers that are set between two runs are there in the second. */
TEST_F(guest, registers_in_between)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;
	int i;

	io = (const void *)msg.payload;
	guest_start(&self->guest, MODE_REAL, code_out16);
	for (i = 0; i < 20; i++) {
		reg_set(self->guest.vp, HV_X64_REGISTER_RAX, 0x1000 + i);
		vp_run(self->guest.vp, &msg);
		ASSERT_EQ(0x1000 + i, io->rax);
		ASSERT_EQ(0x1000 + i, reg_get(self->guest.vp, HV_X64_REGISTER_RAX));
	}
}

/* Several VPs on one processor take turns, each with its own messages. */
TEST_F(guest, many_vps_one_processor)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest guests[4];
	struct mshv_hv_message msg;
	int round, i;

	io = (const void *)msg.payload;
	guest_start(&self->guest, MODE_REAL, code_count16);
	for (i = 0; i < 4; i++) {
		guests[i] = self->guest;
		if (i)
			guests[i].vp = vp_create(self->guest.part, i);
		vp_start(guests[i].vp, MODE_REAL, 0);
	}
	for (round = 1; round <= 10; round++) {
		for (i = 0; i < 4; i++) {
			vp_run(guests[i].vp, &msg);
			ASSERT_EQ(i, io->header.vp_index);
			ASSERT_EQ(round, (__u32)io->rax);
			guest_skip(&guests[i], &msg);
		}
	}
	for (i = 1; i < 4; i++)
		close(guests[i].vp);
}

struct crowd {
	pthread_t thread;
	struct guest guest;
	unsigned long rounds;
	__u32 last;
};

static void *crowd_main(void *arg)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct crowd *c = arg;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	pin_to_cpu(0);
	while (c->last < c->rounds) {
		vp_run(c->guest.vp, &msg);
		die_if((__u32)io->rax != c->last + 1, "exit %u after %u", (__u32)io->rax, c->last);
		c->last++;
		guest_skip(&c->guest, &msg);
	}
	return NULL;
}

/*
 * Four threads on one processor: messages meet in its slot.  None is lost
 * there, and each that had to wait costs an EOM.
 */
TEST_F(guest, crowded_slot)
{
	struct crowd crowd[4] = {};
	__u64 n = rounds(300, 40);
	int i;

	guest_start(&self->guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 0; i < 4; i++) {
		crowd[i].guest = self->guest;
		crowd[i].rounds = n;
		if (i)
			crowd[i].guest.vp = vp_create(self->guest.part, i);
		vp_start(crowd[i].guest.vp, MODE_REAL, 0);
		ASSERT_EQ(0, pthread_create(&crowd[i].thread, NULL, crowd_main, &crowd[i]));
	}
	for (i = 0; i < 4; i++) {
		pthread_join(crowd[i].thread, NULL);
		EXPECT_EQ(n, crowd[i].last);
		if (i)
			close(crowd[i].guest.vp);
	}
	EXPECT_EQ(4 * n, window_counter(COUNT_MESSAGES));
	EXPECT_LE(window_counter(COUNT_EOM), window_counter(COUNT_QUEUED));
	EXPECT_EQ(!window_counter(COUNT_QUEUED), !window_counter(COUNT_EOM));
}

/* From processor to processor, exit by exit */
TEST_F(guest, migrates)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	unsigned long n = rounds(200, 40), i;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(&self->guest, MODE_REAL, code_count16);
	window_zero();
	for (i = 1; i <= n; i++) {
		pin_to_cpu(i % online_cpus());
		vp_run(self->guest.vp, &msg);
		ASSERT_EQ(i, (__u32)io->rax);
		guest_skip(&self->guest, &msg);
	}
	EXPECT_EQ(n, window_counter(COUNT_MESSAGES));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_IOEVENTFD of memory: which writes signal, and that all others exit as ever. */
#include <errno.h>

#include "event.h"

#define GPA	(GUEST_HOLE + 0x120)
#define VALUE	0x8877665544332211ull

static const struct store {
	const __u8 *op, *end;
	unsigned int len;
} stores[] = {
	{ event_store8, event_store8_end, 1 },
	{ event_store16, event_store16_end, 2 },
	{ event_store32, event_store32_end, 4 },
	{ event_store64, event_store64_end, 8 },
};

static enum fate store(struct guest *guest, int width, __u64 gpa, __u64 value)
{
	return __event_do(guest, stores[width].op, stores[width].end, gpa, value);
}

static __u64 low_bytes(__u64 value, unsigned int len)
{
	return len == 8 ? value : value & ((1ull << len * 8) - 1);
}

/* Each length with each width; 0 is any. */
TEST_F(events, widths)
{
	static const unsigned int lens[] = { 0, 1, 2, 4, 8 };
	size_t i;
	int w;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, lens[i], 0, VALUE));
		for (w = 0; w < ARRAY_SIZE(stores); w++) {
			bool hit = !lens[i] || lens[i] == stores[w].len;

			EXPECT_EQ(hit ? FATE_SIGNAL : FATE_MMIO,
				  store(&self->guest, w, GPA, VALUE))
				TH_LOG("length %u, width %u", lens[i], stores[w].len);
			EXPECT_EQ(hit, hit ? event_await(self->fd) : event_take(self->fd));
		}
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, lens[i], DEASSIGN, 0));
		for (w = 0; w < ARRAY_SIZE(stores); w++)
			EXPECT_EQ(FATE_MMIO, store(&self->guest, w, GPA, VALUE));
	}
	EXPECT_EQ(0, event_take(self->fd));
}

/* Only the bytes that are written count. */
TEST_F(events, datamatch)
{
	struct guest *guest = &self->guest;
	int w;

	for (w = 0; w < ARRAY_SIZE(stores); w++) {
		unsigned int len = stores[w].len;
		__u64 value = low_bytes(VALUE, len);

		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, len, DATAMATCH, value));
		EXPECT_EQ(FATE_SIGNAL, store(guest, w, GPA, VALUE));
		EXPECT_EQ(1, event_await(self->fd));
		EXPECT_EQ(FATE_MMIO, store(guest, w, GPA, VALUE + 1));
		EXPECT_EQ(FATE_MMIO, store(guest, w, GPA, VALUE ^ 1ull << (len * 8 - 1)));
		if (len < 8) {
			EXPECT_EQ(FATE_SIGNAL, store(guest, w, GPA, VALUE ^ 1ull << len * 8));
			EXPECT_EQ(1, event_await(self->fd));
		}
		/* Another value is none that is assigned. */
		EXPECT_ERR(MSHV_IOEVENTFD, ENOENT,
			   __io_request(self->part, self->fd, GPA, len, DATAMATCH | DEASSIGN,
					value + 1));
		ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, len, DATAMATCH | DEASSIGN,
					  value));
		EXPECT_EQ(FATE_MMIO, store(guest, w, GPA, VALUE));
	}
	EXPECT_EQ(0, event_take(self->fd));
}

/* As virtio's queues notify: one address, a value for each */
TEST_F(events, values_of_one_address)
{
	int fd[16], i;

	for (i = 0; i < 16; i++) {
		fd[i] = event_new();
		ASSERT_EQ(0, __io_request(self->part, fd[i], GPA, 2, DATAMATCH, i));
	}
	for (i = 15; i >= 0; i--) {
		EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store16, GPA, i));
		EXPECT_EQ(1, event_await(fd[i])) TH_LOG("value %d", i);
	}
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store16, GPA, 16));
	/* One gone, the others stay. */
	ASSERT_EQ(0, __io_request(self->part, fd[7], GPA, 2, DATAMATCH | DEASSIGN, 7));
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store16, GPA, 7));
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store16, GPA, 8));
	EXPECT_EQ(1, event_await(fd[8]));
	for (i = 0; i < 16; i++) {
		EXPECT_EQ(0, event_take(fd[i]));
		close(fd[i]);
	}
}

TEST_F(events, neighbours)
{
	int offset;

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 4, 0, 0));
	for (offset = -8; offset <= 8; offset++) {
		if (!offset)
			continue;
		EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, GPA + offset, 0))
			TH_LOG("offset %d", offset);
	}
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, GPA + GUEST_PAGE, 0));
	EXPECT_EQ(0, event_take(self->fd));
}

/* At the end of a page, and one that goes on in the next */
TEST_F(events, end_of_page)
{
	const __u64 end = GUEST_HOLE + GUEST_PAGE;

	ASSERT_EQ(0, __io_request(self->part, self->fd, end - 4, 4, 0, 0));
	ASSERT_EQ(0, __io_request(self->part, self->fd, end - 2, 4, 0, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, end - 4, 0));
	EXPECT_EQ(1, event_await(self->fd));
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, end - 2, 0));
	EXPECT_EQ(0, event_take(self->fd));
}

/* All that only stores; the registers are as they were. */
TEST_F(events, kinds_of_stores)
{
	struct guest *guest = &self->guest;
	__u64 rflags;

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 0, 0, 0));
	rflags = reg_get(guest->vp, HV_X64_REGISTER_RFLAGS);
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_store8_high, GPA, VALUE));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_imm16, GPA, VALUE));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_imm64, GPA, VALUE));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_far, GPA - 0x84, VALUE));
	EXPECT_EQ(VALUE, reg_get(guest->vp, HV_X64_REGISTER_RAX));
	EXPECT_EQ(GPA - 0x84, reg_get(guest->vp, HV_X64_REGISTER_RBX));
	EXPECT_EQ(1, reg_get(guest->vp, HV_X64_REGISTER_RCX));
	EXPECT_EQ(rflags, reg_get(guest->vp, HV_X64_REGISTER_RFLAGS));
	/* Through another address of the same memory */
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_store32, GUEST_ALIAS + GPA, VALUE));
	/* What isn't a plain store is the VMM's. */
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_load32, GPA, VALUE));
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_add32, GPA, VALUE));
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_xchg32, GPA, VALUE));
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_stos32, GPA, VALUE));
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_rep_stos32, GPA, VALUE));
}

TEST_F(events, values_of_stores)
{
	struct guest *guest = &self->guest;

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 1, DATAMATCH, 0x22));
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 2, DATAMATCH, 0x1234));
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 8, DATAMATCH, -2));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_store8_high, GPA, VALUE));
	EXPECT_EQ(1, event_await(self->fd));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_imm16, GPA, 0));
	EXPECT_EQ(1, event_await(self->fd));
	EXPECT_EQ(FATE_SIGNAL, event_do(guest, event_imm64, GPA, 0));
	EXPECT_EQ(1, event_await(self->fd));
	EXPECT_EQ(FATE_MMIO, event_do(guest, event_store8, GPA, VALUE));
}

/* A run that has only such writes comes to no end, and the root sees no exit. */
TEST_F(events, no_exit)
{
	__u64 *count = (__u64 *)(self->guest.mem + GUEST_DATA), n = rounds(3000, 500), got = 0;
	struct runner r;

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 4, 0, 0));
	event_goto(self->guest.vp, event_store_storm, GPA, 0);
	reg_set(self->guest.vp, HV_X64_REGISTER_RCX, 0);
	reg_set(self->guest.vp, HV_X64_REGISTER_R9, n);
	window_zero();
	runner_start(&r, self->guest.vp, -1);
	EXPECT_EQ(0, runner_join(&r));
	EXPECT_EQ(n, *count);
	EXPECT_EQ(1, window_counter(COUNT_INTERCEPTS));
	EXPECT_EQ(n, window_counter(COUNT_DOORBELLS));
	/* Events may merge, but the last write is seen after it was made. */
	while (event_comes(self->fd, 100))
		got += event_take(self->fd);
	EXPECT_LE(1, got);
	EXPECT_GE(n, got);
}

/* The same address in two guests, one eventfd at two addresses */
TEST_F(events, each_its_own)
{
	struct guest other;
	int fd = event_new();

	guest_create(&other, 0);
	guest_start(&other, MODE_64, code_event64);
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 4, 0, 0));
	EXPECT_EQ(FATE_MMIO, event_do(&other, event_store32, GPA, 0));
	ASSERT_EQ(0, __io_request(other.part, fd, GPA, 4, 0, 0));
	ASSERT_EQ(0, __io_request(other.part, fd, GPA + 8, 4, 0, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 0));
	EXPECT_EQ(1, event_await(self->fd));
	EXPECT_EQ(0, event_take(fd));
	EXPECT_EQ(FATE_SIGNAL, event_do(&other, event_store32, GPA, 0));
	EXPECT_EQ(1, event_await(fd));
	EXPECT_EQ(FATE_SIGNAL, event_do(&other, event_store32, GPA + 8, 0));
	EXPECT_EQ(1, event_await(fd));
	EXPECT_EQ(0, event_take(self->fd));
	/* Only this address of the two */
	ASSERT_EQ(0, __io_request(other.part, fd, GPA, 4, DEASSIGN, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(&other, event_store32, GPA + 8, 0));
	EXPECT_EQ(1, event_await(fd));
	guest_destroy(&other);
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 0));
	close(fd);
}

/* Memory that is mapped there takes the write, for as long as it is there. */
TEST_F(events, mapped_over)
{
	__u32 *mem = pages_alloc(GUEST_PAGE);
	struct mshv_user_mem_region region = mem_region(mem, GUEST_HOLE,
							GUEST_PAGE, HV_MAP_GPA_READABLE |
							HV_MAP_GPA_WRITABLE);

	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 4, 0, 0));
	mem_map(self->part, &region);
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 7));
	EXPECT_EQ(7, mem[(GPA - GUEST_HOLE) / 4]);
	EXPECT_FALSE(event_comes(self->fd, 20));
	mem_unmap(self->part, &region);
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 8));
	EXPECT_EQ(1, event_await(self->fd));
	munmap(mem, GUEST_PAGE);
}

/* To close the eventfd detaches nothing; to close the partition does, while VPs live. */
TEST_F(events, closed)
{
	ASSERT_EQ(0, __io_request(self->part, self->fd, GPA, 4, 0, 0));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GPA, 0));
	close(self->part);
	self->guest.part = -1;
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, GPA, 0));
}

/* Of many each one, and the memory for them is the partition's. */
TEST_F(events, many)
{
	int n = rounds(600, 150), i;

	for (i = 0; i < n; i++)
		ASSERT_EQ(0, __io_request(self->part, self->fd, GUEST_HOLE + 4 * i, 4, 0, 0));
	EXPECT_EQ(n, window_live(LIVE_CONNECTIONS));
	EXPECT_EQ(n, window_live(LIVE_PORTS));
	for (i = 0; i < n; i += 97) {
		EXPECT_EQ(FATE_SIGNAL,
			  event_do(&self->guest, event_store32, GUEST_HOLE + 4 * i, i));
		EXPECT_EQ(1, event_await(self->fd)) TH_LOG("ioeventfd %d", i);
	}
	for (i = 0; i < n; i += 97)
		ASSERT_EQ(0, __io_request(self->part, self->fd, GUEST_HOLE + 4 * i, 4, DEASSIGN,
					  0));
	EXPECT_EQ(FATE_MMIO, event_do(&self->guest, event_store32, GUEST_HOLE, 0));
	EXPECT_EQ(FATE_SIGNAL, event_do(&self->guest, event_store32, GUEST_HOLE + 4, 0));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* Which writes signal an ioeventfd, and what a message says of a write. */
#include <kunit/test.h>

#include "../io_match.h"

#define ANY(a, l)	{ .addr = (a), .len = (l), .wildcard = true }
#define VALUE(a, l, v)	{ .addr = (a), .len = (l), .value = (v) }

static void io_match_check_test(struct kunit *test)
{
	static const struct {
		struct mshv_io_match match;
		bool port;
		int ret;
	} rows[] = {
		{ ANY(0, 0), true, 0 },
		{ ANY(0, 1), true, 0 },
		{ ANY(0, 2), true, 0 },
		{ ANY(0, 3), true, -EINVAL },
		{ ANY(0, 4), true, 0 },
		{ ANY(0, 5), true, -EINVAL },
		{ ANY(0, 8), true, 0 },
		{ ANY(0, 16), true, -EINVAL },
		{ ANY(0, 0x80000000), false, -EINVAL },
		{ ANY(0xffff, 4), true, 0 },
		{ ANY(0x10000, 1), true, -EINVAL },
		{ ANY(0x10000, 1), false, 0 },
		{ ANY(U64_MAX, 0), false, 0 },
		{ ANY(U64_MAX, 1), false, -EINVAL },
		{ ANY(U64_MAX - 7, 8), false, -EINVAL },
		{ ANY(U64_MAX - 8, 8), false, 0 },
		{ VALUE(0, 0, 0), false, -EINVAL },
		{ VALUE(0, 1, 0xff), false, 0 },
		{ VALUE(0, 1, 0x100), false, -EINVAL },
		{ VALUE(0, 4, U32_MAX), false, 0 },
		{ VALUE(0, 4, BIT_ULL(32)), false, -EINVAL },
		{ VALUE(0, 8, U64_MAX), false, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, rows[i].ret,
				    mshv_io_match_check(&rows[i].match,
							rows[i].port),
				    "row %u", i);
}

/* Whichever of the two comes first. */
static void io_match_collide_test(struct kunit *test)
{
	static const struct {
		struct mshv_io_match a, b;
		bool collide, equal;
	} rows[] = {
		{ ANY(8, 4), ANY(8, 4), true, true },
		{ ANY(8, 4), ANY(9, 4), false, false },
		{ ANY(8, 4), ANY(8, 2), false, false },
		{ ANY(8, 0), ANY(8, 2), true, false },
		{ ANY(8, 0), ANY(8, 0), true, true },
		{ ANY(8, 0), VALUE(8, 2, 3), true, false },
		{ ANY(8, 2), VALUE(8, 2, 3), true, false },
		{ ANY(8, 4), VALUE(8, 2, 3), false, false },
		{ VALUE(8, 2, 3), VALUE(8, 2, 3), true, true },
		{ VALUE(8, 2, 3), VALUE(8, 2, 4), false, false },
		{ VALUE(8, 2, 3), VALUE(8, 4, 3), false, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct mshv_io_match *a = &rows[i].a, *b = &rows[i].b;

		KUNIT_EXPECT_EQ_MSG(test, rows[i].collide,
				    mshv_io_match_collide(a, b), "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].collide,
				    mshv_io_match_collide(b, a), "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].equal,
				    mshv_io_match_equal(a, b), "row %u", i);
	}
}

static void io_match_hit_test(struct kunit *test)
{
	static const struct {
		struct mshv_io_match match;
		struct mshv_port_write write;
		bool hit;
	} rows[] = {
		{ ANY(8, 4), { 8, 4, 1 }, true },
		{ ANY(8, 4), { 8, 2, 1 }, false },
		{ ANY(8, 4), { 9, 4, 1 }, false },
		{ ANY(8, 0), { 8, 2, 1 }, true },
		{ VALUE(8, 2, 1), { 8, 2, 1 }, true },
		{ VALUE(8, 2, 1), { 8, 2, 0 }, false },
		{ VALUE(8, 8, 1), { 8, 4, 1 }, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, rows[i].hit,
				    mshv_io_match_hit(&rows[i].match,
						      &rows[i].write),
				    "row %u", i);
}

static struct mshv_hv_message message;
static struct mshv_hv_x64_io_port_intercept_message *const io =
	(void *)message.payload;

static void put_outw(void)
{
	memset(&message, 0, sizeof(message));
	message.header.message_type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT;
	io->header.intercept_access_type = HV_INTERCEPT_ACCESS_WRITE;
	io->header.instruction_length = 2;
	io->header.rip = 0xfffffffe;
	io->access_info.access_size = 2;
	io->port_number = 0x1234;
	io->rax = 0x5555555512345678;
}

static void port_write_read_test(struct kunit *test)
{
	struct mshv_port_write write = {};

	put_outw();
	KUNIT_ASSERT_TRUE(test, mshv_port_write_read(&message, &write));
	KUNIT_EXPECT_EQ(test, write.port, 0x1234);
	KUNIT_EXPECT_EQ(test, write.len, 2);
	KUNIT_EXPECT_EQ(test, write.value, 0x5678);
	/* EIP goes round, RIP does not. */
	KUNIT_EXPECT_EQ(test, write.next_rip, 0);
	io->header.execution_state.efer_lma = 1;
	KUNIT_ASSERT_TRUE(test, mshv_port_write_read(&message, &write));
	KUNIT_EXPECT_EQ(test, write.next_rip, 0);
	io->header.cs_segment.attributes = MSHV_CS_LONG;
	io->access_info.access_size = 4;
	KUNIT_ASSERT_TRUE(test, mshv_port_write_read(&message, &write));
	KUNIT_EXPECT_EQ(test, write.next_rip, 0x100000000);
	KUNIT_EXPECT_EQ(test, write.value, 0x12345678);
}

static void port_write_other_test(struct kunit *test)
{
	struct mshv_port_write write;
	unsigned int size;

	put_outw();
	message.header.message_type = MSHV_HVMSG_UNMAPPED_GPA;
	KUNIT_EXPECT_FALSE(test, mshv_port_write_read(&message, &write));
	put_outw();
	io->header.intercept_access_type = HV_INTERCEPT_ACCESS_READ;
	KUNIT_EXPECT_FALSE(test, mshv_port_write_read(&message, &write));
	put_outw();
	io->access_info.string_op = 1;
	KUNIT_EXPECT_FALSE(test, mshv_port_write_read(&message, &write));
	put_outw();
	io->header.instruction_length = 0;
	KUNIT_EXPECT_FALSE(test, mshv_port_write_read(&message, &write));
	for (size = 0; size < 8; size++) {
		put_outw();
		io->access_info.access_size = size;
		KUNIT_EXPECT_EQ(test, mshv_port_write_read(&message, &write),
				size == 1 || size == 2 || size == 4);
	}
}

static struct kunit_case io_match_test_cases[] = {
	KUNIT_CASE(io_match_check_test),
	KUNIT_CASE(io_match_collide_test),
	KUNIT_CASE(io_match_hit_test),
	KUNIT_CASE(port_write_read_test),
	KUNIT_CASE(port_write_other_test),
	{}
};

static struct kunit_suite io_match_suite = {
	.name = "mshv_io_match",
	.test_cases = io_match_test_cases,
};

kunit_test_suite(io_match_suite);

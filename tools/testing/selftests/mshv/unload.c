// SPDX-License-Identifier: GPL-2.0
/* The module goes only when nobody uses it, and comes back whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "event.h"

static int __module_remove(void)
{
	return syscall(SYS_delete_module, "mshv", O_NONBLOCK) ? -errno : 0;
}

static int module_open(void)
{
	const char *path = getenv("MSHV_KO");

	return open(path ? path : "/mshv.ko", O_RDONLY | O_CLOEXEC);
}

static int __module_insert(void)
{
	int fd = module_open(), ret;

	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

FIXTURE(module) {
	struct books books;
};

FIXTURE_SETUP(module)
{
	int fd = module_open();

	if (missing())
		SKIP(return, "%s", missing());
	if (fd < 0)
		SKIP(return, "no module file: set MSHV_KO");
	close(fd);
	if (access("/sys/module/mshv/refcnt", F_OK))
		SKIP(return, "mshv is built in");
	books_open(&self->books);
}

FIXTURE_TEARDOWN(module)
{
	/* Later tests need it, whatever went wrong in this one. */
	if (access("/dev/mshv", F_OK))
		__module_insert();
	EXPECT_TRUE(books_balanced(&self->books));
}

static void expect_in_use(struct __test_metadata *_metadata)
{
	/* The kernel says EWOULDBLOCK of a module in use. */
	EXPECT_EQ(-EAGAIN, __module_remove());
	EXPECT_EQ(0, access("/dev/mshv", F_OK));
}

TEST_F(module, not_while_a_file_is_open)
{
	struct guest guest;

	guest.dev = dev_open();
	expect_in_use(_metadata);
	guest.part = part_create(guest.dev, 0);
	close(guest.dev);
	expect_in_use(_metadata);
	guest.vp = vp_create(guest.part, 0);
	close(guest.part);
	expect_in_use(_metadata);
	close(guest.vp);
}

TEST_F(module, not_while_a_guest_runs)
{
	struct guest guest;
	struct runner r;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_spin16);
	runner_start(&r, guest.vp, -1);
	guest_wait_tick(&guest);
	close(guest.dev);
	close(guest.part);
	guest.dev = -1;
	guest.part = -1;
	expect_in_use(_metadata);
	EXPECT_FALSE(runner_done(&r));
	vp_cancel(guest.vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	guest_destroy(&guest);
}

/* Files are put late: the reference may outlive close() by a moment. */
static int remove_soon(void)
{
	__u64 end = now_ns() + 10000000000ull * time_scale();
	int ret;

	while ((ret = __module_remove()) == -EAGAIN && now_ns() < end)
		sleep_us(1000);
	return ret;
}

static void run_once(struct __test_metadata *_metadata)
{
	struct mshv_hv_message msg;
	struct guest guest;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_out16);
	vp_run(guest.vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	guest_destroy(&guest);
}

TEST_F_TIMEOUT(module, cycles, 180 * time_scale())
{
	unsigned long n = rounds(10, 3), i;

	for (i = 0; i < n; i++) {
		run_once(_metadata);
		ASSERT_EQ(0, remove_soon());
		EXPECT_NE(0, access("/dev/mshv", F_OK));
		ASSERT_EQ(0, __module_insert());
		ASSERT_EQ(0, access("/dev/mshv", F_OK));
	}
	run_once(_metadata);
	EXPECT_EQ(-EEXIST, __module_insert());
}

/* A message for nobody, when there is no driver: the next driver copes. */
TEST_F(module, messages_meanwhile)
{
	const struct raw_message raw = {
		.type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		.sender = 12345,
		.payload_size = 128,
	};

	ASSERT_EQ(0, remove_soon());
	window_raw(0, &raw);
	ASSERT_EQ(0, __module_insert());
	window_raw(0, &raw);
	run_once(_metadata);
}

/*
 * A guest rings until the partition's fd goes, and with it the doorbell; what is in the rings
 * then is for nobody. The module goes after the last fd.
 */
TEST_F_TIMEOUT(module, with_doorbells, 180 * time_scale())
{
	unsigned long n = rounds(10, 2), i;
	struct guest guest;
	int fd, idle;
	struct runner r;

	for (i = 0; i < n; i++) {
		guest_create(&guest, 0);
		guest_start(&guest, MODE_64, code_event64);
		fd = event_new();
		idle = event_new();
		irqfd_assign(guest.part, idle, 1);
		ASSERT_EQ(0, __io_request(guest.part, fd, GUEST_HOLE, 4, 0, 0));
		event_goto(guest.vp, event_store_storm, GUEST_HOLE, 0);
		reg_set(guest.vp, HV_X64_REGISTER_R9, 0);
		runner_start(&r, guest.vp, -1);
		ASSERT_TRUE(event_comes(fd, 10000));
		close(guest.dev);
		close(guest.part);
		guest.dev = -1;
		guest.part = -1;
		expect_in_use(_metadata);
		ASSERT_TRUE(runner_wait(&r, 10000));
		EXPECT_EQ(0, runner_join(&r));
		EXPECT_EQ(MSHV_HVMSG_UNMAPPED_GPA, r.msg.header.message_type);
		guest_destroy(&guest);
		ASSERT_EQ(0, remove_soon());
		/* An irqfd's eventfd may be closed long after its driver. */
		close(idle);
		close(fd);
		ASSERT_EQ(0, __module_insert());
	}
}

struct opener {
	pthread_t thread;
	bool stop;
	unsigned long opened;
};

static void *opener_main(void *arg)
{
	struct opener *o = arg;
	int fd, part;

	while (!__atomic_load_n(&o->stop, __ATOMIC_ACQUIRE)) {
		fd = __dev_open(O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		part = part_create(fd, 0);
		close(fd);
		close(part);
		o->opened++;
	}
	return NULL;
}

/* Opening races with unloading. */
TEST_F_TIMEOUT(module, race, 180 * time_scale())
{
	__u64 end = now_ns() + 2000000000ull * time_scale();
	struct opener opener = {};
	unsigned long removed = 0;

	ASSERT_EQ(0, pthread_create(&opener.thread, NULL, opener_main, &opener));
	/* For longer, if the opener has had no chance yet */
	while (now_ns() < end || !__atomic_load_n(&opener.opened, __ATOMIC_RELAXED)) {
		if (__module_remove()) {
			sleep_us(100);
			continue;
		}
		removed++;
		ASSERT_EQ(0, __module_insert());
		sleep_us(20000);
	}
	__atomic_store_n(&opener.stop, true, __ATOMIC_RELEASE);
	pthread_join(opener.thread, NULL);
	EXPECT_GT(opener.opened, 0);
	TH_LOG("%lu opened, %lu removed", opener.opened, removed);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* The ends of things: files closed in any order, by anybody, at any time. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

#define FILES	4

/* The next permutation of /dev/mshv 0, partition 1, VP 0 2, VP 1 3 */
static bool next_order(int *order)
{
	int i = FILES - 2, j = FILES - 1, swap;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	swap = order[i], order[i] = order[j], order[j] = swap;
	for (i++, j = FILES - 1; i < j; i++, j--)
		swap = order[i], order[i] = order[j], order[j] = swap;
	return true;
}

static void open_all(int *fds, __u8 **mem)
{
	struct guest guest;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_out16);
	fds[0] = guest.dev;
	fds[1] = guest.part;
	fds[2] = guest.vp;
	fds[3] = vp_create(guest.part, 1);
	*mem = guest.mem;
}

TEST_F(device, every_order)
{
	int order[FILES] = { 0, 1, 2, 3 }, fds[FILES], i;
	struct mshv_hv_message msg;
	int orders = 0;
	__u8 *mem;

	do {
		open_all(fds, &mem);
		/* Half of them with a message pending */
		if (orders % 2)
			vp_run(fds[2], &msg);
		for (i = 0; i < FILES; i++) {
			/* It lives while any file but /dev/mshv is open. */
			if (i < FILES - 1 || order[i])
				EXPECT_EQ(self->books.live[LIVE_PARTITIONS] + 1,
					  window_live(LIVE_PARTITIONS));
			close(fds[order[i]]);
			/* Open VPs keep working without the others. */
			if (i == 1 && order[0] < 2 && order[1] < 2)
				vp_run(fds[2], &msg);
		}
		munmap(mem, GUEST_SIZE);
		EXPECT_TRUE(books_balanced(&self->books));
		orders++;
	} while (next_order(order));
	EXPECT_EQ(24, orders);
}

/* Copies of a descriptor: the last one counts. */
TEST_F(guest, duplicates)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	int vp = dup(guest->vp);

	guest_start(guest, MODE_REAL, code_out16);
	close(guest->vp);
	close(guest->part);
	guest->vp = vp;
	guest->part = -1;
	vp_run(vp, &msg);
	EXPECT_EQ(self->books.live[LIVE_PARTITIONS] + 1, window_live(LIVE_PARTITIONS));
}

/* A closed descriptor doesn't end the run that is going on. */
TEST_F(guest, close_during_run)
{
	struct guest *guest = &self->guest;
	struct runner r;

	catch_signal(SIGUSR1);
	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	close(guest->vp);
	close(guest->part);
	guest->vp = -1;
	guest->part = -1;
	guest_wait_tick(guest);
	EXPECT_FALSE(runner_done(&r));
	runner_signal(&r, SIGUSR1);
	ASSERT_TRUE(runner_wait(&r, 1000));
	EXPECT_EQ(-EINTR, runner_join(&r));
}

enum end {
	END_KILL,	/* SIGKILL while the guest spins */
	END_EXIT,	/* exit of another thread while the guest spins */
	END_RETURN,	/* exit without close, VP stopped */
	END_DELAYED,	/* SIGKILL while a message is late */
	END_EXEC,	/* execve while the guest spins */
	END_COUNT,
};

static void __noreturn child_main(enum end end, int ready)
{
	struct mshv_hv_message msg;
	struct guest guest;
	struct runner r;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_spin16);
	if (end == END_DELAYED)
		guest_start(&guest, MODE_REAL, code_out16);
	if (end == END_RETURN) {
		guest_start(&guest, MODE_REAL, code_out16);
		vp_run(guest.vp, &msg);
		_exit(0);
	}
	runner_start(&r, guest.vp, -1);
	if (end == END_DELAYED)
		sleep_us(20000);
	else
		guest_wait_tick(&guest);
	die_if(write(ready, "", 1) != 1, "write to the parent");
	if (end == END_EXIT)
		_exit(0);
	if (end == END_EXEC) {
		execl("/proc/self/exe", "close_order", "-l", NULL);
		_exit(1);
	}
	for (;;)
		pause();
}

static void end_child(struct __test_metadata *_metadata, enum end end)
{
	int ready[2], status;
	char byte;
	pid_t pid;

	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* The list of tests that the exec'd program prints is of no use. */
		if (end == END_EXEC && !freopen("/dev/null", "w", stderr))
			_exit(1);
		child_main(end, ready[1]);
	}
	close(ready[1]);
	if (end != END_RETURN)
		ASSERT_EQ(1, read(ready[0], &byte, 1));
	if (end == END_KILL || end == END_DELAYED)
		kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(end == END_KILL || end == END_DELAYED, WIFSIGNALED(status));
	close(ready[0]);
}

TEST_F(device, sudden_ends)
{
	enum end end;
	int i;

	for (i = 0; i < 3; i++) {
		for (end = 0; end < END_COUNT; end++) {
			window_delay(end == END_DELAYED ? 100000 * time_scale() : 0);
			end_child(_metadata, end);
			EXPECT_TRUE(books_balanced(&self->books))
				TH_LOG("end %d", end);
		}
	}
	window_delay(0);
}

/* SIGKILL at any time of a VM's life */
TEST_F_TIMEOUT(device, killed_anywhere, 180 * time_scale())
{
	unsigned long n = rounds(60, 6), i, span = 30000 * time_scale();
	struct mshv_hv_message msg;
	struct guest guest;
	int status;
	pid_t pid;

	random_init();
	for (i = 0; i < n; i++) {
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid) {
			guest_create(&guest, 0);
			guest_start(&guest, MODE_REAL, code_count16);
			for (;;) {
				vp_run(guest.vp, &msg);
				guest_skip(&guest, &msg);
			}
		}
		sleep_us(random_below(span));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status));
	}
	EXPECT_TRUE(books_balanced(&self->books));
}

/* A VM handed on by fork lives on when its maker is gone. */
TEST_F(device, inherited)
{
	struct mshv_hv_message msg;
	struct guest guest;
	int status;
	pid_t pid;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_count16);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* The maker's copies are closed by now, or are soon. */
		vp_run(guest.vp, &msg);
		guest_skip(&guest, &msg);
		sleep_us(20000);
		vp_run(guest.vp, &msg);
		_exit(((struct mshv_hv_x64_io_port_intercept_message *)msg.payload)->rax == 2 ?
		      0 : 1);
	}
	guest_destroy(&guest);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* Closing races with a run that comes to its end. */
TEST_F(device, close_races_with_exit)
{
	unsigned long n = rounds(30, 6), i;
	struct guest guest;
	struct runner r;

	random_init();
	for (i = 0; i < n; i++) {
		guest_create(&guest, 0);
		guest_start(&guest, MODE_REAL, code_out16);
		runner_start(&r, guest.vp, -1);
		sleep_us(random_below(500));
		guest_destroy(&guest);
		runner_join(&r);
	}
}

enum operation { OP_MAP, OP_UNMAP, OP_CREATE_VP, OP_GET, OP_SET, OP_RUN, OP_CANCEL, OP_COUNT };

struct operator {
	pthread_t thread;
	enum operation op;
	struct guest *guest;
	int fd;
};

/* The same ioctl over and over, until its descriptor is gone */
static void *operator_main(void *arg)
{
	struct operator *o = arg;
	struct mshv_user_mem_region region = mem_region(o->guest->mem, GUEST_HOLE, GUEST_PAGE,
							HV_MAP_GPA_READABLE);
	struct mshv_hv_message msg;
	int ret = 0, i;
	__u64 value;

	for (i = 0; ret != -EBADF; i++) {
		switch (o->op) {
		case OP_MAP:
		case OP_UNMAP:
			ret = (i + o->op) % 2 ? __mem_unmap(o->fd, &region) :
				__mem_map(o->fd, &region);
			break;
		case OP_CREATE_VP:
			ret = __vp_create(o->fd, 1 + i % 4);
			if (ret >= 0)
				close(ret);
			break;
		case OP_GET:
			ret = __reg_get(o->fd, HV_X64_REGISTER_RIP, &value);
			break;
		case OP_SET:
			ret = __reg_set(o->fd, HV_X64_REGISTER_R9, i);
			break;
		case OP_RUN:
			ret = __vp_run(o->fd, &msg);
			break;
		default:
			ret = __vp_cancel(o->fd);
		}
	}
	return NULL;
}

/* Each ioctl meets the close of its file, which is the last one. */
TEST_F_TIMEOUT(device, close_meets_ioctl, 180 * time_scale())
{
	unsigned long n = rounds(4, 2), i;
	struct operator operator;
	struct guest guest;
	enum operation op;

	random_init();
	for (op = 0; op < OP_COUNT; op++) {
		for (i = 0; i < n; i++) {
			guest_create(&guest, 0);
			guest_start(&guest, MODE_REAL, code_out16);
			operator.op = op;
			operator.guest = &guest;
			operator.fd = op <= OP_CREATE_VP ? guest.part : guest.vp;
			close(op <= OP_CREATE_VP ? guest.vp : guest.part);
			ASSERT_EQ(0, pthread_create(&operator.thread, NULL, operator_main,
						    &operator));
			sleep_us(random_below(3000 * time_scale()));
			close(operator.fd);
			pthread_join(operator.thread, NULL);
			close(guest.dev);
			munmap(guest.mem, GUEST_SIZE);
		}
	}
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * The load: one process a task, counting in shared memory, so that a task that
 * hangs is seen by the one that reports.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

#define MS		1000000ull
#define PERIOD		(10 * MS)
#define LATE		(100 * MS)
#define PATIENCE_MS	20000	/* a peer that doesn't answer for so long has missed its wake-up */
#define BLOCK		4096
#define BLOCKS		1024
#define TASKS		10

static struct {
	atomic_ulong forks, timers, late, latest, wakes, slowest, lost, blocks, wrong;
	atomic_ullong handed_over;	/* when the turn was */
	atomic_bool stop;
	atomic_uint turn;
} *seen;

static void fork_task(int number)
{
	pid_t child;

	while (!seen->stop) {
		child = fork();
		if (child == 0) {
			if (number)
				execl("/bin/true", "true", NULL);
			_exit(0);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			_exit(1);
		seen->forks++;
	}
}

static void note_most(atomic_ulong *most, unsigned long value)
{
	unsigned long before = *most;

	while (value > before && !atomic_compare_exchange_weak(most, &before, value))
		;
}

static void note_timer(uint64_t due)
{
	unsigned long late = now() - due;

	seen->timers++;
	if (late > LATE)
		seen->late++;
	note_most(&seen->latest, late);
}

/* What was handed over at @when has arrived. */
static void note_wake(uint64_t when)
{
	seen->wakes++;
	if (!seen->stop)
		note_most(&seen->slowest, now() - when);
}

/* Each 10 ms from now on, by three of the kernel's ways to wait for a time. */
static void timer_task(int way)
{
	struct itimerspec period = { .it_value.tv_nsec = PERIOD };
	struct timespec span = { .tv_nsec = PERIOD };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t count, due;

	while (!seen->stop) {
		due = now() + PERIOD;
		if (way == 0) {
			clock_nanosleep(CLOCK_MONOTONIC, 0, &span, NULL);
		} else if (way == 1) {
			poll(NULL, 0, PERIOD / MS);
		} else {
			timerfd_settime(fd, 0, &period, NULL);
			if (read(fd, &count, sizeof(count)) != sizeof(count))
				_exit(1);
		}
		if (!seen->stop)
			note_timer(due);
	}
}

/* One of two processes that tell each other the time. */
static void pipe_task(int in, int out)
{
	struct pollfd pollfd = { .fd = in, .events = POLLIN };
	uint64_t when = now();
	ssize_t count = sizeof(when);

	while (!seen->stop && count == sizeof(when)) {
		count = write(out, &when, sizeof(when));
		if (poll(&pollfd, 1, PATIENCE_MS)) {
			count = read(in, &when, sizeof(when));
			note_wake(when);
		} else if (!seen->stop) {
			seen->lost++;
		}
		when = now();
	}
	/* The other mustn't wait for one that has gone. */
	if (write(out, &when, sizeof(when)) != sizeof(when))
		_exit(1);
}

/* One of two processes that take turns. */
static void futex_task(unsigned int me)
{
	struct timespec patience = { .tv_sec = PATIENCE_MS / 1000 };

	if (me == 0)		/* whose turn it is to begin with */
		seen->handed_over = now();
	do {
		while (seen->turn != me && !seen->stop) {
			if (syscall(SYS_futex, &seen->turn, FUTEX_WAIT, !me, &patience) &&
			    errno == ETIMEDOUT && !seen->stop)
				seen->lost++;
		}
		note_wake(seen->handed_over);
		seen->handed_over = now();
		seen->turn = !me;
		syscall(SYS_futex, &seen->turn, FUTEX_WAKE, 1);
	} while (!seen->stop);
	/* The other may have handed back the turn before it was told to stop. */
	seen->turn = !me;
	syscall(SYS_futex, &seen->turn, FUTEX_WAKE, 1);
}

/* Each block says which one it is, and how often it has been written. */
static void fill(uint64_t *block, uint64_t number, uint64_t version)
{
	unsigned int i;

	for (i = 0; i < BLOCK / sizeof(*block); i++)
		block[i] = (number << 32 | i) ^ version * 0x9e3779b97f4a7c15;
}

static void disk_task(void)
{
	static uint64_t expected[BLOCK / 8];
	uint64_t *block = aligned_alloc(BLOCK, BLOCK);
	static uint64_t version[BLOCKS];
	int fd = open("/dev/vda", O_RDWR | O_DIRECT);
	unsigned int number;
	bool wrong;

	while (!seen->stop) {
		number = random() % BLOCKS;
		fill(block, number, ++version[number]);
		wrong = pwrite(fd, block, BLOCK, (off_t)number * BLOCK) != BLOCK;
		wrong = wrong || (random() % 16 == 0 && fdatasync(fd));
		number = random() % BLOCKS;
		wrong = wrong || pread(fd, block, BLOCK, (off_t)number * BLOCK) != BLOCK;
		fill(expected, number, version[number]);
		if (wrong || (version[number] && memcmp(block, expected, BLOCK)))
			seen->wrong++;
		else
			seen->blocks++;
	}
}

static void run_task(int number, int pipes[2][2])
{
	if (number < 2)
		fork_task(number);
	else if (number < 5)
		timer_task(number - 2);
	else if (number == 5)
		disk_task();
	else if (number < 8)
		pipe_task(pipes[number - 6][0], pipes[7 - number][1]);
	else
		futex_task(number - 8);
	_exit(0);
}

static int start_tasks(pid_t task[TASKS])
{
	int pipes[2][2], number;

	if (pipe(pipes[0]) || pipe(pipes[1]))
		return -1;
	for (number = 0; number < TASKS; number++) {
		task[number] = fork();
		if (task[number] < 0)
			return -1;
		if (task[number] == 0)
			run_task(number, pipes);
	}
	return 0;
}

static void end_timers(int signal)
{
	(void)signal;
	seen->stop = true;
}

static void report(const char *verb, unsigned long seconds)
{
	printf("guest: %s %lu s: %lu forks, %lu timers, %lu over 100 ms, latest %lu us, ", verb,
	       seconds, seen->forks, seen->timers, seen->late, seen->latest / 1000);
	printf("%lu wake-ups, slowest %lu us, %lu lost, %lu blocks, %lu wrong\n",
	       seen->wakes, seen->slowest / 1000, seen->lost, seen->blocks, seen->wrong);
}

/* Returns: how many tasks haven't ended by themselves some time after they should have. */
static int end_tasks(const pid_t task[TASKS])
{
	int left = 0, number, tries, status;
	pid_t ended;

	seen->stop = true;
	for (number = 0; number < TASKS; number++) {
		for (tries = 0, ended = 0; !ended && tries < 3 * PATIENCE_MS / 100; tries++) {
			ended = waitpid(task[number], &status, WNOHANG);
			if (!ended)
				usleep(100000);
		}
		if (ended == task[number] && !status)
			continue;
		left++;
		printf("guest: task %d %s\n", number, ended ? "failed" : "hangs");
	}
	return left;
}

void timers(unsigned int seconds)
{
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return;
	signal(SIGALRM, end_timers);
	alarm(seconds);
	timer_task(0);
	printf("%lu of 10 ms, %lu over 100 ms, latest %lu us\n",
	       seen->timers, seen->late, seen->latest / 1000);
}

int load(unsigned int seconds)
{
	uint64_t begun = now(), last = begun;
	pid_t task[TASKS];
	int left;

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGPIPE, SIG_IGN);
	if (seen == MAP_FAILED || start_tasks(task))
		return 1;
	while (now() - begun < seconds * 1000 * MS) {
		usleep(500000);
		if (now() - last > 30000 * MS) {
			last = now();
			report("working", (last - begun) / MS / 1000);
		}
	}
	left = end_tasks(task);
	report(left ? "failed" : "worked", (now() - begun) / MS / 1000);
	return left != 0;
}

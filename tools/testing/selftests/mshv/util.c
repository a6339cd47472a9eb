// SPDX-License-Identifier: GPL-2.0
/* Failure, time, chance and processors: what has nothing to do with mshv. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "mshv_test.h"

/* A line is out when it is written: who is killed has said how far it came. */
__attribute__((constructor)) static void buffer_lines(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
}

void die(const char *file, int line, const char *fmt, ...)
{
	int err = errno;
	va_list args;

	flockfile(stderr);
	fprintf(stderr, "# %s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " (errno %d, %s)\n", err, strerror(err));
	funlockfile(stderr);
	abort();
}

bool debug_kernel(void)
{
	static int known;

	if (!known)
		known = access("/proc/lockdep", F_OK) ? 1 : 2;
	return known == 2;
}

/* Everything that takes time takes several times as long on a debug kernel. */
unsigned int time_scale(void)
{
	const char *text = getenv("TIME_SCALE");
	unsigned int scale = text ? strtoul(text, NULL, 0) : 0;

	if (scale)
		return scale;
	return debug_kernel() ? 8 : 1;
}

/* @seconds, but two thirds of what run.sh gives all tests of the file together at most */
unsigned int patience(unsigned int seconds)
{
	const char *text = getenv("KILLED_AFTER");
	unsigned int most = text ? strtoul(text, NULL, 0) * 2 / 3 : 0;

	return most && most < seconds ? most : seconds;
}

unsigned long rounds(unsigned long plain, unsigned long debug)
{
	return debug_kernel() ? debug : plain;
}

static __u64 random_state = 1;

/* Prints what repeats the run: SEED=n. */
void random_init(void)
{
	const char *text = getenv("SEED");
	__u64 seed = text ? strtoull(text, NULL, 0) : 0;

	if (!seed)
		seed = (now_ns() ^ (__u64)getpid() << 40) | 1;
	random_state = seed;
	printf("# SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
}

/* xorshift64*; callers on several threads only cost it some order. */
__u64 random_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull;
}

__u64 random_below(__u64 limit)
{
	return (random_u64() >> 16) % limit;
}

__u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void sleep_us(unsigned long us)
{
	struct timespec ts = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000,
	};

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

void pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	die_if(sched_setaffinity(0, sizeof(set), &set), "pin to processor %d", cpu);
}

int online_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(text);

	die_if(fd < 0, "open %s", path);
	die_if(write(fd, text, len) != len, "write %s to %s", text, path);
	close(fd);
}

static unsigned long caught;

static void count_signal(int sig)
{
	__atomic_fetch_add(&caught, 1, __ATOMIC_RELAXED);
}

/* No SA_RESTART: MSHV_RUN_VP must come back by itself. */
void catch_signal(int sig)
{
	struct sigaction action = { .sa_handler = count_signal };

	die_if(sigaction(sig, &action, NULL), "sigaction %d", sig);
}

unsigned long signals_caught(void)
{
	return __atomic_load_n(&caught, __ATOMIC_RELAXED);
}

int event_new(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	die_if(fd < 0, "eventfd");
	return fd;
}

void event_signal(int fd)
{
	const __u64 one = 1;

	die_if(write(fd, &one, sizeof(one)) != sizeof(one), "write to an eventfd");
}

/* How often it was signalled since the last time */
__u64 event_take(int fd)
{
	__u64 count;

	if (read(fd, &count, sizeof(count)) == sizeof(count))
		return count;
	die_if(errno != EAGAIN, "read of an eventfd");
	return 0;
}

/* Whether it is signalled, within @ms milliseconds of a plain kernel */
bool event_comes(int fd, unsigned int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ret = poll(&p, 1, ms * time_scale());

	die_if(ret < 0, "poll of an eventfd");
	return ret;
}

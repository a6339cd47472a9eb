// SPDX-License-Identifier: GPL-2.0
/* The test hypervisor's test window and the accounting after each test. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mshv_test.h"

#define WINDOW_MAGIC_REG	0x4f000000
#define WINDOW_MAGIC		0x7465737468760001ull
#define WINDOW_ZERO		0x4f000001
#define WINDOW_LIVE		0x4f000010
#define WINDOW_COUNTER		0x4f000100
#define WINDOW_CALLS		0x4f001000
#define WINDOW_FAULT		0x4f002000
#define WINDOW_DELAY		0x4f002001
#define WINDOW_PENDING		0x4f002002
#define WINDOW_NO_PURGE		0x4f002003
#define WINDOW_RAW_TYPE		0x4f002004
#define WINDOW_RAW_SENDER	0x4f002005
#define WINDOW_RAW_PAYLOAD	0x4f002006
#define WINDOW_RAW_SEND		0x4f002007

static int msr_open(int cpu)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* On this processor, if it stays: any will do, and no IPI is quickest. */
static __u64 msr_read(__u32 msr)
{
	int fd = msr_open(sched_getcpu());
	__u64 value;

	if (fd < 0)
		fd = msr_open(0);
	die_if(fd < 0, "open /dev/cpu/0/msr");
	die_if(pread(fd, &value, sizeof(value), msr) != sizeof(value), "read MSR %#x", msr);
	close(fd);
	return value;
}

static void msr_write_on(int cpu, __u32 msr, __u64 value)
{
	int fd = msr_open(cpu);

	die_if(fd < 0, "open /dev/cpu/%d/msr", cpu);
	die_if(pwrite(fd, &value, sizeof(value), msr) != sizeof(value),
	       "write %#llx to MSR %#x", value, msr);
	close(fd);
}

static void msr_write(__u32 msr, __u64 value)
{
	msr_write_on(0, msr, value);
}

bool window_present(void)
{
	__u64 value = 0;
	int fd = msr_open(0);
	ssize_t len;

	if (fd < 0)
		return false;
	len = pread(fd, &value, sizeof(value), WINDOW_MAGIC_REG);
	close(fd);
	return len == sizeof(value) && value == WINDOW_MAGIC;
}

__u64 window_live(enum live what)
{
	return msr_read(WINDOW_LIVE + what);
}

__u64 window_counter(enum counter what)
{
	return msr_read(WINDOW_COUNTER + what);
}

/* Something else has to get there first, however long the machine takes for it. */
void window_await(enum counter what, __u64 count)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();

	while (window_counter(what) < count) {
		die_if(now_ns() > end, "counter %d is %llu, not %llu", what, window_counter(what),
		       count);
		sleep_us(100);
	}
}

__u64 window_calls(enum call code)
{
	return msr_read(WINDOW_CALLS + code);
}

void window_zero(void)
{
	msr_write(WINDOW_ZERO, 1);
}

/* The @nth next hypercall @code does @reps repetitions, then fails with @status. */
void window_fault(enum call code, unsigned int nth, enum status status, unsigned int reps)
{
	msr_write(WINDOW_FAULT, code | (__u64)nth << 16 | (__u64)status << 32 | (__u64)reps << 48);
}

bool window_fault_fired(void)
{
	return !msr_read(WINDOW_FAULT);
}

void window_fault_clear(void)
{
	msr_write(WINDOW_FAULT, 0);
}

void window_delay(unsigned long us)
{
	msr_write(WINDOW_DELAY, us);
}

void window_pending(bool on)
{
	msr_write(WINDOW_PENDING, on);
}

void window_no_purge(bool on)
{
	msr_write(WINDOW_NO_PURGE, on);
}

void window_raw(int cpu, const struct raw_message *msg)
{
	msr_write_on(cpu, WINDOW_RAW_TYPE, msg->type);
	msr_write_on(cpu, WINDOW_RAW_SENDER, msg->sender);
	msr_write_on(cpu, WINDOW_RAW_PAYLOAD, msg->payload);
	msr_write_on(cpu, WINDOW_RAW_SEND, msg->payload_size);
}

/* Sum of the HYP row of /proc/interrupts: the callback vector. */
__u64 callback_interrupts(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	unsigned long n;
	char line[1024];
	__u64 sum = 0;
	bool found = false;
	char *at;
	int len;

	die_if(!file, "open /proc/interrupts");
	while (!found && fgets(line, sizeof(line), file)) {
		at = line + strspn(line, " ");
		found = !strncmp(at, "HYP:", 4);
	}
	fclose(file);
	die_if(!found, "no HYP row in /proc/interrupts");
	for (at += 4; sscanf(at, "%lu%n", &n, &len) == 1; at += len)
		sum += n;
	return sum;
}

/* An interrupt on another processor may take a moment to be counted. */
bool callback_interrupts_reach(__u64 count)
{
	__u64 end = now_ns() + 10000000000ull * time_scale();

	while (callback_interrupts() < count) {
		if (now_ns() > end)
			return false;
		sleep_us(100);
	}
	return callback_interrupts() == count;
}

static void books_read(struct books *books)
{
	int i;

	for (i = 0; i < LIVE_COUNT; i++)
		books->live[i] = window_live(i);
}

/* Files are put late, after the task that closed them has gone on. */
static bool books_settle(struct books *now, const struct books *want, unsigned int seconds)
{
	__u64 end = now_ns() + seconds * 1000000000ull * time_scale();

	for (;;) {
		books_read(now);
		/* The root's own pool only grows: hypercalls of its own need it. */
		now->live[LIVE_ROOT_POOL] = want->live[LIVE_ROOT_POOL];
		if (!memcmp(now, want, sizeof(*now)))
			return true;
		if (now_ns() > end)
			return false;
		sleep_us(1000);
	}
}

void books_open(struct books *books)
{
	const struct books none = {};

	/* What a killed test left may still be on its way out. */
	if (!books_settle(books, &none, 2))
		printf("# accounting: a previous test left something behind\n");
	window_fault_clear();
	window_delay(0);
	window_pending(false);
	window_no_purge(false);
}

bool books_balanced(const struct books *books)
{
	static const char * const name[] = {
		"partitions", "VPs", "deposited pages", "mapped pages",
		"queued messages", "root pool pages", "state pages",
		"ports", "connections",
	};
	struct books now;
	int i;

	if (books_settle(&now, books, 10))
		return true;
	for (i = 0; i < LIVE_COUNT; i++) {
		if (now.live[i] != books->live[i])
			printf("# accounting: %s: %llu before, %llu after\n", name[i],
			       books->live[i], now.live[i]);
	}
	return false;
}

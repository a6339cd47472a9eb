// SPDX-License-Identifier: GPL-2.0
/*
 * The last questions to the kernel, and the control channel.
 *
 * The channel is COM2, polled through /dev/port: no kernel needs a driver for
 * it, and nothing that the console carries can be mistaken for it.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#define COM2			0x2f8
#define COM2_LSR		(COM2 + 5)
#define LSR_THR_EMPTY		0x20

/*
 * Taint flags that our own tests set (Documentation/admin-guide/
 * tainted-kernels.rst): 2 MSR written by user space, 12 module built out of
 * tree, 13 unsigned, 18 KUnit run.
 */
#define TAINT_EXPECTED		(1UL << 2 | 1UL << 12 | 1UL << 13 | 1UL << 18)

#define KMEMLEAK		"/sys/kernel/debug/kmemleak"
/* kmemleak does not report objects younger than this. */
#define KMEMLEAK_AGE_SECONDS	6

static void port_write(int fd, off_t port, unsigned char value)
{
	if (pwrite(fd, &value, 1, port) != 1)
		perror("rig: /dev/port");
}

static unsigned char port_read(int fd, off_t port)
{
	unsigned char value = 0xff;

	if (pread(fd, &value, 1, port) != 1)
		perror("rig: /dev/port");
	return value;
}

__attribute__((format(printf, 1, 2)))
static void channel_print(const char *format, ...)
{
	char line[80];
	va_list args;
	char *p;
	int fd;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);

	fd = open("/dev/port", O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror("rig: /dev/port");
		return;
	}
	for (p = line; *p; p++) {
		while (!(port_read(fd, COM2_LSR) & LSR_THR_EMPTY))
			;
		port_write(fd, COM2, *p);
	}
	close(fd);
}

bool read_word(const char *path, char *word, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, word, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	word[n] = '\0';
	word[strcspn(word, " \t\n")] = '\0';
	return word[0] != '\0';
}

static void report_taint(void)
{
	char word[32];
	unsigned long taint;

	if (!read_word("/proc/sys/kernel/tainted", word, sizeof(word)))
		return;
	taint = strtoul(word, NULL, 10) & ~TAINT_EXPECTED;
	if (taint)
		channel_print("TAINT %#lx\n", taint);
}

/* Lockdep switches itself off at its first report, and says so only here. */
static void report_lockdep(void)
{
	FILE *f = fopen("/proc/lockdep_stats", "re");
	char line[128];
	int on;

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, " debug_locks: %d", &on) == 1 && !on)
			channel_print("LOCKS off\n");
	}
	fclose(f);
}

static void kmemleak_scan(void)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "scan", 4) != 4)
		perror("rig: kmemleak");
	close(fd);
}

/* Two scans: the first one only colours what it cannot reach. */
static void report_leaks(void)
{
	char line[256];
	int leaks = 0;
	FILE *f;

	if (access("/rig/kmemleak", F_OK) || access(KMEMLEAK, R_OK))
		return;
	sleep(KMEMLEAK_AGE_SECONDS);
	kmemleak_scan();
	kmemleak_scan();

	f = fopen(KMEMLEAK, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "unreferenced", 12))
			leaks++;
		printf("kmemleak: %s", line);
	}
	fclose(f);
	if (leaks)
		channel_print("LEAKS %d\n", leaks);
}

void report_kernel_state(void)
{
	report_leaks();
	report_lockdep();
	report_taint();
}

void report_exit(int status)
{
	channel_print("EXIT %d\n", status);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The last questions to the kernel, and the control channel.
 *
 * The channel is COM2, polled through its ports: no kernel needs a driver for
 * it (Debian's cloud kernel lacks even /dev/port), and nothing that the console
 * carries can be mistaken for it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <unistd.h>

#include "report.h"

#define COM2			0x2f8
#define COM2_PORTS		8
#define COM2_LSR		(COM2 + 5)
#define LSR_THR_EMPTY		0x20

/*
 * Taint flags that our own tests set (Documentation/admin-guide/
 * tainted-kernels.rst): 2 MSR written by user space, 12 module built out of
 * tree, 13 unsigned, 18 KUnit run.
 */
#define TAINT_EXPECTED		0x43004UL

#define KMEMLEAK		"/sys/kernel/debug/kmemleak"
/* kmemleak does not report objects younger than this. */
#define KMEMLEAK_AGE_SECONDS	6

static void channel_print(const char *key, long value)
{
	char line[80];
	char *p;

	snprintf(line, sizeof(line), "%s %ld\n", key, value);
	if (ioperm(COM2, COM2_PORTS, 1)) {
		perror("rig: ioperm");
		return;
	}
	for (p = line; *p; p++) {
		while (!(inb(COM2_LSR) & LSR_THR_EMPTY))
			;
		outb(*p, COM2);
	}
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
		channel_print("TAINT", taint);
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
			channel_print("LOCKS", on);
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
		channel_print("LEAKS", leaks);
}

void report_kernel_state(void)
{
	report_leaks();
	report_lockdep();
	report_taint();
}

void report_exit(int status)
{
	channel_print("EXIT", status);
}

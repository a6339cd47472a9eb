// SPDX-License-Identifier: GPL-2.0
/*
 * fpu_exits SECONDS: one processor reloads the x87 environment without end, another one exits to
 * the hypervisor without end. With QEMU's first processor among them (testhv/hw/smp.c) a boot
 * doesn't live through it. Ends with 0 when the time is over.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		exit(1);
}

static void reload_x87(void)
{
	char environment[28];

	asm volatile("fnstenv %0" : "=m"(environment));
	for (;;)
		asm volatile("fldenv %0" : : "m"(environment));
}

static void leave_guest(void)
{
	unsigned int a, b, c, d;

	for (;;)
		__cpuid(0x40000000, a, b, c, d);
}

static pid_t start(int cpu, void (*work)(void))
{
	pid_t pid = fork();

	if (pid < 0)
		exit(1);
	if (!pid) {
		pin(cpu);
		work();
	}
	return pid;
}

int main(int argc, char **argv)
{
	pid_t other, first;

	if (argc != 2)
		return 2;
	other = start(1, reload_x87);
	first = start(0, leave_guest);
	sleep(atoi(argv[1]));
	/* Neither may have ended by itself. */
	if (waitpid(-1, NULL, WNOHANG))
		return 1;
	return kill(other, SIGKILL) || kill(first, SIGKILL);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the root partition under test.
 *
 * Mounts what a program expects, loads the driver, runs the command, looks at
 * what the kernel has noted against itself, and reports through the second
 * serial port. The console belongs to the command and the kernel.
 *
 * What to do comes from files of the initramfs in /rig:
 *
 *	cmd		the command, for sh; without it an interactive shell
 *	module		there if /mshv.ko is to be loaded
 *	kind		"plain" or "debug", handed on as KERNEL_KIND
 *	kmemleak	there if leaks are to be looked for at the end
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "report.h"

#define MODULE_PATH	"/mshv.ko"
#define CMD_PATH	"/rig/cmd"

static const struct mount_point {
	const char *type;
	const char *dir;
} mount_points[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "devtmpfs", "/dev" },
	{ "devpts", "/dev/pts" },
	{ "tmpfs", "/dev/shm" },
	{ "tmpfs", "/tmp" },
	{ "debugfs", "/sys/kernel/debug" },
	{ "tracefs", "/sys/kernel/tracing" },
	{ NULL, NULL }
};

static void mount_all(void)
{
	const struct mount_point *m;

	for (m = mount_points; m->type; m++) {
		mkdir(m->dir, 0755);
		/* A foreign kernel may lack some of them: not our affair. */
		mount(m->type, m->dir, m->type, 0, NULL);
	}
}

/* The kernel opened /dev/console from its built-in image, if it could. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);
	int i;

	if (fd < 0)
		return;
	for (i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static void set_environment(void)
{
	char kind[16];

	clearenv();
	setenv("PATH", "/extra:/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "linux", 1);
	setenv("MSHV_KO", MODULE_PATH, 1);
	if (read_word("/rig/kind", kind, sizeof(kind)))
		setenv("KERNEL_KIND", kind, 1);
	mkdir("/root", 0700);
}

static int load_module(void)
{
	int fd = open(MODULE_PATH, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0)) {
		printf("rig: cannot load %s: %m\n", MODULE_PATH);
		return -1;
	}
	close(fd);
	return 0;
}

/* In the child: become the shell that runs the command. */
static void exec_command(void)
{
	setsid();
	if (access(CMD_PATH, R_OK) == 0) {
		execl("/bin/busybox", "sh", CMD_PATH, NULL);
	} else {
		/* An interactive shell wants a controlling terminal. */
		int fd = open("/dev/ttyS0", O_RDWR);

		if (fd >= 0) {
			dup2(fd, 0);
			dup2(fd, 1);
			dup2(fd, 2);
			ioctl(fd, TIOCSCTTY, 1);
		}
		execl("/bin/busybox", "sh", NULL);
	}
	printf("rig: no shell: %m\n");
	_exit(127);
}

/* The command's exit status, as a shell would give it. */
static int run_command(void)
{
	pid_t child = fork();
	int status;

	if (child < 0) {
		printf("rig: fork: %m\n");
		return 126;
	}
	if (child == 0)
		exec_command();

	/* As PID 1, reap whatever else ends meanwhile. */
	for (;;) {
		pid_t pid = wait(&status);

		if (pid == child)
			break;
		if (pid < 0 && errno != EINTR)
			return 126;
	}
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void stop_everything(void)
{
	kill(-1, SIGKILL);
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	int status = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount_all();
	open_console();
	set_environment();
	if (chdir("/extra"))
		printf("rig: /extra: %m\n");

	if (access("/rig/module", F_OK) != 0 || load_module() == 0)
		status = run_command();

	stop_everything();
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	report_kernel_state();
	report_exit(status);
	reboot(RB_AUTOBOOT);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The run loop, a thread a VP: run the VP, handle its exit, again. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "exits.h"
#include "run.h"
#include "status.h"

static atomic_bool stopped, timed_out;
static struct machine *running;

/* A cancel that comes just before MSHV_RUN_VP isn't lost: it waits for that call. */
static void stop_all(void)
{
	unsigned int i;

	stopped = true;
	for (i = 0; i < running->partition.count; i++)
		ioctl(running->partition.vp[i].fd, MSHV_CANCEL_RUN);
}

static void on_signal(int signal)
{
	int saved = errno;

	if (signal == SIGALRM)
		timed_out = true;
	stop_all();
	errno = saved;
}

/*
 * A thread in MSHV_RUN_VP sleeps, so that its processor looks idle to the scheduler, and another
 * VP's thread may come there: then they take turns.
 */
static void keep_to_processor(unsigned int vp)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(vp % sysconf(_SC_NPROCESSORS_ONLN), &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		err(STATUS_FAILED, "a processor for VP %u", vp);
}

/* A VP's thread. The first exit that ends the run tells the others. */
static void *run_vp(void *argument)
{
	const struct vp *vp = argument;
	struct machine *machine = running;
	struct mshv_hv_message message;

	if (machine->options->spread)
		keep_to_processor(vp->index);
	while (!stopped) {
		if (ioctl(vp->fd, MSHV_RUN_VP, &message)) {
			if (errno == EINTR)
				continue;
			err(STATUS_FAILED, "MSHV_RUN_VP");
		}
		pthread_mutex_lock(&machine->lock);
		if (machine->status == STATUS_GO_ON) {
			machine->vp = vp;
			machine->exits++;
			if (machine->options->trace)
				exits_print(stdout, &message);
			machine->status = machine_handle(machine, &message);
			if (machine->status != STATUS_GO_ON)
				stop_all();
		}
		pthread_mutex_unlock(&machine->lock);
	}
	return NULL;
}

static int interrupted(const struct machine *machine)
{
	unsigned int i;

	fflush(stdout);
	if (!timed_out) {
		warnx("interrupted after %lu exits", machine->exits);
		return STATUS_INTERRUPTED;
	}
	warnx("time-out after %lu exits", machine->exits);
	for (i = 0; i < machine->partition.count; i++)
		exits_print_registers(stderr, &machine->partition.vp[i]);
	return STATUS_TIMEOUT;
}

int run(struct machine *machine)
{
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t thread[PARTITION_VPS];
	unsigned int i;

	running = machine;
	machine->status = STATUS_GO_ON;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	alarm(machine->options->timeout);
	for (i = 0; i < machine->partition.count; i++) {
		errno = pthread_create(&thread[i], NULL, run_vp, &machine->partition.vp[i]);
		if (errno)
			err(STATUS_FAILED, "a thread for VP %u", i);
	}
	for (i = 0; i < machine->partition.count; i++)
		pthread_join(thread[i], NULL);
	return machine->status == STATUS_GO_ON ? interrupted(machine) : machine->status;
}

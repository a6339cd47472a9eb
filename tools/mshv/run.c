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

#include "machine.h"
#include "status.h"

static atomic_bool stopped;
static struct machine *running;

/*
 * A thread in MSHV_RUN_VP sleeps, so that its processor looks idle to the scheduler, and another
 * VP's thread may come there: then they take turns.
 */
static void keep_to_processor(unsigned int vp)
{
	unsigned int left, processor = 0;
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		err(STATUS_FAILED, "the processors");
	for (left = vp % CPU_COUNT(&all); left || !CPU_ISSET(processor, &all); processor++)
		left -= CPU_ISSET(processor, &all);
	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		err(STATUS_FAILED, "a processor for VP %u", vp);
}

/* A VP's thread. The first exit that ends the run tells run(), and that the others. */
static void *run_vp(void *argument)
{
	const struct vp *vp = argument;
	struct mshv_hv_message message;

	if (running->options->spread)
		keep_to_processor(vp->index);
	while (!stopped) {
		if (ioctl(vp->fd, MSHV_RUN_VP, &message)) {
			if (errno != EINTR)
				err(STATUS_FAILED, "MSHV_RUN_VP");
			continue;
		}
		pthread_mutex_lock(&running->lock);
		if (!stopped)
			running->status = machine_handle(running, vp, &message);
		if (running->status != STATUS_GO_ON && !stopped) {
			stopped = true;
			kill(getpid(), SIGTERM);
		}
		pthread_mutex_unlock(&running->lock);
	}
	return NULL;
}

static int interrupted(const struct machine *machine, bool timeout)
{
	unsigned int i;

	fflush(stdout);
	warnx("%s after %lu exits", timeout ? "time-out" : "interrupted", machine->exits);
	for (i = 0; timeout && i < machine->partition.count; i++)
		exits_print_registers(stderr, &machine->partition.vp[i]);
	return timeout ? STATUS_TIMEOUT : STATUS_INTERRUPTED;
}

int run(struct machine *machine)
{
	struct partition *partition = &machine->partition;
	pthread_t thread[PARTITION_VPS];
	unsigned int i;
	int signal;

	running = machine;
	machine->status = STATUS_GO_ON;
	for (i = 0; i < partition->count; i++) {
		errno = pthread_create(&thread[i], NULL, run_vp, &partition->vp[i]);
		if (errno)
			err(STATUS_FAILED, "a thread for VP %u", i);
	}
	alarm(machine->options->timeout);
	sigwait(&machine->ends, &signal);
	stopped = true;
	/* A cancel that comes just before MSHV_RUN_VP isn't lost: it waits for that call. */
	for (i = 0; i < partition->count; i++)
		ioctl(partition->vp[i].fd, MSHV_CANCEL_RUN);
	for (i = 0; i < partition->count; i++)
		pthread_join(thread[i], NULL);
	if (machine->status != STATUS_GO_ON)
		return machine->status;
	return interrupted(machine, signal == SIGALRM);
}

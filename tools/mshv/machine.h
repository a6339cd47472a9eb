/* SPDX-License-Identifier: GPL-2.0 */
/* A machine: a partition, its memory, and who answers for what else the guest reaches. */
#ifndef TOOLS_MSHV_MACHINE_H
#define TOOLS_MSHV_MACHINE_H

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "challenge.h"
#include "memory.h"
#include "options.h"
#include "partition.h"
#include "ports.h"

struct pc;

#define MACHINE_LAZY_PAGES	4

/* By port 0xe4 and these pages tools/testing/guests learn about their machine, see info.c. */
struct info {
	uint64_t answer;
	bool high;			/* is read next */
	const struct mshv_user_mem_region *page;	/* the lazy ones; NULL: there are none */
	bool mapped[MACHINE_LAZY_PAGES];
	unsigned int asked;		/* accesses that brought a page back */
};

/* While VPs run, what stands behind @lock is protected by it. */
struct machine {
	const struct options *options;
	sigset_t ends;			/* signals that end the run; blocked in all threads */
	struct partition partition;
	pthread_mutex_t lock;
	struct memory memory;
	struct ports ports;
	struct mmio mmio;
	struct info info;
	struct challenge challenge;
	const struct vp *vp;		/* whose exit is being handled */
	int status;			/* the run's */
	unsigned long exits;
};

/* Runs the VPs until the guest ends, Ctrl-C, or the time is over. Returns: see status.h. */
int run(struct machine *machine);

/* Handles an exit of @vp. Returns: STATUS_GO_ON, or what the run ends with. */
int machine_handle(struct machine *machine, const struct vp *vp,
		   const struct mshv_hv_message *message);

void info_init(struct machine *machine);

/* An access where no memory is. Returns: whether there is now, so that the VP tries again. */
bool info_bring(struct machine *machine, uint64_t gpa);

/*
 * Begins what happens to a PC from outside: input, time, and its disk's work, in a thread of its
 * own, while nobody holds @lock. A terminal then gives each key at once; Ctrl-C is still the VMM's.
 */
void loop_start(struct pc *pc, pthread_mutex_t *lock);

/* Prints @message by name with all its fields; a type that nobody knows in hexadecimal. */
void exits_print(FILE *to, const struct mshv_hv_message *message);

/* Prints where a VP is that isn't running. */
void exits_print_registers(FILE *to, const struct vp *vp);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The run loop, a thread a VP: run the VP, handle its exit, again. */
#ifndef TOOLS_MSHV_RUN_H
#define TOOLS_MSHV_RUN_H

#include <pthread.h>
#include <stdbool.h>

#include "challenge.h"
#include "info.h"
#include "memory.h"
#include "mmio.h"
#include "partition.h"
#include "ports.h"

struct machine {
	struct partition partition;
	struct memory memory;
	struct ports ports;
	struct mmio mmio;
	struct info info;
	struct challenge *challenge;	/* NULL for a guest that isn't guest64 */
	bool empty_reads;		/* where no memory is reads 0; else it ends the run */
	bool trace;			/* print each exit */
	bool spread;			/* VP n's thread keeps to the n-th processor */
	/* While VPs run, the rest and all of the above is protected by . */
	pthread_mutex_t lock;
	const struct vp *vp;		/* whose exit is being handled */
	int status;			/* the run's */
	unsigned long exits;
};

/* Runs until the guest ends, Ctrl-C, or  seconds if not 0. Returns: see status.h. */
int run(struct machine *machine, unsigned int timeout);

#endif

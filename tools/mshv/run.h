/* SPDX-License-Identifier: GPL-2.0 */
/* The run loop: run the VP, handle its exit, again. */
#ifndef TOOLS_MSHV_RUN_H
#define TOOLS_MSHV_RUN_H

#include <stdbool.h>

#include "challenge.h"
#include "memory.h"
#include "partition.h"
#include "ports.h"

struct machine {
	struct partition partition;
	struct memory memory;
	struct ports ports;
	struct challenge *challenge;	/* NULL for a guest that isn't guest64 */
	bool empty_reads;		/* where no memory is reads 0; else it ends the run */
	bool trace;			/* print each exit */
	unsigned long exits;
};

/* Runs until the guest ends or Ctrl-C. Returns: the exit status, status.h. */
int run(struct machine *machine);

#endif

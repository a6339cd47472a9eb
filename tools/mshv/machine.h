/* SPDX-License-Identifier: GPL-2.0 */
/* A machine, and what an exit of one of its VPs does to it. */
#ifndef TOOLS_MSHV_MACHINE_H
#define TOOLS_MSHV_MACHINE_H

#include <pthread.h>

#include "challenge.h"
#include "info.h"

struct machine {
	const struct options *options;
	struct partition partition;
	/* While VPs run, the rest is protected by @lock. */
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

/* Returns: STATUS_GO_ON, or what the run ends with. */
int machine_handle(struct machine *machine, const struct mshv_hv_message *message);

#endif

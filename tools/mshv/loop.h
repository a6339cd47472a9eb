/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to a PC from outside: input, time, and its disk's work, in a thread of its own. */
#ifndef TOOLS_MSHV_LOOP_H
#define TOOLS_MSHV_LOOP_H

#include <pthread.h>

#include "pc.h"

struct loop {
	struct pc *pc;
	pthread_mutex_t *lock;		/* the machine's */
	pthread_t thread;
	int quit;			/* eventfd */
	bool input;			/* there may be more */
};

/* A terminal then gives each key at once; Ctrl-C is still the VMM's. */
void loop_start(struct loop *loop, struct pc *pc, pthread_mutex_t *lock);
void loop_stop(struct loop *loop);

#endif

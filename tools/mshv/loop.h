/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to a PC from outside: input, time, and its disk's work, in a thread of its own. */
#ifndef TOOLS_MSHV_LOOP_H
#define TOOLS_MSHV_LOOP_H

#include <pthread.h>

#include "pc.h"

/*
 * A terminal then gives each key at once, until the program ends; Ctrl-C is still the VMM's. Who
 * holds @lock stops what happens.
 */
void loop_start(struct pc *of, pthread_mutex_t *lock);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* A load for a Linux guest that notices what its machine does wrong. */
#ifndef LINUX_LOAD_H
#define LINUX_LOAD_H

#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t now(void);

/*
 * load - Forks, 10 ms timers, wake-ups between tasks and disk I/O on /dev/vda
 * for @seconds, all at once; prints what was done and the worst that was seen.
 *
 * Returns: 0, or 1 if the load couldn't be set up.
 */
int load(unsigned int seconds);

/* timers - 10 ms timers alone for @seconds, to know what a machine can do. */
void timers(unsigned int seconds);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The run loop. */
#ifndef TOOLS_MSHV_RUN_H
#define TOOLS_MSHV_RUN_H

#include "machine.h"

/* Runs until the guest ends, Ctrl-C, or the time is over. Returns: see status.h. */
int run(struct machine *machine);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* From an exit to the one who serves it. */
#ifndef TESTHV_EXIT_H
#define TESTHV_EXIT_H

#include "lib/types.h"

struct cpu;

/* A processor's life: run something, serve its exit. */
void exit_loop(struct cpu *cpu) __noreturn;

#endif

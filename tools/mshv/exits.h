/* SPDX-License-Identifier: GPL-2.0 */
/* Exits in words. */
#ifndef TOOLS_MSHV_EXITS_H
#define TOOLS_MSHV_EXITS_H

#include <stdio.h>

#include "partition.h"

/* Prints @message by name with all its fields; a type that nobody knows in hexadecimal. */
void exits_print(FILE *to, const struct mshv_hv_message *message);

/* Prints what a VP that isn't running is at. */
void exits_print_registers(FILE *to, const struct vp *vp);

#endif

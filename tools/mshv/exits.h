/* SPDX-License-Identifier: GPL-2.0 */
/* Exits in words. */
#ifndef TOOLS_MSHV_EXITS_H
#define TOOLS_MSHV_EXITS_H

#include <asm/mshv.h>
#include <stdio.h>

/* Prints @message by name with all its fields; a type that nobody knows in hexadecimal. */
void exits_print(FILE *to, const struct mshv_hv_message *message);

/* Prints a register by name and value. */
void exits_print_register(FILE *to, const struct mshv_hv_register_assoc *reg);

#endif

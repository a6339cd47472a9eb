/* SPDX-License-Identifier: GPL-2.0 */
/* Text to the debug port, a line an exit. */
#ifndef GUESTS_PRINT_H
#define GUESTS_PRINT_H

#include <stdarg.h>
#include <stddef.h>

#define DEBUG_PORT	0xe9

/* Knows %s %d %u %x, with 0, a width, and l for 64 bits. Cuts at @size. */
void format(char *to, size_t size, const char *text, va_list arguments);

/* Context: any processor, any handler; lines don't mix. */
__attribute__((format(printf, 1, 2))) void print(const char *text, ...);

#endif

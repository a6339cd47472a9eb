/* SPDX-License-Identifier: GPL-2.0 */
/* What a freestanding program lacks: memory and string functions, the log, panic. */
#ifndef TESTHV_LIB_H
#define TESTHV_LIB_H

#include <stdarg.h>

#include "types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t n);

/* Format into buf, always terminated; %s %c %d %u %x %p, with l/ll, width and 0. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* One line of the log ("testhv: ..." on port 0xE9); the newline is added. */
void log_line(const char *fmt, ...) __printf(1, 2);

/* Report, stop every processor's progress and leave QEMU with the status of a panic. */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

#define ASSERT(cond) \
	do { \
		if (!(cond)) \
			panic("assertion %s at %s:%d", #cond, __FILE__, __LINE__); \
	} while (0)

#endif

// SPDX-License-Identifier: GPL-2.0
/* What the compiler itself calls. */
#include <stddef.h>

void *memset(void *to, int value, size_t size)
{
	void *at = to;

	asm volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(value) : "memory");
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	void *at = to;

	asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
	return to;
}

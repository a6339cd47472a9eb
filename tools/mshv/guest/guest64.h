/* SPDX-License-Identifier: GPL-2.0 */
/* The rooms of guest64: its page tables, its exceptions, its turns with the VMM. */
#ifndef TOOLS_MSHV_GUEST64_H
#define TOOLS_MSHV_GUEST64_H

#include <stdint.h>

/* Windows above the identity map of the first 16 MiB. The two pages of the buffer lie in memory in reverse order. */
#define GUEST_BUFFER	0x40011000ull
#define GUEST_ABSENT	0x40013000ull	/* not present */
#define GUEST_READONLY	0x40014000ull	/* read-only by our own page tables */

/* Returns: the physical address of the top table, for CR3. */
uint64_t paging_init(void);

void exceptions_init(void);

/* Provokes each kind of exception that the guest handles itself; the VMM sees none of them. */
void exceptions_check(void);

/* Ends the run: the VMM shows @what, a line number, or 0x10000 + vector for an exception nobody expected. */
void fail(uint32_t what) __attribute__((noreturn));

#define CHECK(condition) do { if (!(condition)) fail(__LINE__); } while (0)

#endif

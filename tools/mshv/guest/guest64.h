/* SPDX-License-Identifier: GPL-2.0 */
/* The rooms of guest64: page tables, exceptions, floating point, turns with the VMM. */
#ifndef TOOLS_MSHV_GUEST64_H
#define TOOLS_MSHV_GUEST64_H

#include <stdint.h>
#include <stdnoreturn.h>

/*
 * Windows above the identity map of the first 16 MiB. The two pages of the buffer lie in memory in
 * reverse order, so that who copies through them without walking our page tables is found out.
 */
#define GUEST_BUFFER	0x40011000ull
#define GUEST_ABSENT	0x40013000ull	/* not present */
#define GUEST_READONLY	0x40014000ull	/* read-only by our own page tables */

/* What the stubs in start.S push. */
struct exception_frame {
	uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

extern const char exception_entries[32][16];

/* Returns: the physical address of the top table, for CR3. */
uint64_t paging_init(void);

void exceptions_init(void);

/* Provokes each kind of exception that the guest handles itself; the VMM sees none of them. */
void exceptions_check(void);

/* Called by start.S. */
void exception(struct exception_frame *frame, uint64_t cr2);

/* Arithmetic begun, and ended; fpu.S says more. */
void fpu_square(const int64_t in[16]);
uint64_t fpu_root(int64_t out[40]);

/* All turns with the VMM. Returns: the exit code. */
int guest64_main(void);

/* Ends the run: the VMM shows @what, a line number, or 0x10000 + an unexpected vector. */
noreturn void fail(uint32_t what);

#define CHECK(condition)	\
	do {			\
		if (!(condition))	\
			fail(__LINE__);	\
	} while (0)

#endif

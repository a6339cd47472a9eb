/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the VMM and guest64 agree on.
 *
 * The VMM draws a random number. Exits are numbered from 0. In the first three, 4-byte reads of
 * CHALLENGE_PORT, the guest gets the number's low half, its high half, and how many rounds to go.
 * From then on, in exit s:
 *  - RAX is challenge_answer(number, s) when the exit happens;
 *  - data of the guest, element i: challenge_answer(number, s | i << 32), cut to its size (for
 *    i = 0 that is RAX); data of the VMM: the same with ~number;
 *  - an access to memory goes to offset (RAX & mask) of its window;
 *  - HLT: RBX is where the VMM lets the guest go on.
 * The guest ends with a byte written to the exit port, 0 for success. It reports an error that it
 * found itself by writing a line number, or 0x10000 + vector for an exception, to
 * CHALLENGE_FAIL_PORT. These two exits have no number.
 */
#ifndef TOOLS_MSHV_CHALLENGE_ABI_H
#define TOOLS_MSHV_CHALLENGE_ABI_H

#include <stdint.h>

#define CHALLENGE_PORT		0xe00
#define CHALLENGE_FAIL_PORT	0xe10
#define CHALLENGE_FIRST		3		/* the first exit with an answer in it */

#define CHALLENGE_MMIO_GPA	0xd0000000ull	/* backed by nothing */
#define CHALLENGE_MMIO_GVA	0x40000000ull
#define CHALLENGE_MMIO_MASK	0xfff8ull
#define CHALLENGE_MMIO_SIZE	0x10000ull
#define CHALLENGE_ROM_GPA	0xc0000000ull	/* word i: element i of the VMM in exit 0 */
#define CHALLENGE_ROM_GVA	0x40010000ull
#define CHALLENGE_ROM_MASK	0xff8ull
#define CHALLENGE_ROM_SIZE	0x1000ull

/* Mixes all bits of both into all bits of the result. */
static inline uint64_t challenge_answer(uint64_t number, uint64_t position)
{
	uint64_t mix = number ^ (position * 0x9e3779b97f4a7c15ull);

	mix ^= mix >> 29;
	mix *= 0xbf58476d1ce4e5b9ull;
	mix ^= mix >> 32;
	return mix * 0xd6e8feb86659fd93ull + position;
}

#endif

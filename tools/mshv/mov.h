/* SPDX-License-Identifier: GPL-2.0 */
/* The one instruction that the VMM emulates for memory that isn't there: MOV of a register. */
#ifndef TOOLS_MSHV_MOV_H
#define TOOLS_MSHV_MOV_H

#include <stdbool.h>
#include <stdint.h>

struct mov {
	bool store;			/* else load */
	unsigned int size;		/* of the data, in bytes */
	unsigned int length;		/* of the instruction, in bytes */
	unsigned int reg;		/* 0 RAX, 1 RCX ... 15 R15 */
};

/*
 * @bits is the mode of the code: 16, 32 or 64. Returns: 0, or -1 if @bytes don't begin with a
 * whole MOV between memory and a register whose low byte, word ... it uses.
 */
int mov_decode(const uint8_t *bytes, unsigned int count, unsigned int bits, struct mov *mov);

#endif

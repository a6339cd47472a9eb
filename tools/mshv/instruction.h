/* SPDX-License-Identifier: GPL-2.0 */
/* The instructions that the VMM emulates: INS and OUTS, and for devices MOV of a register. */
#ifndef TOOLS_MSHV_INSTRUCTION_H
#define TOOLS_MSHV_INSTRUCTION_H

#include "memory.h"
#include "ports.h"

struct instruction {
	bool string;			/* else MOV */
	bool store;			/* to memory; else load */
	unsigned int size;		/* of MOV's data, in bytes */
	unsigned int length;		/* of the instruction, in bytes */
	unsigned int reg;		/* 0 RAX, 1 RCX ... 15 R15 */
	unsigned int address_size;	/* bytes */
	uint32_t segment;		/* HV_X64_REGISTER_*: memory is reached through it */
};

/*
 * @bits is the mode of the code: 16, 32 or 64. Returns: 0, or -1 if @bytes don't begin with a
 * whole instruction of these; of MOVs, one between memory and a register's low byte, word ...
 */
int instruction_decode(const uint8_t *bytes, unsigned int count, unsigned int bits,
		       struct instruction *found);

/*
 * INS or OUTS: moves all elements, updating @io's registers. Returns: 0, or -1 at memory that
 * can't be reached; the elements before it have moved.
 */
int instruction_string(struct mshv_hv_x64_io_port_intercept_message *io, unsigned int address_size,
		       const struct linear *linear, struct ports *ports);

#endif

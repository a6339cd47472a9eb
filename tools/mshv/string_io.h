/* SPDX-License-Identifier: GPL-2.0 */
/* INS and OUTS, with and without REP, from what an I/O port message says of them. */
#ifndef TOOLS_MSHV_STRING_IO_H
#define TOOLS_MSHV_STRING_IO_H

#include <asm/mshv.h>
#include <stdint.h>

#include "linear.h"
#include "ports.h"

/* @segment is the HV_X64_REGISTER_* of the segment that memory is reached through. */
struct string_io {
	unsigned int address_bits;
	uint32_t segment;
	uint64_t base;
	uint64_t rcx, rsi, rdi;
};

/*
 * Decodes @bytes, the instruction of @message, and takes over its registers. The caller then
 * fills in @io->base. Returns: 0, or -1 if it is no INS or OUTS.
 */
int string_io_decode(const struct mshv_hv_x64_io_port_intercept_message *message,
		     const uint8_t *bytes, unsigned int count, struct string_io *io);

/*
 * Moves all elements, updating @io's registers. Returns: 0, or -1 at memory that can't be
 * reached; the elements before it have moved.
 */
int string_io_run(const struct mshv_hv_x64_io_port_intercept_message *message,
		  const struct linear *linear, struct ports *ports, struct string_io *io);

#endif

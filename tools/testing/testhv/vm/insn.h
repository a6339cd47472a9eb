/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decoding an instruction as far as an intercept message needs it: its length, the addresses of its
 * memory operands, the segment of its data (APM 3). Not every instruction is known, and nothing is
 * executed. Pure.
 */
#ifndef TESTHV_INSN_H
#define TESTHV_INSN_H

#include "../lib/types.h"

#define INSN_MAX_LENGTH		15
#define INSN_OPERANDS		3

/* By number, as prefixes and ModRM have them; the VMCB's order too. */
enum insn_segment { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS, SEG_COUNT };

struct insn_context {
	u8 bits;			/* of the code segment: 16, 32, 64 */
	u8 stack_bits;			/* of the stack segment; ignored in 64-bit code */
	u8 count;			/* of @bytes */
	const u8 *bytes;
	u64 rip;
	u64 gpr[16];			/* RAX RCX RDX RBX RSP RBP RSI RDI R8 ... */
	u64 base[SEG_COUNT];
};

struct insn {
	u8 length;			/* 0: unknown */
	u8 segment;			/* of the data operand, overrides included */
	u8 operands;
	u64 linear[INSN_OPERANDS];	/* where the memory operands begin */
};

/* False: too few bytes, or none that it knows. */
bool insn_decode(const struct insn_context *c, struct insn *insn);

#endif

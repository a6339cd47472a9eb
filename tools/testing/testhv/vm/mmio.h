/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Carrying out an instruction whose memory operand is a device register (APM 3): MOV in all its
 * forms, MOVZX, MOVSX, XCHG, and the arithmetic that compilers make of volatile accesses. Pure.
 */
#ifndef TESTHV_MMIO_H
#define TESTHV_MMIO_H

#include "../lib/types.h"

struct insn_context;

enum mmio_op {
	MMIO_ADD, MMIO_OR, MMIO_ADC, MMIO_SBB, MMIO_AND, MMIO_SUB, MMIO_XOR, MMIO_CMP,
	MMIO_TEST, MMIO_LOAD, MMIO_STORE, MMIO_EXCHANGE,
};

struct mmio_insn {
	enum mmio_op op;
	u8 size;		/* of the memory operand, in bytes */
	u8 width;		/* of the register that LOAD writes */
	bool sign_extend;
	bool to_register;	/* arithmetic: the result goes into the register */
	bool immediate;		/* the other operand, else it is the register */
	bool high;		/* the register is AH, CH, DH or BH: @reg is that of A, C, D, B */
	u8 reg;
	u64 value;		/* of the immediate */
};

/* @length: the instruction's, as insn_decode() has found it. False: not one of these. */
bool mmio_decode(const struct insn_context *c, u8 length, struct mmio_insn *insn);

/* The register's part that takes part, and writing @value into it. */
u64 mmio_register(const struct mmio_insn *insn, u64 reg);
u64 mmio_merge(const struct mmio_insn *insn, u64 reg, u64 value);
bool mmio_reads(const struct mmio_insn *insn);
bool mmio_writes(const struct mmio_insn *insn);
/* @a op @b; the flags follow. */
u64 mmio_compute(const struct mmio_insn *insn, u64 a, u64 b, u64 *rflags);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The registers that real clients read and write, as one table. */
#ifndef MSHV_REGS_H
#define MSHV_REGS_H

#include <kselftest.h>
#include <linux/types.h>

enum reg_kind {
	KIND_WORD,	/* any 64-bit value comes back */
	KIND_VECTOR,	/* any 128-bit value comes back */
	KIND_SEGMENT,
	KIND_TABLE,
	KIND_KEEP,	/* takes its own value back; others may be illegal */
	KIND_READ,	/* is read only */
};

/**
 * struct reg_range - consecutive registers of one kind
 * @first: name of the first one
 * @last: name of the last one
 * @kind: what may be done to it
 */
struct reg_range {
	__u32 first, last;
	enum reg_kind kind;
};

/* By number, as clients know them: spec of the series, register names */
static const struct reg_range client_ranges[] = {
	{ 0x00000000, 0x00000001, KIND_READ },		/* suspend */
	{ 0x00000004, 0x00000004, KIND_KEEP },		/* internal activity */
	{ 0x00010002, 0x00010005, KIND_KEEP },		/* pending events */
	{ 0x00020000, 0x0002000f, KIND_WORD },		/* RAX to R15 */
	{ 0x00020010, 0x00020010, KIND_KEEP },		/* RIP */
	{ 0x00020011, 0x00020011, KIND_KEEP },		/* RFLAGS */
	{ 0x00030000, 0x0003000f, KIND_VECTOR },	/* XMM0 to XMM15 */
	{ 0x00030010, 0x00030019, KIND_KEEP },		/* FP_MMX0 to 7, control */
	{ 0x00040000, 0x00040000, KIND_KEEP },		/* CR0 */
	{ 0x00040001, 0x00040001, KIND_WORD },		/* CR2 */
	{ 0x00040002, 0x00040005, KIND_KEEP },		/* CR3, CR4, CR8, XCR0 */
	{ 0x00050000, 0x00050003, KIND_WORD },		/* DR0 to DR3 */
	{ 0x00050004, 0x00050005, KIND_KEEP },		/* DR6, DR7 */
	{ 0x00060000, 0x00060007, KIND_SEGMENT },	/* ES to TR */
	{ 0x00070000, 0x00070001, KIND_TABLE },		/* IDTR, GDTR */
	{ 0x00080000, 0x0008000b, KIND_KEEP },		/* TSC to SFMASK */
	{ 0x0008000e, 0x0008000e, KIND_KEEP },		/* MTRR_DEF_TYPE */
	{ 0x00080010, 0x00080017, KIND_KEEP },		/* MTRR bases */
	{ 0x00080040, 0x00080047, KIND_KEEP },		/* MTRR masks */
	{ 0x00080070, 0x0008007a, KIND_KEEP },		/* fixed MTRRs */
	{ 0x0008007b, 0x0008007d, KIND_KEEP },		/* TSC_AUX, BNDCFGS, DEBUG_CTL */
	{ 0x00080084, 0x00080084, KIND_KEEP },		/* SPEC_CTRL */
};

#define CLIENT_REGS	117
#define CLIENT_MSRS	44

struct client_reg {
	__u32 name;
	enum reg_kind kind;
};

/* All of them, one by one: returns how many, CLIENT_REGS if the table is right. */
static inline int client_regs(struct client_reg *regs)
{
	const size_t ranges = ARRAY_SIZE(client_ranges);
	int count = 0;
	__u32 name;
	size_t i;

	for (i = 0; i < ranges; i++) {
		for (name = client_ranges[i].first; name <= client_ranges[i].last; name++) {
			regs[count].name = name;
			regs[count++].kind = client_ranges[i].kind;
		}
	}
	return count;
}

#endif /* MSHV_REGS_H */

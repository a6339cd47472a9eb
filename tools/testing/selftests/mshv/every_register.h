/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every register that asm/mshv_registers.h names, but for the intermediate and the
 * intercept-control ones: a value that is legal and not another one's, and where a guest finds it.
 */
#ifndef MSHV_EVERY_REGISTER_H
#define MSHV_EVERY_REGISTER_H

#include "agent.h"

enum shape {
	S_WORD,		/* takes any legal value: the row's */
	S_LATER,	/* counts on from it */
	S_OWN,		/* takes only its own value, which is the row's */
	S_SUSPEND,	/* reads as the row's; MSHV_SET_VP_REGISTERS refuses it */
	S_EVENT,	/* as S_WORD, but the guest would be told: not before it runs */
	S_XMM,
	S_MMX,
	S_FP_CONTROL,
	S_XMM_CONTROL,
	S_SEGMENT,
	S_TABLE,
};

/* Where the guest has it; @at is more of that */
enum view {
	V_NONE,
	V_QWORD,	/* quadword @at of what agent_see writes down */
	V_SELECTOR,	/* selector @at of it */
	V_MSR,		/* MSR @at */
	V_MTRR,		/* MSR @at, every second one */
	V_IMAGE,	/* of FXSAVE */
	V_TABLE,	/* descriptor table @at */
};

/**
 * struct register_row - consecutive registers of one kind
 * @first: name of the first one
 * @count: how many
 * @shape: enum shape
 * @view: enum view
 * @at: where the guest has the first one, by @view
 * @value: of the first one
 * @step: from the value of one to that of the next one
 */
struct register_row {
	__u32 first;
	__u16 count;
	__u8 shape, view;
	__u32 at;
	__u64 value, step;
};

/* Pages of the guest that no agent has, enabled */
#define PAGE_SIMP		0x19001
#define PAGE_SIEFP		0x1a001
#define PAGE_HYPERCALL		0x1b001
#define PAGE_ASSIST		0x1c001
#define PAGE_TSC		0x1d001

/* Whose registers they are */
#define VP_INDEX		3

/* Where the agent's stack is */
#define SEE_RSP			(AGENT_AREA + GUEST_PAGE - 0x40)

/* In the order in which they are set: without GUEST_OS_ID there is no hypercall page. */
static const struct register_row register_rows[] = {
	{ 0x00000000, 1, S_SUSPEND, V_NONE, 0, 1 },
	{ 0x00000001, 1, S_SUSPEND },
	{ 0x00000002, 1, S_OWN },			/* emulation hints */
	{ 0x00000003, 1, S_SUSPEND },
	{ 0x00000004, 1, S_EVENT, V_NONE, 0, 4 },	/* activity: idle */
	{ 0x00000100, 1, S_OWN },			/* version */
	{ 0x00000200, 9, S_OWN },			/* features */
	{ 0x00000210, 6, S_OWN },			/* crash */
	{ 0x00000250, 1, S_OWN },			/* idle */
	{ 0x00010002, 1, S_EVENT, V_NONE, 0, 0x00770001 },
	{ 0x00010003, 1, S_EVENT, V_NONE, 0, 2 },
	{ 0x00010004, 1, S_EVENT, V_NONE, 0, 0x56780000000d0101 },
	{ 0x00010005, 1, S_OWN },
	{ 0x00010006, 1, S_EVENT, V_NONE, 0, 0x25 },
	/* RAX RCX RDX RBX, RSP, RBP RSI RDI R8 to R15, RIP, RFLAGS */
	{ 0x00020000, 4, S_WORD, V_QWORD, 0, 0xfedcba9876543210, 0x0102030405060708 },
	{ 0x00020004, 1, S_WORD, V_QWORD, 4, SEE_RSP },
	{ 0x00020005, 11, S_WORD, V_QWORD, 5, 0x8f1e2d3c4b5a6978, 0x0102030405060708 },
	{ 0x00020010, 1, S_WORD, V_NONE, 0, 0xffffffff81234560 },
	{ 0x00020011, 1, S_WORD, V_QWORD, 16, 0x240893 },
	{ 0x00030000, 16, S_XMM, V_IMAGE },
	{ 0x00030010, 8, S_MMX, V_IMAGE },
	{ 0x00030018, 1, S_FP_CONTROL, V_IMAGE },
	{ 0x00030019, 1, S_XMM_CONTROL, V_IMAGE },
	{ 0x00040000, 1, S_WORD, V_QWORD, 17, 0x80050033 },
	{ 0x00040001, 1, S_WORD, V_QWORD, 18, 0x00007f1234567890 },
	{ 0x00040002, 1, S_WORD, V_QWORD, 19, GUEST_PML4 | 0x18 },
	{ 0x00040003, 1, S_WORD, V_QWORD, 20, 0x506a8 },
	{ 0x00040004, 1, S_WORD, V_QWORD, 21, 5 },
	{ 0x00040005, 1, S_WORD, V_QWORD, 22, 7 },
	{ 0x00050000, 4, S_WORD, V_QWORD, 23, 0x00007a0011223344, 0x0000010011111111 },
	{ 0x00050004, 1, S_WORD, V_QWORD, 27, 0xffff4ff5 },
	{ 0x00050005, 1, S_WORD, V_QWORD, 28, 0x55990500 },
	{ 0x00060000, 8, S_SEGMENT, V_SELECTOR, 0 },
	{ 0x00070000, 2, S_TABLE, V_TABLE, 0 },
	{ 0x00080000, 1, S_LATER, V_MSR, 0x10, 0x0000123456789abc },
	{ 0x00080001, 1, S_WORD, V_MSR, 0xc0000080, 0xd01 },
	{ 0x00080002, 1, S_WORD, V_MSR, 0xc0000102, 0xffff888012345000 },
	{ 0x00080003, 1, S_WORD, V_NONE, 0, 0xfed00900 },
	{ 0x00080004, 1, S_WORD, V_MSR, 0x277, 0x0407050600070106 },
	{ 0x00080005, 1, S_WORD, V_MSR, 0x174, 0x4b50 },
	{ 0x00080006, 1, S_WORD, V_MSR, 0x176, 0xffffffff82000000 },
	{ 0x00080007, 1, S_WORD, V_MSR, 0x175, 0xfffffe0000002200 },
	{ 0x00080008, 1, S_WORD, V_MSR, 0xc0000081, 0x0023001012345678 },
	{ 0x00080009, 1, S_WORD, V_MSR, 0xc0000082, 0xffffffff83000080 },
	{ 0x0008000a, 1, S_WORD, V_MSR, 0xc0000083, 0xffffffff84000100 },
	{ 0x0008000b, 1, S_WORD, V_MSR, 0xc0000084, 0x47700 },
	{ 0x0008000c, 1, S_OWN, V_NONE, 0, VP_INDEX },	/* initial APIC id */
	{ 0x0008000d, 1, S_OWN, V_MSR, 0xfe, 0x508 },
	{ 0x0008000e, 1, S_WORD, V_MSR, 0x2ff, 0xc06 },
	{ 0x00080010, 8, S_WORD, V_MTRR, 0x200, 0x0100001004, 0x0100001000 },
	{ 0x00080018, 8, S_WORD, V_NONE, 0, 0x1000001005, 0x0100001000 },
	{ 0x00080040, 8, S_WORD, V_MTRR, 0x201, 0xf000000800, 0x0000100000 },
	{ 0x00080048, 8, S_WORD, V_NONE, 0, 0xf100000800, 0x0000100000 },
	{ 0x00080070, 1, S_WORD, V_MSR, 0x250, 0x0606060606060600 },
	{ 0x00080071, 1, S_WORD, V_MSR, 0x258, 0x0606060606060601 },
	{ 0x00080072, 1, S_WORD, V_MSR, 0x259, 0x0606060606060604 },
	{ 0x00080073, 2, S_WORD, V_MSR, 0x268, 0x0606060606060501, 4 },
	{ 0x00080075, 2, S_WORD, V_MSR, 0x26a, 0x0606060606060404, 1 },
	{ 0x00080077, 2, S_WORD, V_MSR, 0x26c, 0x0606060606060104, 1 },
	{ 0x00080079, 2, S_WORD, V_MSR, 0x26e, 0x0606060606060004, 1 },
	{ 0x0008007b, 1, S_WORD, V_MSR, 0xc0000103, 0x1a2b3c4d },
	{ 0x0008007c, 1, S_OWN },			/* BNDCFGS: no MPX */
	{ 0x0008007d, 1, S_WORD, V_MSR, 0x1d9, 3 },
	{ 0x00080080, 4, S_OWN },			/* no SGX */
	{ 0x00080084, 1, S_OWN },			/* SPEC_CTRL: QEMU has none */
	{ 0x00080085, 2, S_OWN },			/* commands */
	{ 0x00080096, 1, S_OWN },
	{ 0x000800a0, 2, S_OWN },
	{ 0x00084802, 2, S_OWN },			/* no local APIC */
	{ 0x00090000, 1, S_OWN },
	{ 0x00090002, 1, S_WORD, V_MSR, 0x40000000, 0x810012345678abcd },
	{ 0x00090001, 1, S_WORD, V_MSR, 0x40000001, PAGE_HYPERCALL },
	{ 0x00090003, 1, S_OWN, V_MSR, 0x40000002, VP_INDEX },
	{ 0x00090004, 1, S_LATER, V_MSR, 0x40000020, 0x0000654321fedcba },
	{ 0x00090010, 3, S_OWN },			/* no local APIC */
	{ 0x00090013, 1, S_WORD, V_MSR, 0x40000073, PAGE_ASSIST },
	{ 0x00090014, 1, S_OWN },
	{ 0x00090017, 1, S_WORD, V_MSR, 0x40000021, PAGE_TSC },
	{ 0x000a0000, 16, S_WORD, V_MSR, 0x40000090, 0x10030, 0x20003 },
	{ 0x000a0010, 1, S_WORD, V_MSR, 0x40000080, 1 },
	{ 0x000a0011, 1, S_OWN, V_MSR, 0x40000081, 1 },
	{ 0x000a0012, 1, S_WORD, V_MSR, 0x40000082, PAGE_SIEFP },
	{ 0x000a0013, 1, S_WORD, V_MSR, 0x40000083, PAGE_SIMP },
	{ 0x000a0014, 1, S_WORD, V_MSR, 0x40000084 },
	{ 0x000a0015, 1, S_OWN },
	{ 0x000b0000, 8, S_WORD, V_MSR, 0x400000b0, 0x20002, 0x10000 },
};

/* The two clocks are the machine's: not 0, and only their own value */
#define CLOCK_FIRST		0x00000240
#define CLOCK_MSR		0x40000022
#define CLOCKS			2

#define REGISTERS		209

#endif /* MSHV_EVERY_REGISTER_H */

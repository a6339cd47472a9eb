/* SPDX-License-Identifier: GPL-2.0 */
/* The virtual machine control block, AMD APM volume 2, appendix B. */
#ifndef TESTHV_VMCB_H
#define TESTHV_VMCB_H

#include "../lib/types.h"

struct vmcb_segment {
	u16 selector;
	u16 attrib;		/* bits 55:52 and 47:40 of the descriptor, packed to 12 bits */
	u32 limit;
	u64 base;
};

struct vmcb {
	/* control area */
	u16 intercept_cr_read, intercept_cr_write;
	u16 intercept_dr_read, intercept_dr_write;
	u32 intercept_exceptions;
	u32 intercept1;			/* 0x00c: INTERCEPT1_* */
	u32 intercept2;			/* 0x010: INTERCEPT2_* */
	u8 reserved014[0x40 - 0x14];
	u64 iopm_base;			/* 0x040 */
	u64 msrpm_base;
	u64 tsc_offset;
	u32 asid;			/* 0x058 */
	u8 tlb_control;
	u8 reserved05d[3];
	u64 int_ctl;			/* 0x060: V_TPR .. V_INTR_MASKING, vector in 39:32 */
	u64 int_state;			/* 0x068: bit 0 interrupt shadow */
	u64 exitcode;			/* 0x070 */
	u64 exitinfo1, exitinfo2;
	u64 exitintinfo;		/* 0x088 */
	u64 np_enable;			/* 0x090 */
	u8 reserved098[0xa8 - 0x98];
	u64 eventinj;			/* 0x0a8 */
	u64 ncr3;			/* 0x0b0 */
	u64 lbr_control;
	u32 clean, reserved0c4;
	u64 nrip;			/* 0x0c8: QEMU never stores it */
	u8 reserved0d0[0x400 - 0xd0];
	/* state save area */
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;	/* 0x400 */
	u8 reserved4a0[0x4cb - 0x4a0];
	u8 cpl;				/* 0x4cb */
	u32 reserved4cc;
	u64 efer;			/* 0x4d0 */
	u8 reserved4d8[0x548 - 0x4d8];
	u64 cr4, cr3, cr0, dr7, dr6, rflags, rip;	/* 0x548 */
	u8 reserved580[0x5d8 - 0x580];
	u64 rsp;			/* 0x5d8 */
	u8 reserved5e0[0x5f8 - 0x5e0];
	u64 rax;			/* 0x5f8 */
	u64 star, lstar, cstar, sfmask, kernel_gs_base;
	u64 sysenter_cs, sysenter_esp, sysenter_eip, cr2;
	u8 reserved648[0x668 - 0x648];
	u64 g_pat;			/* 0x668 */
	u8 reserved670[0x1000 - 0x670];
};

static_assert(offsetof(struct vmcb, iopm_base) == 0x40, "vmcb");
static_assert(offsetof(struct vmcb, asid) == 0x58, "vmcb");
static_assert(offsetof(struct vmcb, exitcode) == 0x70, "vmcb");
static_assert(offsetof(struct vmcb, ncr3) == 0xb0, "vmcb");
static_assert(offsetof(struct vmcb, es) == 0x400, "vmcb");
static_assert(offsetof(struct vmcb, cpl) == 0x4cb, "vmcb");
static_assert(offsetof(struct vmcb, cr4) == 0x548, "vmcb");
static_assert(offsetof(struct vmcb, rip) == 0x578, "vmcb");
static_assert(offsetof(struct vmcb, rax) == 0x5f8, "vmcb");
static_assert(offsetof(struct vmcb, cr2) == 0x640, "vmcb");
static_assert(offsetof(struct vmcb, g_pat) == 0x668, "vmcb");
static_assert(sizeof(struct vmcb) == 0x1000, "vmcb");

#define INTERCEPT_CR4		BIT(4)		/* of intercept_cr_read, intercept_cr_write */
#define INTERCEPT_CR8		BIT(8)
#define INTERCEPT1_INTR		BIT(0)
#define INTERCEPT1_NMI		BIT(1)
#define INTERCEPT1_SMI		BIT(2)
#define INTERCEPT1_INIT		BIT(3)
#define INTERCEPT1_VINTR	BIT(4)
#define INTERCEPT1_SWINT	BIT(21)
#define INTERCEPT1_RDPMC	BIT(15)
#define INTERCEPT1_CPUID	BIT(18)
#define INTERCEPT1_IRET		BIT(20)
#define INTERCEPT1_INVD		BIT(22)
#define INTERCEPT1_HLT		BIT(24)
#define INTERCEPT1_INVLPGA	BIT(26)
#define INTERCEPT1_IOIO		BIT(27)
#define INTERCEPT1_MSR		BIT(28)
#define INTERCEPT1_TASK_SWITCH	BIT(29)
#define INTERCEPT1_SHUTDOWN	BIT(31)

#define INTERCEPT2_VMRUN	BIT(0)
#define INTERCEPT2_VMMCALL	BIT(1)
#define INTERCEPT2_VMLOAD	BIT(2)
#define INTERCEPT2_VMSAVE	BIT(3)
#define INTERCEPT2_STGI		BIT(4)
#define INTERCEPT2_CLGI		BIT(5)
#define INTERCEPT2_SKINIT	BIT(6)
#define INTERCEPT2_MONITOR	BIT(10)
#define INTERCEPT2_MWAIT	(BIT(11) | BIT(12))
#define INTERCEPT2_SVM		(INTERCEPT2_VMRUN | INTERCEPT2_VMMCALL | INTERCEPT2_VMLOAD | \
				 INTERCEPT2_VMSAVE | INTERCEPT2_STGI | INTERCEPT2_CLGI | \
				 INTERCEPT2_SKINIT)

#define INT_CTL_V_TPR		0xfULL
#define INT_CTL_V_IRQ		BIT(8)
#define INT_CTL_VECTOR_SHIFT	32
#define INT_CTL_VECTOR		GENMASK(39, 32)
#define INT_CTL_V_PRIO		GENMASK(19, 16)
#define INT_CTL_V_IGN_TPR	BIT(20)
#define INT_CTL_V_INTR_MASKING	BIT(24)
#define INT_STATE_SHADOW	BIT(0)

/* exit codes */
#define EXIT_CR4_WRITE		0x14
#define EXIT_CR8_WRITE		0x18
#define EXIT_EXCEPTION		0x40	/* and the vector */
#define EXIT_EXCEPTION_LAST	0x5f
#define EXIT_INTR		0x60
#define EXIT_NMI		0x61
#define EXIT_INIT		0x63
#define EXIT_VINTR		0x64
#define EXIT_RDPMC		0x6f
#define EXIT_CPUID		0x72
#define EXIT_SWINT		0x75
#define EXIT_IRET		0x74
#define EXIT_INVD		0x76
#define EXIT_HLT		0x78
#define EXIT_INVLPGA		0x7a
#define EXIT_IOIO		0x7b
#define EXIT_MSR		0x7c
#define EXIT_TASK_SWITCH	0x7d
#define EXIT_SHUTDOWN		0x7f
#define EXIT_VMRUN		0x80
#define EXIT_VMMCALL		0x81
#define EXIT_VMLOAD		0x82
#define EXIT_SKINIT		0x86
#define EXIT_MONITOR		0x8a
#define EXIT_MWAIT		0x8b
#define EXIT_MWAIT_COND		0x8c
#define EXIT_NPF		0x400
#define EXIT_INVALID		(~0ULL)

/* EXITINFO1 of EXIT_IOIO */
#define IOIO_IN			BIT(0)
#define IOIO_STR		BIT(2)
#define IOIO_REP		BIT(3)
#define IOIO_SIZE(info)		(((info) >> 4) & 7)	/* 1, 2 or 4 */
#define IOIO_PORT(info)		((u16)((info) >> 16))

/* EXITINFO1 of EXIT_NPF */
#define NPF_PRESENT		BIT(0)
#define NPF_WRITE		BIT(1)
#define NPF_USER		BIT(2)
#define NPF_FETCH		BIT(4)
#define NPF_FINAL		BIT(32)		/* the final translation */
#define NPF_WALK		BIT(33)		/* a guest page-table access */

#define EVENTINJ_TYPE_NMI	(2u << 8)
#define EVENTINJ_TYPE_EXCEPTION	(3u << 8)
#define EVENTINJ_TYPE(event)	(((event) >> 8) & 7)
#define EVENTINJ_SOFTWARE	4u
#define EVENTINJ_ERROR		BIT(11)
#define EVENTINJ_VALID		BIT(31)

/* vmcb_segment.attrib */
#define SEG_TYPE		0x00f
#define SEG_S			0x010
#define SEG_DPL			0x060
#define SEG_P			0x080
#define SEG_AVL			0x100
#define SEG_L			0x200
#define SEG_DB			0x400
#define SEG_G			0x800

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Enter and leave a guest. Knows nothing of Hyper-V. */
#ifndef TESTHV_SVM_H
#define TESTHV_SVM_H

#include "vmcb.h"

/*
 * General registers that VMRUN does not switch; entry.S knows the offsets. RAX, RSP, RIP, RFLAGS
 * are in the VMCB.
 */
struct gprs {
	u64 rbx, rcx, rdx, rsi, rdi, rbp;
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
};

/* The rest of what VMRUN doesn't switch; fp is an XSAVE area in standard format. */
struct extended_state {
	void *fp;			/* one page, 64-byte aligned */
	u64 xcr0;
	u64 dr[4];
	u64 tsc_aux;
	u64 spec_ctrl;
};

/*
 * Enable SVM on this processor; @hsave is its host save area (one page). Panics without SVM and
 * nested paging.
 */
void svm_init_cpu(void *hsave);

/*
 * Run the guest until it exits. GIF is 0 before and after. With @host_if physical interrupts end
 * the run of a guest that has V_INTR_MASKING; without, they wait.
 */
void svm_run(struct vmcb *vmcb, struct gprs *gprs, bool host_if);

/* Let a pending NMI be taken by the host's IDT. */
void svm_take_nmi(void);

/* Exchange the state in the processor for another guest's. */
void svm_save_extended(struct extended_state *s);
void svm_load_extended(const struct extended_state *s);

/*
 * All features in XCR0 that the processor has, and the size of the XSAVE area (standard format)
 * for all of them.
 */
u64 svm_xcr0_all(void);
u32 svm_xsave_size(void);
/* Bring @s to its state after reset (x87, SSE initial values; XCR0 = 1). */
void svm_reset_extended(struct extended_state *s);

#endif

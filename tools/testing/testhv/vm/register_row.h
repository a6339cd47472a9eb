/* SPDX-License-Identifier: GPL-2.0 */
/* How the files of the register file share their work: a row is a range of names of one kind. */
#ifndef TESTHV_REGISTER_ROW_H
#define TESTHV_REGISTER_ROW_H

#include "registers.h"

struct register_row;

struct register_kind {
	void (*get)(struct vp *vp, const struct register_row *row, u32 i, struct register_value *v);
	/* NULL: takes only its own value */
	u16 (*set)(struct vp *vp, const struct register_row *row, u32 i,
		   const struct register_value *v);
};

struct register_row {
	u32 first, count;
	const struct register_kind *kind;
	u32 at;				/* offset or slot, as the kind wants it */
	u64 reserved;			/* bits that must be 0 */
};

/* registers_control.c */
/* CR0, CR3, CR4, CR8, XFEM, EFER, RFLAGS, DR6, DR7, PAT, SPEC_CTRL; at: whose other name it is */
extern const struct register_kind kind_control;
/* registers_fp.c */
extern const struct register_kind kind_xmm, kind_mmx, kind_fp_control, kind_xmm_control;
/* registers_event.c */
extern const struct register_kind kind_suspend, kind_activity, kind_interruption,
				  kind_interrupt_state, kind_pending_event, kind_deliverability,
				  kind_apic_base, kind_apic;

#endif

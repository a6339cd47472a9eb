/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The register file of a child VP by TLFS name (TLFS, 7.9). The VP must not be running, but for
 * the registers of register_while_running(). The two suspend registers are read here and set by
 * the hypercall, since that may have to stop the VP.
 */
#ifndef TESTHV_REGISTERS_H
#define TESTHV_REGISTERS_H

#include "status.h"

struct vp;
struct vmcb_segment;

#define REG_EXPLICIT_SUSPEND		0x00000000u
#define REG_INTERCEPT_SUSPEND		0x00000001u
#define REG_INTERNAL_ACTIVITY		0x00000004u
#define REG_PENDING_INTERRUPTION	0x00010002u
#define REG_INTERRUPT_STATE		0x00010003u
#define REG_PENDING_EVENT0		0x00010004u
#define REG_PENDING_EVENT1		0x00010005u
#define REG_DELIVERABILITY		0x00010006u
#define REG_RAX				0x00020000u
#define REG_RIP				0x00020010u
#define REG_RFLAGS			0x00020011u
#define REG_XMM0			0x00030000u
#define REG_FP_MMX0			0x00030010u
#define REG_FP_CONTROL_STATUS		0x00030018u
#define REG_XMM_CONTROL_STATUS		0x00030019u
#define REG_CR0				0x00040000u
#define REG_CR2				0x00040001u
#define REG_CR3				0x00040002u
#define REG_CR4				0x00040003u
#define REG_CR8				0x00040004u
#define REG_XFEM			0x00040005u
#define REG_INTERMEDIATE_CR0		0x00041000u
#define REG_INTERMEDIATE_CR4		0x00041003u
#define REG_INTERMEDIATE_CR8		0x00041004u
#define REG_DR0				0x00050000u
#define REG_DR6				0x00050004u
#define REG_DR7				0x00050005u
#define REG_ES				0x00060000u
#define REG_LDTR			0x00060006u
#define REG_TR				0x00060007u
#define REG_IDTR			0x00070000u
#define REG_GDTR			0x00070001u
#define REG_TSC				0x00080000u
#define REG_EFER			0x00080001u
#define REG_KERNEL_GS_BASE		0x00080002u
#define REG_APIC_BASE			0x00080003u
#define REG_PAT				0x00080004u
#define REG_SYSENTER_CS			0x00080005u
#define REG_SYSENTER_EIP		0x00080006u
#define REG_SYSENTER_ESP		0x00080007u
#define REG_STAR			0x00080008u
#define REG_LSTAR			0x00080009u
#define REG_CSTAR			0x0008000au
#define REG_SFMASK			0x0008000bu
#define REG_INITIAL_APIC_ID		0x0008000cu
#define REG_MTRR_CAP			0x0008000du
#define REG_MTRR_DEF_TYPE		0x0008000eu
#define REG_MTRR_PHYS_BASE0		0x00080010u
#define REG_MTRR_PHYS_MASK0		0x00080040u
#define REG_MTRR_FIX64K			0x00080070u
#define REG_TSC_AUX			0x0008007bu
#define REG_DEBUG_CTL			0x0008007du
#define REG_SPEC_CTRL			0x00080084u
#define REG_APIC_ID			0x00084802u
#define REG_APIC_VERSION		0x00084803u
#define REG_VP_RUNTIME			0x00090000u
#define REG_VP_INDEX			0x00090003u
#define REG_TIME_REF_COUNT		0x00090004u

struct register_value {
	u64 low, high;
};

hv_status register_get(struct vp *vp, u32 name, struct register_value *v);
hv_status register_set(struct vp *vp, u32 name, const struct register_value *v);
/* Registers that mean something while the VP runs. */
bool register_while_running(u32 name);

/* The state after reset (APM 2, 14.1.3). */
void registers_reset(struct vp *vp);
/* Bring what follows from other registers (EFER.LMA, CPL) in line. */
void registers_derive(struct vp *vp);
/*
 * Before the VP goes on: what follows from other registers (EFER.LMA, CPL) is brought in line, a
 * pending event is put in place. False if no processor would take the state (APM 2, 15.5.1).
 */
bool registers_prepare(struct vp *vp);
/* Put a pending event (PENDING_EVENT0) in place if nothing else is to be injected. */
void registers_inject(struct vp *vp);
/* Whether PENDING_EVENT0 holds an exception, or an external interrupt; taking that. */
bool registers_exception_pending(const struct vp *vp);
bool registers_external_pending(const struct vp *vp);
u8 registers_take_external(struct vp *vp);
/* False: there is another event. */
bool registers_put_external(struct vp *vp, u8 vector);
/* What an INIT does to the registers (APM 2, 14.1.3). */
void registers_init(struct vp *vp);

/* Segment registers: attributes as the VMCB packs them and as the TLFS does. */
u16 segment_to_tlfs(u16 attrib);
void segment_get(const struct vmcb_segment *s, struct register_value *v);

#endif

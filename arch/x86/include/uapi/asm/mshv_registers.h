/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * VP registers: names (TLFS, HV_REGISTER_NAME) and values. Those whose names Linux's
 * asm/hyperv-tlfs.h gives to something else carry the prefix MSHV_HV_.
 */
#ifndef _UAPI_ASM_X86_MSHV_REGISTERS_H
#define _UAPI_ASM_X86_MSHV_REGISTERS_H

#include <linux/types.h>

/* Suspending. Only the hypervisor sets INTERCEPT_SUSPEND */
#define HV_REGISTER_EXPLICIT_SUSPEND			0x00000000
#define HV_REGISTER_INTERCEPT_SUSPEND			0x00000001
#define HV_REGISTER_INSTRUCTION_EMULATION_HINTS		0x00000002
#define HV_REGISTER_DISPATCH_SUSPEND			0x00000003
#define HV_REGISTER_INTERNAL_ACTIVITY_STATE		0x00000004

/* Version and features */
#define MSHV_HV_REGISTER_HYPERVISOR_VERSION		0x00000100
#define HV_REGISTER_PRIVILEGES_AND_FEATURES_INFO	0x00000200
#define HV_REGISTER_FEATURES_INFO			0x00000201
#define HV_REGISTER_IMPLEMENTATION_LIMITS_INFO		0x00000202
#define HV_REGISTER_HARDWARE_FEATURES_INFO		0x00000203
#define HV_REGISTER_CPU_MANAGEMENT_FEATURES_INFO	0x00000204
#define HV_REGISTER_SVM_FEATURES_INFO			0x00000205
#define HV_REGISTER_SKIP_LEVEL_FEATURES_INFO		0x00000206
#define HV_REGISTER_NESTED_VIRT_FEATURES_INFO		0x00000207
#define HV_REGISTER_IPT_FEATURES_INFO			0x00000208

/* Guest crash, idle */
#define MSHV_HV_REGISTER_GUEST_CRASH_P0			0x00000210
#define MSHV_HV_REGISTER_GUEST_CRASH_P1			0x00000211
#define MSHV_HV_REGISTER_GUEST_CRASH_P2			0x00000212
#define MSHV_HV_REGISTER_GUEST_CRASH_P3			0x00000213
#define MSHV_HV_REGISTER_GUEST_CRASH_P4			0x00000214
#define MSHV_HV_REGISTER_GUEST_CRASH_CTL		0x00000215
#define HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY		0x00000240
#define HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY		0x00000241
#define HV_REGISTER_GUEST_IDLE				0x00000250

/* Pending events */
#define HV_REGISTER_PENDING_INTERRUPTION		0x00010002
#define HV_REGISTER_INTERRUPT_STATE			0x00010003
#define HV_REGISTER_PENDING_EVENT0			0x00010004
#define HV_REGISTER_PENDING_EVENT1			0x00010005
#define HV_REGISTER_DELIVERABILITY_NOTIFICATIONS	0x00010006

/* General */
#define HV_X64_REGISTER_RAX				0x00020000
#define HV_X64_REGISTER_RCX				0x00020001
#define HV_X64_REGISTER_RDX				0x00020002
#define HV_X64_REGISTER_RBX				0x00020003
#define HV_X64_REGISTER_RSP				0x00020004
#define HV_X64_REGISTER_RBP				0x00020005
#define HV_X64_REGISTER_RSI				0x00020006
#define HV_X64_REGISTER_RDI				0x00020007
#define HV_X64_REGISTER_R8				0x00020008
#define HV_X64_REGISTER_R9				0x00020009
#define HV_X64_REGISTER_R10				0x0002000A
#define HV_X64_REGISTER_R11				0x0002000B
#define HV_X64_REGISTER_R12				0x0002000C
#define HV_X64_REGISTER_R13				0x0002000D
#define HV_X64_REGISTER_R14				0x0002000E
#define HV_X64_REGISTER_R15				0x0002000F
#define HV_X64_REGISTER_RIP				0x00020010
#define HV_X64_REGISTER_RFLAGS				0x00020011

/* Vector and x87 */
#define HV_X64_REGISTER_XMM0				0x00030000
#define HV_X64_REGISTER_XMM1				0x00030001
#define HV_X64_REGISTER_XMM2				0x00030002
#define HV_X64_REGISTER_XMM3				0x00030003
#define HV_X64_REGISTER_XMM4				0x00030004
#define HV_X64_REGISTER_XMM5				0x00030005
#define HV_X64_REGISTER_XMM6				0x00030006
#define HV_X64_REGISTER_XMM7				0x00030007
#define HV_X64_REGISTER_XMM8				0x00030008
#define HV_X64_REGISTER_XMM9				0x00030009
#define HV_X64_REGISTER_XMM10				0x0003000A
#define HV_X64_REGISTER_XMM11				0x0003000B
#define HV_X64_REGISTER_XMM12				0x0003000C
#define HV_X64_REGISTER_XMM13				0x0003000D
#define HV_X64_REGISTER_XMM14				0x0003000E
#define HV_X64_REGISTER_XMM15				0x0003000F
#define HV_X64_REGISTER_FP_MMX0				0x00030010
#define HV_X64_REGISTER_FP_MMX1				0x00030011
#define HV_X64_REGISTER_FP_MMX2				0x00030012
#define HV_X64_REGISTER_FP_MMX3				0x00030013
#define HV_X64_REGISTER_FP_MMX4				0x00030014
#define HV_X64_REGISTER_FP_MMX5				0x00030015
#define HV_X64_REGISTER_FP_MMX6				0x00030016
#define HV_X64_REGISTER_FP_MMX7				0x00030017
#define HV_X64_REGISTER_FP_CONTROL_STATUS		0x00030018
#define HV_X64_REGISTER_XMM_CONTROL_STATUS		0x00030019

/* Control */
#define HV_X64_REGISTER_CR0				0x00040000
#define HV_X64_REGISTER_CR2				0x00040001
#define HV_X64_REGISTER_CR3				0x00040002
#define HV_X64_REGISTER_CR4				0x00040003
#define HV_X64_REGISTER_CR8				0x00040004
#define HV_X64_REGISTER_XFEM				0x00040005
#define HV_X64_REGISTER_INTERMEDIATE_CR0		0x00041000
#define HV_X64_REGISTER_INTERMEDIATE_CR4		0x00041003
#define HV_X64_REGISTER_INTERMEDIATE_CR8		0x00041004

/* Debug */
#define HV_X64_REGISTER_DR0				0x00050000
#define HV_X64_REGISTER_DR1				0x00050001
#define HV_X64_REGISTER_DR2				0x00050002
#define HV_X64_REGISTER_DR3				0x00050003
#define HV_X64_REGISTER_DR6				0x00050004
#define HV_X64_REGISTER_DR7				0x00050005

/* Segments and tables */
#define HV_X64_REGISTER_ES				0x00060000
#define HV_X64_REGISTER_CS				0x00060001
#define HV_X64_REGISTER_SS				0x00060002
#define HV_X64_REGISTER_DS				0x00060003
#define HV_X64_REGISTER_FS				0x00060004
#define HV_X64_REGISTER_GS				0x00060005
#define HV_X64_REGISTER_LDTR				0x00060006
#define HV_X64_REGISTER_TR				0x00060007
#define HV_X64_REGISTER_IDTR				0x00070000
#define HV_X64_REGISTER_GDTR				0x00070001

/* Model-specific */
#define HV_X64_REGISTER_TSC				0x00080000
#define HV_X64_REGISTER_EFER				0x00080001
#define HV_X64_REGISTER_KERNEL_GS_BASE			0x00080002
#define HV_X64_REGISTER_APIC_BASE			0x00080003
#define HV_X64_REGISTER_PAT				0x00080004
#define HV_X64_REGISTER_SYSENTER_CS			0x00080005
#define HV_X64_REGISTER_SYSENTER_EIP			0x00080006
#define HV_X64_REGISTER_SYSENTER_ESP			0x00080007
#define HV_X64_REGISTER_STAR				0x00080008
#define HV_X64_REGISTER_LSTAR				0x00080009
#define HV_X64_REGISTER_CSTAR				0x0008000A
#define HV_X64_REGISTER_SFMASK				0x0008000B
#define HV_X64_REGISTER_INITIAL_APIC_ID			0x0008000C
#define HV_X64_REGISTER_MSR_MTRR_CAP			0x0008000D
#define HV_X64_REGISTER_MSR_MTRR_DEF_TYPE		0x0008000E
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0		0x00080010
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE1		0x00080011
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE2		0x00080012
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE3		0x00080013
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE4		0x00080014
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE5		0x00080015
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE6		0x00080016
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE7		0x00080017
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE8		0x00080018
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE9		0x00080019
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASEA		0x0008001A
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASEB		0x0008001B
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASEC		0x0008001C
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASED		0x0008001D
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASEE		0x0008001E
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASEF		0x0008001F
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0		0x00080040
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK1		0x00080041
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK2		0x00080042
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK3		0x00080043
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK4		0x00080044
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK5		0x00080045
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK6		0x00080046
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK7		0x00080047
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK8		0x00080048
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK9		0x00080049
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKA		0x0008004A
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKB		0x0008004B
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKC		0x0008004C
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKD		0x0008004D
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKE		0x0008004E
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASKF		0x0008004F
#define HV_X64_REGISTER_MSR_MTRR_FIX64K00000		0x00080070
#define HV_X64_REGISTER_MSR_MTRR_FIX16K80000		0x00080071
#define HV_X64_REGISTER_MSR_MTRR_FIX16KA0000		0x00080072
#define HV_X64_REGISTER_MSR_MTRR_FIX4KC0000		0x00080073
#define HV_X64_REGISTER_MSR_MTRR_FIX4KC8000		0x00080074
#define HV_X64_REGISTER_MSR_MTRR_FIX4KD0000		0x00080075
#define HV_X64_REGISTER_MSR_MTRR_FIX4KD8000		0x00080076
#define HV_X64_REGISTER_MSR_MTRR_FIX4KE0000		0x00080077
#define HV_X64_REGISTER_MSR_MTRR_FIX4KE8000		0x00080078
#define HV_X64_REGISTER_MSR_MTRR_FIX4KF0000		0x00080079
#define HV_X64_REGISTER_MSR_MTRR_FIX4KF8000		0x0008007A
#define HV_X64_REGISTER_TSC_AUX				0x0008007B
#define HV_X64_REGISTER_BNDCFGS				0x0008007C
#define HV_X64_REGISTER_DEBUG_CTL			0x0008007D
#define HV_X64_REGISTER_SGX_LAUNCH_CONTROL0		0x00080080
#define HV_X64_REGISTER_SGX_LAUNCH_CONTROL1		0x00080081
#define HV_X64_REGISTER_SGX_LAUNCH_CONTROL2		0x00080082
#define HV_X64_REGISTER_SGX_LAUNCH_CONTROL3		0x00080083
#define HV_X64_REGISTER_SPEC_CTRL			0x00080084
#define HV_X64_REGISTER_PRED_CMD			0x00080085
#define HV_X64_REGISTER_VIRT_SPEC_CTRL			0x00080086
#define HV_X64_REGISTER_TSC_ADJUST			0x00080096
#define HV_X64_REGISTER_MSR_IA32_MISC_ENABLE		0x000800A0
#define HV_X64_REGISTER_IA32_FEATURE_CONTROL		0x000800A1
#define HV_X64_REGISTER_APIC_ID				0x00084802
#define HV_X64_REGISTER_APIC_VERSION			0x00084803

/* Hypervisor's own */
#define HV_REGISTER_VP_RUNTIME				0x00090000
#define HV_X64_REGISTER_HYPERCALL			0x00090001
#define MSHV_HV_REGISTER_GUEST_OS_ID			0x00090002
#define MSHV_HV_REGISTER_VP_INDEX			0x00090003
#define MSHV_HV_REGISTER_TIME_REF_COUNT			0x00090004
#define HV_X64_REGISTER_EOI				0x00090010
#define HV_X64_REGISTER_ICR				0x00090011
#define HV_X64_REGISTER_TPR				0x00090012
#define HV_REGISTER_VP_ASSIST_PAGE			0x00090013
#define HV_REGISTER_VP_ROOT_SIGNAL_COUNT		0x00090014
#define MSHV_HV_REGISTER_REFERENCE_TSC			0x00090017

/* Synthetic interrupt controller and timers */
#define MSHV_HV_REGISTER_SINT0				0x000A0000
#define MSHV_HV_REGISTER_SINT1				0x000A0001
#define MSHV_HV_REGISTER_SINT2				0x000A0002
#define MSHV_HV_REGISTER_SINT3				0x000A0003
#define MSHV_HV_REGISTER_SINT4				0x000A0004
#define MSHV_HV_REGISTER_SINT5				0x000A0005
#define MSHV_HV_REGISTER_SINT6				0x000A0006
#define MSHV_HV_REGISTER_SINT7				0x000A0007
#define MSHV_HV_REGISTER_SINT8				0x000A0008
#define MSHV_HV_REGISTER_SINT9				0x000A0009
#define MSHV_HV_REGISTER_SINT10				0x000A000A
#define MSHV_HV_REGISTER_SINT11				0x000A000B
#define MSHV_HV_REGISTER_SINT12				0x000A000C
#define MSHV_HV_REGISTER_SINT13				0x000A000D
#define MSHV_HV_REGISTER_SINT14				0x000A000E
#define MSHV_HV_REGISTER_SINT15				0x000A000F
#define MSHV_HV_REGISTER_SCONTROL			0x000A0010
#define MSHV_HV_REGISTER_SVERSION			0x000A0011
#define MSHV_HV_REGISTER_SIEFP				0x000A0012
#define MSHV_HV_REGISTER_SIMP				0x000A0013
#define MSHV_HV_REGISTER_EOM				0x000A0014
#define MSHV_HV_REGISTER_SIRBP				0x000A0015
#define MSHV_HV_REGISTER_STIMER0_CONFIG			0x000B0000
#define MSHV_HV_REGISTER_STIMER0_COUNT			0x000B0001
#define MSHV_HV_REGISTER_STIMER1_CONFIG			0x000B0002
#define MSHV_HV_REGISTER_STIMER1_COUNT			0x000B0003
#define MSHV_HV_REGISTER_STIMER2_CONFIG			0x000B0004
#define MSHV_HV_REGISTER_STIMER2_COUNT			0x000B0005
#define MSHV_HV_REGISTER_STIMER3_CONFIG			0x000B0006
#define MSHV_HV_REGISTER_STIMER3_COUNT			0x000B0007

/* Intercept control */
#define HV_X64_REGISTER_CR_INTERCEPT_CONTROL		0x000E0000
#define HV_X64_REGISTER_CR_INTERCEPT_CR0_MASK		0x000E0001
#define HV_X64_REGISTER_CR_INTERCEPT_CR4_MASK		0x000E0002
#define HV_X64_REGISTER_CR_INTERCEPT_IA32_MISC_ENABLE_MASK 0x000E0003

/**
 * struct mshv_hv_u128 - 128 bits as the processor stores them
 * @low_part: bits 63:0
 * @high_part: bits 127:64
 */
struct mshv_hv_u128 {
	__u64 low_part;
	__u64 high_part;
};

/**
 * struct mshv_hv_x64_segment_register - a segment with its hidden part
 * @base: linear address
 * @limit: last byte, granularity applied
 * @selector: selector
 * @attributes: type 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15
 */
struct mshv_hv_x64_segment_register {
	__u64 base;
	__u32 limit;
	__u16 selector;
	union {
		struct {
			/* private: its bits */
			__u16 segment_type:4;
			__u16 non_system_segment:1;
			__u16 descriptor_privilege_level:2;
			__u16 present:1;
			__u16 reserved:4;
			__u16 available:1;
			__u16 _long:1;
			__u16 _default:1;
			__u16 granularity:1;
			/* public: */
		};
		__u16 attributes;
	};
};

/**
 * struct mshv_hv_x64_table_register - GDTR or IDTR
 * @pad: padding, so that the limit ends where the base begins
 * @limit: last byte
 * @base: linear address
 */
struct mshv_hv_x64_table_register {
	__u16 pad[3];
	__u16 limit;
	__u64 base;
};

/**
 * struct mshv_hv_x64_fp_control_status - HV_X64_REGISTER_FP_CONTROL_STATUS
 * @fp_control: FCW
 * @fp_status: FSW
 * @fp_tag: abridged tag word
 * @reserved: reserved
 * @last_fp_op: FOP
 * @last_fp_rip: FIP
 */
struct mshv_hv_x64_fp_control_status {
	__u16 fp_control;
	__u16 fp_status;
	__u8 fp_tag;
	__u8 reserved;
	__u16 last_fp_op;
	__u64 last_fp_rip;
};

/**
 * struct mshv_hv_x64_xmm_control_status - HV_X64_REGISTER_XMM_CONTROL_STATUS
 * @last_fp_rdp: FDP
 * @xmm_status_control: MXCSR
 * @xmm_status_control_mask: mask of MXCSR
 */
struct mshv_hv_x64_xmm_control_status {
	__u64 last_fp_rdp;
	__u32 xmm_status_control;
	__u32 xmm_status_control_mask;
};

/**
 * union mshv_hv_register_value - value of a register; bytes past it are unused
 * @reg128: XMM, x87 and pending-event registers
 * @reg64: most registers
 * @reg32: 32-bit registers
 * @reg16: 16-bit registers
 * @reg8: 8-bit registers
 * @segment: ES to TR
 * @table: GDTR, IDTR
 * @fp_control_status: x87 state
 * @xmm_control_status: SSE state
 */
union mshv_hv_register_value {
	struct mshv_hv_u128 reg128;
	__u64 reg64;
	__u32 reg32;
	__u16 reg16;
	__u8 reg8;
	struct mshv_hv_x64_segment_register segment;
	struct mshv_hv_x64_table_register table;
	struct mshv_hv_x64_fp_control_status fp_control_status;
	struct mshv_hv_x64_xmm_control_status xmm_control_status;
};

/**
 * struct mshv_hv_register_assoc - a register's name and its value
 * @name: HV_X64_REGISTER_* or HV_REGISTER_*
 * @reserved1: 0
 * @reserved2: 0
 * @value: value
 */
struct mshv_hv_register_assoc {
	__u32 name;
	__u32 reserved1;
	__u64 reserved2;
	union mshv_hv_register_value value;
};

/**
 * struct mshv_hv_vp_register_page - registers in memory shared with a VP's host
 * @version: 1
 * @isvalid: 0 while the VP runs
 * @reserved: 0
 * @dirty: bit per class: 0 general, 1 RIP, 2 XMM, 3 segments, 4 RFLAGS
 * @gprs: rax rcx rdx rbx rsp rbp rsi rdi r8 to r15
 * @rip: RIP
 * @rflags: RFLAGS
 * @reserved2: aligns what follows
 * @xmm: XMM0 to XMM5
 * @segment: ES CS SS DS FS GS
 * @cr0: read only from here on
 * @cr3: CR3
 * @cr4: CR4
 * @cr8: CR8
 * @efer: EFER
 * @dr7: DR7
 * @pending_interruption: HV_REGISTER_PENDING_INTERRUPTION
 * @interrupt_state: HV_REGISTER_INTERRUPT_STATE
 * @instruction_emulation_hints: hints
 * @xfem: XCR0
 */
struct mshv_hv_vp_register_page {
	__u16 version;
	__u8 isvalid;
	__u8 reserved;
	__u32 dirty;
	__u64 gprs[16];
	__u64 rip;
	__u64 rflags;
	__u64 reserved2;
	struct mshv_hv_u128 xmm[6];
	struct mshv_hv_x64_segment_register segment[6];
	__u64 cr0;
	__u64 cr3;
	__u64 cr4;
	__u64 cr8;
	__u64 efer;
	__u64 dr7;
	__u64 pending_interruption;
	__u64 interrupt_state;
	__u64 instruction_emulation_hints;
	__u64 xfem;
};

#endif /* _UAPI_ASM_X86_MSHV_REGISTERS_H */

/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What Microsoft Hypervisor lays out on x86-64 and VMMs see: registers and messages. All sizes and
 * offsets are the hypervisor's (TLFS); nothing here is the driver's to choose.
 */
#ifndef _UAPI_ASM_X86_MSHV_H
#define _UAPI_ASM_X86_MSHV_H

#include <linux/types.h>

/* Access of a guest to a page (TLFS HV_MAP_GPA_FLAGS). */
#define HV_MAP_GPA_PERMISSIONS_NONE	0x0
#define HV_MAP_GPA_READABLE		0x1
#define HV_MAP_GPA_WRITABLE		0x2
#define HV_MAP_GPA_KERNEL_EXECUTABLE	0x4
#define HV_MAP_GPA_USER_EXECUTABLE	0x8
#define HV_MAP_GPA_EXECUTABLE		0xC
#define HV_MAP_GPA_PERMISSIONS_MASK	0xF

/**
 * struct mshv_hv_partition_creation_properties - features that a partition's VPs shall not have
 * @disabled_processor_features: two banks, bit numbers of the TLFS
 * @disabled_processor_xsave_features: bit 0 XSAVE, 1 XSAVEOPT, 2 AVX ...
 */
struct mshv_hv_partition_creation_properties {
	struct {
		__u64 as_uint64[2];
	} disabled_processor_features;
	struct {
		__u64 as_uint64;
	} disabled_processor_xsave_features;
};

/* Register names (TLFS HV_REGISTER_NAME). */
#define HV_REGISTER_EXPLICIT_SUSPEND		0x00000000
#define HV_REGISTER_INTERCEPT_SUSPEND		0x00000001
#define HV_REGISTER_INSTRUCTION_EMULATION_HINTS	0x00000002
#define HV_REGISTER_DISPATCH_SUSPEND		0x00000003
#define HV_REGISTER_INTERNAL_ACTIVITY_STATE	0x00000004

#define HV_REGISTER_PENDING_INTERRUPTION	0x00010002
#define HV_REGISTER_INTERRUPT_STATE		0x00010003
#define HV_REGISTER_PENDING_EVENT0		0x00010004
#define HV_REGISTER_PENDING_EVENT1		0x00010005
#define HV_REGISTER_DELIVERABILITY_NOTIFICATIONS 0x00010006

#define HV_X64_REGISTER_RAX			0x00020000
#define HV_X64_REGISTER_RCX			0x00020001
#define HV_X64_REGISTER_RDX			0x00020002
#define HV_X64_REGISTER_RBX			0x00020003
#define HV_X64_REGISTER_RSP			0x00020004
#define HV_X64_REGISTER_RBP			0x00020005
#define HV_X64_REGISTER_RSI			0x00020006
#define HV_X64_REGISTER_RDI			0x00020007
#define HV_X64_REGISTER_R8			0x00020008
#define HV_X64_REGISTER_R9			0x00020009
#define HV_X64_REGISTER_R10			0x0002000A
#define HV_X64_REGISTER_R11			0x0002000B
#define HV_X64_REGISTER_R12			0x0002000C
#define HV_X64_REGISTER_R13			0x0002000D
#define HV_X64_REGISTER_R14			0x0002000E
#define HV_X64_REGISTER_R15			0x0002000F
#define HV_X64_REGISTER_RIP			0x00020010
#define HV_X64_REGISTER_RFLAGS			0x00020011

/* XMM1 to XMM15 and MMX1 to MMX7 follow the first of their kind. */
#define HV_X64_REGISTER_XMM0			0x00030000
#define HV_X64_REGISTER_FP_MMX0			0x00030010
#define HV_X64_REGISTER_FP_CONTROL_STATUS	0x00030018
#define HV_X64_REGISTER_XMM_CONTROL_STATUS	0x00030019

#define HV_X64_REGISTER_CR0			0x00040000
#define HV_X64_REGISTER_CR2			0x00040001
#define HV_X64_REGISTER_CR3			0x00040002
#define HV_X64_REGISTER_CR4			0x00040003
#define HV_X64_REGISTER_CR8			0x00040004
#define HV_X64_REGISTER_XFEM			0x00040005

#define HV_X64_REGISTER_DR0			0x00050000
#define HV_X64_REGISTER_DR1			0x00050001
#define HV_X64_REGISTER_DR2			0x00050002
#define HV_X64_REGISTER_DR3			0x00050003
#define HV_X64_REGISTER_DR6			0x00050004
#define HV_X64_REGISTER_DR7			0x00050005

#define HV_X64_REGISTER_ES			0x00060000
#define HV_X64_REGISTER_CS			0x00060001
#define HV_X64_REGISTER_SS			0x00060002
#define HV_X64_REGISTER_DS			0x00060003
#define HV_X64_REGISTER_FS			0x00060004
#define HV_X64_REGISTER_GS			0x00060005
#define HV_X64_REGISTER_LDTR			0x00060006
#define HV_X64_REGISTER_TR			0x00060007
#define HV_X64_REGISTER_IDTR			0x00070000
#define HV_X64_REGISTER_GDTR			0x00070001

#define HV_X64_REGISTER_TSC			0x00080000
#define HV_X64_REGISTER_EFER			0x00080001
#define HV_X64_REGISTER_KERNEL_GS_BASE		0x00080002
#define HV_X64_REGISTER_APIC_BASE		0x00080003
#define HV_X64_REGISTER_PAT			0x00080004
#define HV_X64_REGISTER_SYSENTER_CS		0x00080005
#define HV_X64_REGISTER_SYSENTER_EIP		0x00080006
#define HV_X64_REGISTER_SYSENTER_ESP		0x00080007
#define HV_X64_REGISTER_STAR			0x00080008
#define HV_X64_REGISTER_LSTAR			0x00080009
#define HV_X64_REGISTER_CSTAR			0x0008000A
#define HV_X64_REGISTER_SFMASK			0x0008000B
#define HV_X64_REGISTER_INITIAL_APIC_ID		0x0008000C
#define HV_X64_REGISTER_MSR_MTRR_CAP		0x0008000D
#define HV_X64_REGISTER_MSR_MTRR_DEF_TYPE	0x0008000E
#define HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0	0x00080010
#define HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0	0x00080040
#define HV_X64_REGISTER_MSR_MTRR_FIX64K00000	0x00080070
#define HV_X64_REGISTER_MSR_MTRR_FIX16K80000	0x00080071
#define HV_X64_REGISTER_MSR_MTRR_FIX16KA0000	0x00080072
#define HV_X64_REGISTER_MSR_MTRR_FIX4KC0000	0x00080073
#define HV_X64_REGISTER_MSR_MTRR_FIX4KF8000	0x0008007A
#define HV_X64_REGISTER_TSC_AUX			0x0008007B
#define HV_X64_REGISTER_BNDCFGS			0x0008007C
#define HV_X64_REGISTER_DEBUG_CTL		0x0008007D
#define HV_X64_REGISTER_SPEC_CTRL		0x00080084

#define HV_X64_REGISTER_VP_RUNTIME		0x00090000

/**
 * struct mshv_hv_u128 - 128 bits, the low half first
 * @low_part: bits 63:0
 * @high_part: bits 127:64
 */
struct mshv_hv_u128 {
	__u64 low_part;
	__u64 high_part;
};

/**
 * struct mshv_hv_x64_segment_register - a segment register with its hidden part
 * @base: linear base address
 * @limit: in bytes
 * @selector: selector
 * @attributes: type 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15
 */
struct mshv_hv_x64_segment_register {
	__u64 base;
	__u32 limit;
	__u16 selector;
	union {
		struct {
			__u16 segment_type:4;
			__u16 non_system_segment:1;
			__u16 descriptor_privilege_level:2;
			__u16 present:1;
			__u16 reserved:4;
			__u16 available:1;
			__u16 _long:1;
			__u16 _default:1;
			__u16 granularity:1;
		};
		__u16 attributes;
	};
};

/**
 * struct mshv_hv_x64_table_register - IDTR or GDTR
 * @pad: unused
 * @limit: in bytes
 * @base: linear base address
 */
struct mshv_hv_x64_table_register {
	__u16 pad[3];
	__u16 limit;
	__u64 base;
};

/**
 * struct mshv_hv_x64_fp_control_status_register - x87 control state
 * @fp_control: FCW
 * @fp_status: FSW
 * @fp_tag: abridged tag word
 * @reserved: 0
 * @last_fp_op: opcode of the last instruction
 * @last_fp_rip: its address
 */
struct mshv_hv_x64_fp_control_status_register {
	__u16 fp_control;
	__u16 fp_status;
	__u8 fp_tag;
	__u8 reserved;
	__u16 last_fp_op;
	__u64 last_fp_rip;
};

/**
 * struct mshv_hv_x64_xmm_control_status_register - SSE control state
 * @last_fp_rdp: address of the last x87 operand
 * @xmm_status_control: MXCSR
 * @xmm_status_control_mask: the bits of it that exist
 */
struct mshv_hv_x64_xmm_control_status_register {
	__u64 last_fp_rdp;
	__u32 xmm_status_control;
	__u32 xmm_status_control_mask;
};

/**
 * union mshv_hv_register_value - 16 bytes; narrower values lie at the beginning
 */
union mshv_hv_register_value {
	struct mshv_hv_u128 reg128;
	__u64 reg64;
	__u32 reg32;
	__u16 reg16;
	__u8 reg8;
	struct mshv_hv_x64_segment_register segment;
	struct mshv_hv_x64_table_register table;
	struct mshv_hv_x64_fp_control_status_register fp_control_status;
	struct mshv_hv_x64_xmm_control_status_register xmm_control_status;
};

/**
 * struct mshv_hv_register_assoc - a register's name and value
 * @name: HV_X64_REGISTER_* or HV_REGISTER_*
 * @reserved1: 0
 * @reserved2: 0
 * @value: its value
 */
struct mshv_hv_register_assoc {
	__u32 name;
	__u32 reserved1;
	__u64 reserved2;
	union mshv_hv_register_value value;
};

/* Message types (TLFS HV_MESSAGE_TYPE). */
#define MSHV_HVMSG_NONE				0x00000000
#define MSHV_HVMSG_UNMAPPED_GPA			0x80000000
#define MSHV_HVMSG_GPA_INTERCEPT		0x80000001
#define MSHV_HVMSG_INVALID_VP_REGISTER_VALUE	0x80000020
#define MSHV_HVMSG_UNRECOVERABLE_EXCEPTION	0x80000021
#define MSHV_HVMSG_UNSUPPORTED_FEATURE		0x80000022
#define MSHV_HVMSG_X64_IO_PORT_INTERCEPT	0x80010000
#define MSHV_HVMSG_X64_MSR_INTERCEPT		0x80010001
#define MSHV_HVMSG_X64_CPUID_INTERCEPT		0x80010002
#define MSHV_HVMSG_X64_EXCEPTION_INTERCEPT	0x80010003
#define MSHV_HVMSG_X64_APIC_EOI			0x80010004
#define MSHV_HVMSG_X64_HALT			0x80010007
#define MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE	0x80010008
#define MSHV_HVMSG_X64_SIPI_INTERCEPT		0x80010009

#define MSHV_HV_MESSAGE_SIZE			256
#define MSHV_HV_MESSAGE_PAYLOAD_SIZE		240

/**
 * struct mshv_hv_message_header - the first 16 bytes of a message
 * @message_type: MSHV_HVMSG_*
 * @payload_size: bytes of the payload that are used
 * @message_flags: bit 0: another message waits behind this one
 * @reserved: 0
 * @sender: partition id
 */
struct mshv_hv_message_header {
	__u32 message_type;
	__u8 payload_size;
	union {
		__u8 asu8;
		struct {
			__u8 msg_pending:1;
			__u8 reserved:7;
		};
	} message_flags;
	__u8 reserved[2];
	__u64 sender;
};

/**
 * struct mshv_hv_message - a SynIC message
 * @header: kind and size
 * @payload: a mshv_hv_x64_*_message for intercepts
 */
struct mshv_hv_message {
	struct mshv_hv_message_header header;
	__u64 payload[MSHV_HV_MESSAGE_PAYLOAD_SIZE / 8];
};

/* intercept_access_type of an intercept message */
#define HV_INTERCEPT_ACCESS_READ	0
#define HV_INTERCEPT_ACCESS_WRITE	1
#define HV_INTERCEPT_ACCESS_EXECUTE	2

/**
 * struct mshv_hv_x64_intercept_message_header - how the VP stood at the intercept
 * @vp_index: which VP
 * @instruction_length: bytes, 0 when unknown
 * @cr8: task priority
 * @intercept_access_type: HV_INTERCEPT_ACCESS_*
 * @execution_state: mode of the processor
 * @cs_segment: CS
 * @rip: RIP of the intercepted instruction
 * @rflags: RFLAGS
 */
struct mshv_hv_x64_intercept_message_header {
	__u32 vp_index;
	__u8 instruction_length:4;
	__u8 cr8:4;
	__u8 intercept_access_type;
	union {
		__u16 as_uint16;
		struct {
			__u16 cpl:2;
			__u16 cr0_pe:1;
			__u16 cr0_am:1;
			__u16 efer_lma:1;
			__u16 debug_active:1;
			__u16 interruption_pending:1;
			__u16 vtl:4;
			__u16 enclave_mode:1;
			__u16 interrupt_shadow:1;
			__u16 virtualization_fault_active:1;
			__u16 reserved:2;
		};
	} execution_state;
	struct mshv_hv_x64_segment_register cs_segment;
	__u64 rip;
	__u64 rflags;
};

/**
 * struct mshv_hv_x64_memory_intercept_message - UNMAPPED_GPA and GPA_INTERCEPT
 * @header: common part
 * @cache_type: 6 write-back
 * @instruction_byte_count: valid bytes of @instruction_bytes
 * @memory_access_info: what is valid below
 * @tpr_priority: task priority
 * @reserved1: 0
 * @guest_virtual_address: the address that was accessed, if gva_valid
 * @guest_physical_address: what it translates to
 * @instruction_bytes: the instruction
 */
struct mshv_hv_x64_memory_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 cache_type;
	__u8 instruction_byte_count;
	union {
		__u8 as_uint8;
		struct {
			__u8 gva_valid:1;
			__u8 gva_gpa_valid:1;
			__u8 hypercall_output_pending:1;
			__u8 tlb_locked_no_overlay:1;
			__u8 reserved:4;
		};
	} memory_access_info;
	__u8 tpr_priority;
	__u8 reserved1;
	__u64 guest_virtual_address;
	__u64 guest_physical_address;
	__u8 instruction_bytes[16];
};

/**
 * struct mshv_hv_x64_io_port_intercept_message - X64_IO_PORT_INTERCEPT
 * @header: common part
 * @port_number: port
 * @access_info: size in bytes, INS or OUTS, REP
 * @instruction_byte_count: valid bytes of @instruction_bytes
 * @reserved: 0
 * @rax: RAX
 * @instruction_bytes: the instruction
 * @ds_segment: segment of the source of OUTS
 * @es_segment: ES
 * @rcx: RCX
 * @rsi: RSI
 * @rdi: RDI
 */
struct mshv_hv_x64_io_port_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u16 port_number;
	union {
		__u8 as_uint8;
		struct {
			__u8 access_size:3;
			__u8 string_op:1;
			__u8 rep_prefix:1;
			__u8 reserved:3;
		};
	} access_info;
	__u8 instruction_byte_count;
	__u32 reserved;
	__u64 rax;
	__u8 instruction_bytes[16];
	struct mshv_hv_x64_segment_register ds_segment;
	struct mshv_hv_x64_segment_register es_segment;
	__u64 rcx;
	__u64 rsi;
	__u64 rdi;
};

#endif

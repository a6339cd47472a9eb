/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What Microsoft Hypervisor lays out and user space of /dev/mshv sees: messages,
 * intercept payloads, register values, the register page. Names and numbers are
 * those of the Hypervisor Top Level Functional Specification (TLFS); types that
 * Linux names in asm/hyperv-tlfs.h too carry the prefix mshv_hv_ here.
 */
#ifndef _UAPI_ASM_X86_MSHV_H
#define _UAPI_ASM_X86_MSHV_H

#include <linux/types.h>
#include <asm/mshv_registers.h>

/* struct mshv_create_partition, flags */
#define HV_PARTITION_CREATION_FLAG_SMT_ENABLED_GUEST		(1ULL << 0)
#define HV_PARTITION_CREATION_FLAG_GPA_LARGE_PAGES_DISABLED	(1ULL << 3)
#define HV_PARTITION_CREATION_FLAG_GPA_SUPER_PAGES_ENABLED	(1ULL << 4)
#define HV_PARTITION_CREATION_FLAG_LAPIC_ENABLED		(1ULL << 13)

/* struct mshv_create_partition, synthetic_processor_features */
#define HV_SYNTHETIC_PROC_FEATURE_HYPERVISOR_PRESENT		(1ULL << 0)
#define HV_SYNTHETIC_PROC_FEATURE_HV1				(1ULL << 1)
#define HV_SYNTHETIC_PROC_FEATURE_VP_RUN_TIME			(1ULL << 2)
#define HV_SYNTHETIC_PROC_FEATURE_REFERENCE_COUNTER		(1ULL << 3)
#define HV_SYNTHETIC_PROC_FEATURE_SYNIC				(1ULL << 4)
#define HV_SYNTHETIC_PROC_FEATURE_SYNTHETIC_TIMERS		(1ULL << 5)
#define HV_SYNTHETIC_PROC_FEATURE_INTR_CTRL			(1ULL << 6)
#define HV_SYNTHETIC_PROC_FEATURE_HYPERCALL			(1ULL << 7)
#define HV_SYNTHETIC_PROC_FEATURE_VP_INDEX			(1ULL << 8)
#define HV_SYNTHETIC_PROC_FEATURE_REFERENCE_TSC			(1ULL << 9)
#define HV_SYNTHETIC_PROC_FEATURE_GUEST_IDLE			(1ULL << 10)
#define HV_SYNTHETIC_PROC_FEATURE_FREQUENCY			(1ULL << 11)

/* struct mshv_user_mem_region, flags */
#define HV_MAP_GPA_PERMISSIONS_NONE	0x0
#define HV_MAP_GPA_READABLE		0x1
#define HV_MAP_GPA_WRITABLE		0x2
#define HV_MAP_GPA_KERNEL_EXECUTABLE	0x4
#define HV_MAP_GPA_USER_EXECUTABLE	0x8
#define HV_MAP_GPA_EXECUTABLE		0xC
#define HV_MAP_GPA_PERMISSIONS_MASK	0xF

/**
 * struct mshv_hv_partition_creation_properties - features a partition lacks
 * @disabled_processor_features: two banks of processor feature bits
 * @disabled_processor_xsave_features: XSAVE feature bits
 */
struct mshv_hv_partition_creation_properties {
	__u64 disabled_processor_features[2];
	__u64 disabled_processor_xsave_features;
};

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
 * @attributes: bits 55:52 and 47:40 of the descriptor, in 15:12 and 7:0
 */
struct mshv_hv_x64_segment_register {
	__u64 base;
	__u32 limit;
	__u16 selector;
	__u16 attributes;
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

/* Types of messages */
#define MSHV_HVMSG_NONE				0x00000000
#define MSHV_HVMSG_UNMAPPED_GPA			0x80000000
#define MSHV_HVMSG_GPA_INTERCEPT		0x80000001
#define MSHV_HVMSG_TIMER_EXPIRED		0x80000010
#define MSHV_HVMSG_INVALID_VP_REGISTER_VALUE	0x80000020
#define MSHV_HVMSG_UNRECOVERABLE_EXCEPTION	0x80000021
#define MSHV_HVMSG_UNSUPPORTED_FEATURE		0x80000022
#define MSHV_HVMSG_EVENTLOG_BUFFERCOMPLETE	0x80000040
#define MSHV_HVMSG_HYPERCALL_INTERCEPT		0x80000050
#define MSHV_HVMSG_X64_IO_PORT_INTERCEPT	0x80010000
#define MSHV_HVMSG_X64_MSR_INTERCEPT		0x80010001
#define MSHV_HVMSG_X64_CPUID_INTERCEPT		0x80010002
#define MSHV_HVMSG_X64_EXCEPTION_INTERCEPT	0x80010003
#define MSHV_HVMSG_X64_APIC_EOI			0x80010004
#define MSHV_HVMSG_X64_LEGACY_FP_ERROR		0x80010005
#define MSHV_HVMSG_X64_IOMMU_PRQ		0x80010006
#define MSHV_HVMSG_X64_HALT			0x80010007
#define MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE	0x80010008
#define MSHV_HVMSG_X64_SIPI_INTERCEPT		0x80010009

#define MSHV_HV_MESSAGE_SIZE			256
#define MSHV_HV_MESSAGE_PAYLOAD_SIZE		240
#define MSHV_HV_MESSAGE_FLAG_PENDING		0x1

/**
 * struct mshv_hv_message_header - head of every message
 * @message_type: MSHV_HVMSG_*
 * @payload_size: bytes of payload
 * @message_flags: MSHV_HV_MESSAGE_FLAG_PENDING
 * @reserved: reserved
 * @sender: of an intercept, the partition's id
 */
struct mshv_hv_message_header {
	__u32 message_type;
	__u8 payload_size;
	__u8 message_flags;
	__u8 reserved[2];
	__u64 sender;
};

/**
 * struct mshv_hv_message - what a VP's exit is told by
 * @header: head
 * @u: payload, by message type one of the structs below; zero past its size
 */
struct mshv_hv_message {
	struct mshv_hv_message_header header;
	union {
		__u64 payload[MSHV_HV_MESSAGE_PAYLOAD_SIZE / 8];
	} u;
};

/* intercept_access_type */
#define HV_INTERCEPT_ACCESS_READ	0
#define HV_INTERCEPT_ACCESS_WRITE	1
#define HV_INTERCEPT_ACCESS_EXECUTE	2

/* execution_state */
#define HV_X64_EXECUTION_STATE_CPL_MASK			0x0003
#define HV_X64_EXECUTION_STATE_CR0_PE			0x0004
#define HV_X64_EXECUTION_STATE_CR0_AM			0x0008
#define HV_X64_EXECUTION_STATE_EFER_LMA			0x0010
#define HV_X64_EXECUTION_STATE_DEBUG_ACTIVE		0x0020
#define HV_X64_EXECUTION_STATE_INTERRUPTION_PENDING	0x0040
#define HV_X64_EXECUTION_STATE_INTERRUPT_SHADOW		0x1000

/**
 * struct mshv_hv_x64_intercept_message_header - the VP as it exited
 * @vp_index: VP
 * @instruction_length_cr8: instruction length in 3:0, CR8 in 7:4
 * @intercept_access_type: HV_INTERCEPT_ACCESS_*
 * @execution_state: HV_X64_EXECUTION_STATE_*
 * @cs_segment: CS
 * @rip: address of the instruction
 * @rflags: RFLAGS
 */
struct mshv_hv_x64_intercept_message_header {
	__u32 vp_index;
	__u8 instruction_length_cr8;
	__u8 intercept_access_type;
	__u16 execution_state;
	struct mshv_hv_x64_segment_register cs_segment;
	__u64 rip;
	__u64 rflags;
};

/* access_info of a memory intercept */
#define HV_X64_MEMORY_ACCESS_GVA_VALID		0x1
#define HV_X64_MEMORY_ACCESS_GVA_GPA_VALID	0x2

/**
 * struct mshv_hv_x64_memory_intercept_message - UNMAPPED_GPA, GPA_INTERCEPT
 * @header: VP
 * @cache_type: of the access
 * @instruction_byte_count: valid bytes in @instruction_bytes
 * @memory_access_info: HV_X64_MEMORY_ACCESS_*
 * @tpr_priority: task priority
 * @reserved: reserved
 * @guest_virtual_address: if valid
 * @guest_physical_address: address
 * @instruction_bytes: from RIP on
 */
struct mshv_hv_x64_memory_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 cache_type;
	__u8 instruction_byte_count;
	__u8 memory_access_info;
	__u8 tpr_priority;
	__u8 reserved;
	__u64 guest_virtual_address;
	__u64 guest_physical_address;
	__u8 instruction_bytes[16];
};

/**
 * struct mshv_hv_x64_cpuid_intercept_message - CPUID
 * @header: VP
 * @rax: leaf
 * @rcx: subleaf
 * @rdx: RDX
 * @rbx: RBX
 * @default_result_rax: what the hypervisor would have answered
 * @default_result_rcx: likewise
 * @default_result_rdx: likewise
 * @default_result_rbx: likewise
 */
struct mshv_hv_x64_cpuid_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u64 rax;
	__u64 rcx;
	__u64 rdx;
	__u64 rbx;
	__u64 default_result_rax;
	__u64 default_result_rcx;
	__u64 default_result_rdx;
	__u64 default_result_rbx;
};

/**
 * struct mshv_hv_x64_msr_intercept_message - RDMSR, WRMSR
 * @header: VP
 * @msr_number: ECX
 * @reserved: reserved
 * @rdx: high half
 * @rax: low half
 */
struct mshv_hv_x64_msr_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 msr_number;
	__u32 reserved;
	__u64 rdx;
	__u64 rax;
};

/* access_info of a port intercept */
#define HV_X64_IO_PORT_ACCESS_SIZE_MASK	0x07
#define HV_X64_IO_PORT_ACCESS_STRING	0x08
#define HV_X64_IO_PORT_ACCESS_REP	0x10

/**
 * struct mshv_hv_x64_io_port_intercept_message - IN, OUT, INS, OUTS
 * @header: VP
 * @port_number: port
 * @access_info: HV_X64_IO_PORT_ACCESS_*
 * @instruction_byte_count: valid bytes in @instruction_bytes
 * @reserved: reserved
 * @rax: RAX
 * @instruction_bytes: from RIP on
 * @ds_segment: source segment of OUTS
 * @es_segment: destination segment of INS
 * @rcx: RCX
 * @rsi: RSI
 * @rdi: RDI
 */
struct mshv_hv_x64_io_port_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u16 port_number;
	__u8 access_info;
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

/**
 * struct mshv_hv_x64_exception_intercept_message - exception
 * @header: VP
 * @exception_vector: vector
 * @exception_info: bit 0 error code valid, bit 1 software exception
 * @instruction_byte_count: valid bytes in @instruction_bytes
 * @error_code: if valid
 * @exception_parameter: of #PF the address
 * @reserved: reserved
 * @instruction_bytes: from RIP on
 * @ds_segment: DS
 * @ss_segment: SS
 * @gprs: rax rcx rdx rbx rsp rbp rsi rdi r8 to r15
 */
struct mshv_hv_x64_exception_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u16 exception_vector;
	__u8 exception_info;
	__u8 instruction_byte_count;
	__u32 error_code;
	__u64 exception_parameter;
	__u64 reserved;
	__u8 instruction_bytes[16];
	struct mshv_hv_x64_segment_register ds_segment;
	struct mshv_hv_x64_segment_register ss_segment;
	__u64 gprs[16];
};

/**
 * struct mshv_hv_x64_unrecoverable_exception_message - triple fault; also HALT
 * @header: VP
 */
struct mshv_hv_x64_unrecoverable_exception_message {
	struct mshv_hv_x64_intercept_message_header header;
};

/**
 * struct mshv_hv_x64_invalid_vp_register_message - a register refuses to load
 * @vp_index: VP
 * @reserved: reserved
 */
struct mshv_hv_x64_invalid_vp_register_message {
	__u32 vp_index;
	__u32 reserved;
};

/**
 * struct mshv_hv_x64_unsupported_feature_message - guest asks too much
 * @vp_index: VP
 * @feature_code: 1 intercept, 2 task switch
 * @feature_parameter: depends on @feature_code
 */
struct mshv_hv_x64_unsupported_feature_message {
	__u32 vp_index;
	__u32 feature_code;
	__u64 feature_parameter;
};

/**
 * struct mshv_hv_x64_apic_eoi_message - level-triggered interrupt is done
 * @vp_index: VP
 * @interrupt_vector: vector
 */
struct mshv_hv_x64_apic_eoi_message {
	__u32 vp_index;
	__u32 interrupt_vector;
};

/**
 * struct mshv_hv_x64_interruption_deliverable_message - VP can take one now
 * @header: VP
 * @deliverable_type: 0 interrupt, 2 NMI, 3 exception
 * @reserved: reserved
 */
struct mshv_hv_x64_interruption_deliverable_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 deliverable_type;
	__u32 reserved;
};

/**
 * struct mshv_hv_x64_sipi_intercept_message - a VP sent a start-up IPI
 * @header: sender
 * @target_vp_index: to whom
 * @interrupt_vector: with which vector
 */
struct mshv_hv_x64_sipi_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 target_vp_index;
	__u32 interrupt_vector;
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

#endif /* _UAPI_ASM_X86_MSHV_H */

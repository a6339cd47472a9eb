/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What Microsoft Hypervisor lays out and user space of /dev/mshv sees: here the
 * messages by which it describes intercepts. Names and numbers are those of the
 * Hypervisor Top Level Functional Specification (TLFS); types that Linux names in
 * asm/hyperv-tlfs.h too carry the prefix mshv_hv_ here.
 */
#ifndef _UAPI_ASM_X86_MSHV_H
#define _UAPI_ASM_X86_MSHV_H

#include <linux/types.h>
#include <asm/mshv_partition.h>
#include <asm/mshv_registers.h>
#include <asm/mshv_state.h>

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

/**
 * struct mshv_hv_message_header - head of every message
 * @message_type: MSHV_HVMSG_*
 * @payload_size: bytes of payload, 0 to MSHV_HV_MESSAGE_PAYLOAD_SIZE
 * @message_flags: msg_pending: another message waits behind this one; 0 in what
 *	MSHV_RUN_VP returns
 * @reserved: reserved
 * @sender: of an intercept, the partition's id
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
 * struct mshv_hv_message - what a VP's exit is told by
 * @header: head
 * @payload: by message type one of the structs below; zero past its size
 */
struct mshv_hv_message {
	struct mshv_hv_message_header header;
	__u64 payload[MSHV_HV_MESSAGE_PAYLOAD_SIZE / 8];
};

/* intercept_access_type */
#define HV_INTERCEPT_ACCESS_READ	0
#define HV_INTERCEPT_ACCESS_WRITE	1
#define HV_INTERCEPT_ACCESS_EXECUTE	2

/**
 * struct mshv_hv_x64_intercept_message_header - the VP as it exited
 * @vp_index: VP
 * @instruction_length: bytes that RIP goes on by when the instruction is done; 0
 *	if unknown, or if it is no matter of an instruction
 * @cr8: CR8, which is bits 7:4 of the task priority
 * @intercept_access_type: HV_INTERCEPT_ACCESS_*
 * @execution_state: privilege level, CR0.PE, CR0.AM, EFER.LMA; whether breakpoints
 *	are enabled in DR7, an event is in HV_REGISTER_PENDING_INTERRUPTION; trust
 *	level; shadow of STI or MOV SS
 * @cs_segment: CS
 * @rip: RIP, an offset in CS: of the instruction
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

/* Cache types, of a memory intercept and of MSHV_TRANSLATE_GVA's result */
#define MSHV_CACHE_TYPE_UNCACHED		0
#define MSHV_CACHE_TYPE_WRITE_COMBINING		1
#define MSHV_CACHE_TYPE_WRITE_THROUGH		4
#define MSHV_CACHE_TYPE_WRITE_PROTECTED		5
#define MSHV_CACHE_TYPE_WRITE_BACK		6

/**
 * struct mshv_hv_x64_memory_intercept_message - UNMAPPED_GPA, GPA_INTERCEPT
 * @header: VP; the access type is that of the access
 * @cache_type: MSHV_CACHE_TYPE_* of the access
 * @instruction_byte_count: valid bytes in @instruction_bytes, 0 to 16; 0 of a fetch
 * @memory_access_info: gva_valid: @guest_virtual_address is known; gva_gpa_valid: it
 *	leads to @guest_physical_address, which else is that of a page table
 * @tpr_priority: bits 7:4 of the task priority
 * @reserved1: reserved
 * @guest_virtual_address: linear address, if valid
 * @guest_physical_address: address, to the byte
 * @instruction_bytes: from RIP on
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
 * struct mshv_hv_x64_cpuid_intercept_message - CPUID
 * @header: VP
 * @rax: RAX, the leaf in 31:0
 * @rcx: RCX, the subleaf in 31:0
 * @rdx: RDX
 * @rbx: RBX
 * @default_result_rax: what the hypervisor would have answered, in 31:0
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
 * @header: VP; the access type says whether it reads or writes
 * @msr_number: ECX
 * @reserved: reserved
 * @rdx: RDX; what is written has its bits 63:32 in 31:0
 * @rax: RAX; what is written has its bits 31:0 in 31:0
 */
struct mshv_hv_x64_msr_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 msr_number;
	__u32 reserved;
	__u64 rdx;
	__u64 rax;
};

/**
 * struct mshv_hv_x64_io_port_intercept_message - IN, OUT, INS, OUTS
 * @header: VP; the access type says whether it reads or writes
 * @port_number: first port
 * @access_info: access_size: bytes of one access, 1, 2 or 4; string_op: INS or
 *	OUTS; rep_prefix: as often as RCX says
 * @instruction_byte_count: valid bytes in @instruction_bytes, 0 to 16
 * @reserved: reserved
 * @rax: RAX; OUT writes its lowest @access_info.access_size bytes
 * @instruction_bytes: from RIP on
 * @ds_segment: source segment of OUTS; this and the rest only with string_op
 * @es_segment: destination segment of INS
 * @rcx: RCX, with rep_prefix the number of accesses, in the address size
 * @rsi: RSI, offset of the source of OUTS
 * @rdi: RDI, offset of the destination of INS
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

/* exception_info */
#define MSHV_EXCEPTION_ERROR_CODE_VALID		0x1
#define MSHV_EXCEPTION_SOFTWARE			0x2

/**
 * struct mshv_hv_x64_exception_intercept_message - exception
 * @header: VP; length 0, but of INT3 and INTO that of the instruction
 * @exception_vector: vector, 0 to 31
 * @exception_info: MSHV_EXCEPTION_*: there is an error code; INT3 or INTO
 * @instruction_byte_count: valid bytes in @instruction_bytes, 0 to 16
 * @error_code: if valid
 * @exception_parameter: of #PF the address, which is not in CR2; of #DB DR6
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
 * struct mshv_hv_x64_hypercall_intercept_message - hypercall of a guest
 * @header: VP; the registers hold what the TLFS says of its mode
 * @rax: RAX
 * @rbx: RBX
 * @rcx: RCX
 * @rdx: RDX
 * @r8: R8
 * @rsi: RSI
 * @rdi: RDI
 * @xmm: XMM0 to XMM5
 * @flags: bit 0: from an isolated partition
 */
struct mshv_hv_x64_hypercall_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u64 rax;
	__u64 rbx;
	__u64 rcx;
	__u64 rdx;
	__u64 r8;
	__u64 rsi;
	__u64 rdi;
	struct mshv_hv_u128 xmm[6];
	__u32 flags;
} __attribute__((packed));

/**
 * struct mshv_hv_x64_unrecoverable_exception_message - triple fault; also HALT
 * @header: VP
 */
struct mshv_hv_x64_unrecoverable_exception_message {
	struct mshv_hv_x64_intercept_message_header header;
};

/**
 * struct mshv_hv_x64_invalid_vp_register_message - the registers make no sense
 * @vp_index: VP
 * @reserved: reserved
 */
struct mshv_hv_x64_invalid_vp_register_message {
	__u32 vp_index;
	__u32 reserved;
};

/* feature_code */
#define MSHV_UNSUPPORTED_INTERCEPT		1
#define MSHV_UNSUPPORTED_TASK_SWITCH		2

/**
 * struct mshv_hv_x64_unsupported_feature_message - guest asks too much
 * @vp_index: VP
 * @feature_code: MSHV_UNSUPPORTED_*
 * @feature_parameter: of a task switch the selector of the new TSS; of an intercept
 *	the processor's code for it
 */
struct mshv_hv_x64_unsupported_feature_message {
	__u32 vp_index;
	__u32 feature_code;
	__u64 feature_parameter;
};

/**
 * struct mshv_hv_x64_apic_eoi_message - level-triggered interrupt is done
 * @vp_index: VP
 * @interrupt_vector: vector, 16 to 255
 */
struct mshv_hv_x64_apic_eoi_message {
	__u32 vp_index;
	__u32 interrupt_vector;
};

/**
 * struct mshv_hv_x64_interruption_deliverable_message - VP can take one now
 * @header: VP; length 0
 * @deliverable_type: MSHV_INTERRUPTION_TYPE_*: an interrupt, an NMI, an exception
 * @reserved: reserved
 */
struct mshv_hv_x64_interruption_deliverable_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 deliverable_type;
	__u32 reserved;
};

/**
 * struct mshv_hv_x64_sipi_intercept_message - a VP sent a start-up IPI
 * @header: sender; length 0, as its instruction is done
 * @target_vp_index: VP that it was sent to, and that was not started
 * @interrupt_vector: where it shall start: page number of real-mode code, 0 to 255
 */
struct mshv_hv_x64_sipi_intercept_message {
	struct mshv_hv_x64_intercept_message_header header;
	__u32 target_vp_index;
	__u32 interrupt_vector;
};

#endif /* _UAPI_ASM_X86_MSHV_H */

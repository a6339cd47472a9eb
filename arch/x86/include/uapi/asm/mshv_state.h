/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * State of a VP that is no register (TLFS): its local APIC, its XSAVE area, the
 * page of registers that it shares with its VMM; and where an address leads.
 */
#ifndef _UAPI_ASM_X86_MSHV_STATE_H
#define _UAPI_ASM_X86_MSHV_STATE_H

#include <linux/types.h>
#include <asm/mshv_registers.h>

/* struct mshv_vp_state, type. Bit 31: the hypervisor reads or writes whole pages */
#define HV_GET_SET_VP_STATE_LOCAL_INTERRUPT_CONTROLLER_STATE	0x00000000
#define HV_GET_SET_VP_STATE_XSAVE				0x80000001
#define HV_GET_SET_VP_STATE_SIM_PAGE				0x80000002
#define HV_GET_SET_VP_STATE_SIEF_PAGE				0x80000003
#define HV_GET_SET_VP_STATE_SYNTHETIC_TIMERS			0x00000004

/* struct mshv_vp_state, xsave_flags: XMM0 to XMM15 are neither read nor written */
#define HV_XSAVE_DATA_NO_XMM_REGISTERS	0x1ULL

/*
 * struct mshv_vp_state, xsave_states: which components, bits of XCR0 and IA32_XSS;
 * 0 is all that the partition has
 */
#define HV_XSAVE_STATE_X87		0x1ULL
#define HV_XSAVE_STATE_SSE		0x2ULL
#define HV_XSAVE_STATE_AVX		0x4ULL
#define HV_XSAVE_STATE_BNDREG		0x8ULL
#define HV_XSAVE_STATE_BNDCSR		0x10ULL
#define HV_XSAVE_STATE_OPMASK		0x20ULL
#define HV_XSAVE_STATE_ZMM_HI		0x40ULL
#define HV_XSAVE_STATE_ZMM16_31		0x80ULL
#define HV_XSAVE_STATE_PASID		0x400ULL
#define HV_XSAVE_STATE_CET_U		0x800ULL
#define HV_XSAVE_STATE_CET_S		0x1000ULL
#define HV_XSAVE_STATE_XTILE_CFG	0x20000ULL
#define HV_XSAVE_STATE_XTILE_DATA	0x40000ULL

/**
 * struct mshv_hv_local_interrupt_controller_state - registers of a local APIC
 * @apic_id: APIC id in 31:24; not set
 * @apic_version: version in 7:0, number of LVT entries less 1 in 23:16; not set
 * @apic_ldr: logical destination in 31:24
 * @apic_dfr: destination format in 31:28: 0xF flat, 0 cluster
 * @apic_spurious: vector in 7:0, bit 8: software-enabled
 * @apic_isr: in service, a bit per vector, vector 0 in bit 0 of the first word
 * @apic_tmr: level-triggered, a bit per vector
 * @apic_irr: requested, a bit per vector
 * @apic_esr: errors as last shown, bits of the error status register
 * @apic_icr_high: interrupt command, destination in 31:24
 * @apic_icr_low: interrupt command
 * @apic_lvt_timer: vector in 7:0, masked 16, periodic 17
 * @apic_lvt_thermal: vector in 7:0, delivery mode in 10:8, masked 16
 * @apic_lvt_perfmon: likewise
 * @apic_lvt_lint0: likewise; active low 13, level-triggered 15
 * @apic_lvt_lint1: likewise
 * @apic_lvt_error: vector in 7:0, masked 16
 * @apic_lvt_cmci: as @apic_lvt_thermal; masked where there is none
 * @apic_error_status: errors that the next write to the error status register shows
 * @apic_initial_count: where the timer began, in ticks of the divided clock; 0: off
 * @apic_counter_value: ticks of the divided clock that are left to count; once set it
 *	counts on from there, 0 is stopped
 * @apic_divide_configuration: divisor of the clock, by bits 3, 1 and 0: 0 is 2, 1 is
 *	4, 2 is 8, 3 is 16, 8 is 32, 9 is 64, 0xA is 128, 0xB is 1
 * @apic_remote_read: remote read
 *
 * Bits and fields are those of an xAPIC's registers. The clock has as many ticks a
 * second as HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY and MSR 0x40000023 say.
 * The task priority is no part of it: HV_X64_REGISTER_CR8.
 */
struct mshv_hv_local_interrupt_controller_state {
	__u32 apic_id;
	__u32 apic_version;
	__u32 apic_ldr;
	__u32 apic_dfr;
	__u32 apic_spurious;
	__u32 apic_isr[8];
	__u32 apic_tmr[8];
	__u32 apic_irr[8];
	__u32 apic_esr;
	__u32 apic_icr_high;
	__u32 apic_icr_low;
	__u32 apic_lvt_timer;
	__u32 apic_lvt_thermal;
	__u32 apic_lvt_perfmon;
	__u32 apic_lvt_lint0;
	__u32 apic_lvt_lint1;
	__u32 apic_lvt_error;
	__u32 apic_lvt_cmci;
	__u32 apic_error_status;
	__u32 apic_initial_count;
	__u32 apic_counter_value;
	__u32 apic_divide_configuration;
	__u32 apic_remote_read;
};

/* struct mshv_hv_vp_register_page, version */
#define HV_VP_REGISTER_PAGE_VERSION_1	1

/* struct mshv_hv_vp_register_page, dirty: what was written, by class */
#define HV_X64_REGISTER_CLASS_GENERAL	0x1
#define HV_X64_REGISTER_CLASS_IP	0x2
#define HV_X64_REGISTER_CLASS_XMM	0x4
#define HV_X64_REGISTER_CLASS_SEGMENT	0x8
#define HV_X64_REGISTER_CLASS_FLAGS	0x10

/**
 * struct mshv_hv_vp_register_page - registers in memory shared with a VP's host
 * @version: HV_VP_REGISTER_PAGE_VERSION_1
 * @isvalid: 0 while the VP runs
 * @reserved: 0
 * @dirty: HV_X64_REGISTER_CLASS_* of what the VMM has written
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
 * @instruction_emulation_hints: HV_REGISTER_INSTRUCTION_EMULATION_HINTS
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

/* struct mshv_translate_gva, flags: what the access would be */
#define HV_TRANSLATE_GVA_VALIDATE_READ		0x1ULL
#define HV_TRANSLATE_GVA_VALIDATE_WRITE		0x2ULL
#define HV_TRANSLATE_GVA_VALIDATE_EXECUTE	0x4ULL
#define HV_TRANSLATE_GVA_PRIVILEGE_EXEMPT	0x8ULL
#define HV_TRANSLATE_GVA_SET_PAGE_TABLE_BITS	0x10ULL
#define HV_TRANSLATE_GVA_TLB_FLUSH_INHIBIT	0x20ULL
#define HV_TRANSLATE_GVA_CONTROL_MASK		0x3FULL

/* What struct mshv_translate_gva's result has in its bits 31:0 */
#define HV_TRANSLATE_GVA_SUCCESS			0
#define HV_TRANSLATE_GVA_PAGE_NOT_PRESENT		1
#define HV_TRANSLATE_GVA_PRIVILEGE_VIOLATION		2
#define HV_TRANSLATE_GVA_INVALID_PAGE_TABLE_FLAGS	3
#define HV_TRANSLATE_GVA_GPA_UNMAPPED			4
#define HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS		5
#define HV_TRANSLATE_GVA_GPA_NO_WRITE_ACCESS		6
#define HV_TRANSLATE_GVA_GPA_ILLEGAL_OVERLAY_ACCESS	7
#define HV_TRANSLATE_GVA_INTERCEPT			8
#define HV_TRANSLATE_GVA_GPA_UNACCEPTED			9

/* ... and above them */
#define HV_TRANSLATE_GVA_CACHE_TYPE_SHIFT	32
#define HV_TRANSLATE_GVA_CACHE_TYPE_MASK	0xFF00000000ULL
#define HV_TRANSLATE_GVA_OVERLAY_PAGE		0x10000000000ULL

#endif /* _UAPI_ASM_X86_MSHV_STATE_H */

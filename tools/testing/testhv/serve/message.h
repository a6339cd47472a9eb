/* SPDX-License-Identifier: GPL-2.0 */
/* Intercept messages (TLFS, 11.11). Offsets are those in the payload. */
#ifndef TESTHV_MESSAGE_H
#define TESTHV_MESSAGE_H

#include "../lib/types.h"

#define MESSAGE_UNMAPPED_GPA		0x80000000u
#define MESSAGE_GPA_INTERCEPT		0x80000001u
#define MESSAGE_INVALID_VP_REGISTER	0x80000020u
#define MESSAGE_UNRECOVERABLE		0x80000021u
#define MESSAGE_UNSUPPORTED_FEATURE	0x80000022u
#define MESSAGE_IO_PORT			0x80010000u
#define MESSAGE_MSR			0x80010001u
#define MESSAGE_CPUID			0x80010002u
#define MESSAGE_EXCEPTION		0x80010003u
#define MESSAGE_HALT			0x80010007u
#define MESSAGE_DELIVERABLE		0x80010008u
#define MESSAGE_SIPI			0x80010009u

#define INSTRUCTION_BYTES	16

#define ACCESS_READ		0
#define ACCESS_WRITE		1
#define ACCESS_EXECUTE		2

struct message_segment {
	u64 base;
	u32 limit;
	u16 selector, attributes;
};

struct message_head {
	u32 type;
	u8 payload_size, flags;
	u16 reserved;
	u64 sender;
};

struct intercept_head {
	u32 vp_index;
	u8 length_cr8;			/* instruction length 3:0, CR8 7:4 */
	u8 access;
	u16 state;			/* STATE_* */
	struct message_segment cs;
	u64 rip, rflags;
};

#define STATE_CPL		0x0003
#define STATE_CR0_PE		0x0004
#define STATE_CR0_AM		0x0008
#define STATE_EFER_LMA		0x0010
#define STATE_DEBUG_ACTIVE	0x0020
#define STATE_INTERRUPTION	0x0040
#define STATE_SHADOW		0x1000

struct memory_intercept {
	struct intercept_head head;
	u32 cache_type;
	u8 byte_count, info, tpr, reserved;
	u64 gva, gpa;
	u8 bytes[INSTRUCTION_BYTES];
};

#define MEMORY_WRITE_BACK	6
#define MEMORY_GVA_VALID	0x01
#define MEMORY_GVA_GPA_VALID	0x02

struct io_intercept {
	struct intercept_head head;
	u16 port;
	u8 info;			/* IO_* and the size */
	u8 byte_count;
	u32 reserved;
	u64 rax;
	u8 bytes[INSTRUCTION_BYTES];
	struct message_segment ds, es;
	u64 rcx, rsi, rdi;
};

#define IO_STRING		0x08
#define IO_REP			0x10

struct msr_intercept {
	struct intercept_head head;
	u32 msr, reserved;
	u64 rdx, rax;
};

struct cpuid_intercept {
	struct intercept_head head;
	u64 rax, rcx, rdx, rbx;
	u64 default_rax, default_rcx, default_rdx, default_rbx;
};

struct exception_intercept {
	struct intercept_head head;
	u16 vector;
	u8 info;			/* EXCEPTION_* */
	u8 byte_count;
	u32 error_code;
	u64 parameter, reserved;
	u8 bytes[INSTRUCTION_BYTES];
	struct message_segment ds, ss;
	u64 gpr[16];			/* RAX RCX RDX RBX RSP RBP RSI RDI R8 ... */
};

#define EXCEPTION_ERROR_CODE	0x01
#define EXCEPTION_SOFTWARE	0x02

struct deliverable_intercept {
	struct intercept_head head;
	u32 type, reserved;
};

struct sipi_intercept {
	struct intercept_head head;
	u32 target_vp, vector;
};

struct invalid_register_intercept {
	u32 vp_index, reserved;
};

struct unsupported_intercept {
	u32 vp_index, feature;
	u64 parameter;
};

#define UNSUPPORTED_INTERCEPT	1
#define UNSUPPORTED_TASK_SWITCH	2

static_assert(sizeof(struct message_head) == 16, "message");
static_assert(sizeof(struct intercept_head) == 40, "message");
static_assert(sizeof(struct memory_intercept) == 80, "message");
static_assert(sizeof(struct io_intercept) == 128, "message");
static_assert(sizeof(struct msr_intercept) == 64, "message");
static_assert(sizeof(struct cpuid_intercept) == 104, "message");
static_assert(sizeof(struct exception_intercept) == 240, "message");
static_assert(sizeof(struct deliverable_intercept) == 48, "message");
static_assert(sizeof(struct sipi_intercept) == 48, "message");
static_assert(sizeof(struct unsupported_intercept) == 16, "message");

#endif

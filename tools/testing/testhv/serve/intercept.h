/* SPDX-License-Identifier: GPL-2.0 */
/* Children's exits as messages to their parent. */
#ifndef TESTHV_INTERCEPT_H
#define TESTHV_INTERCEPT_H

#include "../lib/types.h"

struct cpuid_result;
struct message_segment;
struct vmcb_segment;
struct vp;

/* The VP can't go on with the registers it has. */
void intercept_invalid_registers(struct vp *vp);

/* intercept_memory.c: a nested page fault that isn't over by now. */
void intercept_memory(struct vp *vp);
/* Suspend @vp with the message @type, of which the payload is in place behind the header. */
void intercept_raise(struct vp *vp, u32 type, u8 payload_size);
/* The common header of a payload (TLFS, 11.11.2). */
void intercept_header(struct vp *vp, u8 instruction_length, u8 access);
struct message_segment intercept_segment(const struct vmcb_segment *s);

/*
 * intercept_processor.c: what the parent may have asked for. False: it hasn't, and the exit is
 * served as if it couldn't. @msr is one that isn't virtualised, @result what CPUID would give.
 */
bool intercept_msr(struct vp *vp, u32 msr, bool write);
bool intercept_cpuid(struct vp *vp, const struct cpuid_result *result);
void intercept_exception(struct vp *vp);
/* Of INT3 or INTO, which have @length bytes. */
void intercept_breakpoint(struct vp *vp, u8 vector, u8 length);
/* software.c: INT n, INT3, INTO */
void intercept_software(struct vp *vp);
/* testhv itself is about to inject , with error code 0 if it has one. True: it isn't. */
bool intercept_injected(struct vp *vp, u8 vector);

/* child_cpuid.c, child_msr.c, child_hypercall.c, child_cr4.c: handled inside */
void child_cpuid(struct vp *vp);
void child_msr(struct vp *vp);
void child_hypercall(struct vp *vp);
void child_write_cr4(struct vp *vp);
/*
 * The value that @vp reads from @msr, or writes to it. False: this isn't virtualised, or not legal.
 */
bool child_msr_access(struct vp *vp, u32 msr, bool write, u64 *value);
/* RIP goes behind an instruction that testhv has carried out. */
void child_skip(struct vp *vp, u8 length);

/* child_apic.c: an access to the local APIC's page (false: it is none); MOV to CR8 */
bool child_apic_page(struct vp *vp);
void child_cr8_write(struct vp *vp);
/* child_doorbell.c: a store to an unmapped GPA (false: no doorbell) */
bool child_doorbell(struct vp *vp);
/* child_entry.c: a SIPI that the parent wants to see */
bool child_sipi(struct vp *vp, struct vp *target, u8 vector);

#endif

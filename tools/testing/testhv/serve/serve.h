/* SPDX-License-Identifier: GPL-2.0 */
/* The doors of floor 4: what the exit table calls. All run with the big lock held. */
#ifndef TESTHV_SERVE_H
#define TESTHV_SERVE_H

#include "../lib/types.h"

struct cpu;
struct vp;

/*
 * Root VP: VMMCALL. Reads RCX, RDX, R8 of @vp, sets RAX and advances RIP, or injects #UD above CPL
 * 0 / outside 64-bit code.
 */
void serve_hypercall(struct cpu *cpu, struct vp *vp);

/* Root VP: CPUID and MSR exits (root_cpuid.c, root_msr.c). */
void serve_root_cpuid(struct cpu *cpu, struct vp *vp);
void serve_root_msr(struct cpu *cpu, struct vp *vp);
void serve_root_io(struct cpu *cpu, struct vp *vp);
/* INT n, INT3, INTO of the root; @code: where RIP is, NULL if that can't be read. */
void serve_root_software(struct vp *vp, const u8 *code);

/*
 * Child VP: every exit but INTR and NMI. Either handles it inside (CPUID, MSR, injections) and
 * leaves the VP runnable, or suspends it with INTERCEPT_SUSPEND, takes it off its run queue and
 * posts the message.
 */
void serve_child_exit(struct cpu *cpu, struct vp *vp);
/* Child VP, about to be entered: its event is in place. False: it isn't to be entered. */
bool serve_child_entry(struct vp *vp);

/* The test window, MSRs from 0x4F000000; false: #GP. */
bool window_read_msr(struct cpu *cpu, u32 msr, u64 *value);
bool window_write_msr(struct cpu *cpu, u32 msr, u64 value);
extern bool window_enabled;

/* Exceptions into the guest that exited (by EVENTINJ). */
void inject_exception(struct vp *vp, u8 vector);
void inject_gp(struct vp *vp);			/* #GP(0) */

/*
 * Print counters and what is left over; the worst it saw is the run's end. Returns true if
 * something leaked.
 */
bool accounting_report(void);

#endif

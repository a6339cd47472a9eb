/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The agent: 64-bit guest code that executes one instruction after another as
 * the test asks for it, with handlers for exceptions and interrupts.
 *
 * Each VP that runs it has an area of its own in guest memory, at GS.  An
 * exception ends the operation and is its result; an interrupt is counted and
 * its vector is written down in order.
 */
#ifndef MSHV_AGENT_H
#define MSHV_AGENT_H

#include "guest.h"

#define AGENT_IDT		0x6000
#define AGENT_GDT		0x7000
#define AGENT_AREA		0x10000
#define AGENT_VPS		15

/* Members of the area */
#define AREA_COUNTS		0
#define AREA_LOGGED		0x400
#define AREA_FLAGS		0x404
#define AREA_STOP		0x408
#define AREA_VECTOR		0x40c
#define AREA_FIXUP		0x410
#define AREA_ERROR		0x418
#define AREA_RIP		0x420
#define AREA_CR2		0x428
#define AREA_TICKS		0x430
#define AREA_LOG		0x500
#define AREA_LOG_SIZE		0x100
#define AREA_SEEN		0x600
#define AREA_TABLES		0x700
#define AREA_IMAGE		0x800
#define AREA_STACK		0xa00

/* Flags: how a handler ends an interrupt; by the local APIC's page if 0 */
#define AGENT_NO_EOI		1
#define AGENT_MSR_EOI		2

/* An operation is over, by an exception, or one came where none may be */
#define AGENT_PORT		GUEST_PORT
#define AGENT_FAULT_PORT	0x2e
#define AGENT_PANIC_PORT	0x2f

#define LAPIC_BASE		0xfee00000

#ifndef __ASSEMBLER__

#include <linux/types.h>

/**
 * struct agent_area - what a VP's agent and the test share
 * @counts: of each vector, how often it came
 * @logged: valid bytes in @log
 * @flags: AGENT_*
 * @stop: ends agent_spin
 * @vector: of the exception that ended the operation
 * @fixup: where an exception goes on, 0 for nowhere
 * @error: its error code
 * @rip: where it was
 * @cr2: CR2 at it
 * @ticks: loops of agent_spin and agent_sleep
 * @log: vectors of interrupts, in order
 * @seen: what agent_see finds in registers: GPRs in the order of their names, RFLAGS, CR0, 2, 3, 4
 *	and 8, XCR0, DR0 to 3, 6 and 7, then selectors, four a quadword: ES to TR by name
 * @tables: what SIDT and SGDT store
 * @image: what FXSAVE stores
 * @stack: downwards
 */
struct agent_area {
	__u32 counts[256];
	__u32 logged, flags, stop, vector;
	__u64 fixup, error, rip, cr2, ticks;
	__u8 pad[AREA_LOG - AREA_TICKS - 8];
	__u8 log[AREA_LOG_SIZE];
	__u64 seen[(AREA_TABLES - AREA_SEEN) / 8];
	__u8 tables[2][(AREA_IMAGE - AREA_TABLES) / 2];
	__u8 image[AREA_STACK - AREA_IMAGE];
	__u8 stack[GUEST_PAGE - AREA_STACK];
};

/**
 * struct agent - a VP that runs the agent
 * @guest: whose it is
 * @vp: VP fd
 * @area: its area, as the test sees it
 */
struct agent {
	struct guest *guest;
	int vp;
	struct agent_area *area;
};

/* The operations; arguments and results are in registers */
GUEST_SNIPPET(code_agent64);
extern const __u8 agent_fault[];
extern const __u8 agent_out[], agent_rdmsr[], agent_wrmsr[], agent_cpuid[], agent_load32[];
extern const __u8 agent_store32[], agent_vmmcall[], agent_xsetbv[], agent_window[];
extern const __u8 agent_halt[], agent_halt_off[], agent_spin[], agent_sleep[], agent_ud2[];
extern const __u8 agent_int3[], agent_icebp[], agent_execute[], agent_cr0[], agent_cr4[];
extern const __u8 agent_xsave[], agent_xrstor[], agent_read_cr8[], agent_see[];
extern const __u8 agent_ipi[], agent_timer[];

void agent_load(struct guest *guest);
void agent_start(struct agent *agent, struct guest *guest, int vp, unsigned int index);
void agent_goto(struct agent *agent, const __u8 *op);
int agent_end(struct agent *agent, const struct mshv_hv_message *msg);
int agent_do(struct agent *agent, const __u8 *op);
int __agent_rdmsr(struct agent *agent, __u32 msr, __u64 *value);
int __agent_wrmsr(struct agent *agent, __u32 msr, __u64 value);
__u64 agent_get_msr(struct agent *agent, __u32 msr);
void agent_set_msr(struct agent *agent, __u32 msr, __u64 value);
void agent_get_cpuid(struct agent *agent, __u32 leaf, __u32 subleaf, __u32 regs[4]);
__u32 agent_read(struct agent *agent, __u64 gva);
void agent_write(struct agent *agent, __u64 gva, __u32 value);
__u32 agent_lapic_read(struct agent *agent, __u32 reg);
void agent_lapic_write(struct agent *agent, __u32 reg, __u32 value);

#endif /* !__ASSEMBLER__ */
#endif /* MSHV_AGENT_H */

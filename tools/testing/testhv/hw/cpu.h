/* SPDX-License-Identifier: GPL-2.0 */
/* A physical processor: what testhv keeps for it, and the instructions that C has no words for. */
#ifndef TESTHV_CPU_H
#define TESTHV_CPU_H

#include "../lib/list.h"

#define MAX_CPUS	8
#define CPU_STACK_SIZE	16384u

struct vp;

/* What a root VP is doing, as far as the scheduler must know. */
enum root_activity {
	ROOT_WAIT_SIPI,		/* not started, or got an INIT */
	ROOT_RUNNING,
	ROOT_HALTED,		/* in HLT with IF=1: an interrupt goes on */
	ROOT_DEAD,		/* in HLT with IF=0: only INIT or NMI goes on */
};

struct cpu {
	u32 index;		/* = VP index of its root VP */
	u32 apic_id;
	bool online;

	/* scheduling */
	struct vp *root;
	enum root_activity activity;
	u8 sipi_vector;
	bool sipi_pending;
	struct vp *loaded;	/* whose extended state is in the processor */
	struct vp *last_child;	/* whose translations the child ASID may hold */
	struct list runq;	/* runnable children, the first one runs next */
	bool child_turn;	/* the root's slice is over */
	struct vp *running;	/* between entry and exit, or NULL */
	bool in_guest;
	u64 exits;	/* grows with each exit: whoever kicks waits for it */
	bool flush_root;

	/* NMIs that testhv itself has caused and not yet seen */
	u32 kick_sent;
	u64 kick_time;		/* TSC of the last kick */
	u32 late_nmis;		/* of ours that may still come without a reason */
	u64 late_until;		/* TSC: not after this */

	/* testhv's clock (sched_clock.c) */
	bool clock_armed;
	u64 clock_end;		/* HPET count at which its NMI comes */
	u64 clock_tsc;		/* the same, in ticks of the TSC */
	bool slice_running;
	u64 slice_end;		/* TSC */
	struct list timers;	/* of children, the earliest first */

	struct list messages;	/* VPs whose message waits for this processor's slot */
	struct list eois;	/* local APICs with EOIs that wait for it */

	u8 *hypercall_in, *hypercall_out;	/* one page each */
};

extern struct cpu cpus[MAX_CPUS];
extern unsigned int cpu_count;

/* The processor this runs on: its pointer lies at the base of the stack. */
static inline struct cpu *this_cpu(void)
{
	u64 sp;

	asm volatile("mov %%rsp, %0" : "=r"(sp));
	return *(struct cpu **)((sp - 1) & ~(u64)(CPU_STACK_SIZE - 1));
}

static inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;

	asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return lo | (u64)hi << 32;
}

static inline void wrmsr(u32 msr, u64 v)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)v), "d"((u32)(v >> 32)) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 lo, hi;

	asm volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return lo | (u64)hi << 32;
}

struct cpuid_result {
	u32 eax, ebx, ecx, edx;
};

static inline struct cpuid_result cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_result r;

	asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
		     : "0"(leaf), "2"(subleaf));
	return r;
}

static inline void out8(u16 port, u8 v)
{
	asm volatile("outb\t%0, %1" : : "a"(v), "Nd"(port));
}

static inline void out16(u16 port, u16 v)
{
	asm volatile("outw\t%0, %1" : : "a"(v), "Nd"(port));
}

static inline void out32(u16 port, u32 v)
{
	asm volatile("outl\t%0, %1" : : "a"(v), "Nd"(port));
}

static inline u8 in8(u16 port)
{
	u8 v;

	asm volatile("inb\t%1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline u16 in16(u16 port)
{
	u16 v;

	asm volatile("inw\t%1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline u32 in32(u16 port)
{
	u32 v;

	asm volatile("inl\t%1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline u32 mmio_read(u64 spa)
{
	u32 v;

	asm volatile("movl (%1), %0" : "=r"(v) : "r"(spa) : "memory");
	return v;
}

static inline void mmio_write(u64 spa, u32 v)
{
	asm volatile("movl %0, (%1)" : : "r"(v), "r"(spa) : "memory");
}

static inline void cpu_relax(void)
{
	asm volatile("pause" ::: "memory");
}

/* Full barrier; each caller says what it pairs with. */
static inline void mb(void)
{
	asm volatile("mfence" ::: "memory");
}

#define MSR_APIC_BASE		0x1b
#define MSR_EFER		0xc0000080
#define MSR_TSC_AUX		0xc0000103
#define MSR_HWCR		0xc0010015
#define MSR_VM_CR		0xc0010114
#define MSR_VM_HSAVE_PA		0xc0010117

#define APIC_BASE_BSP		BIT(8)
#define APIC_BASE_ENABLE	BIT(11)

#define EFER_SCE		BIT(0)
#define EFER_LME		BIT(8)
#define EFER_LMA		BIT(10)
#define EFER_NXE		BIT(11)
#define EFER_SVME		BIT(12)

#define CR0_PE			BIT(0)
#define CR0_AM			BIT(18)
#define CR0_PG			BIT(31)
#define CR4_PAE			BIT(5)
#define CR4_OSXSAVE		BIT(18)
#define CR4_PKE			BIT(22)
#define RFLAGS_IF		BIT(9)

/* Hz of the TSC, measured once; ticks <-> 100 ns units by division. */
extern u64 tsc_hz;
#define APIC_HZ			1000000000ULL

/* a * b / c with a 128-bit product; the quotient must fit. */
static inline u64 mul_div(u64 a, u64 b, u64 c)
{
	u64 low, high, quotient, rest;

	asm("mulq %3" : "=a"(low), "=d"(high) : "0"(a), "r"(b) : "cc");
	asm("divq %4" : "=a"(quotient), "=d"(rest) : "0"(low), "1"(high), "r"(c) : "cc");
	return quotient;
}

static inline u64 tsc_to_100ns(u64 ticks)
{
	return mul_div(ticks, 10000000, tsc_hz);
}

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The processor's instructions as functions, and the ways to try one that may fault. */
#ifndef GUESTS_CPU_H
#define GUESTS_CPU_H

#include <stdbool.h>
#include <stdint.h>

#define BIT_ULL(bit)	(1ull << (bit))

#define PAGE_SIZE	4096ull

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Exceptions by number; NO_FAULT: the instruction just worked. */
#define FAULT_NONE	-1
#define FAULT_DB	1
#define FAULT_NMI	2
#define FAULT_BP	3
#define FAULT_UD	6
#define FAULT_NM	7
#define FAULT_DF	8
#define FAULT_GP	13
#define FAULT_PF	14

#define RFLAGS_TF	0x100ull
#define RFLAGS_IF	0x200ull

#define CR0_WP		BIT_ULL(16)
#define CR0_PG		BIT_ULL(31)
#define CR4_PAE		BIT_ULL(5)
#define CR4_UMIP	BIT_ULL(11)
#define CR4_LA57	BIT_ULL(12)
#define CR4_FSGSBASE	BIT_ULL(16)
#define CR4_OSXSAVE	BIT_ULL(18)
#define CR4_SMEP	BIT_ULL(20)
#define CR4_SMAP	BIT_ULL(21)
#define CR4_PKE		BIT_ULL(22)

#define MSR_TSC		0x10
#define MSR_APIC_BASE	0x1b
#define MSR_EFER	0xc0000080
#define MSR_GS_BASE	0xc0000101
#define MSR_TSC_AUX	0xc0000103

#define EFER_SVME	BIT_ULL(12)

/*
 * ATTEMPT() wraps an instruction in an asm statement that lists r10 and r11 as clobbered: R11D is
 * then FAULT_NONE, or the vector of the exception that it raised, R10 that one's error code.
 */
#define ATTEMPT(insn)							\
	"mov $-1, %%r11d\n"						\
	"771:\t" insn "\n"						\
	"772:\n\t.pushsection .fixups, \"a\"\n\t"			\
	".quad 771b, 772b\n\t.popsection\n\t"

/* Executes one instruction without operands. Gives: FAULT_NONE or a vector. */
#define FAULT_OF(insn) ({						\
	int fault_of;							\
									\
	asm volatile(ATTEMPT(insn) "mov %%r11d, %0"			\
		     : "=r"(fault_of) : : "r10", "r11", "memory", "cc");	\
	fault_of; })

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid result;

	asm volatile("cpuid" : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx),
		     "=d"(result.edx) : "a"(leaf), "c"(subleaf));
	return result;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(msr)
		     : "memory");
}

/* Return: FAULT_NONE or a vector. */
static inline int rdmsr_fault(uint32_t msr, uint64_t *value)
{
	uint32_t low = 0, high = 0;
	int fault;

	asm volatile(ATTEMPT("rdmsr") "mov %%r11d, %2"
		     : "+a"(low), "+d"(high), "=r"(fault) : "c"(msr) : "r10", "r11", "memory");
	*value = (uint64_t)high << 32 | low;
	return fault;
}

static inline int wrmsr_fault(uint32_t msr, uint64_t value)
{
	int fault;

	asm volatile(ATTEMPT("wrmsr") "mov %%r11d, %0"
		     : "=r"(fault)
		     : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(msr)
		     : "r10", "r11", "memory");
	return fault;
}

#define CR_ACCESSORS(number)							\
static inline uint64_t read_cr##number(void)					\
{										\
	uint64_t value;								\
										\
	asm volatile("mov %%cr" #number ", %0" : "=r"(value) : : "memory");	\
	return value;								\
}										\
										\
static inline int write_cr##number(uint64_t value)				\
{										\
	int fault;								\
										\
	asm volatile(ATTEMPT("mov %1, %%cr" #number) "mov %%r11d, %0"		\
		     : "=r"(fault) : "r"(value) : "r10", "r11", "memory");	\
	return fault;								\
}

CR_ACCESSORS(0)
CR_ACCESSORS(2)
CR_ACCESSORS(3)
CR_ACCESSORS(4)
CR_ACCESSORS(8)

static inline int xsetbv(uint32_t index, uint64_t value)
{
	int fault;

	asm volatile(ATTEMPT("xsetbv") "mov %%r11d, %0"
		     : "=r"(fault)
		     : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(index)
		     : "r10", "r11", "memory");
	return fault;
}

static inline uint64_t xgetbv(uint32_t index)
{
	uint32_t low, high;

	asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(index));
	return (uint64_t)high << 32 | low;
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline uint64_t read_flags(void)
{
	uint64_t flags;

	asm volatile("pushf\n\tpop %0" : "=r"(flags) : : "memory");
	return flags;
}

static inline void sti(void)
{
	asm volatile("sti" : : : "memory");
}

static inline void cli(void)
{
	asm volatile("cli" : : : "memory");
}

/* Nothing can come between the two; an interrupt handler has run when it returns. */
static inline void sti_hlt_cli(void)
{
	asm volatile("sti\n\thlt\n\tcli" : : : "memory");
}

/* Interrupts are possible from the NOP on. */
static inline void sti_nop_cli(void)
{
	asm volatile("sti\n\tnop\n\tnop\n\tcli" : : : "memory");
}

static inline void pause(void)
{
	asm volatile("pause" : : : "memory");
}

static inline void barrier(void)
{
	asm volatile("" : : : "memory");
}

static inline void out8(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void out32(uint16_t port, uint32_t value)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint32_t in32(uint16_t port)
{
	uint32_t value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline void atomic_add(volatile uint32_t *at, uint32_t value)
{
	asm volatile("lock addl %1, %0" : "+m"(*at) : "r"(value) : "memory");
}

#endif

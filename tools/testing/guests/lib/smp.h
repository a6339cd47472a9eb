/* SPDX-License-Identifier: GPL-2.0 */
/* The processors: which there are, starting them, and having them do something. */
#ifndef GUESTS_SMP_H
#define GUESTS_SMP_H

#define SMP_CPUS	8		/* a power of two */
#define SMP_STACK_SIZE	16384

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include "segment.h"

#define SMP_TRAMPOLINE	0x8000		/* the page of the SIPI */
#define SMP_WAKE	0xf0		/* the vector that wakes an idle processor */

typedef void (*work_fn)(void *argument);

struct cpu {
	struct cpu *self;		/* at %gs:0 */
	uint32_t index;			/* also its APIC id */
	volatile uint32_t starts;	/* how often it came up */
	volatile uint32_t state;	/* enum cpu_state */
	work_fn volatile work;
	void *volatile argument;
	struct segments segments;
};

enum cpu_state { CPU_OFF, CPU_IDLE, CPU_BUSY };

extern struct cpu cpus[SMP_CPUS];

/* What a SIPI starts, copied to SMP_TRAMPOLINE. */
extern char trampoline[], trampoline_end[], trampoline_root[];

static inline struct cpu *cpu_self(void)
{
	struct cpu *cpu;

	asm("mov %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* How many there are, and whether they have local APICs: idle ones then halt. */
unsigned int smp_count(void);
bool smp_has_apic(void);

/* Starts all others. Returns: how many there are then, with the first. Without APIC they come
 * by themselves.
 */
unsigned int smp_start(void);

/* INIT and twice SIPI. Returns: whether it came up. */
bool smp_restart(unsigned int index);

/* Puts the trampoline in its place, for those who send their own SIPI. */
void smp_trampoline(void);

/* Waits until @cpu has come up more than @before times; a second at most. */
bool smp_wait_start(unsigned int index, uint32_t before);

/* Has an idle processor call @work; wait for its end with smp_wait(). */
void smp_begin(unsigned int index, work_fn work, void *argument);

/* Waits until the processor is idle again, ten seconds at most. Returns: whether it is. */
bool smp_wait(unsigned int index);

/* Both; on the processor that calls it is just a call. */
void smp_call(unsigned int index, work_fn work, void *argument);

/* Called by start.S. */
void smp_first(uint64_t index, uint64_t qemu);
void smp_other(uint64_t index);

#endif
#endif

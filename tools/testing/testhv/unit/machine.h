/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine for the tests: some pages of RAM of a root partition, whose addresses are pointers as
 * in testhv, one processor, and a root VP that makes hypercalls.
 */
#ifndef TESTHV_MACHINE_H
#define TESTHV_MACHINE_H

#include "../svm/svm.h"
#include "../vm/event_ring.h"
#include "../vm/partition.h"
#include "../vm/vp.h"

#define MACHINE_CPUS	2u
#define MACHINE_SMALL	256	/* pages that are cleared before each test */
#define MACHINE_LARGE	512	/* from here on: aligned, for large mappings */
#define MACHINE_PAGES	(3 * MACHINE_LARGE)

extern struct vp *root_vp;
extern unsigned int posted;	/* messages */
extern struct vp *posted_vp;	/* the last one's VP */
extern unsigned int kicked;	/* VPs taken out of their guest */
extern const struct cpu *kicked_cpu;	/* the last one that was told to look */
extern u32 eois[];		/* vectors whose EOI the parent heard of */
extern struct event_ring machine_rings[MACHINE_CPUS][16];
extern bool machine_ring_off[MACHINE_CPUS];
extern bool machine_armed[MACHINE_CPUS];	/* what synic_armed() says */
extern unsigned int signalled;	/* SINTs of event rings */
extern unsigned int resumed;	/* calls of sched_resume() */
extern bool machine_flushing;	/* what sched_flushing() says */
extern void (*machine_flushes)(void);	/* what it does in sched_flush_root() */
extern void (*machine_waits)(void);	/* what another processor does in sched_wait() */
extern u64 machine_features;	/* synthetic ones of the next partition */

void machine_reset(void);
/* The @n-th page of RAM, and its number. */
u8 *machine_page(unsigned int n);
u64 machine_pfn(unsigned int n);

/* A hypercall: input in page 0, output in page 1. The status; *reps those completed. */
u16 hypercall(u64 control, u32 *reps);
void hypercall_input(u32 offset, u64 value);
void hypercall_input32(u32 offset, u32 value);
u64 hypercall_output(u32 offset);
#define REPS(n)		((u64)(n) << 32)
#define REP_START(n)	((u64)(n) << 48)

/* Deposit pages [@from, @from + @count) for @id. */
u16 deposit(u64 id, unsigned int from, unsigned int count);
/* A partition, initialized, with pages 16 to 31 deposited, page 40 mapped at GPA 0 and VP 0. */
struct partition *machine_partition(u64 flags);
struct vp *machine_vp(void);

#endif

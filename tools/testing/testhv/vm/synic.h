/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The root VPs' synthetic interrupt controllers, and the delivery of messages to SINT0 (TLFS,
 * chapter 11).
 */
#ifndef TESTHV_SYNIC_H
#define TESTHV_SYNIC_H

#include "../lib/types.h"

struct cpu;
struct event_ring;
struct lapic;
struct vp;

#define SINT_COUNT	16

/* One for each root VP; the pages are testhv's and visible to the root. */
struct synic {
	u64 scontrol, siefp, simp, sirbp;	/* as the MSRs read */
	u64 sint[SINT_COUNT];
	u64 vp_assist;
	u8 *message_page, *event_page, *assist_page;
	struct event_ring *rings;
	u32 notices;				/* SINTs whose signal is to be a message */
	bool raised;				/* its slot is full and its interrupt was sent */
	u64 raise_time;				/* TSC of that */
};

void synic_init_cpu(struct cpu *cpu);
/* Whether the root VP has SCONTROL, SIMP or SINT0 enabled. */
bool synic_armed(const struct cpu *cpu);
/* MSRs 0x40000070-73, 80-85, 90-9f of a root VP; false: #GP. */
bool synic_read_msr(struct cpu *cpu, u32 msr, u64 *value);
bool synic_write_msr(struct cpu *cpu, u32 msr, u64 value);

/*
 * Queue vp->message (complete: header and payload) for the SINT0 of the processor the VP ran on,
 * or of the lowest that has SINT0 enabled, and deliver it if the slot is free. A VP has at most
 * one message outstanding.
 */
void synic_post(struct vp *vp);
/*
 * The parent hears of the EOI of a level-triggered interrupt (X64_APIC_EOI). The VP runs on
 * meanwhile; the same vector's EOIs merge until the message is written.
 */
void synic_post_eoi(struct vp *vp, u8 vector);
void synic_purge_eois(struct lapic *l);
/* The ring of @sint, or NULL: it is disabled, or the SINT masked. */
struct event_ring *synic_ring(const struct cpu *cpu, unsigned int sint);
/*
 * Something is in the ring of @sint: its interrupt, or, with "as intercept", a message in the slot
 * of SINT0 (SYNIC_SINT_INTERCEPT), one at a time.
 */
void synic_signal(const struct cpu *cpu, unsigned int sint);
/* Forget a queued message (FINALIZE); true if there was one. */
bool synic_purge(struct vp *vp);
/* Retry what waits; called at every exit of the processor's root VP. */
void synic_retry(struct cpu *cpu);
/* A raw message for this processor's SINT0 (test window); false if the slot is full. */
bool synic_raw_message(struct cpu *cpu, const u8 message[256]);

#endif

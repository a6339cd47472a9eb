/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A local APIC in xAPIC mode (APM 2, chapter 16): its registers, what is requested and in service,
 * its timer. Pure: the time comes with each call, and what must happen elsewhere is returned.
 */
#ifndef TESTHV_LAPIC_MODEL_H
#define TESTHV_LAPIC_MODEL_H

#include "../lib/types.h"

enum lapic_register {
	LAPIC_ID = 0x020,
	LAPIC_VERSION = 0x030,
	LAPIC_TPR = 0x080,
	LAPIC_APR = 0x090,
	LAPIC_PPR = 0x0a0,
	LAPIC_EOI = 0x0b0,
	LAPIC_RRD = 0x0c0,
	LAPIC_LDR = 0x0d0,
	LAPIC_DFR = 0x0e0,
	LAPIC_SVR = 0x0f0,
	LAPIC_ISR = 0x100,
	LAPIC_TMR = 0x180,
	LAPIC_IRR = 0x200,
	LAPIC_ESR = 0x280,
	LAPIC_ICR = 0x300,
	LAPIC_ICR2 = 0x310,
	LAPIC_LVT_TIMER = 0x320,
	LAPIC_LVT_THERMAL = 0x330,
	LAPIC_LVT_PERF = 0x340,
	LAPIC_LVT_LINT0 = 0x350,
	LAPIC_LVT_LINT1 = 0x360,
	LAPIC_LVT_ERROR = 0x370,
	LAPIC_TMICT = 0x380,
	LAPIC_TMCCT = 0x390,
	LAPIC_TDCR = 0x3e0,
};

#define LAPIC_VERSION_VALUE	0x00050014u
#define LAPIC_SVR_ENABLE	BIT(8)
#define LAPIC_ESR_SEND		BIT(5)
#define LAPIC_ESR_RECEIVE	BIT(6)
#define LAPIC_ESR_REGISTER	BIT(7)

/* Delivery modes of ICR and LVT, and the types of ASSERT_VIRTUAL_INTERRUPT. */
enum lapic_mode {
	LAPIC_FIXED, LAPIC_LOWEST, LAPIC_SMI, LAPIC_REMOTE_READ, LAPIC_NMI, LAPIC_INIT, LAPIC_SIPI,
	LAPIC_EXTINT, LAPIC_LINT0, LAPIC_LINT1, LAPIC_MODES
};

enum { LVT_TIMER, LVT_THERMAL, LVT_PERF, LVT_LINT0, LVT_LINT1, LVT_ERROR, LVT_COUNT };
#define LVT_MODE(lvt)		(((lvt) >> 8) & 7)
#define LVT_LEVEL		BIT(15)
#define LVT_MASKED		BIT(16)
#define LVT_PERIODIC		BIT(17)

#define LAPIC_BITS		8	/* words of a bitmap of the vectors */

struct lapic_model {
	u32 id;				/* the register's upper byte */
	u8 tpr;
	u32 ldr, dfr, svr;
	u32 esr, errors;		/* latched by a write, and seen since */
	u32 icr_low, icr_high;
	u32 lvt[LVT_COUNT];
	u32 isr[LAPIC_BITS], tmr[LAPIC_BITS], irr[LAPIC_BITS];
	u32 auto_eoi[LAPIC_BITS];	/* delivered without ISR */

	u32 initial, divide;
	bool counting;
	u64 deadline;			/* TSC at which the count is 0 */
};

/* What a write asks for beyond the registers. */
enum lapic_effect {
	LAPIC_NONE,
	LAPIC_SENT,		/* ICR */
	LAPIC_EOI_WRITTEN,
	LAPIC_TIMER_CHANGED,
	LAPIC_PRIORITY_CHANGED,
};

/* The state after reset and INIT (APM 2, 16.3.2); the id stays. */
void lapic_model_reset(struct lapic_model *l);
u32 lapic_model_read(struct lapic_model *l, u32 reg, u64 now);
enum lapic_effect lapic_model_write(struct lapic_model *l, u32 reg, u32 value, u64 now);

u8 lapic_model_ppr(const struct lapic_model *l);
/* The highest vector in a bitmap, or -1; the one that would be delivered now, or -1. */
int lapic_model_highest(const u32 *bits);
int lapic_model_deliverable(const struct lapic_model *l);
/* A fixed interrupt arrives. False: refused or merged with one that is requested already. */
bool lapic_model_accept(struct lapic_model *l, u8 vector, bool level);
/* The processor takes it. */
void lapic_model_take(struct lapic_model *l, u8 vector);
/* The vector whose service is over, or -1; *level: its EOI is broadcast. */
int lapic_model_eoi(struct lapic_model *l, bool *level);
/* An error (bit of ESR) is noted, with the interrupt that its LVT asks for. */
void lapic_model_error(struct lapic_model *l, u32 bit);
/* Whether @dest names it. */
bool lapic_model_matches(const struct lapic_model *l, u32 dest, bool logical);

/* lapic_timer.c */
/* The count is 0 at @now or was before: what is due next is in place. True: an interrupt. */
bool lapic_model_expire(struct lapic_model *l, u64 now);
u32 lapic_timer_count(const struct lapic_model *l, u64 now);
/* Go on from a count. */
void lapic_timer_start(struct lapic_model *l, u32 count, u64 now);
void lapic_timer_divide(struct lapic_model *l, u32 divide, u64 now);

static inline bool lapic_bit(const u32 *bits, u8 vector)
{
	return bits[vector / 32] & (1u << vector % 32);
}

static inline void lapic_set_bit(u32 *bits, u8 vector)
{
	bits[vector / 32] |= 1u << vector % 32;
}

static inline void lapic_clear_bit(u32 *bits, u8 vector)
{
	bits[vector / 32] &= ~(1u << vector % 32);
}

#endif

// SPDX-License-Identifier: GPL-2.0
/* The local APIC's registers and priorities. */
#include "../lib/lib.h"
#include "lapic_model.h"

#define ID_SHIFT	24
#define CLASS(v)	((v) & 0xf0)
#define DFR_FLAT	0xfu
#define DFR_ONES	0x0fffffffu
#define SVR_WRITABLE	0x1ffu
#define LDR_WRITABLE	0xff000000u
#define ICR_WRITABLE	0x000ccfffu
#define FIRST_VECTOR	16u

static const u32 lvt_writable[LVT_COUNT] = { 0x300ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff };

static void mask_lvts(struct lapic_model *l)
{
	for (unsigned int i = 0; i < LVT_COUNT; i++)
		l->lvt[i] |= LVT_MASKED;
}

void lapic_model_reset(struct lapic_model *l)
{
	*l = (struct lapic_model){ .id = l->id, .dfr = ~0u, .svr = 0xff };
	mask_lvts(l);
}

int lapic_model_highest(const u32 *bits)
{
	for (int word = LAPIC_BITS - 1; word >= 0; word--)
		if (bits[word])
			return word * 32 + 31 - __builtin_clz(bits[word]);
	return -1;
}

u8 lapic_model_ppr(const struct lapic_model *l)
{
	int isr = lapic_model_highest(l->isr);

	return isr < 0 || CLASS(l->tpr) >= CLASS(isr) ? l->tpr : CLASS(isr);
}

int lapic_model_deliverable(const struct lapic_model *l)
{
	int vector = lapic_model_highest(l->irr);

	return vector >= 0 && CLASS(vector) > CLASS(lapic_model_ppr(l)) ? vector : -1;
}

static void request(struct lapic_model *l, u8 vector, bool level)
{
	if (level)
		lapic_set_bit(l->tmr, vector);
	else
		lapic_clear_bit(l->tmr, vector);
	lapic_clear_bit(l->auto_eoi, vector);
	lapic_set_bit(l->irr, vector);
}

void lapic_model_error(struct lapic_model *l, u32 bit)
{
	u32 lvt = l->lvt[LVT_ERROR];

	if (l->errors & bit)
		return;
	l->errors |= bit;
	if (!(lvt & LVT_MASKED) && (u8)lvt >= FIRST_VECTOR)
		request(l, (u8)lvt, false);
}

bool lapic_model_accept(struct lapic_model *l, u8 vector, bool level)
{
	if (!(l->svr & LAPIC_SVR_ENABLE))
		return false;
	if (vector < FIRST_VECTOR) {
		lapic_model_error(l, LAPIC_ESR_RECEIVE);
		return false;
	}
	if (lapic_bit(l->irr, vector))
		return false;
	request(l, vector, level);
	return true;
}

void lapic_model_take(struct lapic_model *l, u8 vector)
{
	lapic_clear_bit(l->irr, vector);
	if (lapic_bit(l->auto_eoi, vector))
		lapic_clear_bit(l->auto_eoi, vector);
	else
		lapic_set_bit(l->isr, vector);
}

int lapic_model_eoi(struct lapic_model *l, bool *level)
{
	int vector = lapic_model_highest(l->isr);

	if (vector < 0)
		return vector;
	lapic_clear_bit(l->isr, vector);
	*level = lapic_bit(l->tmr, vector);
	return vector;
}

bool lapic_model_matches(const struct lapic_model *l, u32 dest, bool logical)
{
	u32 mine = l->ldr >> ID_SHIFT;

	if (!logical)
		return dest == 0xff || dest == ~0u || dest == l->id >> ID_SHIFT;
	if (l->dfr >> 28 == DFR_FLAT)
		return mine & dest & 0xff;
	return (((dest >> 4) & 0xf) == 0xf || ((mine ^ dest) & 0xf0) == 0) && mine & dest & 0xf;
}

static bool is_lvt(u32 reg)
{
	return reg >= LAPIC_LVT_TIMER && reg <= LAPIC_LVT_ERROR;
}

/* Of the three bitmaps a word is at each 16 bytes. */
static const u32 *bitmap_word(const struct lapic_model *l, u32 reg)
{
	u32 word = (reg >> 4) & 7;

	switch (reg & ~0x7fu) {
	case LAPIC_ISR:
		return &l->isr[word];
	case LAPIC_TMR:
		return &l->tmr[word];
	case LAPIC_IRR:
		return &l->irr[word];
	}
	return NULL;
}

static u32 read_plain(struct lapic_model *l, u32 reg)
{
	switch (reg) {
	case LAPIC_ID:
		return l->id;
	case LAPIC_VERSION:
		return LAPIC_VERSION_VALUE;
	case LAPIC_TPR:
		return l->tpr;
	case LAPIC_PPR:
		return lapic_model_ppr(l);
	case LAPIC_LDR:
		return l->ldr;
	case LAPIC_DFR:
		return l->dfr;
	case LAPIC_SVR:
		return l->svr;
	case LAPIC_ESR:
		return l->esr;
	case LAPIC_ICR:
		return l->icr_low;
	case LAPIC_ICR2:
		return l->icr_high;
	case LAPIC_TMICT:
		return l->initial;
	case LAPIC_TDCR:
		return l->divide;
	case LAPIC_APR:
	case LAPIC_RRD:
	case LAPIC_EOI:
		return 0;
	}
	lapic_model_error(l, LAPIC_ESR_REGISTER);
	return 0;
}

u32 lapic_model_read(struct lapic_model *l, u32 reg, u64 now)
{
	const u32 *word = bitmap_word(l, reg);

	if (word)
		return *word;
	if (is_lvt(reg))
		return l->lvt[(reg - LAPIC_LVT_TIMER) >> 4];
	if (reg == LAPIC_TMCCT)
		return lapic_timer_count(l, now);
	return read_plain(l, reg);
}

static void write_lvt(struct lapic_model *l, unsigned int i, u32 value)
{
	l->lvt[i] = value & lvt_writable[i];
	if (!(l->svr & LAPIC_SVR_ENABLE))
		l->lvt[i] |= LVT_MASKED;
}

static void write_svr(struct lapic_model *l, u32 value)
{
	l->svr = value & SVR_WRITABLE;
	if (!(l->svr & LAPIC_SVR_ENABLE))
		mask_lvts(l);
}

static enum lapic_effect write_timer(struct lapic_model *l, u32 reg, u32 value, u64 now)
{
	if (reg == LAPIC_TDCR) {
		lapic_timer_divide(l, value & 0xb, now);
	} else {
		l->initial = value;
		lapic_timer_start(l, value, now);
	}
	return LAPIC_TIMER_CHANGED;
}

enum lapic_effect lapic_model_write(struct lapic_model *l, u32 reg, u32 value, u64 now)
{
	if (is_lvt(reg)) {
		write_lvt(l, (reg - LAPIC_LVT_TIMER) >> 4, value);
		return LAPIC_NONE;
	}
	switch (reg) {
	case LAPIC_TPR:
		l->tpr = (u8)value;
		return LAPIC_PRIORITY_CHANGED;
	case LAPIC_EOI:
		return LAPIC_EOI_WRITTEN;
	case LAPIC_LDR:
		l->ldr = value & LDR_WRITABLE;
		return LAPIC_NONE;
	case LAPIC_DFR:
		l->dfr = value | DFR_ONES;
		return LAPIC_NONE;
	case LAPIC_SVR:
		write_svr(l, value);
		return LAPIC_NONE;
	case LAPIC_ESR:
		l->esr = l->errors;
		l->errors = 0;
		return LAPIC_NONE;
	case LAPIC_ICR:
		l->icr_low = value & ICR_WRITABLE & ~(u32)BIT(12);
		return LAPIC_SENT;
	case LAPIC_ICR2:
		l->icr_high = value & LDR_WRITABLE;
		return LAPIC_NONE;
	case LAPIC_TMICT:
	case LAPIC_TDCR:
		return write_timer(l, reg, value, now);
	case LAPIC_ID:
	case LAPIC_VERSION:
	case LAPIC_APR:
	case LAPIC_PPR:
	case LAPIC_RRD:
	case LAPIC_TMCCT:
		return LAPIC_NONE;
	}
	if (!bitmap_word(l, reg))
		lapic_model_error(l, LAPIC_ESR_REGISTER);
	return LAPIC_NONE;
}

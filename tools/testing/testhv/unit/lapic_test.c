// SPDX-License-Identifier: GPL-2.0
/* The local APIC's model: registers, priorities, its timer, destinations. */
#include "../hw/cpu.h"
#include "../vm/lapic_model.h"
#include "machine.h"
#include "unit.h"

static struct lapic_model l;

static void enabled(void)
{
	l = (struct lapic_model){ .id = 3u << 24 };
	lapic_model_reset(&l);
	lapic_model_write(&l, LAPIC_SVR, 0x1ff, 0);
}

static u32 get(u32 reg)
{
	return lapic_model_read(&l, reg, 0);
}

static void set(u32 reg, u32 value)
{
	lapic_model_write(&l, reg, value, 0);
}

static void reset_values(void)
{
	static const struct {
		u32 reg, value;
	} rows[] = {
		{ LAPIC_ID, 3u << 24 }, { LAPIC_VERSION, 0x50014 }, { LAPIC_TPR, 0 },
		{ LAPIC_PPR, 0 }, { LAPIC_LDR, 0 }, { LAPIC_DFR, ~0u }, { LAPIC_SVR, 0xff },
		{ LAPIC_ESR, 0 }, { LAPIC_ICR, 0 }, { LAPIC_ICR2, 0 },
		{ LAPIC_LVT_TIMER, LVT_MASKED }, { LAPIC_LVT_THERMAL, LVT_MASKED },
		{ LAPIC_LVT_PERF, LVT_MASKED }, { LAPIC_LVT_LINT0, LVT_MASKED },
		{ LAPIC_LVT_LINT1, LVT_MASKED }, { LAPIC_LVT_ERROR, LVT_MASKED },
		{ LAPIC_TMICT, 0 }, { LAPIC_TMCCT, 0 }, { LAPIC_TDCR, 0 },
	};

	l = (struct lapic_model){ .id = 3u << 24, .tpr = 5, .irr = { [2] = 1 }, .counting = true };
	lapic_model_reset(&l);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("register", rows[i].reg);
		EXPECT_EQ(rows[i].value, get(rows[i].reg));
	}
	for (u32 reg = LAPIC_ISR; reg < LAPIC_ESR; reg += 0x10)
		EXPECT_EQ(0, get(reg));
	EXPECT(!l.counting);
}

/* What all ones leave in a register. */
static void writable_bits(void)
{
	static const struct {
		u32 reg, value;
	} rows[] = {
		{ LAPIC_ID, 3u << 24 }, { LAPIC_VERSION, 0x50014 }, { LAPIC_TPR, 0xff },
		{ LAPIC_LDR, 0xff000000 }, { LAPIC_DFR, ~0u }, { LAPIC_SVR, 0x1ff },
		{ LAPIC_LVT_TIMER, 0x300ff }, { LAPIC_LVT_THERMAL, 0x107ff },
		{ LAPIC_LVT_LINT0, 0x1a7ff }, { LAPIC_LVT_ERROR, 0x100ff },
		{ LAPIC_ICR2, 0xff000000 }, { LAPIC_TDCR, 0xb }, { LAPIC_TMICT, ~0u },
	};

	enabled();
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("register", rows[i].reg);
		set(rows[i].reg, ~0u);
		EXPECT_EQ(rows[i].value, get(rows[i].reg));
	}
}

static void software_disabled(void)
{
	enabled();
	set(LAPIC_LVT_TIMER, 0x40);
	lapic_model_accept(&l, 0x50, false);
	set(LAPIC_SVR, 0xff);
	EXPECT_EQ(0x40 | LVT_MASKED, get(LAPIC_LVT_TIMER));
	set(LAPIC_LVT_TIMER, 0x40);
	EXPECT_EQ(0x40 | LVT_MASKED, get(LAPIC_LVT_TIMER));
	EXPECT_EQ(0x50, lapic_model_deliverable(&l));
	EXPECT(!lapic_model_accept(&l, 0x60, false));
}

static void priorities(void)
{
	bool level;

	enabled();
	EXPECT(lapic_model_accept(&l, 0x41, false));
	EXPECT(!lapic_model_accept(&l, 0x41, false));
	EXPECT(lapic_model_accept(&l, 0x52, true));
	EXPECT_EQ(0x52, lapic_model_deliverable(&l));
	set(LAPIC_TPR, 0x50);
	EXPECT_EQ((u64)-1, (u64)lapic_model_deliverable(&l));
	set(LAPIC_TPR, 0x4f);
	EXPECT_EQ(0x4f, get(LAPIC_PPR));
	EXPECT_EQ(0x52, lapic_model_deliverable(&l));
	lapic_model_take(&l, 0x52);
	EXPECT_EQ(0x50, get(LAPIC_PPR));
	EXPECT(lapic_model_accept(&l, 0x53, false));
	EXPECT_EQ((u64)-1, (u64)lapic_model_deliverable(&l));
	set(LAPIC_TPR, 0);
	EXPECT_EQ(0x52, lapic_model_eoi(&l, &level));
	EXPECT(level);
	EXPECT_EQ(0x53, lapic_model_deliverable(&l));
	lapic_model_take(&l, 0x53);
	EXPECT_EQ(0x53, lapic_model_eoi(&l, &level));
	EXPECT(!level);
	EXPECT_EQ((u64)-1, (u64)lapic_model_eoi(&l, &level));
}

static void without_service(void)
{
	bool level;

	enabled();
	lapic_model_accept(&l, 0x60, false);
	lapic_set_bit(l.auto_eoi, 0x60);
	lapic_model_take(&l, 0x60);
	EXPECT_EQ(0, get(LAPIC_PPR));
	EXPECT_EQ((u64)-1, (u64)lapic_model_eoi(&l, &level));
	lapic_model_accept(&l, 0x60, false);
	lapic_model_take(&l, 0x60);
	EXPECT_EQ(0x60, lapic_model_eoi(&l, &level));
}

static void errors(void)
{
	enabled();
	EXPECT(!lapic_model_accept(&l, 15, false));
	EXPECT_EQ(0, get(LAPIC_ESR));
	set(LAPIC_ESR, 0);
	EXPECT_EQ(LAPIC_ESR_RECEIVE, get(LAPIC_ESR));
	set(LAPIC_ESR, 0);
	EXPECT_EQ(0, get(LAPIC_ESR));
	set(LAPIC_LVT_ERROR, 0x70);
	EXPECT_EQ(0, get(0x040));
	EXPECT_EQ(0x70, lapic_model_deliverable(&l));
	set(0x3f0, 1);
	set(LAPIC_ESR, 0);
	EXPECT_EQ(LAPIC_ESR_REGISTER, get(LAPIC_ESR));
}

static void destinations(void)
{
	enabled();
	EXPECT(lapic_model_matches(&l, 3, false));
	EXPECT(!lapic_model_matches(&l, 4, false));
	EXPECT(lapic_model_matches(&l, 0xff, false));
	set(LAPIC_LDR, 0x08000000);
	EXPECT(lapic_model_matches(&l, 0x0c, true));
	EXPECT(!lapic_model_matches(&l, 0x14, true));
	EXPECT(lapic_model_matches(&l, 0xff, true));
	set(LAPIC_DFR, 0x0fffffff);
	set(LAPIC_LDR, 0x24000000);
	EXPECT(lapic_model_matches(&l, 0x2c, true));
	EXPECT(!lapic_model_matches(&l, 0x28, true));
	EXPECT(!lapic_model_matches(&l, 0x34, true));
	EXPECT(lapic_model_matches(&l, 0xf4, true));
}

static u64 ns(u64 n)
{
	return mul_div(n, tsc_hz, 1000000000);
}

static void one_shot(void)
{
	enabled();
	set(LAPIC_LVT_TIMER, 0x40);
	set(LAPIC_TDCR, 0xb);
	lapic_model_write(&l, LAPIC_TMICT, 1000, ns(5000));
	EXPECT(l.counting);
	EXPECT_EQ(ns(6000), l.deadline);
	EXPECT_EQ(500, lapic_timer_count(&l, ns(5500)));
	EXPECT(!lapic_model_expire(&l, ns(6000) - 1));
	EXPECT(lapic_model_expire(&l, ns(6000)));
	EXPECT_EQ(0, lapic_timer_count(&l, ns(6001)));
	EXPECT(!lapic_model_expire(&l, ns(9000)));
	lapic_model_write(&l, LAPIC_TMICT, 1000, 0);
	lapic_model_write(&l, LAPIC_TMICT, 0, 0);
	EXPECT(!l.counting);
}

static void periodic(void)
{
	enabled();
	set(LAPIC_LVT_TIMER, 0x40 | LVT_PERIODIC);
	set(LAPIC_TDCR, 0xb);
	lapic_model_write(&l, LAPIC_TMICT, 1000000, 0);
	EXPECT(lapic_model_expire(&l, ns(1000000)));
	EXPECT_EQ(ns(2000000), l.deadline);
	/* Four of them at once: one interrupt, and in step. */
	EXPECT(lapic_model_expire(&l, ns(5500000)));
	EXPECT_EQ(ns(6000000), l.deadline);
	set(LAPIC_LVT_TIMER, 0x40 | LVT_PERIODIC | LVT_MASKED);
	EXPECT(!lapic_model_expire(&l, ns(6000000)));
	EXPECT(l.counting);
}

/* A period of a nanosecond must not keep testhv busy. */
static void short_period(void)
{
	enabled();
	set(LAPIC_LVT_TIMER, 0x40 | LVT_PERIODIC);
	set(LAPIC_TDCR, 0xb);
	lapic_model_write(&l, LAPIC_TMICT, 1, 0);
	EXPECT(lapic_model_expire(&l, ns(10)));
	EXPECT(l.deadline >= ns(200000));
	EXPECT(!lapic_model_expire(&l, ns(100000)));
}

static void divisors(void)
{
	static const u8 rows[][2] = { { 0, 2 }, { 1, 4 }, { 2, 8 }, { 3, 16 }, { 8, 32 }, { 9, 64 },
				      { 10, 128 }, { 11, 1 } };

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("divisor", rows[i][1]);
		enabled();
		set(LAPIC_TDCR, rows[i][0]);
		lapic_model_write(&l, LAPIC_TMICT, 1000, 0);
		EXPECT_EQ(ns(1000ul * rows[i][1]), l.deadline);
	}
	/* On the way: what is left to count stays. */
	lapic_model_write(&l, LAPIC_TDCR, 0, ns(400));
	EXPECT_EQ(ns(400) + ns(1200), l.deadline);
}

const struct test lapic_tests[] = {
	{ "lapic: reset values", reset_values },
	{ "lapic: writable bits", writable_bits },
	{ "lapic: disabled by software", software_disabled },
	{ "lapic: priorities and EOI", priorities },
	{ "lapic: automatic EOI", without_service },
	{ "lapic: errors", errors },
	{ "lapic: destinations", destinations },
	{ "lapic: one-shot timer", one_shot },
	{ "lapic: periodic timer", periodic },
	{ "lapic: period too short", short_period },
	{ "lapic: divisors", divisors },
	{ }
};

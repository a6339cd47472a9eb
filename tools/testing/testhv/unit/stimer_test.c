// SPDX-License-Identifier: GPL-2.0
/* Synthetic timers and the messages that they send. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/intercept.h"
#include "../vm/child_synic.h"
#include "../vm/hv.h"
#include "machine.h"
#include "unit.h"

#define FEATURES	0xffbUL
#define CONFIG(n)	(0x400000b0u + 2 * (n))
#define COUNT(n)	(0x400000b1u + 2 * (n))
#define SINT(n)		((u64)(n) << 16)
#define ENABLE		1
#define PERIODIC	2
#define AUTO_ENABLE	8
#define EOM		0x40000084u
/* In a message */
#define FLAGS		5
#define INDEX		16
#define EXPIRATION	24
#define DELIVERY	32
#define SECOND		10000000UL

static struct vp *vp;

static bool wr(u32 msr, u64 value)
{
	return child_msr_access(vp, msr, true, &value);
}

static u64 rd(u32 msr)
{
	u64 value = 0;

	EXPECT(child_msr_access(vp, msr, false, &value));
	return value;
}

/* A VP whose SynIC is on, and SINT 2 to 4 open; the time is an hour. */
static void start(u64 features)
{
	machine_features = features;
	vp = machine_vp();
	vp->explicit_suspend = false;
	reftime_set(vp->partition, 3600 * SECOND);
	wr(0x40000080, 1);
	wr(0x40000083, 0x9001);
	for (u32 i = 2; i < 5; i++)
		wr(0x40000090 + i, 0x50 + i);
}

static u8 *slot(u32 sint)
{
	return (u8 *)vp->hv->message_page.page + 256 * sint;
}

static u32 type(u32 sint)
{
	return *(u32 *)slot(sint);
}

static u64 field(u32 sint, u32 at)
{
	u64 value;

	memcpy(&value, slot(sint) + at, 8);
	return value;
}

/* So much later, with what is due by then done. */
static void later(u64 time)
{
	vp->partition->hv->time.offset += (s64)time;
	for (u32 i = 0; i < STIMERS; i++) {
		struct stimer *t = &vp->hv->timers[i];

		if (list_empty(&t->timer.link) || reftime_now(vp->partition) < t->due)
			continue;
		timer_cancel(&t->timer);
		t->timer.expire(&t->timer);
	}
}

static void one_shot(void)
{
	u64 at;

	start(FEATURES);
	at = rd(0x40000020) + SECOND;
	EXPECT(wr(CONFIG(1), SINT(2) | ENABLE));
	EXPECT(wr(COUNT(1), at));
	EXPECT_EQ(0, type(2));
	/* The processor's clock is early. */
	timer_cancel(&vp->hv->timers[1].timer);
	vp->hv->timers[1].timer.expire(&vp->hv->timers[1].timer);
	EXPECT_EQ(0, type(2));
	later(2 * SECOND);
	EXPECT_EQ(0x80000010, type(2));
	EXPECT_EQ(24, slot(2)[4]);
	EXPECT_EQ(0, slot(2)[FLAGS]);
	EXPECT_EQ(1, field(2, INDEX));
	EXPECT_EQ(at, field(2, EXPIRATION));
	EXPECT(field(2, DELIVERY) >= at);
	EXPECT_EQ(SINT(2), rd(CONFIG(1)));
	EXPECT_EQ(at, rd(COUNT(1)));
	later(2 * SECOND);
	EXPECT(list_empty(&vp->hv->timers[1].timer.link));
}

static void busy_slot(void)
{
	start(FEATURES);
	wr(CONFIG(0), SINT(3) | ENABLE);
	wr(CONFIG(1), SINT(3) | ENABLE);
	wr(CONFIG(2), SINT(3) | ENABLE);
	wr(COUNT(0), 1);			/* in the past */
	EXPECT_EQ(0x80000010, type(3));
	EXPECT_EQ(0, slot(3)[FLAGS]);
	wr(COUNT(1), 1);
	EXPECT_EQ(1, slot(3)[FLAGS]);
	wr(COUNT(2), 1);
	EXPECT_EQ(0, field(3, INDEX));
	wr(EOM, 0);
	EXPECT_EQ(0, field(3, INDEX));
	*(u32 *)slot(3) = 0;
	wr(EOM, 0);
	EXPECT_EQ(1, field(3, INDEX));
	/* One more waits behind it. */
	EXPECT_EQ(1, slot(3)[FLAGS]);
	*(u32 *)slot(3) = 0;
	child_synic_eoi(vp, 0x60);
	EXPECT_EQ(0, type(3));
	child_synic_eoi(vp, 0x53);
	EXPECT_EQ(2, field(3, INDEX));
	EXPECT_EQ(0, slot(3)[FLAGS]);
}

static void synic_off(void)
{
	start(FEATURES);
	wr(0x40000080, 0);
	wr(CONFIG(0), SINT(2) | ENABLE);
	wr(COUNT(0), 1);
	EXPECT_EQ(0, type(2));
	wr(0x40000083, 0x9000);
	wr(0x40000080, 1);
	EXPECT_EQ(0, type(2));
	wr(0x40000083, 0x9001);
	EXPECT_EQ(0x80000010, type(2));
	/* Masked: the message is there all the same. */
	wr(0x40000094, 0x10054);
	wr(CONFIG(0), SINT(4) | ENABLE);
	EXPECT_EQ(0x80000010, type(4));
}

static void periodic(void)
{
	u64 begin, first;

	start(FEATURES);
	begin = rd(0x40000020);
	wr(COUNT(0), SECOND);
	wr(CONFIG(0), SINT(2) | ENABLE | PERIODIC);
	EXPECT_EQ(0, type(2));
	later(SECOND + 1000);
	first = field(2, EXPIRATION);
	EXPECT(first >= begin + SECOND && first < begin + SECOND + SECOND / 10);
	EXPECT_EQ(SINT(2) | ENABLE | PERIODIC, rd(CONFIG(0)));
	/* Some are missed: one comes, and the next one is on the grid. */
	*(u32 *)slot(2) = 0;
	later(5 * SECOND);
	EXPECT_EQ(first + SECOND, field(2, EXPIRATION));
	*(u32 *)slot(2) = 0;
	wr(EOM, 0);
	EXPECT_EQ(0, type(2));
	EXPECT_EQ(0, (vp->hv->timers[0].due - first) % SECOND);
	EXPECT(vp->hv->timers[0].due > rd(0x40000020));
	EXPECT(wr(COUNT(0), 0));
	EXPECT_EQ(SINT(2) | PERIODIC, rd(CONFIG(0)));
	EXPECT(list_empty(&vp->hv->timers[0].timer.link));
}

static void registers(void)
{
	start(FEATURES);
	for (u32 i = 0; i < STIMERS; i++) {
		EXPECT_EQ(0, rd(CONFIG(i)));
		EXPECT_EQ(0, rd(COUNT(i)));
	}
	EXPECT(!wr(CONFIG(0), BIT(13)));
	EXPECT(!wr(CONFIG(0), BIT(20)));
	EXPECT(!wr(CONFIG(0), BIT(12)));
	/* SINT 0 is nobody's. */
	EXPECT(wr(CONFIG(0), ENABLE));
	EXPECT_EQ(0, rd(CONFIG(0)));
	EXPECT(wr(CONFIG(0), SINT(2) | AUTO_ENABLE));
	EXPECT_EQ(SINT(2) | AUTO_ENABLE, rd(CONFIG(0)));
	EXPECT(wr(COUNT(0), rd(0x40000020) + SECOND));
	EXPECT_EQ(SINT(2) | AUTO_ENABLE | ENABLE, rd(CONFIG(0)));
	EXPECT(wr(COUNT(0), 0));
	EXPECT_EQ(SINT(2) | AUTO_ENABLE, rd(CONFIG(0)));
	machine_reset();
	start(FEATURES | SYNTHETIC_DIRECT_TIMERS);
	EXPECT(wr(CONFIG(0), BIT(12) | 0xed0 | ENABLE));
	EXPECT_EQ(BIT(12) | 0xed0 | ENABLE, rd(CONFIG(0)));
}

static void stopped(void)
{
	start(FEATURES);
	wr(CONFIG(0), SINT(2) | ENABLE);
	wr(COUNT(0), rd(0x40000020) + SECOND);
	vp->explicit_suspend = true;
	later(2 * SECOND);
	EXPECT_EQ(0, type(2));
	vp->explicit_suspend = false;
	stimer_rescan(vp);
	EXPECT_EQ(0x80000010, type(2));
	/* While the time stands still nothing expires. */
	*(u32 *)slot(2) = 0;
	wr(COUNT(0), rd(0x40000020) + SECOND);
	wr(CONFIG(0), SINT(2) | ENABLE);
	reftime_freeze(vp->partition, true);
	EXPECT(list_empty(&vp->hv->timers[0].timer.link));
	EXPECT(wr(COUNT(0), 1));
	EXPECT_EQ(0, type(2));
	reftime_freeze(vp->partition, false);
	EXPECT(!list_empty(&vp->hv->timers[0].timer.link));
	later(0);
	EXPECT_EQ(0x80000010, type(2));
}

/* Times that differ from now by more than half of all there are lie in the future too. */
static void far_future(void)
{
	static const u64 counts[] = { ~0UL, BIT(63) + 7200 * SECOND, BIT(63) };

	for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++) {
		for (unsigned int periodic = 0; periodic < 2; periodic++) {
			struct stimer *t;

			about("row", 2 * i + periodic);
			machine_reset();
			start(FEATURES);
			t = &vp->hv->timers[0];
			wr(CONFIG(0), SINT(2) | (periodic ? PERIODIC : 0));
			wr(COUNT(0), counts[i]);
			wr(CONFIG(0), rd(CONFIG(0)) | ENABLE);
			EXPECT_EQ(0, type(2));
			EXPECT(!list_empty(&t->timer.link));
			EXPECT(t->timer.deadline_tsc > rdtsc() + 1800 * tsc_hz);
			EXPECT_EQ(ENABLE, rd(CONFIG(0)) & ENABLE);
		}
	}
}

const struct test stimer_tests[] = {
	{ "stimer: one-shot", one_shot },
	{ "stimer: busy slot", busy_slot },
	{ "stimer: SynIC off", synic_off },
	{ "stimer: periodic", periodic },
	{ "stimer: registers", registers },
	{ "stimer: stopped", stopped },
	{ "stimer: far future", far_future },
	{ }
};

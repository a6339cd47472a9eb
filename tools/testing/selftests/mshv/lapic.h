/* SPDX-License-Identifier: GPL-2.0 */
/* Agents in a partition with local APICs; included once a program. */
#ifndef MSHV_LAPIC_H
#define MSHV_LAPIC_H

#include "agent.h"
#include "fixture.h"

/* Registers of a local APIC, by their offset in its page */
#define REG_ID		0x20
#define REG_TPR		0x80
#define REG_EOI		0xb0
#define REG_LDR		0xd0
#define REG_DFR		0xe0
#define REG_SPURIOUS	0xf0
#define REG_ISR		0x100
#define REG_TMR		0x180
#define REG_IRR		0x200
#define REG_ICR		0x300
#define REG_ICR_HIGH	0x310
#define REG_TIMER	0x320
#define REG_LINT0	0x350
#define REG_LINT1	0x360
#define REG_COUNT	0x380
#define REG_CURRENT	0x390
#define REG_DIVIDE	0x3e0

#define SPURIOUS_ENABLED	0x1ff
#define TIMER_PERIODIC		0x20000
#define LVT_MASKED		0x10000
#define DIVIDE_BY_1		0xb

#define LAPIC_VPS	4

/* A partition with local APICs, all enabled, and LAPIC_VPS VPs that run the agent */
FIXTURE(lapics) {
	struct books books;
	struct guest guest;
	struct agent agent[LAPIC_VPS];
};

FIXTURE_SETUP(lapics)
{
	unsigned int i;
	int vp;

	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, MSHV_PARTITION_LAPIC_ENABLED);
	agent_load(&self->guest);
	for (i = 0; i < LAPIC_VPS; i++) {
		vp = i ? vp_create(self->guest.part, i) : self->guest.vp;
		agent_start(&self->agent[i], &self->guest, vp, i);
		/* It would wait for a start-up IPI. */
		reg_set(vp, HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0);
		agent_lapic_write(&self->agent[i], REG_SPURIOUS, SPURIOUS_ENABLED);
	}
}

FIXTURE_TEARDOWN(lapics)
{
	unsigned int i;

	for (i = 1; i < LAPIC_VPS; i++)
		close(self->agent[i].vp);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* Take what is pending: returns how often @vector came by now. */
static inline __u32 take(struct agent *agent, __u8 vector)
{
	int ret = agent_do(agent, agent_window);

	die_if(ret, "the agent's window: exception %d", ret);
	return agent->area->counts[vector];
}

static inline bool spins(struct agent *agent)
{
	return __atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE);
}

/* Let @agent run, with interrupts, until agent_stop(). */
static inline void agent_run_on(struct agent *agent, struct runner *r, const __u8 *op, int cpu)
{
	agent->area->stop = 0;
	agent->area->ticks = 0;
	agent_goto(agent, op);
	runner_start(r, agent->vp, cpu);
}

static inline void agent_run(struct agent *agent, struct runner *r, const __u8 *op)
{
	agent_run_on(agent, r, op, -1);
}

static inline void agent_stop(struct agent *agent, struct runner *r)
{
	int ret;

	__atomic_store_n(&agent->area->stop, 1, __ATOMIC_RELEASE);
	die_if(!runner_wait(r, 20000), "the agent does not stop");
	ret = runner_join(r);
	die_if(ret, "MSHV_RUN_VP: %d", ret);
	ret = agent_end(agent, &r->msg);
	die_if(ret, "the agent ended with exception %d", ret);
}

/* Whether the count of @vector gets to @count, in generous time */
static inline bool count_reaches(struct agent *agent, __u8 vector, __u32 count)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();

	while (__atomic_load_n(&agent->area->counts[vector], __ATOMIC_ACQUIRE) < count) {
		if (now_ns() > end)
			return false;
		sleep_us(50);
	}
	return true;
}

#endif /* MSHV_LAPIC_H */

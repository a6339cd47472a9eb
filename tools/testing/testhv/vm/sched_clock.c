// SPDX-License-Identifier: GPL-2.0
/*
 * The NMIs by which testhv takes a processor back from its guest: its clock, for slices and for the
 * deadlines of children, and kicks from other processors.
 */
#include "../hw/apic.h"
#include "../hw/clock.h"
#include "../hw/cpu.h"
#include "../hw/hpet.h"
#include "../hw/smp.h"
#include "../lib/counters.h"
#include "sched.h"
#include "timer.h"
#include "vp.h"

#define NEVER		(~0ULL)
#define SLICE_US	1000
/* An armed clock whose NMI has not come so long after its time is armed anew. */
#define CLOCK_LOST_US	20000
/* Longer than this the HPET and the TSC aren't taken to agree. */
#define CLOCK_MAX_US	100000
#define CLOCK_MIN_US	20
/* So close to its time a clock isn't moved any more: its NMI may be there already. */
#define CLOCK_SETTLED_US 200
#define SOON_US		30
/* How long an NMI of ours may be on its way after its reason was already seen. */
#define LATE_NMI_US	2000000
#define KICK_RESEND_US	30000

static u64 us_to_tsc(u64 us)
{
	return us * (tsc_hz / 1000000);
}

/*
 * NMIs that come together are one, or two, when one of them was still on its way: QEMU's timers can
 * be late by as long as its host is busy. An NMI without a reason is taken for such a one, if there
 * may be one; else it is the root's own. So at worst the root loses an NMI, and never gets one that
 * nobody sent.
 */
static void expect_late_nmi(struct cpu *cpu)
{
	cpu->late_nmis++;
	cpu->late_until = rdtsc() + us_to_tsc(LATE_NMI_US);
}

static bool late_nmi(struct cpu *cpu)
{
	if (!cpu->late_nmis || (s64)(cpu->late_until - rdtsc()) <= 0) {
		cpu->late_nmis = 0;
		return false;
	}
	cpu->late_nmis--;
	return true;
}

/* Someone waits for the processor that @vp is about to get, or a message for its slot. */
static bool is_wanted(const struct cpu *cpu, const struct vp *vp)
{
	if (!list_empty(&cpu->messages) || !list_empty(&cpu->eois))
		return true;
	if (!vp || list_empty(&cpu->runq))
		return false;
	return vp == cpu->root || cpu->activity == ROOT_RUNNING ||
	       cpu->runq.next->next != &cpu->runq;
}

static bool kick_on_its_way(void)
{
	for (unsigned int i = 0; i < cpu_count; i++)
		if (cpus[i].in_guest && READ_ONCE(cpus[i].kick_sent))
			return true;
	return false;
}

/* The TSC at which the guest that is entered now must be left again, or NEVER. */
static u64 next_exit(struct cpu *cpu, const struct vp *vp)
{
	u64 now = rdtsc(), at = timer_next(cpu);

	if (is_wanted(cpu, vp) && !cpu->slice_running) {
		cpu->slice_running = true;
		cpu->slice_end = now + us_to_tsc(SLICE_US);
	}
	if (cpu->slice_running)
		at = MIN(at, cpu->slice_end);
	if (vp && vp->soon)
		at = MIN(at, now + us_to_tsc(SOON_US));
	if (kick_on_its_way())
		at = MIN(at, now + us_to_tsc(KICK_RESEND_US));
	/* What this entry may lose (apic_look_again()) is looked for after it. */
	if (vp && vp->vmcb->int_ctl & INT_CTL_V_IRQ)
		at = MIN(at, now + us_to_tsc(CLOCK_LOST_US));
	return at == NEVER ? at : MIN(at, now + us_to_tsc(CLOCK_MAX_US));
}

/* If its old time has come meanwhile, the NMI for that is late, or lost. */
static void move_clock(struct cpu *cpu, u32 us)
{
	bool armed = cpu->clock_armed;
	u64 before = cpu->clock_end;

	cpu->clock_end = hpet_arm(cpu, us);
	if (armed && (s64)(hpet_now() - before) >= 0)
		expect_late_nmi(cpu);
}

void sched_arm_clock(struct cpu *cpu, const struct vp *vp)
{
	u64 at = next_exit(cpu, vp), now = rdtsc();

	if (at == NEVER)
		return;
	if (cpu->clock_armed && cpu->clock_tsc <= MAX(at, now + us_to_tsc(CLOCK_SETTLED_US))) {
		/* One that is late does for what is due, but may never come for what is not. */
		if (now < cpu->clock_tsc + (at <= now ? us_to_tsc(CLOCK_LOST_US) : 0))
			return;
	}
	at = MAX(at, now + us_to_tsc(CLOCK_MIN_US));
	move_clock(cpu, (at - now) / us_to_tsc(1) + 1);
	cpu->clock_tsc = at;
	cpu->clock_armed = true;
}

/* Whether an NMI is, or may be, the clock's. */
static bool clock_came(struct cpu *cpu)
{
	if (!cpu->clock_armed || (s64)(hpet_now() - cpu->clock_end) < 0)
		return false;
	cpu->clock_armed = false;
	return true;
}

static void slice_over(struct cpu *cpu, struct vp *vp)
{
	counters[CNT_SLICES]++;
	if (vp == cpu->root) {
		cpu->child_turn = true;
		return;
	}
	cpu->child_turn = false;
	if (!list_empty(&vp->runq)) {
		list_del(&vp->runq);
		list_add_tail(&vp->runq, &cpu->runq);
	}
}

/* Whether testhv has had a reason for an NMI; the reasons are gone then. */
static bool nmi_reasons(struct cpu *cpu)
{
	bool kick = __atomic_exchange_n(&cpu->kick_sent, 0, __ATOMIC_SEQ_CST);
	bool clock = clock_came(cpu);

	/* Two of them, perhaps two NMIs. */
	if (kick && clock)
		expect_late_nmi(cpu);
	return kick || clock;
}

/*
 * An NMI ended the run of @vp: a kick, the clock, both in one, or the root's own. Returns true for
 * the root's own.
 */
bool sched_nmi(struct cpu *cpu, struct vp *vp)
{
	bool ours;

	svm_take_nmi();
	ours = nmi_reasons(cpu);
	if (cpu->slice_running && rdtsc() + us_to_tsc(CLOCK_MIN_US) >= cpu->slice_end) {
		cpu->slice_running = false;
		slice_over(cpu, vp);
	}
	return !ours && !late_nmi(cpu);
}

void sched_kick(struct cpu *cpu)
{
	if (!cpu->in_guest || __atomic_exchange_n(&cpu->kick_sent, 1, __ATOMIC_SEQ_CST))
		return;
	counters[CNT_KICKS]++;
	cpu->kick_time = rdtsc();
	apic_send(cpu->apic_id, APIC_NMI << 8 | APIC_ASSERT);
}

void sched_kick_again(struct cpu *cpu)
{
	u64 now;

	sched_kick(cpu);
	now = rdtsc();
	if (!cpu->in_guest || now - cpu->kick_time < us_to_tsc(KICK_RESEND_US))
		return;
	counters[CNT_KICK_RESENDS]++;
	cpu->kick_time = now;
	expect_late_nmi(cpu);
	apic_send(cpu->apic_id, APIC_NMI << 8 | APIC_ASSERT);
}

static bool clock_lost(const struct cpu *cpu)
{
	return cpu->clock_armed && (s64)(rdtsc() - cpu->clock_tsc) > (s64)us_to_tsc(CLOCK_LOST_US);
}

void sched_check_kicks(void)
{
	for (unsigned int i = 0; i < cpu_count; i++) {
		if (!cpus[i].in_guest)
			continue;
		if (READ_ONCE(cpus[i].kick_sent))
			sched_kick_again(&cpus[i]);
		else if (clock_lost(&cpus[i]))
			sched_kick(&cpus[i]);
	}
}

/* Nothing to run: sleep until an NMI. */
void sched_park(struct cpu *cpu)
{
	sched_arm_clock(cpu, NULL);
	cpu->in_guest = true;
	big_unlock();
	park();
	big_lock();
	cpu->in_guest = false;
	cpu->exits++;
	cpu->slice_running = false;
	nmi_reasons(cpu);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Choosing what a processor runs next, and stopping what another one runs.
 *
 * The root's interrupts are not intercepted: they reach it whenever it runs. They end a child's
 * run, since a child has V_INTR_MASKING. With a runnable child the root's HLT is intercepted;
 * without, it halts as on bare metal.
 */
#include "../hw/apic.h"
#include "../hw/clock.h"
#include "../hw/cpu.h"
#include "../hw/hpet.h"
#include "../hw/smp.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "partition.h"
#include "run.h"
#include "sched.h"
#include "vp.h"

#define SLICE_US	1000
#define SLICE_LOST_US	50000
/* How long an NMI of ours may be on its way after its reason was already seen. */
#define LATE_NMI_US	2000000
#define KICK_RESEND_US	30000

static u32 lock_taken;

/*
 * Not a ticket lock: QEMU's processors are threads, often more than the host has cores, and the
 * next in line would mostly be one that the host doesn't run.
 */
void big_lock(void)
{
	while (__atomic_exchange_n(&lock_taken, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock_taken, __ATOMIC_RELAXED))
			cpu_relax();
}

void big_unlock(void)
{
	__atomic_store_n(&lock_taken, 0, __ATOMIC_RELEASE);
}

void sched_wait(void)
{
	big_unlock();
	for (int i = 0; i < 20; i++)
		cpu_relax();
	big_lock();
}

void sched_resume(struct vp *vp, struct cpu *cpu)
{
	if (!list_empty(&vp->runq))
		return;
	vp->home = cpu;
	list_add_tail(&vp->runq, &cpu->runq);
}

void sched_dequeue(struct vp *vp)
{
	list_del(&vp->runq);
}

static struct vp *first_child(struct cpu *cpu)
{
	return list_empty(&cpu->runq) ? NULL : list_entry(cpu->runq.next, struct vp, runq);
}

/*
 * The root VP's HLT ends without its interrupt having been taken: it sees a HLT that returned,
 * which idle loops allow for. RIP must not stay at the HLT: an interrupt taken before it would be
 * slept over.
 */
static void root_leaves_hlt(struct cpu *cpu)
{
	cpu->root->vmcb->rip += 1;
	cpu->root->vmcb->int_state &= ~INT_STATE_SHADOW;
	cpu->activity = ROOT_RUNNING;
}

struct vp *sched_pick(struct cpu *cpu)
{
	struct vp *child = first_child(cpu);

	switch (cpu->activity) {
	case ROOT_WAIT_SIPI:
		if (!cpu->sipi_pending)
			return child;
		cpu->sipi_pending = false;
		run_start_root(cpu, cpu->sipi_vector);
		cpu->activity = ROOT_RUNNING;
		return cpu->root;
	case ROOT_HALTED:
		if (child)
			return child;
		root_leaves_hlt(cpu);
		return cpu->root;
	case ROOT_DEAD:
		if (child)
			return child;
		cpu->activity = ROOT_RUNNING;	/* back into its HLT, which only INIT or NMI ends */
		return cpu->root;
	case ROOT_RUNNING:
		break;
	}
	return child && cpu->child_turn ? child : cpu->root;
}

bool sched_root_may_run(const struct cpu *cpu)
{
	return cpu->activity == ROOT_RUNNING || cpu->activity == ROOT_HALTED;
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
	cpu->late_until = rdtsc() + LATE_NMI_US * (tsc_hz / 1000000);
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

/*
 * Someone waits for the processor that @vp is about to get, or a message for its slot: have an exit
 * in time.
 */
void sched_arm_slice(struct cpu *cpu, const struct vp *vp)
{
	bool waiting;

	if (cpu->slice_armed && (s64)(rdtsc() - cpu->slice_lost) < 0)
		return;
	if (vp == cpu->root)
		waiting = !list_empty(&cpu->runq);
	else
		waiting = cpu->activity == ROOT_RUNNING || cpu->runq.next->next != &cpu->runq;
	if (!waiting && list_empty(&cpu->messages))
		return;
	if (cpu->slice_armed)
		/* It should have ended long ago: its NMI is late, or lost. */
		expect_late_nmi(cpu);
	cpu->slice_end = hpet_arm(cpu, SLICE_US);
	cpu->slice_lost = rdtsc() + SLICE_LOST_US * (tsc_hz / 1000000);
	cpu->slice_armed = true;
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

/*
 * An NMI ended the run of @vp: a kick, the end of a slice, both in one, or the root's own. Returns
 * true for the root's own.
 */
bool sched_nmi(struct cpu *cpu, struct vp *vp)
{
	bool kick, slice = false;

	svm_take_nmi();
	kick = __atomic_exchange_n(&cpu->kick_sent, 0, __ATOMIC_SEQ_CST);
	if (cpu->slice_armed && (s64)(hpet_now() - cpu->slice_end) >= 0) {
		slice = true;
		cpu->slice_armed = false;
		slice_over(cpu, vp);
	}
	if (kick && slice)
		/* Two reasons, perhaps two NMIs. */
		expect_late_nmi(cpu);
	return !kick && !slice && !late_nmi(cpu);
}

void sched_interrupted(struct cpu *cpu)
{
	cpu->child_turn = false;
	if (cpu->activity == ROOT_HALTED)
		root_leaves_hlt(cpu);
}

void sched_kick(struct cpu *cpu)
{
	if (!cpu->in_guest || __atomic_exchange_n(&cpu->kick_sent, 1, __ATOMIC_SEQ_CST))
		return;
	counters[CNT_KICKS]++;
	cpu->kick_time = rdtsc();
	apic_send(cpu->apic_id, APIC_NMI << 8 | APIC_ASSERT);
}

/* A kick's store may get lost in QEMU: if @cpu doesn't leave its guest, send it again. */
static void kick_again(struct cpu *cpu)
{
	u64 now = rdtsc();

	sched_kick(cpu);
	if (!cpu->in_guest || now - cpu->kick_time < KICK_RESEND_US * (tsc_hz / 1000000))
		return;
	counters[CNT_KICK_RESENDS]++;
	cpu->kick_time = now;
	expect_late_nmi(cpu);
	apic_send(cpu->apic_id, APIC_NMI << 8 | APIC_ASSERT);
}

bool sched_stopped(struct vp *vp)
{
	if (!vp->running)
		return true;
	kick_again(vp->running);
	return false;
}

/* Wait until each of the processors in @mask has left the guest that it is in now. */
static void wait_for_exits(u32 mask)
{
	u64 exits[MAX_CPUS];

	for (unsigned int i = 0; i < cpu_count; i++)
		exits[i] = cpus[i].exits;
	while (mask) {
		for (unsigned int i = 0; i < cpu_count; i++) {
			if (!(mask & BIT(i)))
				continue;
			if (!cpus[i].in_guest || cpus[i].exits != exits[i])
				mask &= ~BIT(i);
			else
				kick_again(&cpus[i]);
		}
		if (mask)
			sched_wait();
	}
}

void sched_flush_partition(struct partition *p)
{
	u32 mask = 0;

	for (unsigned int i = 0; i < cpu_count; i++) {
		struct vp *vp = cpus[i].running;

		cpus[i].last_child = NULL;
		if (vp && vp->partition == p)
			mask |= BIT(i);
	}
	wait_for_exits(mask);
}

void sched_flush_root(void)
{
	u32 mask = 0;

	for (unsigned int i = 0; i < cpu_count; i++) {
		cpus[i].flush_root = true;
		if (cpus[i].running && cpus[i].running == cpus[i].root)
			mask |= BIT(i);
	}
	wait_for_exits(mask);
}

void sched_init_ipi(struct cpu *cpu)
{
	cpu->activity = ROOT_WAIT_SIPI;
	cpu->sipi_pending = false;
	sched_kick(cpu);
}

void sched_sipi(struct cpu *cpu, u8 vector)
{
	/* Only the first SIPI after an INIT counts (APM 2, 15.28). */
	if (cpu->activity != ROOT_WAIT_SIPI || cpu->sipi_pending)
		return;
	cpu->sipi_vector = vector;
	cpu->sipi_pending = true;
	sched_kick(cpu);
}

/* Nothing to run: sleep until an NMI. */
void sched_park(struct cpu *cpu)
{
	cpu->in_guest = true;
	big_unlock();
	park();
	big_lock();
	cpu->in_guest = false;
	cpu->exits++;
	__atomic_store_n(&cpu->kick_sent, 0, __ATOMIC_SEQ_CST);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Choosing what a processor runs next, and stopping what another one runs.
 *
 * The root's interrupts are not intercepted: they reach it whenever it runs. They end a child's
 * run, since a child has V_INTR_MASKING. With a runnable child the root's HLT is intercepted;
 * without, it halts as on bare metal.
 */
#include "../hw/cpu.h"
#include "partition.h"
#include "run.h"
#include "sched.h"
#include "vp.h"

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
	/* It may still be in its guest, or held (sched_flush_by()): it goes on where it is. */
	if (vp->running)
		cpu = vp->running;
	vp->home = cpu;
	list_add_tail(&vp->runq, &cpu->runq);
}

void sched_dequeue(struct vp *vp)
{
	list_del(&vp->runq);
}

void sched_kick_vp(struct vp *vp)
{
	if (vp->running)
		sched_kick(vp->running);
}

/*
 * Whatever has changed for @vp was changed under the lock. If a processor is in the guest, or about
 * to be, the NMI brings it back to look; else it looks before it enters.
 */
void sched_wake(struct vp *vp)
{
	if (vp->running) {
		sched_kick(vp->running);
	} else if (vp_runnable(vp) && list_empty(&vp->runq)) {
		/* Before those that compute: whoever sent it may be waiting for the answer. */
		list_add_tail(&vp->runq, vp->home->runq.next);
		/* Its root VP may be halted, or have no clock. */
		sched_kick(vp->home);
	}
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

void sched_interrupted(struct cpu *cpu)
{
	cpu->child_turn = false;
	if (cpu->activity == ROOT_HALTED)
		root_leaves_hlt(cpu);
}

bool sched_stopped(struct vp *vp)
{
	if (!vp->running)
		return true;
	sched_kick_again(vp->running);
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
				sched_kick_again(&cpus[i]);
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

/* How many are in sched_flush_unmapped(). */
static unsigned int flushes;

void sched_flush_unmapped(struct partition *p)
{
	flushes++;
	sched_flush_partition(p);
	flushes--;
}

bool sched_flushing(void)
{
	return flushes;
}

void sched_flush_by(struct vp *vp)
{
	vp->running = this_cpu();
	sched_flush_partition(vp->partition);
	vp->running = NULL;
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

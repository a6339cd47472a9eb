// SPDX-License-Identifier: GPL-2.0
/* From an exit to the one who serves it. */
#include "exit.h"
#include "hw/cpu.h"
#include "hw/memory.h"
#include "lib/counters.h"
#include "lib/lib.h"
#include "serve/root.h"
#include "serve/serve.h"
#include "svm/svm.h"
#include "vm/partition.h"
#include "vm/run.h"
#include "vm/sched.h"
#include "vm/synic.h"
#include "vm/timer.h"
#include "vm/vp.h"

#define VECTOR_UD	6
#define OPCODE_HLT	0xf4

/*
 * The root's RIP as an address that testhv can read, by the tables that it has now; four levels
 * are all the root is offered.
 */
static const u8 *root_code(const struct vp *vp)
{
	u64 gva = vp->vmcb->rip, entry = vp->vmcb->cr3;

	if (!(vp->vmcb->efer & EFER_LMA))
		return NULL;
	for (int level = 4; level; level--) {
		unsigned int shift = PAGE_SHIFT + 9 * (level - 1);
		u64 table = entry & GENMASK(51, 12);
		struct frame *f = memory_frame(table >> PAGE_SHIFT);

		if (!f || f->owner != FRAME_ROOT)
			return NULL;
		entry = ((u64 *)spa_to_virt(table))[(gva >> shift) & 511];
		if (!(entry & 1))
			return NULL;
		if (level == 1 || entry & BIT(7)) {
			u64 offset = BIT(shift) - 1;
			u64 gpa = (entry & GENMASK(51, 12) & ~offset) | (gva & offset);

			f = memory_frame(gpa >> PAGE_SHIFT);
			return f && f->owner == FRAME_ROOT ? spa_to_virt(gpa) : NULL;
		}
	}
	return NULL;
}

/*
 * VMRUN does not restore the shadow of STI. If the root was stopped between its STI and HLT, an
 * interrupt would be taken before the HLT, and what it asked for slept over: let the HLT be done
 * already.
 */
static void keep_sti_hlt_together(struct vp *vp)
{
	const u8 *code;

	if (!(vp->vmcb->int_state & INT_STATE_SHADOW))
		return;
	code = root_code(vp);
	if (!code || *code != OPCODE_HLT)
		return;
	vp->vmcb->rip += 1;
	vp->vmcb->int_state &= ~INT_STATE_SHADOW;
}

static void root_hlt(struct cpu *cpu, struct vp *vp)
{
	cpu->activity = vp->vmcb->rflags & RFLAGS_IF ? ROOT_HALTED : ROOT_DEAD;
}

/* root_code() knows no bases of segments. */
static void root_software(struct vp *vp)
{
	serve_root_software(vp, vp->vmcb->cs.attrib & SEG_L ? root_code(vp) : NULL);
}

static void root_npf(struct vp *vp)
{
	struct frame *f = memory_frame(vp->vmcb->exitinfo2 >> PAGE_SHIFT);

	panic("root touched %lx (%s), RIP %lx, CR3 %lx", vp->vmcb->exitinfo2,
	      f && f->owner == FRAME_DEPOSITED ? "a write to a deposited page" : "not its own",
	      vp->vmcb->rip, vp->vmcb->cr3);
}

/* An event whose delivery the exit interrupted is delivered again (APM 2, 15.7.2). */
static void keep_interrupted_event(struct vp *vp)
{
	vp->vmcb->eventinj = vp->vmcb->exitintinfo & EVENTINJ_VALID ? vp->vmcb->exitintinfo : 0;
}

static void root_exit(struct cpu *cpu, struct vp *vp)
{
	counters[CNT_ROOT_EXITS]++;
	keep_interrupted_event(vp);
	/* It has got an INIT meanwhile: what it did last doesn't matter any more. */
	if (cpu->activity == ROOT_WAIT_SIPI)
		return;
	switch (vp->vmcb->exitcode) {
	case EXIT_CPUID:
		serve_root_cpuid(cpu, vp);
		break;
	case EXIT_MSR:
		serve_root_msr(cpu, vp);
		break;
	case EXIT_VMMCALL:
		serve_hypercall(cpu, vp);
		break;
	case EXIT_IOIO:
		serve_root_io(cpu, vp);
		break;
	case EXIT_HLT:
		root_hlt(cpu, vp);
		break;
	case EXIT_SWINT:
		root_software(vp);
		break;
	case EXIT_SHUTDOWN:
		root_end("triple fault");
	case EXIT_NPF:
		root_npf(vp);
		break;
	case EXIT_MONITOR:
	case EXIT_MWAIT:
	case EXIT_MWAIT_COND:
	case EXIT_INVLPGA:
	case EXIT_VMRUN:
	case EXIT_VMLOAD ... EXIT_SKINIT:
		inject_exception(vp, VECTOR_UD);
		break;
	default:
		panic("root: exit %lx at RIP %lx", vp->vmcb->exitcode, vp->vmcb->rip);
	}
}

static void nmi_exit(struct cpu *cpu, struct vp *vp)
{
	if (vp == cpu->root) {
		counters[CNT_ROOT_EXITS]++;
		keep_interrupted_event(vp);
		keep_sti_hlt_together(vp);
	} else {
		counters[CNT_CHILD_EXITS]++;
		counters[CNT_CHILD_NMI]++;
		keep_interrupted_event(vp);
	}
	if (!sched_nmi(cpu, vp) || cpu->activity == ROOT_WAIT_SIPI)
		return;
	/* The root's own. It goes on after its HLT, if it is in one. */
	if (cpu->activity != ROOT_RUNNING) {
		cpu->root->vmcb->rip += 1;
		cpu->root->vmcb->int_state &= ~INT_STATE_SHADOW;
		cpu->activity = ROOT_RUNNING;
	}
	cpu->child_turn = false;
	/* An INT3 that waits for its injection while a child runs is executed again. */
	if (cpu->root->vmcb->eventinj & EVENTINJ_VALID &&
	    EVENTINJ_TYPE(cpu->root->vmcb->eventinj) == EVENTINJ_SOFTWARE)
		cpu->root->vmcb->rip -= cpu->root->soft_length;
	cpu->root->vmcb->eventinj = 2 | EVENTINJ_TYPE_NMI | EVENTINJ_VALID;
}

/* The local APIC's page is the one place without memory that every guest uses. */
static enum counter nested_fault_kind(const struct vp *vp)
{
	if (vp->vmcb->exitinfo2 >> PAGE_SHIFT == vp->apic_base >> PAGE_SHIFT)
		return CNT_CHILD_APIC;
	return CNT_CHILD_MEMORY;
}

static enum counter child_exit_kind(const struct vp *vp)
{
	switch (vp->vmcb->exitcode) {
	case EXIT_IOIO: return CNT_CHILD_IO;
	case EXIT_NPF: return nested_fault_kind(vp);
	case EXIT_MSR: return CNT_CHILD_MSR;
	case EXIT_CPUID: return CNT_CHILD_CPUID;
	case EXIT_HLT: return CNT_CHILD_HLT;
	case EXIT_INTR: return CNT_CHILD_INTERRUPT;
	default: return CNT_CHILD_OTHER;
	}
}

static void child_exit(struct cpu *cpu, struct vp *vp)
{
	counters[CNT_CHILD_EXITS]++;
	counters[child_exit_kind(vp)]++;
	keep_interrupted_event(vp);
	if (vp->vmcb->exitcode == EXIT_INTR)
		sched_interrupted(cpu);
	else
		serve_child_exit(cpu, vp);
}

void exit_loop(struct cpu *cpu)
{
	big_lock();
	for (;;) {
		struct vp *vp;

		timer_run(cpu);
		sched_check_kicks();
		vp = sched_pick(cpu);

		if (!vp) {
			sched_park(cpu);
			continue;
		}
		if (vp != cpu->root && !serve_child_entry(vp))
			continue;
		run_vp(cpu, vp);
		if (vp->vmcb->exitcode == EXIT_NMI)
			nmi_exit(cpu, vp);
		else if (vp == cpu->root)
			root_exit(cpu, vp);
		else
			child_exit(cpu, vp);
		synic_retry(cpu);
	}
}

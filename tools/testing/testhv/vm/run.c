// SPDX-License-Identifier: GPL-2.0
/* Root VPs, their nested table, and the entry into any VP. */
#include "../hw/apic.h"
#include "../hw/cpu.h"
#include "../hw/hpet.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "hv.h"
#include "event.h"
#include "partition.h"
#include "run.h"
#include "sched.h"
#include "vp.h"

#define ROOT_ASID	1
#define TLB_FLUSH_ALL	1
#define VECTOR_DB	1
#define GIB		0x40000000ULL
#define MIB2		0x200000ULL
#define ROOT_SPACE	(1024 * GIB)	/* 40 physical bits */

/* One bit a port, two bits an MSR (APM 2, 15.10 and 15.11): set means intercept. */
static u8 root_iopm[3 * PAGE_SIZE] __aligned(4096);
static u8 root_msrpm[2 * PAGE_SIZE] __aligned(4096);

static void *root_table_page(void *ctx)
{
	(void)ctx;
	return memory_page();
}

static void intercept_msr(u32 msr)
{
	u32 bit = (msr & 0x1fff) * 2;
	u32 base = msr >= 0xc0010000 ? 0x1000 : msr >= 0xc0000000 ? 0x800 : 0;

	root_msrpm[base + bit / 8] |= 3 << bit % 8;
}

static void intercept_port(u16 port)
{
	root_iopm[port / 8] |= 1 << port % 8;
}

static void hide(struct npt *npt, u64 start, u64 end)
{
	for (u64 gpa = start; gpa < end; ) {
		bool large = !(gpa % MIB2) && end - gpa >= MIB2;

		*npt_entry(npt, gpa, large ? 2 : 1, true) = 0;
		gpa += large ? MIB2 : PAGE_SIZE;
	}
}

void run_show_zeros(u64 gpa)
{
	static u8 zeros[PAGE_SIZE] __aligned(4096);

	*npt_entry(&root_partition.npt, gpa, 1, true) = virt_to_spa(zeros) | NPT_P | NPT_U;
}

void run_init_root_partition(void)
{
	static const u16 ports[] = { 0x64, 0xf4, 0x604, 0x605, 0xcf9 };
	static const u32 msrs[] = { MSR_APIC_BASE, MSR_EFER, MSR_HWCR, MSR_VM_CR,
				    MSR_VM_HSAVE_PA };
	struct partition *p = &root_partition;

	p->id = ROOT_PARTITION_ID;
	p->state = PARTITION_ACTIVE;
	p->npt = (struct npt){ .root = memory_page(), .alloc = root_table_page };
	for (u64 gpa = 0; gpa < ROOT_SPACE; gpa += GIB)
		*npt_entry(&p->npt, gpa, 3, true) = gpa | NPT_P | NPT_W | NPT_U | NPT_PS;
	hide(&p->npt, TESTHV_BASE, TESTHV_END);
	hide(&p->npt, memory_low_end(), memory_low_top());
	/* The DSDT of QEMU looks there for an HPET; zeros mean that there is none. */
	run_show_zeros(HPET_SPA);
	for (unsigned int i = 0; i < ARRAY_SIZE(ports); i++)
		intercept_port(ports[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(msrs); i++)
		intercept_msr(msrs[i]);
}

void run_show_overlay(const void *page)
{
	u64 spa = virt_to_spa(page);

	*npt_entry(&root_partition.npt, spa, 1, true) = spa | NPT_P | NPT_W | NPT_U;
}

void run_init_root_vp(struct cpu *cpu)
{
	struct vp *vp = memory_pages(ALIGN_UP(sizeof(*vp), PAGE_SIZE) / PAGE_SIZE);
	struct vmcb *c = memory_page();

	vp->partition = &root_partition;
	vp->index = cpu->index;
	vp->vmcb = c;
	vp->ext.fp = memory_page();
	list_init(&vp->runq);
	list_init(&vp->message_link);
	c->intercept1 = INTERCEPT1_NMI | INTERCEPT1_CPUID | INTERCEPT1_INVLPGA | INTERCEPT1_IOIO |
			INTERCEPT1_MSR | INTERCEPT1_SHUTDOWN;
	c->intercept2 = INTERCEPT2_SVM | INTERCEPT2_MONITOR | INTERCEPT2_MWAIT;
	c->iopm_base = virt_to_spa(root_iopm);
	c->msrpm_base = virt_to_spa(root_msrpm);
	c->asid = ROOT_ASID;
	c->np_enable = 1;
	c->ncr3 = virt_to_spa(root_partition.npt.root);
	c->g_pat = 0x0007040600070406ULL;
	cpu->root = vp;
	cpu->loaded = NULL;
	cpu->activity = ROOT_WAIT_SIPI;
}

static void reset_segments(struct vmcb *c, u8 vector)
{
	const struct vmcb_segment data = { .attrib = 0x93, .limit = 0xffff };

	c->cs = (struct vmcb_segment){ vector << 8, 0x9b, 0xffff, (u64)vector << 12 };
	c->ds = data;
	c->es = data;
	c->ss = data;
	c->fs = data;
	c->gs = data;
	c->gdtr = (struct vmcb_segment){ .limit = 0xffff };
	c->idtr = c->gdtr;
	c->ldtr = (struct vmcb_segment){ .attrib = 0x82, .limit = 0xffff };
	c->tr = (struct vmcb_segment){ .attrib = 0x8b, .limit = 0xffff };
}

void run_start_root(struct cpu *cpu, u8 vector)
{
	struct vp *vp = cpu->root;
	struct vmcb *c = vp->vmcb;

	if (cpu->loaded == vp)
		cpu->loaded = NULL;
	reset_segments(c, vector);
	memset(&vp->gprs, 0, sizeof(vp->gprs));
	svm_reset_extended(&vp->ext);
	c->efer = EFER_SVME;
	c->cr0 = 0x60000010;
	c->cr2 = 0;
	c->cr3 = 0;
	c->cr4 = 0;
	c->dr6 = 0xffff0ff0;
	c->dr7 = 0x400;
	c->rflags = 2;
	c->rip = 0;
	c->rsp = 0;
	c->rax = 0;
	c->cpl = 0;
	c->int_state = 0;
	c->eventinj = 0;
}

static void exchange_extended(struct cpu *cpu, struct vp *vp)
{
	if (cpu->loaded == vp)
		return;
	if (cpu->loaded)
		svm_save_extended(&cpu->loaded->ext);
	svm_load_extended(&vp->ext);
	cpu->loaded = vp;
}

static bool prepare_root(struct cpu *cpu)
{
	struct vmcb *c = cpu->root->vmcb;

	if (list_empty(&cpu->runq))
		c->intercept1 &= ~(u32)INTERCEPT1_HLT;
	else
		c->intercept1 |= INTERCEPT1_HLT;
	intercepts_arm_software(cpu->root);
	c->tlb_control = cpu->flush_root ? TLB_FLUSH_ALL : 0;
	cpu->flush_root = false;
	return true;
}

static bool prepare_child(struct cpu *cpu, struct vp *vp)
{
	intercepts_arm(vp);
	event_enter(vp);
	if (vp->stepping)
		vp->vmcb->intercept_exceptions |= BIT(VECTOR_DB);
	vp->vmcb->tlb_control = cpu->last_child != vp || vp->flush ? TLB_FLUSH_ALL : 0;
	vp->flush = false;
	vp->partition->hv->started = true;
	cpu->last_child = vp;
	counters[CNT_CHILD_ENTRIES]++;
	/* A root VP that can't take an interrupt would only make the child exit for ever. */
	return sched_root_may_run(cpu);
}

/*
 * After #VMEXIT nothing of the host is translated by the nested table (APM 2, 15.25.5). QEMU can do
 * it on its first processor (hw/smp.c), and then the host's state is in the place of the root's.
 */
static void check_root_state(const struct vmcb *c)
{
	u64 cr3;

	asm volatile("mov %%cr3, %0" : "=r"(cr3));
	if (c->cr3 == cr3)
		panic("the root's VMCB holds testhv's state: exit %lx, %lx %lx, event %lx, RIP %lx",
		      c->exitcode, c->exitinfo1, c->exitinfo2, c->exitintinfo, c->rip);
}

void run_vp(struct cpu *cpu, struct vp *vp)
{
	bool host_if = vp == cpu->root ? prepare_root(cpu) : prepare_child(cpu, vp);
	bool virtual_irq = vp->vmcb->int_ctl & INT_CTL_V_IRQ;
	u64 start;

	sched_arm_clock(cpu, vp);
	exchange_extended(cpu, vp);
	vp->running = cpu;
	cpu->running = vp;
	cpu->in_guest = true;
	start = rdtsc();
	big_unlock();
	svm_run(vp->vmcb, &vp->gprs, host_if);
	if (virtual_irq)
		apic_look_again();
	big_lock();
	vp->runtime += rdtsc() - start;
	/* The code has 64 bits (APM 2, 15.5.1), but QEMU stores only 32 of VMEXIT_INVALID. */
	if ((u32)vp->vmcb->exitcode == (u32)EXIT_INVALID)
		vp->vmcb->exitcode = EXIT_INVALID;
	cpu->in_guest = false;
	cpu->exits++;
	cpu->running = NULL;
	vp->running = NULL;
	/*
	 * A child may be taken apart, or go on elsewhere: its state must not stay in the
	 * processor.
	 */
	if (vp != cpu->root) {
		event_after_exit(vp);
		svm_save_extended(&vp->ext);
		cpu->loaded = NULL;
	} else {
		check_root_state(vp->vmcb);
	}
}

// SPDX-License-Identifier: GPL-2.0
/*
 * MSRs of a root VP: the hypervisor's own (TLFS, appendix C) and the few of the processor that are
 * not passed through.
 */
#include "../hw/apic.h"
#include "../hw/clock.h"
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../hw/smp.h"
#include "../lib/lib.h"
#include "../vm/partition.h"
#include "../vm/run.h"
#include "../vm/sched.h"
#include "../vm/synic.h"
#include "../vm/vp.h"
#include "root.h"
#include "serve.h"

#define MSR_GUEST_OS_ID		0x40000000
#define MSR_HYPERCALL		0x40000001
#define MSR_VP_INDEX		0x40000002
#define MSR_TIME_REF_COUNT	0x40000020
#define MSR_REFERENCE_TSC	0x40000021
#define MSR_TSC_FREQUENCY	0x40000022
#define MSR_APIC_FREQUENCY	0x40000023
#define MSR_EOI			0x40000070
#define MSR_ICR			0x40000071
#define MSR_CRASH_P0		0x40000100
#define MSR_CRASH_CTL		0x40000105
#define MSR_TSC_INVARIANT	0x40000118
#define MSR_WINDOW		0x4f000000

#define CRASH_NOTIFY		BIT(63)
#define CRASH_MESSAGE		BIT(62)
#define HWCR_TSC_FREQ_SEL	BIT(24)
/* SCE LME LMA NXE LMSLE FFXSR TCE */
#define EFER_KNOWN		(EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE | GENMASK(15, 13))

static u64 guest_os_id, hypercall_msr, reference_tsc, tsc_invariant;
static u64 crash[5];

void root_msr_init(void)
{
	u8 *page = memory_overlay_page(), *tsc_page = memory_overlay_page();

	/*
	 * Linux copies the page and runs the copy, so the code must not care where it is: VMMCALL;
	 * RET.
	 */
	memset(page, 0xcc, PAGE_SIZE);
	memcpy(page, "\x0f\x01\xd9\xc3", 4);
	run_show_overlay(page);
	run_show_overlay(tsc_page);
	hypercall_msr = virt_to_spa(page);
	reference_tsc = virt_to_spa(tsc_page);
}

/* The kernel's last words: @gpa and @bytes come from the root. */
static void print_crash(u64 gpa, u64 bytes)
{
	char line[160];
	unsigned int n = 0;

	for (u64 i = 0; i < MIN(bytes, PAGE_SIZE); i++) {
		struct frame *f = memory_frame((gpa + i) >> PAGE_SHIFT);
		char c;

		if (!f || f->owner != FRAME_ROOT)
			break;
		c = *(char *)spa_to_virt(gpa + i);
		if (c == '\n' || n == sizeof(line) - 1) {
			line[n] = '\0';
			log_line("root panic: %s", line);
			n = 0;
		}
		if (c != '\n')
			line[n++] = c;
	}
	line[n] = '\0';
	if (n)
		log_line("root panic: %s", line);
}

static void write_crash_ctl(u64 value)
{
	if (!(value & CRASH_NOTIFY))
		return;
	log_line("root panic: parameters %lx %lx %lx %lx %lx", crash[0], crash[1], crash[2],
		 crash[3], crash[4]);
	if (value & CRASH_MESSAGE)
		print_crash(crash[3], crash[4]);
}

/* ICR by MSR: the root's INIT and SIPI are served here, everything else goes to the real one. */
static void write_icr(u64 icr)
{
	struct cpu *dest = smp_cpu((u32)(icr >> 56));
	u32 low = (u32)icr;

	switch (APIC_DELIVERY(low)) {
	case APIC_INIT:
		/* The deassert that follows INIT level-triggered means nothing here. */
		if (dest && low & APIC_ASSERT)
			sched_init_ipi(dest);
		return;
	case APIC_SIPI:
		if (dest)
			sched_sipi(dest, (u8)low);
		return;
	}
	apic_write_icr(icr);
}

static bool read_msr(struct cpu *cpu, u32 msr, u64 *value)
{
	switch (msr) {
	case MSR_APIC_BASE:
		/* The root's first processor is the one that boots. */
		*value = rdmsr(MSR_APIC_BASE) | (cpu->index ? 0 : APIC_BASE_BSP);
		return true;
	case MSR_EFER:
		*value = cpu->root->vmcb->efer & ~EFER_SVME;
		return true;
	case MSR_HWCR:
		*value = rdmsr(MSR_HWCR) | HWCR_TSC_FREQ_SEL;
		return true;
	case MSR_GUEST_OS_ID:
		*value = guest_os_id;
		return true;
	case MSR_HYPERCALL:
		*value = hypercall_msr;
		return true;
	case MSR_VP_INDEX:
		*value = cpu->index;
		return true;
	case MSR_TIME_REF_COUNT:
		*value = tsc_to_100ns(rdtsc());
		return true;
	case MSR_REFERENCE_TSC:
		*value = reference_tsc;
		return true;
	case MSR_TSC_FREQUENCY:
		*value = tsc_hz;
		return true;
	case MSR_APIC_FREQUENCY:
		*value = APIC_HZ;
		return true;
	case MSR_CRASH_CTL:
		*value = CRASH_NOTIFY | CRASH_MESSAGE;
		return true;
	case MSR_TSC_INVARIANT:
		*value = tsc_invariant;
		return true;
	}
	if (msr >= MSR_CRASH_P0 && msr < MSR_CRASH_CTL) {
		*value = crash[msr - MSR_CRASH_P0];
		return true;
	}
	if (msr >> 16 == MSR_WINDOW >> 16)
		return window_read_msr(cpu, msr, value);
	return synic_read_msr(cpu, msr, value);
}

static bool write_efer(struct vp *vp, u64 value)
{
	u64 old = vp->vmcb->efer;

	if (value & ~EFER_KNOWN)
		return false;
	if ((old ^ value) & EFER_LME && vp->vmcb->cr0 & CR0_PG)
		return false;
	vp->vmcb->efer = (value & ~EFER_LMA) | (old & EFER_LMA) | EFER_SVME;
	return true;
}

/* The LAPIC can be turned on and off, not moved. */
static bool write_apic_base(u64 value)
{
	u64 now = rdmsr(MSR_APIC_BASE) & ~APIC_BASE_BSP;

	if ((now ^ value) & ~(APIC_BASE_BSP | APIC_BASE_ENABLE))
		return false;
	wrmsr(MSR_APIC_BASE, (now & ~APIC_BASE_ENABLE) | (value & APIC_BASE_ENABLE));
	return true;
}

static bool write_msr(struct cpu *cpu, u32 msr, u64 value)
{
	switch (msr) {
	case MSR_EOI:
		apic_write_eoi();
		return true;
	case MSR_ICR:
		write_icr(value);
		return true;
	case MSR_APIC_BASE:
		return write_apic_base(value);
	case MSR_EFER:
		return write_efer(cpu->root, value);
	case MSR_HWCR:
		return true;
	case MSR_GUEST_OS_ID:
		guest_os_id = value;
		if (!value)
			hypercall_msr &= ~1ULL;
		return true;
	case MSR_HYPERCALL:
		hypercall_msr = (hypercall_msr & ~1ULL) | (value & 1 && guest_os_id);
		return true;
	case MSR_REFERENCE_TSC:
		reference_tsc = (reference_tsc & ~1ULL) | (value & 1);
		return true;
	case MSR_CRASH_CTL:
		write_crash_ctl(value);
		return true;
	case MSR_TSC_INVARIANT:
		if (value & ~1ULL)
			return false;
		tsc_invariant |= value;
		return true;
	}
	if (msr >= MSR_CRASH_P0 && msr < MSR_CRASH_CTL) {
		crash[msr - MSR_CRASH_P0] = value;
		return true;
	}
	if (msr >> 16 == MSR_WINDOW >> 16)
		return window_write_msr(cpu, msr, value);
	return synic_write_msr(cpu, msr, value);
}

bool root_hypercalls_enabled(void)
{
	return hypercall_msr & 1;
}

void serve_root_msr(struct cpu *cpu, struct vp *vp)
{
	u32 msr = (u32)vp->gprs.rcx;
	u64 value = (u32)vp->vmcb->rax | vp->gprs.rdx << 32;
	bool write = vp->vmcb->exitinfo1;

	if (write ? !write_msr(cpu, msr, value) : !read_msr(cpu, msr, &value)) {
		inject_gp(vp);
		return;
	}
	if (!write) {
		vp->vmcb->rax = (u32)value;
		vp->gprs.rdx = value >> 32;
	}
	vp->vmcb->rip += 2;
}

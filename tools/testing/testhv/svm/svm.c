// SPDX-License-Identifier: GPL-2.0
/*
 * Enabling SVM, and the state that VMRUN does not switch: x87, SSE, AVX and so on, XCR0, debug
 * registers, TSC_AUX.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "svm.h"

#define CPUID_1_ECX_XSAVE	BIT(26)
#define CPUID_SVM_NPT		BIT(0)
#define VM_CR_SVMDIS		BIT(4)
#define MSR_SPEC_CTRL		0x48

static u64 xcr0_all;
static u32 xsave_size;
static bool has_tsc_aux, has_spec_ctrl;

static u64 xgetbv(void)
{
	u32 lo, hi;

	asm volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return lo | (u64)hi << 32;
}

static void xsetbv(u64 v)
{
	asm volatile("xsetbv" : : "c"(0), "a"((u32)v), "d"((u32)(v >> 32)));
}

static void detect(void)
{
	struct cpuid_result r;

	if (!(cpuid(0x80000001, 0).ecx & BIT(2)))
		panic("this processor has no SVM (use -cpu max)");
	if (!(cpuid(0x8000000a, 0).edx & CPUID_SVM_NPT))
		panic("this processor has no nested paging (use -cpu max)");
	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_XSAVE))
		panic("this processor has no XSAVE (use -cpu max)");
	r = cpuid(0xd, 0);
	xcr0_all = r.eax | (u64)r.edx << 32;
	xsave_size = r.ecx;
	if (xsave_size > PAGE_SIZE)
		panic("XSAVE area of %u bytes", xsave_size);
	has_tsc_aux = cpuid(0x80000001, 0).edx & BIT(27);
	has_spec_ctrl = cpuid(7, 0).edx & BIT(26) || cpuid(0x80000008, 0).ebx & (BIT(14) | BIT(15));
}

void svm_init_cpu(void *hsave)
{
	u64 cr4;

	if (!xcr0_all)
		detect();
	if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS)
		panic("SVM is disabled by the firmware");
	asm volatile("mov %%cr4, %0" : "=r"(cr4));
	asm volatile("mov %0, %%cr4" : : "r"(cr4 | CR4_OSXSAVE));
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
	wrmsr(MSR_VM_HSAVE_PA, (u64)hsave);
	asm volatile("clgi");
}

void svm_take_nmi(void)
{
	/* QEMU takes one request at an STGI, and not the NMI first. */
	asm volatile("stgi; stgi; nop; clgi" ::: "memory");
}

u64 svm_xcr0_all(void)
{
	return xcr0_all;
}

u32 svm_xsave_size(void)
{
	return xsave_size;
}

void svm_save_extended(struct extended_state *s)
{
	s->xcr0 = xgetbv();
	/* The guest may have turned features off and left values behind in them. */
	xsetbv(xcr0_all);
	asm volatile("xsave64 (%0)" : : "r"(s->fp), "a"(-1), "d"(-1) : "memory");
	asm volatile("mov %%db0, %0" : "=r"(s->dr[0]));
	asm volatile("mov %%db1, %0" : "=r"(s->dr[1]));
	asm volatile("mov %%db2, %0" : "=r"(s->dr[2]));
	asm volatile("mov %%db3, %0" : "=r"(s->dr[3]));
	if (has_tsc_aux)
		s->tsc_aux = rdmsr(MSR_TSC_AUX);
	if (has_spec_ctrl)
		s->spec_ctrl = rdmsr(MSR_SPEC_CTRL);
}

void svm_load_extended(const struct extended_state *s)
{
	xsetbv(xcr0_all);
	asm volatile("xrstor64 (%0)" : : "r"(s->fp), "a"(-1), "d"(-1) : "memory");
	xsetbv(s->xcr0);
	asm volatile("mov %0, %%db0" : : "r"(s->dr[0]));
	asm volatile("mov %0, %%db1" : : "r"(s->dr[1]));
	asm volatile("mov %0, %%db2" : : "r"(s->dr[2]));
	asm volatile("mov %0, %%db3" : : "r"(s->dr[3]));
	if (has_tsc_aux)
		wrmsr(MSR_TSC_AUX, s->tsc_aux);
	if (has_spec_ctrl)
		wrmsr(MSR_SPEC_CTRL, s->spec_ctrl);
}

void svm_reset_extended(struct extended_state *s)
{
	void *fp = s->fp;

	memset(fp, 0, PAGE_SIZE);
	memset(s, 0, sizeof(*s));
	s->fp = fp;
	s->xcr0 = 1;
	/*
	 * FCW 0x40 and MXCSR 0x1f80 at reset (APM 2, table 14-1); XSTATE_BV says that x87 and SSE
	 * are in the area.
	 */
	*(u16 *)fp = 0x40;
	*(u32 *)((u8 *)fp + 24) = 0x1f80;
	*(u64 *)((u8 *)fp + 512) = 3;
}

// SPDX-License-Identifier: GPL-2.0
/* CPUID of a child as its partition's creation properties leave it (TLFS, 4.2). */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "features.h"
#include "partition.h"

enum cpuid_register { EAX, EBX, ECX, EDX };
enum bank { BANK0, BANK1, XSAVE };

/* A bit of the creation properties, and a CPUID bit that goes with it. */
struct feature {
	u8 bank, bit;
	u32 leaf;		/* subleaf 0, but for leaf 0xd: 1 */
	u8 reg, pos;
};

static const struct feature features[] = {
	{ BANK0, 0, 1, ECX, 0 },		/* SSE3 */
	{ BANK0, 17, 1, ECX, 1 },		/* PCLMULQDQ */
	{ BANK0, 2, 1, ECX, 9 },		/* SSSE3 */
	{ BANK0, 8, 1, ECX, 13 },		/* CMPXCHG16B */
	{ BANK0, 18, 1, ECX, 17 },		/* PCID */
	{ BANK0, 3, 1, ECX, 19 },		/* SSE4.1 */
	{ BANK0, 4, 1, ECX, 20 },		/* SSE4.2 */
	{ BANK0, 29, 1, ECX, 22 },		/* MOVBE */
	{ BANK0, 7, 1, ECX, 23 },		/* POPCNT */
	{ BANK0, 16, 1, ECX, 25 },		/* AES */
	{ BANK0, 20, 1, ECX, 29 },		/* F16C */
	{ BANK0, 21, 1, ECX, 30 },		/* RDRAND */
	{ BANK0, 22, 7, EBX, 0 },		/* FSGSBASE */
	{ BANK0, 25, 7, EBX, 3 },		/* BMI1 */
	{ BANK0, 23, 7, EBX, 7 },		/* SMEP */
	{ BANK0, 26, 7, EBX, 8 },		/* BMI2 */
	{ BANK0, 24, 7, EBX, 9 },		/* ERMS */
	{ BANK0, 43, 7, EBX, 10 },		/* INVPCID */
	{ BANK0, 32, 7, EBX, 18 },		/* RDSEED */
	{ BANK0, 33, 7, EBX, 19 },		/* ADX */
	{ BANK0, 35, 7, EBX, 20 },		/* SMAP */
	{ BANK0, 39, 7, EBX, 23 },		/* CLFLUSHOPT */
	{ BANK0, 40, 7, EBX, 24 },		/* CLWB */
	{ BANK0, 41, 7, EBX, 29 },		/* SHA */
	{ BANK0, 58, 7, ECX, 2 },		/* UMIP */
	{ BANK0, 57, 7, ECX, 22 },		/* RDPID */
	{ BANK0, 44, 7, EDX, 26 },		/* IBRS, IBPB */
	{ BANK0, 1, 0x80000001, ECX, 0 },	/* LAHF */
	{ BANK0, 9, 0x80000001, ECX, 4 },	/* MOV CR8 in legacy mode */
	{ BANK0, 10, 0x80000001, ECX, 5 },	/* LZCNT */
	{ BANK0, 5, 0x80000001, ECX, 6 },	/* SSE4A */
	{ BANK0, 12, 0x80000001, EDX, 22 },	/* MMX extensions */
	{ BANK0, 15, 0x80000001, EDX, 26 },	/* 1 GiB pages */
	{ BANK0, 38, 0x80000001, EDX, 27 },	/* RDTSCP */
	{ BANK0, 14, 0x80000001, EDX, 30 },	/* 3DNow! extensions */
	{ BANK0, 13, 0x80000001, EDX, 31 },	/* 3DNow! */
	{ BANK1, 18, 7, EBX, 1 },		/* TSC_ADJUST */
	{ BANK1, 1, 0x80000007, EDX, 8 },	/* invariant TSC */
	{ BANK1, 2, 0x80000008, EBX, 0 },	/* CLZERO */
	{ XSAVE, 0, 1, ECX, 26 },		/* XSAVE and what needs it */
	{ XSAVE, 0, 1, ECX, 12 },
	{ XSAVE, 0, 1, ECX, 28 },
	{ XSAVE, 0, 1, ECX, 29 },
	{ XSAVE, 0, 7, EBX, 5 },
	{ XSAVE, 0, 7, ECX, 9 },
	{ XSAVE, 1, 0xd, EAX, 0 },		/* XSAVEOPT */
	{ XSAVE, 2, 1, ECX, 28 },		/* AVX and what needs it */
	{ XSAVE, 2, 1, ECX, 12 },
	{ XSAVE, 2, 1, ECX, 29 },
	{ XSAVE, 2, 7, EBX, 5 },
	{ XSAVE, 2, 7, ECX, 9 },
	{ XSAVE, 3, 7, EBX, 5 },		/* AVX2 */
	{ XSAVE, 4, 1, ECX, 12 },		/* FMA */
	{ XSAVE, 13, 0xd, EAX, 2 },		/* XGETBV with ECX = 1 */
	{ XSAVE, 20, 7, ECX, 9 },		/* VAES */
};

/* What no child has: it would need state switched or exits served that aren't. */
static const struct {
	u32 leaf;
	u8 reg;
	u32 bits;
} never[] = {
	{ 1, ECX, BIT(3) | BIT(21) | BIT(24) },		/* MONITOR, x2APIC, TSC deadline */
	{ 7, EBX, BIT(14) },				/* MPX */
	{ 7, ECX, BIT(3) | BIT(4) | BIT(7) | BIT(16) | BIT(31) },	/* PKU, CET, LA57, PKS */
	{ 7, EDX, BIT(20) },				/* CET-IBT */
	{ 0xd, EAX, BIT(1) | BIT(3) },			/* XSAVEC, XSAVES (subleaf 1) */
	{ 0x80000001, ECX, BIT(2) | BIT(22) },		/* SVM, TOPOEXT */
};

/* Components of XCR0 that a child may have: x87, SSE, AVX. */
#define XCR0_CHILD	7ULL

static u64 disabled(const struct partition *p, u8 bank)
{
	return bank == XSAVE ? p->disabled_xsave : p->disabled_features[bank];
}

static void mask(u32 *regs, u8 reg, u32 bits)
{
	regs[reg] &= ~bits;
}

static void mask_leaf(const struct partition *p, u32 leaf, u32 *regs)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(never); i++)
		if (never[i].leaf == leaf)
			mask(regs, never[i].reg, never[i].bits);
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++) {
		const struct feature *f = &features[i];

		if (f->leaf == leaf && disabled(p, f->bank) & BIT(f->bit))
			mask(regs, f->reg, (u32)BIT(f->pos));
	}
}

/* Leaf 0xd (APM 3, E.3.8): only the components that the child may have. */
static struct cpuid_result extended_state(const struct partition *p, u32 subleaf)
{
	struct cpuid_result r = { 0 };
	u64 xcr0 = features_xcr0(p);

	if (p->disabled_xsave & BIT(0))
		return r;
	if (subleaf < 2) {
		r = cpuid(0xd, subleaf);
		if (!subleaf)
			r = (struct cpuid_result){ .eax = (u32)xcr0, .ecx = 576 };
		else
			mask_leaf(p, 0xd, (u32 *)&r);
	} else if (subleaf < 63 && xcr0 & BIT(subleaf)) {
		r = cpuid(0xd, subleaf);
	}
	if (!subleaf && xcr0 & BIT(2)) {
		struct cpuid_result avx = cpuid(0xd, 2);

		r.ecx = avx.eax + avx.ebx;
	}
	return r;
}

struct cpuid_result features_cpuid(const struct partition *p, u32 leaf, u32 subleaf)
{
	struct cpuid_result r = cpuid(leaf, subleaf);
	u32 max = cpuid(leaf & 0x80000000, 0).eax;

	if (leaf > max)
		return (struct cpuid_result){ 0 };
	switch (leaf) {
	case 0xd:
		return extended_state(p, subleaf);
	case 7:
		if (subleaf)
			return (struct cpuid_result){ 0 };
		break;
	case 5:			/* MWAIT */
	case 0xa:		/* performance monitoring */
	case 0x12:		/* SGX */
	case 0x14:		/* trace */
	case 0x19:
	case 0x1d:
	case 0x1e:
	case 0x8000000a:	/* SVM */
	case 0x8000001d:	/* cache topology */
	case 0x8000001f:
		return (struct cpuid_result){ 0 };
	}
	mask_leaf(p, leaf, (u32 *)&r);
	return r;
}

u64 features_cr4(const struct partition *p)
{
	/* VME to PGE, PCE, OSFXSR, OSXMMEXCPT */
	u64 bits = GENMASK(10, 0);
	u32 leaf1_ecx = features_cpuid(p, 1, 0).ecx;
	struct cpuid_result leaf7 = features_cpuid(p, 7, 0);

	bits |= leaf7.ecx & BIT(2) ? BIT(11) : 0;	/* UMIP */
	bits |= leaf7.ebx & BIT(0) ? BIT(16) : 0;	/* FSGSBASE */
	bits |= leaf1_ecx & BIT(17) ? BIT(17) : 0;	/* PCIDE */
	bits |= leaf1_ecx & BIT(26) ? CR4_OSXSAVE : 0;
	bits |= leaf7.ebx & BIT(7) ? BIT(20) : 0;	/* SMEP */
	bits |= leaf7.ebx & BIT(20) ? BIT(21) : 0;	/* SMAP */
	return bits;
}

u64 features_efer(void)
{
	/* FFXSR is the only one that a processor may lack here. */
	u64 ffxsr = cpuid(0x80000001, 0).edx & BIT(25) ? BIT(14) : 0;

	return EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE | ffxsr;
}

u64 features_xcr0(const struct partition *p)
{
	u64 all = svm_xcr0_all() & XCR0_CHILD;

	if (p->disabled_xsave & BIT(0))
		return 1;
	return p->disabled_xsave & BIT(2) ? all & ~BIT(2) : all;
}

u64 features_physical_mask(void)
{
	return BIT(cpuid(0x80000008, 0).eax & 0xff) - 1;
}

bool features_spec_ctrl(void)
{
	return cpuid(7, 0).edx & BIT(26) || cpuid(0x80000008, 0).ebx & (BIT(14) | BIT(15));
}

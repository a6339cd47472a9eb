// SPDX-License-Identifier: GPL-2.0
/* CPUID of a child as its partition's creation properties leave it (TLFS, 4.2). */
#include "../hw/cpu.h"
#include "../svm/svm.h"
#include "features.h"
#include "partition.h"

enum cpuid_register { EAX, EBX, ECX, EDX };
enum bank { BANK0 = FEATURES_BANK0, BANK1 = FEATURES_BANK1, XSAVE = FEATURES_XSAVE };

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
	{ BANK0, 36, 7, EBX, 4 },		/* HLE */
	{ BANK0, 43, 7, EBX, 10 },		/* INVPCID */
	{ BANK0, 37, 7, EBX, 11 },		/* RTM */
	{ BANK0, 32, 7, EBX, 18 },		/* RDSEED */
	{ BANK0, 33, 7, EBX, 19 },		/* ADX */
	{ BANK0, 35, 7, EBX, 20 },		/* SMAP */
	{ BANK0, 39, 7, EBX, 23 },		/* CLFLUSHOPT */
	{ BANK0, 40, 7, EBX, 24 },		/* CLWB */
	{ BANK0, 41, 7, EBX, 29 },		/* SHA */
	{ BANK0, 58, 7, ECX, 2 },		/* UMIP */
	{ BANK0, 57, 7, ECX, 22 },		/* RDPID */
	{ BANK0, 49, 7, EDX, 4 },		/* fast short REP MOVSB */
	{ BANK0, 60, 7, EDX, 10 },		/* VERW clears buffers */
	{ BANK0, 44, 7, EDX, 26 },		/* IBRS, IBPB */
	{ BANK0, 44, 0x80000008, EBX, 14 },
	{ BANK0, 45, 7, EDX, 27 },		/* STIBP */
	{ BANK0, 45, 0x80000008, EBX, 15 },
	{ BANK0, 46, 0x80000008, EBX, 12 },	/* IBPB */
	{ BANK0, 1, 0x80000001, ECX, 0 },	/* LAHF */
	{ BANK0, 9, 0x80000001, ECX, 4 },	/* MOV CR8 in legacy mode */
	{ BANK0, 10, 0x80000001, ECX, 5 },	/* LZCNT */
	{ BANK0, 5, 0x80000001, ECX, 6 },	/* SSE4A */
	{ BANK0, 11, 0x80000001, ECX, 7 },	/* misaligned SSE */
	{ BANK0, 6, 0x80000001, ECX, 11 },	/* XOP */
	{ BANK0, 19, 0x80000001, ECX, 16 },	/* FMA4 */
	{ BANK0, 12, 0x80000001, EDX, 22 },	/* MMX extensions */
	{ BANK0, 15, 0x80000001, EDX, 26 },	/* 1 GiB pages */
	{ BANK0, 38, 0x80000001, EDX, 27 },	/* RDTSCP */
	{ BANK0, 14, 0x80000001, EDX, 30 },	/* 3DNow! extensions */
	{ BANK0, 13, 0x80000001, EDX, 31 },	/* 3DNow! */
	{ BANK1, 18, 7, EBX, 1 },		/* TSC_ADJUST */
	{ BANK1, 2, 0x80000008, EBX, 0 },	/* CLZERO */
	{ BANK1, 7, 0x80000008, EBX, 28 },	/* predictive store forwarding */
	{ BANK1, 13, 7, ECX, 27 },		/* MOVDIRI */
	{ BANK1, 14, 7, ECX, 28 },		/* MOVDIR64B */
	{ BANK1, 16, 7, EDX, 14 },		/* SERIALIZE */
	{ XSAVE, 0, 1, ECX, 26 },		/* XSAVE and what needs it */
	{ XSAVE, 0, 1, ECX, 12 },
	{ XSAVE, 0, 1, ECX, 28 },
	{ XSAVE, 0, 1, ECX, 29 },
	{ XSAVE, 0, 7, EBX, 5 },
	{ XSAVE, 0, 7, ECX, 9 },
	{ XSAVE, 0, 7, ECX, 10 },
	{ XSAVE, 1, 0xd, EAX, 0 },		/* XSAVEOPT */
	{ XSAVE, 2, 1, ECX, 28 },		/* AVX and what needs it */
	{ XSAVE, 2, 1, ECX, 12 },
	{ XSAVE, 2, 1, ECX, 29 },
	{ XSAVE, 2, 7, EBX, 5 },
	{ XSAVE, 2, 7, ECX, 9 },
	{ XSAVE, 2, 7, ECX, 10 },
	{ XSAVE, 3, 7, EBX, 5 },		/* AVX2 */
	{ XSAVE, 4, 1, ECX, 12 },		/* FMA */
	{ XSAVE, 13, 0xd, EAX, 2 },		/* XGETBV with ECX = 1 */
	{ XSAVE, 20, 7, ECX, 9 },		/* VAES */
};

/*
 * What a child may have at all. The rest would need state switched or exits served that aren't:
 * MONITOR, x2APIC, TSC deadline, debug store; MPX, AVX-512, SGX, trace; PKU, CET, LA57, WAITPKG,
 * ENQCMD, PKS; AMX, ARCH_CAPABILITIES; XSAVEC, XSAVES; SVM, IBS, WDT, LWP, TOPOEXT, counters,
 * MONITORX; RDPRU.
 */
static const struct {
	u32 leaf;
	u8 reg;
	u32 bits;
} possible[] = {
	{ 1, ECX, ~(u32)(GENMASK(8, 2) | BIT(15) | BIT(18) | BIT(21) | BIT(24)) },
	{ 1, EDX, ~(u32)(BIT(18) | BIT(21) | BIT(22) | BIT(29) | BIT(31)) },
	{ 6, EAX, BIT(2) },				/* the APIC timer never stops */
	{ 6, EBX, 0 },
	{ 6, ECX, 0 },
	{ 6, EDX, 0 },
	{ 7, EAX, 0 },
	{ 7, EBX, GENMASK(1, 0) | GENMASK(5, 3) | GENMASK(11, 7) | GENMASK(20, 18) |
		  GENMASK(24, 23) | BIT(29) },
	{ 7, ECX, BIT(2) | GENMASK(10, 8) | BIT(22) | GENMASK(28, 27) },
	{ 7, EDX, BIT(4) | BIT(10) | BIT(14) | BIT(26) | BIT(27) | BIT(31) },
	{ 0xd, EAX, BIT(0) | BIT(2) },			/* subleaf 1 */
	{ 0xd, EBX, 0 },
	{ 0xd, ECX, 0 },
	{ 0xd, EDX, 0 },
	{ 0x80000001, ECX, ~(u32)(BIT(2) | BIT(3) | BIT(10) | GENMASK(13, 12) | BIT(15) |
				  GENMASK(24, 22) | GENMASK(31, 26)) },
	{ 0x80000007, EAX, 0 },
	{ 0x80000007, EBX, 0 },
	{ 0x80000007, ECX, 0 },
	{ 0x80000007, EDX, BIT(8) },
	{ 0x80000008, EBX, BIT(0) | BIT(2) | BIT(9) | BIT(12) | GENMASK(15, 14) | BIT(24) |
			   BIT(28) },
};

/* Components of XCR0 that a child may have: x87, SSE, AVX. */
#define XCR0_CHILD	7ULL
#define FEATURE1_TSC_INVARIANT	BIT(1)

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
	for (unsigned int i = 0; i < ARRAY_SIZE(possible); i++)
		if (possible[i].leaf == leaf)
			mask(regs, possible[i].reg, ~possible[i].bits);
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

/* Leaves that children have; what the others tell of they haven't. */
static bool has_leaf(u32 leaf)
{
	return leaf <= 4 || leaf == 6 || leaf == 7 || leaf == 0xb || leaf == 0xd ||
	       (leaf >= 0x80000000 && leaf <= 0x80000008) || leaf == 0x80000019 ||
	       leaf == 0x8000001a || leaf == 0x8000001e;
}

struct cpuid_result features_cpuid(const struct partition *p, u32 leaf, u32 subleaf)
{
	struct cpuid_result r;

	if (!has_leaf(leaf) || leaf > cpuid(leaf & 0x80000000, 0).eax)
		return (struct cpuid_result){ 0 };
	if (leaf == 0xd)
		return extended_state(p, subleaf);
	if (leaf == 7 && subleaf)
		return (struct cpuid_result){ 0 };
	r = cpuid(leaf, subleaf);
	/* The TSC's rate is constant wherever QEMU runs, though it doesn't say so. */
	if (leaf == 0x80000007)
		r.edx = p->disabled_features[1] & FEATURE1_TSC_INVARIANT ? 0 : BIT(8);
	mask_leaf(p, leaf, (u32 *)&r);
	return r;
}

u64 features_bank(const struct partition *p, u8 bank)
{
	u64 bits = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++) {
		const struct feature *f = &features[i];
		struct cpuid_result r = features_cpuid(p, f->leaf, f->leaf == 0xd);

		if (f->bank == bank && ((const u32 *)&r)[f->reg] & BIT(f->pos))
			bits |= BIT(f->bit);
	}
	return bits & ~disabled(p, bank);
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

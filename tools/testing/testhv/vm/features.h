/* SPDX-License-Identifier: GPL-2.0 */
/* What processor a child partition has: the physical one less what its creation took away. */
#ifndef TESTHV_FEATURES_H
#define TESTHV_FEATURES_H

#include "../lib/types.h"

struct cpuid_result;
struct partition;

/* Reserved bits of the creation properties. */
#define FEATURES0_RESERVED	BIT(63)
#define FEATURES1_RESERVED	GENMASK(63, 22)
#define XSAVE_FEATURES_RESERVED	GENMASK(63, 21)

/* Features of the processor in the terms of the creation properties */
enum { FEATURES_BANK0, FEATURES_BANK1, FEATURES_XSAVE };
u64 features_bank(const struct partition *p, u8 bank);

/* A leaf as far as it doesn't depend on the VP; unknown ones are 0. */
struct cpuid_result features_cpuid(const struct partition *p, u32 leaf, u32 subleaf);
/* The bits that a child may set in CR4, EFER and XCR0. */
u64 features_cr4(const struct partition *p);
u64 features_efer(void);
u64 features_xcr0(const struct partition *p);
u64 features_physical_mask(void);
bool features_spec_ctrl(void);

#endif

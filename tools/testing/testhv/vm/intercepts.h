/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parent asked to be told of a child (INSTALL_INTERCEPT), beside ports and GPAs, which an
 * exo partition reports in any case. Part of a partition, gone with FINALIZE.
 */
#ifndef TESTHV_INTERCEPTS_H
#define TESTHV_INTERCEPTS_H

#include "status.h"

struct partition;
struct vp;

/* HV_INTERCEPT_TYPE: those that this hypervisor has */
enum intercept_type {
	INTERCEPT_IO_PORT = 0,
	INTERCEPT_MSR = 1,
	INTERCEPT_CPUID = 2,
	INTERCEPT_EXCEPTION = 3,
	INTERCEPT_GLOBAL_CPUID = 6,
	INTERCEPT_INIT_SIPI = 9,
	INTERCEPT_PATCH_LEVEL = 0xa,
};

#define INTERCEPT_READ		BIT(0)
#define INTERCEPT_WRITE		BIT(1)
#define INTERCEPT_EXECUTE	BIT(2)

/* What QEMU takes for a software interrupt: #BP, #OF. */
#define SOFTWARE_VECTORS	(BIT(3) | BIT(4))

struct intercepts {
	u32 exceptions;		/* a bit a vector */
	u32 leaf_count;
	u32 *leaves;		/* of CPUID, in a page of the pool; NULL: never any */
	bool all_leaves;
	bool msr;		/* those that aren't virtualised */
	bool patch_level;	/* reads of MSR 0x8b */
	bool init_sipi;		/* start-up IPIs of the guest */
};

/*
 * Install (@mask not 0) or remove. Of @parameter counts what the type has: the rest of the union is
 * whatever the caller left there.
 */
hv_status intercepts_set(struct partition *p, u32 type, u32 mask, u64 parameter);
bool intercepts_cpuid(const struct partition *p, u32 leaf);
bool intercepts_msr(const struct partition *p, u32 msr, bool write);
/* At an entry of a child: what is to exit by itself. */
void intercepts_arm(struct vp *vp);
/* At any entry: INT n, INT3, INTO exit, unless they may pass this once. */
void intercepts_arm_software(struct vp *vp);
/* Its page goes back into the pool. */
void intercepts_destroy(struct partition *p);

#endif

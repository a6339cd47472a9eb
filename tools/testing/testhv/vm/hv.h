/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Hyper-V interface of a child's guest beyond its CPUID leaves (TLFS, appendix C): state and
 * MSRs, of the partition and of a VP. Each part is there only if the synthetic feature that opens
 * it was granted at creation. Memory comes from the partition's pool: at INITIALIZE_PARTITION and
 * at CREATE_VP. Root VPs have none of it. Protected by the big lock.
 */
#ifndef TESTHV_HV_H
#define TESTHV_HV_H

#include "overlay.h"
#include "reftime.h"
#include "status.h"
#include "stimer.h"

struct partition;
struct vp;

/* Synthetic processor features (property 0x00010001) */
#define SYNTHETIC_PRESENT		BIT(0)
#define SYNTHETIC_HV1			BIT(1)
#define SYNTHETIC_RUNTIME		BIT(2)
#define SYNTHETIC_COUNTER		BIT(3)
#define SYNTHETIC_SYNIC			BIT(4)
#define SYNTHETIC_TIMERS		BIT(5)
#define SYNTHETIC_INTR_CTRL		BIT(6)
#define SYNTHETIC_HYPERCALL		BIT(7)
#define SYNTHETIC_VP_INDEX		BIT(8)
#define SYNTHETIC_TSC_PAGE		BIT(9)
#define SYNTHETIC_GUEST_IDLE		BIT(10)
#define SYNTHETIC_FREQUENCY		BIT(11)
#define SYNTHETIC_TSC_INVARIANT		BIT(14)
#define SYNTHETIC_EXTENDED_RANGES	BIT(15)
#define SYNTHETIC_FAST_OUTPUT		BIT(18)
#define SYNTHETIC_DIRECT_TIMERS		BIT(22)
#define SYNTHETIC_EXTENDED_MASKS	BIT(24)
#define SYNTHETIC_TB_FLUSH		BIT(25)
#define SYNTHETIC_CLUSTER_IPI		BIT(26)
#define SYNTHETIC_LONG_SPIN		BIT(27)
#define SYNTHETIC_SIGNAL_EVENTS		BIT(29)

#define HV_MSR_FIRST			0x40000000u
#define HV_MSR_LAST			0x40000fffu
#define HV_MSR_GUEST_IDLE		0x400000f0u
#define HV_SINTS			16

/* Slots for MSRs of the processor that are only kept for the guest's sake (child_msr.c). */
enum hv_stored {
	HV_STORED_MISC_ENABLE,
	HV_STORED_HWCR,
	HV_STORED_DE_CFG,
	HV_STORED_OSVW,
	HV_STORED_CFG = HV_STORED_OSVW + 2,
	HV_STORED_COUNT = HV_STORED_CFG + 5
};

struct partition_hv {
	u64 granted;			/* features at INITIALIZE: their pages exist */
	struct list overlays;		/* those that are shown */
	struct overlay hypercall_page, tsc_page;
	u64 guest_os_id, hypercall, reference_tsc, tsc_invariant;
	struct reftime time;
	bool started;			/* a VP has run */
	bool stale;			/* translations were taken away: hv_settle() */
};

struct vp_hv {
	struct overlay assist_page, event_page, message_page;
	u64 assist, scontrol, siefp, simp;
	u64 sint[HV_SINTS];
	struct stimer timers[STIMERS];
	u64 stored[HV_STORED_COUNT];
	u64 tsc_adjust;
};

/* False: not enough pages in the pool; nothing was taken then. */
bool hv_init_partition(struct partition *p);
u32 hv_vp_pages(const struct partition *p);	/* that hv_init_vp() takes */
void hv_init_vp(struct vp *vp);
void hv_free_vp(struct vp *vp);
void hv_destroy_partition(struct partition *p);

/*
 * Synthetic features that @p has: those of its creation, less those whose privilege was taken
 * since. None without SYNTHETIC_PRESENT.
 */
u64 hv_features(const struct partition *p);

/* Whether a feature opens @msr. */
bool hv_msr_offered(const struct vp *vp, u32 msr);
/*
 * The MSRs: @vp executes RDMSR or WRMSR. False: #GP. GUEST_IDLE reads 0 and is for the caller to
 * carry out.
 */
bool hv_msr_access(struct vp *vp, u32 msr, bool write, u64 *value);
/* The same as VP registers 0x9000x, 0xA00xx, 0xB000x; without the feature they are 0. */
u64 hv_register_get(struct vp *vp, u32 name);
hv_status hv_register_set(struct vp *vp, u32 name, u64 value);

/*
 * Overlays have changed: no processor uses old translations when this returns. Drops the lock
 * meanwhile; @vp, which isn't running, stays.
 */
void hv_settle(struct vp *vp);
/* VMMCALL is no #UD. */
bool hv_hypercalls_enabled(const struct partition *p);

#endif

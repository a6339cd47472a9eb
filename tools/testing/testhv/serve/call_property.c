// SPDX-License-Identifier: GPL-2.0
/* Partition properties (TLFS, 5.2.3 and 5.4): those with an effect, and those that only tell. */
#include "../hw/cpu.h"
#include "../vm/features.h"
#include "../vm/hv.h"
#include "../vm/partition.h"
#include "../vm/sched.h"
#include "../vm/vp.h"
#include "../vm/xsave.h"
#include "hypercall.h"

/* Up to here privileges are set at any time, by whom ever. */
#define VERSION_20H1			0x0607u

/*
 * 12 to 14, 16, 17, 19, 21, 23, 31 and above are reserved; calls to start VPs (20), ask for NUMA
 * distances (28) and retarget device interrupts (30) there are none.
 */
#define SYNTHETIC_RESERVED	(GENMASK(14, 12) | GENMASK(17, 16) | GENMASK(21, 19) | BIT(23) | \
				 BIT(28) | GENMASK(63, 30))
/*
 * Features that are privileges too: 2 to 8 are privileges 0 to 6, 9 to 11 have the same bit (TLFS,
 * 4.2.2).
 */
#define SHIFTED_FEATURES	GENMASK(8, 2)
#define SAME_FEATURES		GENMASK(11, 9)
#define SHIFT			2
#define FEATURE_PRIVILEGES	(SHIFTED_FEATURES >> SHIFT | SAME_FEATURES)
/* Of access to MSRs 0 to 13, of hypercalls 32 to 34, 36 to 40, 43, 44, 48, 49, 52, 53 */
#define PRIVILEGES_KNOWN	(GENMASK(13, 0) | GENMASK(34, 32) | GENMASK(40, 36) | \
				 GENMASK(44, 43) | GENMASK(49, 48) | GENMASK(53, 52))

#define VENDOR_AMD			0
#define VENDOR_INTEL			1
#define VENDOR_HYGON			2

static u64 address_width(void)
{
	u64 mask = features_physical_mask(), width = 0;

	for (; mask; mask >>= 1)
		width++;
	return width;
}

static u64 vendor(void)
{
	switch (cpuid(0, 0).ebx) {
	case 0x756e6547:	/* "Genu" */
		return VENDOR_INTEL;
	case 0x6f677948:	/* "Hygo" */
		return VENDOR_HYGON;
	}
	return VENDOR_AMD;
}

/* What the partition's processor is: nobody sets it. */
static hv_status get_processor(const struct partition *p, u32 code, u64 *value)
{
	switch (code) {
	case PROPERTY_PROCESSOR_VENDOR:
		*value = vendor();
		break;
	case PROPERTY_PROCESSOR_FEATURES:
	case PROPERTY_PROCESSOR_FEATURES0:
		*value = features_bank(p, FEATURES_BANK0);
		break;
	case PROPERTY_PROCESSOR_FEATURES1:
		*value = features_bank(p, FEATURES_BANK1);
		break;
	case PROPERTY_PROCESSOR_XSAVE_FEATURES:
		*value = features_bank(p, FEATURES_XSAVE);
		break;
	case PROPERTY_PROCESSOR_CL_FLUSH_SIZE:
		*value = (cpuid(1, 0).ebx >> 8) & 0xff;
		break;
	case PROPERTY_COMPATIBILITY_VERSION:
		*value = p->compatibility_version;
		break;
	case PROPERTY_PHYSICAL_ADDRESS_BITS:
	case PROPERTY_PHYSICAL_ADDRESS_WIDTH:
		*value = address_width();
		break;
	case PROPERTY_XSAVE_STATES:
		*value = features_xcr0(p);
		break;
	case PROPERTY_MAX_XSAVE_DATA_SIZE:
		*value = xsave_compacted_size(features_xcr0(p));
		break;
	case PROPERTY_PROCESSOR_CLOCK_FREQUENCY:
		*value = tsc_hz;
		break;
	case PROPERTY_GUEST_OS_ID:
		*value = p->hv ? p->hv->guest_os_id : 0;
		break;
	case PROPERTY_VSM_PERMISSIONS_DIRTY:
	case PROPERTY_ISOLATION_STATE:
	case PROPERTY_ENLIGHTENMENT_MODIFICATIONS:
	case PROPERTY_VIRTUALIZATION_FEATURES:
		*value = 0;
		break;
	default:
		return HV_UNKNOWN_PROPERTY;
	}
	return HV_SUCCESS;
}

hv_status call_get_partition_property(struct call *c)
{
	const struct partition *p = partition_find(call_u64(c, 0));
	u32 code = call_u32(c, 8);
	hv_status status;
	u64 value;

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p->state == PARTITION_FINALIZED)
		return HV_INVALID_PARTITION_STATE;
	switch (code) {
	case PROPERTY_PRIVILEGE_FLAGS:
		value = p->privileges;
		status = HV_SUCCESS;
		break;
	case PROPERTY_SYNTHETIC_PROC_FEATURES:
		value = p->synthetic_features;
		status = HV_SUCCESS;
		break;
	default:
		status = properties_get(p, code, &value);
		if (status == HV_UNKNOWN_PROPERTY)
			status = get_processor(p, code, &value);
	}
	if (!status)
		call_return_u64(c, 0, value);
	return status;
}

/*
 * Until INITIALIZE two names of one thing: what a privilege takes away is no feature any more.
 * Afterwards the features are settled: clients set privileges 0 then, and their guests go on.
 */
static hv_status set_privileges(struct partition *p, u64 value)
{
	u64 features = (value << SHIFT & SHIFTED_FEATURES) | (value & SAME_FEATURES);

	if (p->state == PARTITION_FINALIZED ||
	    (p->state == PARTITION_ACTIVE && p->compatibility_version > VERSION_20H1))
		return HV_INVALID_PARTITION_STATE;
	if (value & ~PRIVILEGES_KNOWN)
		return HV_PROPERTY_VALUE_OUT_OF_RANGE;
	p->privileges = value;
	if (p->state == PARTITION_ACTIVE)
		return HV_SUCCESS;
	p->synthetic_features &= ~(SHIFTED_FEATURES | SAME_FEATURES);
	p->synthetic_features |= features;
	return HV_SUCCESS;
}

static hv_status set_synthetic_features(struct partition *p, u64 value)
{
	if (p->state != PARTITION_CREATED)
		return HV_INVALID_PARTITION_STATE;
	if (value & SYNTHETIC_RESERVED)
		return HV_PROPERTY_VALUE_OUT_OF_RANGE;
	p->synthetic_features = value;
	p->privileges &= ~FEATURE_PRIVILEGES;
	p->privileges |= (value & SHIFTED_FEATURES) >> SHIFT | (value & SAME_FEATURES);
	return HV_SUCCESS;
}

/*
 * Stop all VPs; they have stopped when this returns, or somebody else lets them go on. The lock is
 * dropped meanwhile, so the partition is looked up again.
 */
static void stop(u64 id)
{
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		for (;;) {
			struct partition *p = partition_find(id);
			struct vp *vp = p ? partition_vp(p, i) : NULL;

			if (!vp || !p->properties.suspend)
				break;
			sched_dequeue(vp);
			if (sched_stopped(vp))
				break;
			sched_wait();
		}
	}
}

/* They run where they are told to, as after RUN_VP. */
static void go_on(const struct call *c, struct partition *p)
{
	for (u32 i = 0; i < PARTITION_MAX_VPS; i++) {
		struct vp *vp = partition_vp(p, i);

		if (vp && vp_runnable(vp))
			sched_resume(vp, c->cpu);
	}
}

static hv_status set_suspend(struct call *c, struct partition *p, u64 value)
{
	hv_status status = properties_set(p, PROPERTY_SUSPEND, value);

	if (status)
		return status;
	if (value)
		stop(p->id);
	else
		go_on(c, p);
	return HV_SUCCESS;
}

static hv_status set_time_freeze(struct partition *p, u64 value)
{
	hv_status status = properties_set(p, PROPERTY_TIME_FREEZE, value);

	if (!status)
		reftime_freeze(p, value);
	return status;
}

hv_status call_set_partition_property(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	u64 value = call_u64(c, 16);
	u32 code = call_u32(c, 8);

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	switch (code) {
	case PROPERTY_PRIVILEGE_FLAGS:
		return set_privileges(p, value);
	case PROPERTY_SYNTHETIC_PROC_FEATURES:
		return set_synthetic_features(p, value);
	case PROPERTY_SUSPEND:
		return set_suspend(c, p, value);
	case PROPERTY_TIME_FREEZE:
		return set_time_freeze(p, value);
	}
	return properties_set(p, code, value);
}

// SPDX-License-Identifier: GPL-2.0
/* Partition properties (TLFS, 5.2.3 and 5.4). */
#include "../vm/features.h"
#include "../vm/partition.h"
#include "hypercall.h"

#define PRIVILEGE_FLAGS			0x00010000u
#define SYNTHETIC_PROC_FEATURES		0x00010001u
#define PROCESSOR_XSAVE_FEATURES	0x00060002u
#define COMPATIBILITY_VERSION		0x00060005u
#define PHYSICAL_ADDRESS_WIDTH		0x00060006u
#define XSAVE_STATES			0x00060007u
#define PROCESSOR_FEATURES0		0x0006000au
#define PROCESSOR_FEATURES1		0x0006000bu

/* Up to here privileges are set at any time, by whom ever. */
#define VERSION_20H1			0x0607u

/* 12 to 14, 16, 17, 19, 21, 23, 31 and above */
#define SYNTHETIC_RESERVED	(GENMASK(14, 12) | GENMASK(17, 16) | BIT(19) | BIT(21) | BIT(23) | \
				 GENMASK(63, 31))

static u64 address_width(void)
{
	u64 mask = features_physical_mask(), width = 0;

	for (; mask; mask >>= 1)
		width++;
	return width;
}

hv_status call_get_partition_property(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	u64 value;

	if (!p)
		return HV_INVALID_PARTITION_ID;
	switch (call_u32(c, 8)) {
	case PRIVILEGE_FLAGS:
		value = p->privileges;
		break;
	case SYNTHETIC_PROC_FEATURES:
		value = p->synthetic_features;
		break;
	case PROCESSOR_XSAVE_FEATURES:
		value = ~(p->disabled_xsave | XSAVE_FEATURES_RESERVED);
		break;
	case COMPATIBILITY_VERSION:
		value = p->compatibility_version;
		break;
	case PHYSICAL_ADDRESS_WIDTH:
		value = address_width();
		break;
	case XSAVE_STATES:
		value = features_xcr0(p);
		break;
	case PROCESSOR_FEATURES0:
		value = ~(p->disabled_features[0] | FEATURES0_RESERVED);
		break;
	case PROCESSOR_FEATURES1:
		value = ~(p->disabled_features[1] | FEATURES1_RESERVED);
		break;
	default:
		return HV_UNKNOWN_PROPERTY;
	}
	call_return_u64(c, 0, value);
	return HV_SUCCESS;
}

static hv_status set_privileges(struct partition *p, u64 value)
{
	if (p->state == PARTITION_FINALIZED ||
	    (p->state == PARTITION_ACTIVE && p->compatibility_version > VERSION_20H1))
		return HV_INVALID_PARTITION_STATE;
	p->privileges = value;
	return HV_SUCCESS;
}

static hv_status set_synthetic_features(struct partition *p, u64 value)
{
	if (p->state != PARTITION_CREATED)
		return HV_INVALID_PARTITION_STATE;
	if (value & SYNTHETIC_RESERVED)
		return HV_PROPERTY_VALUE_OUT_OF_RANGE;
	p->synthetic_features = value;
	return HV_SUCCESS;
}

hv_status call_set_partition_property(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	switch (call_u32(c, 8)) {
	case PRIVILEGE_FLAGS:
		return set_privileges(p, call_u64(c, 16));
	case SYNTHETIC_PROC_FEATURES:
		return set_synthetic_features(p, call_u64(c, 16));
	}
	return HV_UNKNOWN_PROPERTY;
}

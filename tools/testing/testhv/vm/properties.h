/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Partition properties that are just a number with a range (TLFS, 5.2.3): who needs one reads it
 * here. Those with an effect of their own or that follow from other things are in
 * serve/call_property.c.
 */
#ifndef TESTHV_PROPERTIES_H
#define TESTHV_PROPERTIES_H

#include "status.h"

struct partition;

#define PROPERTY_PRIVILEGE_FLAGS		0x00010000u
#define PROPERTY_SYNTHETIC_PROC_FEATURES	0x00010001u
#define PROPERTY_SUSPEND			0x00020000u
#define PROPERTY_CPU_RESERVE			0x00020001u
#define PROPERTY_CPU_CAP			0x00020002u
#define PROPERTY_CPU_WEIGHT			0x00020003u
#define PROPERTY_CPU_GROUP_ID			0x00020004u
#define PROPERTY_TIME_FREEZE			0x00030003u
#define PROPERTY_DEBUG_CHANNEL_ID		0x00040000u
#define PROPERTY_VIRTUAL_TLB_PAGE_COUNT		0x00050000u
#define PROPERTY_VSM_CONFIG			0x00050001u
#define PROPERTY_ZERO_MEMORY_ON_RESET		0x00050002u
#define PROPERTY_PROCESSORS_PER_SOCKET		0x00050003u
#define PROPERTY_NESTED_TLB_SIZE		0x00050004u
#define PROPERTY_GPA_ACCESS_TRACKING		0x00050005u
#define PROPERTY_VSM_PERMISSIONS_DIRTY		0x00050006u
#define PROPERTY_SGX_LAUNCH_CONTROL_CONFIG	0x00050007u
#define PROPERTY_SGX_LAUNCH_CONTROL0		0x00050008u
#define PROPERTY_SGX_LAUNCH_CONTROL3		0x0005000bu
#define PROPERTY_ISOLATION_STATE		0x0005000cu
#define PROPERTY_ISOLATION_CONTROL		0x0005000du
#define PROPERTY_RDT_L3_COS_INDEX		0x0005000eu
#define PROPERTY_RDT_RMID			0x0005000fu
#define PROPERTY_PHYSICAL_ADDRESS_BITS		0x00050010u
#define PROPERTY_CORE_SHARING			0x00050011u
#define PROPERTY_HYPERCALL_DOORBELL_PAGE	0x00050012u
#define PROPERTY_UNIMPLEMENTED_MSR_ACTION	0x00050017u
#define PROPERTY_PROCESSOR_VENDOR		0x00060000u
#define PROPERTY_PROCESSOR_FEATURES		0x00060001u
#define PROPERTY_PROCESSOR_XSAVE_FEATURES	0x00060002u
#define PROPERTY_PROCESSOR_CL_FLUSH_SIZE	0x00060003u
#define PROPERTY_ENLIGHTENMENT_MODIFICATIONS	0x00060004u
#define PROPERTY_COMPATIBILITY_VERSION		0x00060005u
#define PROPERTY_PHYSICAL_ADDRESS_WIDTH		0x00060006u
#define PROPERTY_XSAVE_STATES			0x00060007u
#define PROPERTY_MAX_XSAVE_DATA_SIZE		0x00060008u
#define PROPERTY_PROCESSOR_CLOCK_FREQUENCY	0x00060009u
#define PROPERTY_PROCESSOR_FEATURES0		0x0006000au
#define PROPERTY_PROCESSOR_FEATURES1		0x0006000bu
#define PROPERTY_GUEST_OS_ID			0x00070000u
#define PROPERTY_VIRTUALIZATION_FEATURES	0x00080000u

struct properties {
	u64 suspend, time_freeze;
	u64 cpu_reserve, cpu_cap, cpu_weight;
	u64 debug_channel, tlb_pages, zero_on_reset, access_tracking;
	u64 processors_per_socket;	/* 0: all in one */
	u64 unimplemented_msr_action;	/* 0: #GP, 1: reads 0, writes are ignored */
	u64 nothing;			/* of what this hypervisor lacks: 0 */
};

#define UNIMPLEMENTED_MSR_IGNORE	1

void properties_init(struct partition *p);
/* HV_UNKNOWN_PROPERTY: not one of these. */
hv_status properties_get(const struct partition *p, u32 code, u64 *value);
hv_status properties_set(struct partition *p, u32 code, u64 value);

#endif

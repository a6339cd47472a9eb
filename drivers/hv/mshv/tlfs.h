/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hypercalls, their arguments and their statuses (TLFS), as far as the driver
 * uses them and asm/hyperv-tlfs.h lacks them.
 */
#ifndef _MSHV_TLFS_H
#define _MSHV_TLFS_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <asm/hyperv-tlfs.h>
#include <asm/mshv.h>

#define HVCALL_CREATE_PARTITION		0x0040
#define HVCALL_INITIALIZE_PARTITION	0x0041
#define HVCALL_FINALIZE_PARTITION	0x0042
#define HVCALL_DELETE_PARTITION		0x0043
#define HVCALL_SET_PARTITION_PROPERTY	0x0045
#define HVCALL_WITHDRAW_MEMORY		0x0049
#define HVCALL_MAP_GPA_PAGES		0x004b
#define HVCALL_UNMAP_GPA_PAGES		0x004c

#define HV_STATUS_INVALID_PARTITION_STATE	0x0007
#define HV_STATUS_UNKNOWN_PROPERTY		0x0009
#define HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE	0x000a
#define HV_STATUS_INVALID_PARTITION_ID		0x000d
#define HV_STATUS_INVALID_VP_INDEX		0x000e
#define HV_STATUS_NOT_FOUND			0x0010
#define HV_STATUS_NOT_ACKNOWLEDGED		0x0014
#define HV_STATUS_INVALID_VP_STATE		0x0015
#define HV_STATUS_NO_RESOURCES			0x001d
#define HV_STATUS_INVALID_LP_INDEX		0x0041
#define HV_STATUS_INVALID_REGISTER_VALUE	0x0050

/* Always set: unmapped GPAs and I/O ports then exit without being asked to. */
#define HV_PARTITION_CREATION_FLAG_EXO_PARTITION	BIT_ULL(8)
#define HV_COMPATIBILITY_20_H1				0x0607
#define HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES	0x00010001

#define HV_SYNIC_INTERCEPTION_SINT_INDEX	0

/**
 * struct mshv_hvin_create_partition - HvCallCreatePartition, input
 * @flags: HV_PARTITION_CREATION_FLAG_*
 * @proximity_domain_info: 0, none
 * @compatibility_version: major in 15:8, minor in 7:0
 * @padding: 0
 * @creation_properties: disabled features
 * @isolation_properties: 0, none
 */
struct mshv_hvin_create_partition {
	u64 flags;
	u64 proximity_domain_info;
	u32 compatibility_version;
	u32 padding;
	struct mshv_hv_partition_creation_properties creation_properties;
	u64 isolation_properties;
} __packed;
static_assert(sizeof(struct mshv_hvin_create_partition) == 56);
static_assert(offsetof(struct mshv_hvin_create_partition,
		       creation_properties) == 24);
static_assert(offsetof(struct mshv_hvin_create_partition,
		       isolation_properties) == 48);

/**
 * struct mshv_hvout_create_partition - HvCallCreatePartition, output
 * @partition_id: the new partition
 */
struct mshv_hvout_create_partition {
	u64 partition_id;
} __packed;
static_assert(sizeof(struct mshv_hvout_create_partition) == 8);

/**
 * struct mshv_hvin_set_partition_property - HvCallSetPartitionProperty, input
 * @partition_id: partition
 * @property_code: HV_PARTITION_PROPERTY_*
 * @padding: 0
 * @property_value: value
 */
struct mshv_hvin_set_partition_property {
	u64 partition_id;
	u32 property_code;
	u32 padding;
	u64 property_value;
} __packed;
static_assert(sizeof(struct mshv_hvin_set_partition_property) == 24);
static_assert(offsetof(struct mshv_hvin_set_partition_property,
		       property_value) == 16);

/**
 * struct mshv_hvin_withdraw_memory - HvCallWithdrawMemory, input
 * @partition_id: partition
 * @proximity_domain_info: 0, any
 *
 * The output is a list of page numbers.
 */
struct mshv_hvin_withdraw_memory {
	u64 partition_id;
	u64 proximity_domain_info;
} __packed;
static_assert(sizeof(struct mshv_hvin_withdraw_memory) == 16);

/**
 * struct mshv_hvin_map_gpa_pages - HvCallMapGpaPages, input
 * @partition_id: partition
 * @target_gpa_base: guest page number of the first page
 * @map_flags: HV_MAP_GPA_*
 * @padding: 0
 * @source_gpa_page_list: page numbers in the root
 */
struct mshv_hvin_map_gpa_pages {
	u64 partition_id;
	u64 target_gpa_base;
	u32 map_flags;
	u32 padding;
	u64 source_gpa_page_list[];
} __packed;
static_assert(sizeof(struct mshv_hvin_map_gpa_pages) == 24);

/**
 * struct mshv_hvin_unmap_gpa_pages - HvCallUnmapGpaPages, input
 * @partition_id: partition
 * @target_gpa_base: guest page number of the first page
 * @unmap_flags: 0
 * @padding: 0
 */
struct mshv_hvin_unmap_gpa_pages {
	u64 partition_id;
	u64 target_gpa_base;
	u32 unmap_flags;
	u32 padding;
} __packed;
static_assert(sizeof(struct mshv_hvin_unmap_gpa_pages) == 24);

/**
 * struct mshv_hvin_create_vp - HvCallCreateVp, input
 * @partition_id: partition
 * @vp_index: VP
 * @padding: 0
 * @subnode_type: 0, any
 * @subnode_id: 0
 * @proximity_domain_info: 0, any
 * @flags: 0 for a child partition
 */
struct mshv_hvin_create_vp {
	u64 partition_id;
	u32 vp_index;
	u8 padding[3];
	u8 subnode_type;
	u64 subnode_id;
	u64 proximity_domain_info;
	u64 flags;
} __packed;
static_assert(sizeof(struct mshv_hvin_create_vp) == 40);
static_assert(offsetof(struct mshv_hvin_create_vp, subnode_type) == 15);
static_assert(offsetof(struct mshv_hvin_create_vp, flags) == 32);

/**
 * struct mshv_hvin_vp_registers - head of the calls that get and set registers
 * @partition_id: partition
 * @vp_index: VP
 * @input_vtl: 0
 * @reserved: 0
 *
 * HvCallGetVpRegisters: names (u32) follow, the output is values.
 * HvCallSetVpRegisters: struct mshv_hv_register_assoc follow.
 */
struct mshv_hvin_vp_registers {
	u64 partition_id;
	u32 vp_index;
	u8 input_vtl;
	u8 reserved[3];
} __packed;
static_assert(sizeof(struct mshv_hvin_vp_registers) == 16);

/**
 * struct mshv_hv_message_page - the SynIC's message page
 * @slot: one message for each SINT
 */
struct mshv_hv_message_page {
	struct mshv_hv_message slot[HV_SYNIC_SINT_COUNT];
};

static_assert(sizeof(struct mshv_hv_message_page) == HV_HYP_PAGE_SIZE);

#endif /* _MSHV_TLFS_H */

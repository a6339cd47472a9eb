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
#define HVCALL_GET_PARTITION_PROPERTY	0x0044
#define HVCALL_SET_PARTITION_PROPERTY	0x0045
#define HVCALL_WITHDRAW_MEMORY		0x0049
#define HVCALL_MAP_GPA_PAGES		0x004b
#define HVCALL_UNMAP_GPA_PAGES		0x004c
#define HVCALL_INSTALL_INTERCEPT	0x004d
#define HVCALL_TRANSLATE_VIRTUAL_ADDRESS 0x0052
#define HVCALL_CLEAR_VIRTUAL_INTERRUPT	0x0056
#define HVCALL_DELETE_PORT		0x0058
#define HVCALL_DISCONNECT_PORT		0x005b
#define HVCALL_NOTIFY_PORT_RING_EMPTY	0x008b
#define HVCALL_ASSERT_VIRTUAL_INTERRUPT	0x0094
#define HVCALL_CREATE_PORT		0x0095
#define HVCALL_CONNECT_PORT		0x0096
#define HVCALL_MAP_VP_STATE_PAGE	0x00e1
#define HVCALL_UNMAP_VP_STATE_PAGE	0x00e2
#define HVCALL_GET_VP_STATE		0x00e3
#define HVCALL_SET_VP_STATE		0x00e4

/* Always set: unmapped GPAs and I/O ports then exit without being asked to. */
#define HV_PARTITION_CREATION_FLAG_EXO_PARTITION	BIT_ULL(8)
#define HV_COMPATIBILITY_20_H1				0x0607

#define HV_SYNIC_INTERCEPTION_SINT_INDEX	0

/* With these the page numbers are those of the first 4 KiB, and count as 512 each. */
#define HV_MAP_GPA_LARGE_PAGE		0x80000000
#define HV_UNMAP_GPA_LARGE_PAGE		0x2

#define HV_VP_STATE_PAGE_REGISTERS	0

/* A SINT of which a message in SINT 0 tells, instead of an interrupt of its own */
#define MSHV_SINT_AS_INTERCEPT		BIT_ULL(19)
#define MSHV_HVMSG_SYNIC_SINT_INTERCEPT	0x80000061

/* The page of event rings, one for each SINT; asm/hyperv-tlfs.h lacks the MSR */
#define MSHV_MSR_SIRBP			0x40000085
#define MSHV_EVENT_RING_ENTRIES		63

/* SINT 5 is for doorbells, by convention of root partitions */
#define MSHV_DOORBELL_SINT		5
#define MSHV_VP_ANY			0xffffffff
#define MSHV_PORT_TYPE_DOORBELL		4
#define MSHV_DOORBELL_ANY_VALUE		0x80000000
#define MSHV_DISCONNECT_DOORBELL	BIT_ULL(32)

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
 * @unmap_flags: 0, or that the pages are large ones
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
 * struct mshv_hvin_get_partition_property - HvCallGetPartitionProperty, input
 * @partition_id: partition
 * @property_code: HV_PARTITION_PROPERTY_*
 * @padding: 0
 *
 * The output is the value, a u64.
 */
struct mshv_hvin_get_partition_property {
	u64 partition_id;
	u32 property_code;
	u32 padding;
} __packed;
static_assert(sizeof(struct mshv_hvin_get_partition_property) == 16);

/**
 * struct mshv_hvin_install_intercept - HvCallInstallIntercept, input
 * @partition_id: partition
 * @access_type: HV_INTERCEPT_ACCESS_MASK_*
 * @intercept_type: HV_INTERCEPT_TYPE_*
 * @intercept_parameter: by type
 */
struct mshv_hvin_install_intercept {
	u64 partition_id;
	u32 access_type;
	u32 intercept_type;
	u64 intercept_parameter;
} __packed;
static_assert(sizeof(struct mshv_hvin_install_intercept) == 24);

/**
 * struct mshv_hvin_assert_interrupt - HvCallAssertVirtualInterrupt, input
 * @partition_id: partition
 * @interrupt_type: first half of the control word
 * @flags: second half: bit 0 level triggered, bit 1 logical destination
 * @dest_addr: APIC id or logical destination
 * @vector: vector
 * @target_vtl: 0
 * @reserved: 0
 */
struct mshv_hvin_assert_interrupt {
	u64 partition_id;
	u32 interrupt_type;
	u32 flags;
	u64 dest_addr;
	u32 vector;
	u8 target_vtl;
	u8 reserved[3];
} __packed;
static_assert(sizeof(struct mshv_hvin_assert_interrupt) == 32);

/**
 * struct mshv_hvin_vp_state_page - HvCallMapVpStatePage, HvCallUnmapVpStatePage
 * @partition_id: partition
 * @vp_index: VP
 * @type: HV_VP_STATE_PAGE_*
 *
 * The output of mapping is the number of the page, a u64.
 */
struct mshv_hvin_vp_state_page {
	u64 partition_id;
	u32 vp_index;
	u32 type;
} __packed;
static_assert(sizeof(struct mshv_hvin_vp_state_page) == 16);

/**
 * struct mshv_hvin_vp_state - head of HvCallGetVpState and HvCallSetVpState
 * @partition_id: partition
 * @vp_index: VP
 * @input_vtl: 0
 * @reserved: 0
 * @type: HV_GET_SET_VP_STATE_*
 * @reserved2: 0
 * @xsave_flags: HV_XSAVE_DATA_*
 * @xsave_states: HV_XSAVE_STATE_*
 * @data: variable part of the head: page numbers, or to set what lacks bit 31
 *	of the type the state itself; its size goes into the control word
 *
 * The output of getting what lacks bit 31 is the state itself.
 */
struct mshv_hvin_vp_state {
	u64 partition_id;
	u32 vp_index;
	u8 input_vtl;
	u8 reserved[3];
	u32 type;
	u32 reserved2;
	u64 xsave_flags;
	u64 xsave_states;
	u64 data[];
} __packed;
static_assert(sizeof(struct mshv_hvin_vp_state) == 40);
static_assert(offsetof(struct mshv_hvin_vp_state, type) == 16);
static_assert(offsetof(struct mshv_hvin_vp_state, xsave_flags) == 24);

/**
 * struct mshv_hvin_translate - HvCallTranslateVirtualAddress, input
 * @partition_id: partition
 * @vp_index: VP
 * @padding: 0
 * @control_flags: HV_TRANSLATE_GVA_*
 * @gva_page: guest virtual page number
 */
struct mshv_hvin_translate {
	u64 partition_id;
	u32 vp_index;
	u32 padding;
	u64 control_flags;
	u64 gva_page;
} __packed;
static_assert(sizeof(struct mshv_hvin_translate) == 32);
static_assert(offsetof(struct mshv_hvin_translate, control_flags) == 16);

/**
 * struct mshv_hvout_translate - HvCallTranslateVirtualAddress, output
 * @result: code, cache type and overlay bit
 * @gpa_page: guest physical page number
 */
struct mshv_hvout_translate {
	u64 result;
	u64 gpa_page;
} __packed;
static_assert(sizeof(struct mshv_hvout_translate) == 16);

/**
 * struct mshv_hvin_create_port - HvCallCreatePort, input
 * @port_partition_id: whose port it is
 * @port_id: its number, in 23:0
 * @port_vtl: 0
 * @min_connection_vtl: 0
 * @padding: 0
 * @connection_partition_id: who may connect to it
 * @port_type: MSHV_PORT_TYPE_DOORBELL; the next two depend on it
 * @padding2: 0
 * @target_sint: whose event ring gets its events
 * @target_vp: of which VP, or MSHV_VP_ANY
 * @reserved: 0
 * @proximity_domain_info: 0, any
 */
struct mshv_hvin_create_port {
	u64 port_partition_id;
	u32 port_id;
	u8 port_vtl;
	u8 min_connection_vtl;
	u16 padding;
	u64 connection_partition_id;
	u32 port_type;
	u32 padding2;
	u32 target_sint;
	u32 target_vp;
	u64 reserved;
	u64 proximity_domain_info;
} __packed;
static_assert(sizeof(struct mshv_hvin_create_port) == 56);
static_assert(offsetof(struct mshv_hvin_create_port, port_type) == 24);
static_assert(offsetof(struct mshv_hvin_create_port, target_sint) == 32);
static_assert(offsetof(struct mshv_hvin_create_port,
		       proximity_domain_info) == 48);

/**
 * struct mshv_hvin_connect_port - HvCallConnectPort, input
 * @connection_partition_id: who connects
 * @connection_id: its number for it, in 23:0
 * @connection_vtl: 0
 * @padding: 0
 * @port_partition_id: whose port it is
 * @port_id: its number
 * @reserved: 0
 * @port_type: MSHV_PORT_TYPE_DOORBELL; the next three depend on it
 * @padding2: 0
 * @gpa: guest physical address, a write to which is an event
 * @trigger_value: what must be written
 * @flags: width in 2:0, 0 for any, 1 to 4 for 1 to 8 bytes;
 *	MSHV_DOORBELL_ANY_VALUE
 * @padding3: 0
 * @proximity_domain_info: 0, any
 */
struct mshv_hvin_connect_port {
	u64 connection_partition_id;
	u32 connection_id;
	u8 connection_vtl;
	u8 padding[3];
	u64 port_partition_id;
	u32 port_id;
	u32 reserved;
	u32 port_type;
	u32 padding2;
	u64 gpa;
	u64 trigger_value;
	u32 flags;
	u32 padding3;
	u64 proximity_domain_info;
} __packed;
static_assert(sizeof(struct mshv_hvin_connect_port) == 72);
static_assert(offsetof(struct mshv_hvin_connect_port, port_type) == 32);
static_assert(offsetof(struct mshv_hvin_connect_port, gpa) == 40);
static_assert(offsetof(struct mshv_hvin_connect_port, flags) == 56);
static_assert(offsetof(struct mshv_hvin_connect_port,
		       proximity_domain_info) == 64);

/**
 * struct mshv_hv_event_ring - events of one SINT
 * @masked: the reader wants no signal, as it looks by itself
 * @full: an event did not fit
 * @reserved: reserved
 * @entries: numbers of ports; 0 is none
 */
struct mshv_hv_event_ring {
	u8 masked;
	u8 full;
	u16 reserved;
	u32 entries[MSHV_EVENT_RING_ENTRIES];
};

static_assert(sizeof(struct mshv_hv_event_ring) == 256);
static_assert(offsetof(struct mshv_hv_event_ring, entries) == 4);

/**
 * struct mshv_hv_message_page - the SynIC's message page
 * @slot: one message for each SINT
 */
struct mshv_hv_message_page {
	struct mshv_hv_message slot[HV_SYNIC_SINT_COUNT];
};

static_assert(sizeof(struct mshv_hv_message_page) == HV_HYP_PAGE_SIZE);

#endif /* _MSHV_TLFS_H */

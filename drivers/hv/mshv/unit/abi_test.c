// SPDX-License-Identifier: GPL-2.0
/* The driver's definitions against the table of literal numbers. */
#include <kunit/test.h>
#include <linux/mshv.h>

#include "../tlfs.h"

/* Names of the table -> the driver's. */
#define N_call_create_partition		HVCALL_CREATE_PARTITION
#define N_call_initialize_partition	HVCALL_INITIALIZE_PARTITION
#define N_call_finalize_partition	HVCALL_FINALIZE_PARTITION
#define N_call_delete_partition		HVCALL_DELETE_PARTITION
#define N_call_set_partition_property	HVCALL_SET_PARTITION_PROPERTY
#define N_call_deposit_memory		HVCALL_DEPOSIT_MEMORY
#define N_call_withdraw_memory		HVCALL_WITHDRAW_MEMORY
#define N_call_map_gpa_pages		HVCALL_MAP_GPA_PAGES
#define N_call_unmap_gpa_pages		HVCALL_UNMAP_GPA_PAGES
#define N_call_create_vp		HVCALL_CREATE_VP
#define N_call_get_vp_registers		HVCALL_GET_VP_REGISTERS
#define N_call_set_vp_registers		HVCALL_SET_VP_REGISTERS

#define N_status_success			HV_STATUS_SUCCESS
#define N_status_invalid_hypercall_code		HV_STATUS_INVALID_HYPERCALL_CODE
#define N_status_invalid_hypercall_input	HV_STATUS_INVALID_HYPERCALL_INPUT
#define N_status_invalid_alignment		HV_STATUS_INVALID_ALIGNMENT
#define N_status_invalid_parameter		HV_STATUS_INVALID_PARAMETER
#define N_status_access_denied			HV_STATUS_ACCESS_DENIED
#define N_status_invalid_partition_state	HV_STATUS_INVALID_PARTITION_STATE
#define N_status_operation_denied		HV_STATUS_OPERATION_DENIED
#define N_status_unknown_property		HV_STATUS_UNKNOWN_PROPERTY
#define N_status_property_value_out_of_range	HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE
#define N_status_insufficient_memory		HV_STATUS_INSUFFICIENT_MEMORY
#define N_status_invalid_partition_id		HV_STATUS_INVALID_PARTITION_ID
#define N_status_invalid_vp_index		HV_STATUS_INVALID_VP_INDEX
#define N_status_invalid_vp_state		HV_STATUS_INVALID_VP_STATE
#define N_status_no_resources			HV_STATUS_NO_RESOURCES
#define N_status_invalid_register_value		HV_STATUS_INVALID_REGISTER_VALUE

#define N_message_unmapped_gpa			MSHV_HVMSG_UNMAPPED_GPA
#define N_message_gpa_intercept			MSHV_HVMSG_GPA_INTERCEPT
#define N_message_invalid_vp_register_value	MSHV_HVMSG_INVALID_VP_REGISTER_VALUE
#define N_message_unrecoverable_exception	MSHV_HVMSG_UNRECOVERABLE_EXCEPTION
#define N_message_unsupported_feature		MSHV_HVMSG_UNSUPPORTED_FEATURE
#define N_message_x64_io_port_intercept		MSHV_HVMSG_X64_IO_PORT_INTERCEPT
#define N_message_x64_msr_intercept		MSHV_HVMSG_X64_MSR_INTERCEPT
#define N_message_x64_cpuid_intercept		MSHV_HVMSG_X64_CPUID_INTERCEPT
#define N_message_x64_exception_intercept	MSHV_HVMSG_X64_EXCEPTION_INTERCEPT
#define N_message_x64_apic_eoi			MSHV_HVMSG_X64_APIC_EOI
#define N_message_x64_halt			MSHV_HVMSG_X64_HALT

#define N_register_explicit_suspend		HV_REGISTER_EXPLICIT_SUSPEND
#define N_register_intercept_suspend		HV_REGISTER_INTERCEPT_SUSPEND
#define N_register_dispatch_suspend		HV_REGISTER_DISPATCH_SUSPEND
#define N_register_internal_activity_state	HV_REGISTER_INTERNAL_ACTIVITY_STATE
#define N_register_pending_interruption		HV_REGISTER_PENDING_INTERRUPTION
#define N_register_rax			HV_X64_REGISTER_RAX
#define N_register_r15			HV_X64_REGISTER_R15
#define N_register_rip			HV_X64_REGISTER_RIP
#define N_register_rflags		HV_X64_REGISTER_RFLAGS
#define N_register_xmm0			HV_X64_REGISTER_XMM0
#define N_register_xmm15		HV_X64_REGISTER_XMM15
#define N_register_fp_control_status	HV_X64_REGISTER_FP_CONTROL_STATUS
#define N_register_xmm_control_status	HV_X64_REGISTER_XMM_CONTROL_STATUS
#define N_register_cr0			HV_X64_REGISTER_CR0
#define N_register_cr2			HV_X64_REGISTER_CR2
#define N_register_cr3			HV_X64_REGISTER_CR3
#define N_register_cr4			HV_X64_REGISTER_CR4
#define N_register_cr8			HV_X64_REGISTER_CR8
#define N_register_xfem			HV_X64_REGISTER_XFEM
#define N_register_dr0			HV_X64_REGISTER_DR0
#define N_register_dr7			HV_X64_REGISTER_DR7
#define N_register_es			HV_X64_REGISTER_ES
#define N_register_tr			HV_X64_REGISTER_TR
#define N_register_idtr			HV_X64_REGISTER_IDTR
#define N_register_gdtr			HV_X64_REGISTER_GDTR
#define N_register_tsc			HV_X64_REGISTER_TSC
#define N_register_efer			HV_X64_REGISTER_EFER
#define N_register_pat			HV_X64_REGISTER_PAT
#define N_register_sfmask		HV_X64_REGISTER_SFMASK
#define N_register_mtrr_phys_base0	HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0
#define N_register_mtrr_phys_mask0	HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0
#define N_register_mtrr_fix4kf8000	HV_X64_REGISTER_MSR_MTRR_FIX4KF8000
#define N_register_tsc_aux		HV_X64_REGISTER_TSC_AUX
#define N_register_debug_ctl		HV_X64_REGISTER_DEBUG_CTL
#define N_register_spec_ctrl		HV_X64_REGISTER_SPEC_CTRL

#define N_property_synthetic_proc_features \
	HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES

#define S_create_partition	struct mshv_hvin_create_partition
#define S_set_property		struct mshv_hvin_set_partition_property
#define S_deposit		struct hv_deposit_memory
#define S_withdraw		struct mshv_hvin_withdraw_memory
#define S_map_gpa		struct mshv_hvin_map_gpa_pages
#define S_unmap_gpa		struct mshv_hvin_unmap_gpa_pages
#define S_create_vp		struct mshv_hvin_create_vp
#define S_vp_registers		struct mshv_hvin_vp_registers
#define S_register_assoc	struct mshv_hv_register_assoc
#define S_segment		struct mshv_hv_x64_segment_register
#define S_table			struct mshv_hv_x64_table_register
#define S_message		struct mshv_hv_message
#define S_intercept		struct mshv_hv_x64_intercept_message_header
#define S_memory		struct mshv_hv_x64_memory_intercept_message
#define S_io_port		struct mshv_hv_x64_io_port_intercept_message

#define F_create_partition_flags		flags
#define F_create_partition_proximity		proximity_domain_info
#define F_create_partition_compatibility_version compatibility_version
#define F_create_partition_properties		creation_properties
#define F_create_partition_isolation		isolation_properties
#define F_set_property_partition_id		partition_id
#define F_set_property_code			property_code
#define F_set_property_value			property_value
#define F_deposit_partition_id			partition_id
#define F_deposit_pages				gpa_page_list
#define F_withdraw_partition_id			partition_id
#define F_withdraw_proximity			proximity_domain_info
#define F_map_gpa_partition_id			partition_id
#define F_map_gpa_gfn				target_gpa_base
#define F_map_gpa_flags				map_flags
#define F_map_gpa_pages				source_gpa_page_list
#define F_unmap_gpa_partition_id		partition_id
#define F_unmap_gpa_gfn				target_gpa_base
#define F_unmap_gpa_flags			unmap_flags
#define F_create_vp_partition_id		partition_id
#define F_create_vp_vp_index			vp_index
#define F_create_vp_subnode_type		subnode_type
#define F_create_vp_subnode_id			subnode_id
#define F_create_vp_proximity			proximity_domain_info
#define F_create_vp_flags			flags
#define F_vp_registers_partition_id		partition_id
#define F_vp_registers_vp_index			vp_index
#define F_vp_registers_vtl			input_vtl
#define F_register_assoc_name			name
#define F_register_assoc_value			value
#define F_segment_base				base
#define F_segment_limit				limit
#define F_segment_selector			selector
#define F_segment_attributes			attributes
#define F_table_limit				limit
#define F_table_base				base
#define F_message_type				header.message_type
#define F_message_payload_size			header.payload_size
#define F_message_flags				header.message_flags
#define F_message_sender			header.sender
#define F_message_payload			payload
#define F_intercept_vp_index			vp_index
#define F_intercept_access_type			intercept_access_type
#define F_intercept_execution_state		execution_state
#define F_intercept_cs				cs_segment
#define F_intercept_rip				rip
#define F_intercept_rflags			rflags
#define F_memory_cache_type			cache_type
#define F_memory_instruction_byte_count		instruction_byte_count
#define F_memory_access_info			memory_access_info
#define F_memory_gva				guest_virtual_address
#define F_memory_gpa				guest_physical_address
#define F_memory_instruction_bytes		instruction_bytes
#define F_io_port_port				port_number
#define F_io_port_access_info			access_info
#define F_io_port_instruction_byte_count	instruction_byte_count
#define F_io_port_rax				rax
#define F_io_port_instruction_bytes		instruction_bytes
#define F_io_port_ds				ds_segment
#define F_io_port_es				es_segment
#define F_io_port_rcx				rcx
#define F_io_port_rsi				rsi
#define F_io_port_rdi				rdi

enum abi_kind { ABI_NUMBER, ABI_SIZE, ABI_OFFSET };

struct abi_row {
	enum abi_kind kind;
	const char *name;
	u64 ours;
	u64 table;
};

#define TLFS_NUMBER(name, value) \
	{ ABI_NUMBER, #name, N_##name, value },
#define TLFS_SIZE(s, size) \
	{ ABI_SIZE, #s, sizeof(S_##s), size },
#define TLFS_OFFSET(s, field, offset) \
	{ ABI_OFFSET, #s "." #field, offsetof(S_##s, F_##s##_##field), offset },

static const struct abi_row table[] = {
#include "../tlfs_abi.tbl"
};

static void compare(struct kunit *test, enum abi_kind kind)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].kind == kind)
			KUNIT_EXPECT_EQ_MSG(test, table[i].ours, table[i].table,
					    "%s", table[i].name);
}

static const struct {
	const char *name;
	u32 number;
	u32 table;
} ioctls[] = {
	{ "CHECK_EXTENSION", MSHV_CHECK_EXTENSION, 0x4004b800 },
	{ "CREATE_PARTITION", MSHV_CREATE_PARTITION, 0x4028b801 },
	{ "MAP_GUEST_MEMORY", MSHV_MAP_GUEST_MEMORY, 0x4020b802 },
	{ "UNMAP_GUEST_MEMORY", MSHV_UNMAP_GUEST_MEMORY, 0x4020b803 },
	{ "CREATE_VP", MSHV_CREATE_VP, 0x4004b804 },
	{ "GET_VP_REGISTERS", MSHV_GET_VP_REGISTERS, 0xc010b805 },
	{ "SET_VP_REGISTERS", MSHV_SET_VP_REGISTERS, 0x4010b806 },
	{ "RUN_VP", MSHV_RUN_VP, 0x8100b807 },
	{ "INSTALL_INTERCEPT", MSHV_INSTALL_INTERCEPT, 0x4010b808 },
	{ "ASSERT_INTERRUPT", MSHV_ASSERT_INTERRUPT, 0x4018b809 },
	{ "GET_VP_STATE", MSHV_GET_VP_STATE, 0xc028b80a },
	{ "SET_VP_STATE", MSHV_SET_VP_STATE, 0xc028b80b },
	{ "SET_PARTITION_PROPERTY", MSHV_SET_PARTITION_PROPERTY, 0x4010b80c },
	{ "GET_PARTITION_PROPERTY", MSHV_GET_PARTITION_PROPERTY, 0xc010b80d },
	{ "TRANSLATE_GVA", MSHV_TRANSLATE_GVA, 0xc020b80e },
	{ "CANCEL_RUN", MSHV_CANCEL_RUN, 0x0000b840 },
};

static void abi_numbers_test(struct kunit *test)
{
	compare(test, ABI_NUMBER);
}

static void abi_sizes_test(struct kunit *test)
{
	compare(test, ABI_SIZE);
}

static void abi_offsets_test(struct kunit *test)
{
	compare(test, ABI_OFFSET);
}

static void abi_ioctls_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		KUNIT_EXPECT_EQ_MSG(test, ioctls[i].number, ioctls[i].table,
				    "%s", ioctls[i].name);
}

static void abi_register_page_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct mshv_hv_vp_register_page), 432);
	KUNIT_EXPECT_EQ(test, offsetof(struct mshv_hv_vp_register_page, xmm),
			160);
	KUNIT_EXPECT_EQ(test, offsetof(struct mshv_hv_vp_register_page, cr0),
			352);
	KUNIT_EXPECT_EQ(test, offsetof(struct mshv_hv_vp_register_page, xfem),
			424);
}

/* Not naturally aligned, which is easily lost. */
static void abi_vp_state_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, offsetof(struct mshv_vp_state, xsave_flags), 4);
	KUNIT_EXPECT_EQ(test, offsetof(struct mshv_vp_state, buf_size), 24);
}

static struct kunit_case abi_test_cases[] = {
	KUNIT_CASE(abi_numbers_test),
	KUNIT_CASE(abi_sizes_test),
	KUNIT_CASE(abi_offsets_test),
	KUNIT_CASE(abi_ioctls_test),
	KUNIT_CASE(abi_register_page_test),
	KUNIT_CASE(abi_vp_state_test),
	{}
};

static struct kunit_suite abi_suite = {
	.name = "mshv_abi",
	.test_cases = abi_test_cases,
};

kunit_test_suite(abi_suite);

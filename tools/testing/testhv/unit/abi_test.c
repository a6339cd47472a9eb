// SPDX-License-Identifier: GPL-2.0
/*
 * testhv's numbers and layouts against the table of literals that also checks the driver's. What
 * only testhv has is not in that table, and the other way round.
 */
#include <string.h>

#include "../serve/message.h"
#include "../vm/codes.h"
#include "../vm/registers.h"
#include "../vm/status.h"
#include "../vm/vp.h"
#include "unit.h"

struct number {
	const char *name;
	u64 value;
};

static const struct number ours[] = {
	{ "call_create_partition", CALL_CREATE_PARTITION },
	{ "call_initialize_partition", CALL_INITIALIZE_PARTITION },
	{ "call_finalize_partition", CALL_FINALIZE_PARTITION },
	{ "call_delete_partition", CALL_DELETE_PARTITION },
	{ "call_set_partition_property", CALL_SET_PARTITION_PROPERTY },
	{ "call_deposit_memory", CALL_DEPOSIT_MEMORY },
	{ "call_withdraw_memory", CALL_WITHDRAW_MEMORY },
	{ "call_map_gpa_pages", CALL_MAP_GPA_PAGES },
	{ "call_unmap_gpa_pages", CALL_UNMAP_GPA_PAGES },
	{ "call_create_vp", CALL_CREATE_VP },
	{ "call_get_vp_registers", CALL_GET_VP_REGISTERS },
	{ "call_set_vp_registers", CALL_SET_VP_REGISTERS },
	{ "status_success", HV_SUCCESS },
	{ "status_invalid_hypercall_code", HV_INVALID_HYPERCALL_CODE },
	{ "status_invalid_hypercall_input", HV_INVALID_HYPERCALL_INPUT },
	{ "status_invalid_alignment", HV_INVALID_ALIGNMENT },
	{ "status_invalid_parameter", HV_INVALID_PARAMETER },
	{ "status_access_denied", HV_ACCESS_DENIED },
	{ "status_invalid_partition_state", HV_INVALID_PARTITION_STATE },
	{ "status_operation_denied", HV_OPERATION_DENIED },
	{ "status_unknown_property", HV_UNKNOWN_PROPERTY },
	{ "status_property_value_out_of_range", HV_PROPERTY_VALUE_OUT_OF_RANGE },
	{ "status_insufficient_memory", HV_INSUFFICIENT_MEMORY },
	{ "status_invalid_partition_id", HV_INVALID_PARTITION_ID },
	{ "status_invalid_vp_index", HV_INVALID_VP_INDEX },
	{ "status_invalid_vp_state", HV_INVALID_VP_STATE },
	{ "status_no_resources", HV_NO_RESOURCES },
	{ "status_invalid_register_value", HV_INVALID_REGISTER_VALUE },
	{ "message_unmapped_gpa", MESSAGE_UNMAPPED_GPA },
	{ "message_gpa_intercept", MESSAGE_GPA_INTERCEPT },
	{ "message_invalid_vp_register_value", MESSAGE_INVALID_VP_REGISTER },
	{ "message_unrecoverable_exception", MESSAGE_UNRECOVERABLE },
	{ "message_unsupported_feature", MESSAGE_UNSUPPORTED_FEATURE },
	{ "message_x64_io_port_intercept", MESSAGE_IO_PORT },
	{ "message_x64_halt", MESSAGE_HALT },
	{ "register_explicit_suspend", REG_EXPLICIT_SUSPEND },
	{ "register_intercept_suspend", REG_INTERCEPT_SUSPEND },
	{ "register_internal_activity_state", REG_INTERNAL_ACTIVITY },
	{ "register_pending_interruption", REG_PENDING_INTERRUPTION },
	{ "register_rax", REG_RAX },
	{ "register_r15", REG_RAX + 15 },
	{ "register_rip", REG_RIP },
	{ "register_rflags", REG_RFLAGS },
	{ "register_xmm0", REG_XMM0 },
	{ "register_xmm15", REG_XMM0 + 15 },
	{ "register_fp_control_status", REG_FP_CONTROL_STATUS },
	{ "register_xmm_control_status", REG_XMM_CONTROL_STATUS },
	{ "register_cr0", REG_CR0 },
	{ "register_cr2", REG_CR2 },
	{ "register_cr3", REG_CR3 },
	{ "register_cr4", REG_CR4 },
	{ "register_cr8", REG_CR8 },
	{ "register_xfem", REG_XFEM },
	{ "register_dr0", REG_DR0 },
	{ "register_dr7", REG_DR7 },
	{ "register_es", REG_ES },
	{ "register_tr", REG_TR },
	{ "register_idtr", REG_IDTR },
	{ "register_gdtr", REG_GDTR },
	{ "register_tsc", REG_TSC },
	{ "register_efer", REG_EFER },
	{ "register_pat", REG_PAT },
	{ "register_sfmask", REG_SFMASK },
	{ "register_mtrr_phys_base0", REG_MTRR_PHYS_BASE0 },
	{ "register_mtrr_phys_mask0", REG_MTRR_PHYS_MASK0 },
	{ "register_mtrr_fix4kf8000", REG_MTRR_FIX64K + 10 },
	{ "register_tsc_aux", REG_TSC_AUX },
	{ "register_debug_ctl", REG_DEBUG_CTL },
	{ "register_spec_ctrl", REG_SPEC_CTRL },
};

static const struct number sizes[] = {
	{ "segment", sizeof(struct message_segment) },
	{ "message", MESSAGE_SIZE },
	{ "intercept", sizeof(struct intercept_head) },
	{ "memory", sizeof(struct memory_intercept) },
	{ "io_port", sizeof(struct io_intercept) },
};

#define AT(type, member)	offsetof(struct type, member)

static const struct number offsets[] = {
	{ "segment.base", AT(message_segment, base) },
	{ "segment.limit", AT(message_segment, limit) },
	{ "segment.selector", AT(message_segment, selector) },
	{ "segment.attributes", AT(message_segment, attributes) },
	{ "message.type", AT(message_head, type) },
	{ "message.payload_size", AT(message_head, payload_size) },
	{ "message.flags", AT(message_head, flags) },
	{ "message.sender", AT(message_head, sender) },
	{ "message.payload", sizeof(struct message_head) },
	{ "intercept.vp_index", AT(intercept_head, vp_index) },
	{ "intercept.access_type", AT(intercept_head, access) },
	{ "intercept.execution_state", AT(intercept_head, state) },
	{ "intercept.cs", AT(intercept_head, cs) },
	{ "intercept.rip", AT(intercept_head, rip) },
	{ "intercept.rflags", AT(intercept_head, rflags) },
	{ "memory.cache_type", AT(memory_intercept, cache_type) },
	{ "memory.instruction_byte_count", AT(memory_intercept, byte_count) },
	{ "memory.access_info", AT(memory_intercept, info) },
	{ "memory.gva", AT(memory_intercept, gva) },
	{ "memory.gpa", AT(memory_intercept, gpa) },
	{ "memory.instruction_bytes", AT(memory_intercept, bytes) },
	{ "io_port.port", AT(io_intercept, port) },
	{ "io_port.access_info", AT(io_intercept, info) },
	{ "io_port.instruction_byte_count", AT(io_intercept, byte_count) },
	{ "io_port.rax", AT(io_intercept, rax) },
	{ "io_port.instruction_bytes", AT(io_intercept, bytes) },
	{ "io_port.ds", AT(io_intercept, ds) },
	{ "io_port.es", AT(io_intercept, es) },
	{ "io_port.rcx", AT(io_intercept, rcx) },
	{ "io_port.rsi", AT(io_intercept, rsi) },
	{ "io_port.rdi", AT(io_intercept, rdi) },
};

#define NOTHING(...)

#define TLFS_NUMBER(name, number)		{ #name, number },
#define TLFS_STATUS(name, number)		{ "status_" #name, number },
#define TLFS_SIZE				NOTHING
#define TLFS_OFFSET				NOTHING

static const struct number literals[] = {
#include "tlfs_abi.tbl"
};

#undef TLFS_NUMBER
#undef TLFS_STATUS
#undef TLFS_SIZE
#define TLFS_NUMBER				NOTHING
#define TLFS_STATUS				NOTHING
#define TLFS_SIZE(type, bytes)			{ #type, bytes },

static const struct number literal_sizes[] = {
#include "tlfs_abi.tbl"
};

#undef TLFS_SIZE
#undef TLFS_OFFSET
#define TLFS_SIZE				NOTHING
#define TLFS_OFFSET(type, field, bytes)		{ #type "." #field, bytes },

static const struct number literal_offsets[] = {
#include "tlfs_abi.tbl"
};

static void compare(const struct number *want, unsigned int n, const struct number *have,
		    unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		bool found = false;

		about(have[i].name, i);
		for (unsigned int j = 0; j < n; j++) {
			if (strcmp(want[j].name, have[i].name))
				continue;
			found = true;
			EXPECT_EQ(want[j].value, have[i].value);
		}
		EXPECT(found);
	}
}

static void numbers(void)
{
	compare(literals, ARRAY_SIZE(literals), ours, ARRAY_SIZE(ours));
}

static void struct_sizes(void)
{
	compare(literal_sizes, ARRAY_SIZE(literal_sizes), sizes, ARRAY_SIZE(sizes));
}

static void struct_offsets(void)
{
	compare(literal_offsets, ARRAY_SIZE(literal_offsets), offsets, ARRAY_SIZE(offsets));
}

const struct test abi_tests[] = {
	{ "abi: calls, statuses, messages, registers", numbers },
	{ "abi: sizes of messages", struct_sizes },
	{ "abi: offsets in messages", struct_offsets },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/*
 * testhv's numbers and layouts against the table of literals that also checks the driver's. What
 * only testhv has is not in that table, and the other way round.
 */
#include <string.h>

#include "../serve/message.h"
#include "../vm/codes.h"
#include "../vm/event_ring.h"
#include "../vm/partition.h"
#include "../vm/port.h"
#include "../vm/register_page.h"
#include "../vm/registers.h"
#include "../vm/slat.h"
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
	{ "call_get_partition_property", CALL_GET_PARTITION_PROPERTY },
	{ "call_set_partition_property", CALL_SET_PARTITION_PROPERTY },
	{ "call_deposit_memory", CALL_DEPOSIT_MEMORY },
	{ "call_withdraw_memory", CALL_WITHDRAW_MEMORY },
	{ "call_map_gpa_pages", CALL_MAP_GPA_PAGES },
	{ "call_unmap_gpa_pages", CALL_UNMAP_GPA_PAGES },
	{ "call_install_intercept", CALL_INSTALL_INTERCEPT },
	{ "call_create_vp", CALL_CREATE_VP },
	{ "call_get_vp_registers", CALL_GET_VP_REGISTERS },
	{ "call_set_vp_registers", CALL_SET_VP_REGISTERS },
	{ "call_translate_virtual_address", CALL_TRANSLATE_VIRTUAL_ADDRESS },
	{ "call_clear_virtual_interrupt", CALL_CLEAR_VIRTUAL_INTERRUPT },
	{ "call_delete_port", CALL_DELETE_PORT },
	{ "call_disconnect_port", CALL_DISCONNECT_PORT },
	{ "call_notify_port_ring_empty", CALL_NOTIFY_PORT_RING_EMPTY },
	{ "call_create_port", CALL_CREATE_PORT },
	{ "call_connect_port", CALL_CONNECT_PORT },
	{ "call_map_vp_state_page", CALL_MAP_VP_STATE_PAGE },
	{ "call_unmap_vp_state_page", CALL_UNMAP_VP_STATE_PAGE },
	{ "call_get_vp_state", CALL_GET_VP_STATE },
	{ "call_set_vp_state", CALL_SET_VP_STATE },
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
	{ "status_invalid_port_id", HV_INVALID_PORT_ID },
	{ "status_invalid_connection_id", HV_INVALID_CONNECTION_ID },
	{ "status_invalid_vp_state", HV_INVALID_VP_STATE },
	{ "status_no_resources", HV_NO_RESOURCES },
	{ "status_invalid_register_value", HV_INVALID_REGISTER_VALUE },
	{ "message_unmapped_gpa", MESSAGE_UNMAPPED_GPA },
	{ "message_gpa_intercept", MESSAGE_GPA_INTERCEPT },
	{ "message_invalid_vp_register_value", MESSAGE_INVALID_VP_REGISTER },
	{ "message_unrecoverable_exception", MESSAGE_UNRECOVERABLE },
	{ "message_unsupported_feature", MESSAGE_UNSUPPORTED_FEATURE },
	{ "message_x64_io_port_intercept", MESSAGE_IO_PORT },
	{ "message_x64_msr_intercept", MESSAGE_MSR },
	{ "message_x64_cpuid_intercept", MESSAGE_CPUID },
	{ "message_x64_exception_intercept", MESSAGE_EXCEPTION },
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
	{ "port_type_doorbell", PORT_TYPE_DOORBELL },
	{ "port_vp_any", PORT_VP_ANY },
	{ "doorbell_any_value", DOORBELL_ANY_VALUE },
	{ "property_privilege_flags", PROPERTY_PRIVILEGE_FLAGS },
	{ "property_synthetic_proc_features", PROPERTY_SYNTHETIC_PROC_FEATURES },
	{ "property_suspend", PROPERTY_SUSPEND },
	{ "property_cpu_weight", PROPERTY_CPU_WEIGHT },
	{ "property_time_freeze", PROPERTY_TIME_FREEZE },
	{ "property_processors_per_socket", PROPERTY_PROCESSORS_PER_SOCKET },
	{ "property_gpa_page_access_tracking", PROPERTY_GPA_ACCESS_TRACKING },
	{ "property_unimplemented_msr_action", PROPERTY_UNIMPLEMENTED_MSR_ACTION },
	{ "property_processor_vendor", PROPERTY_PROCESSOR_VENDOR },
	{ "property_processor_xsave_features", PROPERTY_PROCESSOR_XSAVE_FEATURES },
	{ "property_xsave_states", PROPERTY_XSAVE_STATES },
	{ "property_max_xsave_data_size", PROPERTY_MAX_XSAVE_DATA_SIZE },
	{ "property_processor_features0", PROPERTY_PROCESSOR_FEATURES0 },
	{ "property_processor_features1", PROPERTY_PROCESSOR_FEATURES1 },
	{ "property_guest_os_id", PROPERTY_GUEST_OS_ID },
	{ "property_processor_virtualization_features", PROPERTY_VIRTUALIZATION_FEATURES },
	{ "intercept_x64_io_port", INTERCEPT_IO_PORT },
	{ "intercept_x64_msr", INTERCEPT_MSR },
	{ "intercept_x64_cpuid", INTERCEPT_CPUID },
	{ "intercept_exception", INTERCEPT_EXCEPTION },
	{ "intercept_x64_apic_init_sipi", INTERCEPT_INIT_SIPI },
	{ "map_large", MAP_LARGE },
	{ "unmap_large", UNMAP_LARGE },
};

static const struct number sizes[] = {
	{ "segment", sizeof(struct message_segment) },
	{ "message", MESSAGE_SIZE },
	{ "intercept", sizeof(struct intercept_head) },
	{ "memory", sizeof(struct memory_intercept) },
	{ "io_port", sizeof(struct io_intercept) },
	{ "msr", sizeof(struct msr_intercept) },
	{ "cpuid", sizeof(struct cpuid_intercept) },
	{ "exception", sizeof(struct exception_intercept) },
	{ "invalid_register", sizeof(struct invalid_register_intercept) },
	{ "unsupported", sizeof(struct unsupported_intercept) },
	{ "register_page", sizeof(struct register_page) },
	{ "event_ring", sizeof(struct event_ring) },
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
	{ "msr.number", AT(msr_intercept, msr) },
	{ "msr.rdx", AT(msr_intercept, rdx) },
	{ "msr.rax", AT(msr_intercept, rax) },
	{ "cpuid.rax", AT(cpuid_intercept, rax) },
	{ "cpuid.rcx", AT(cpuid_intercept, rcx) },
	{ "cpuid.rdx", AT(cpuid_intercept, rdx) },
	{ "cpuid.rbx", AT(cpuid_intercept, rbx) },
	{ "cpuid.default_rax", AT(cpuid_intercept, default_rax) },
	{ "cpuid.default_rbx", AT(cpuid_intercept, default_rbx) },
	{ "exception.vector", AT(exception_intercept, vector) },
	{ "exception.info", AT(exception_intercept, info) },
	{ "exception.instruction_byte_count", AT(exception_intercept, byte_count) },
	{ "exception.error_code", AT(exception_intercept, error_code) },
	{ "exception.parameter", AT(exception_intercept, parameter) },
	{ "exception.instruction_bytes", AT(exception_intercept, bytes) },
	{ "exception.ds", AT(exception_intercept, ds) },
	{ "exception.ss", AT(exception_intercept, ss) },
	{ "exception.rax", AT(exception_intercept, gpr) },
	{ "unsupported.feature_code", AT(unsupported_intercept, feature) },
	{ "unsupported.parameter", AT(unsupported_intercept, parameter) },
	{ "event_ring.masked", AT(event_ring, masked) },
	{ "event_ring.full", AT(event_ring, full) },
	{ "event_ring.entries", AT(event_ring, entry) },
	{ "register_page.isvalid", AT(register_page, is_valid) },
	{ "register_page.dirty", AT(register_page, dirty) },
	{ "register_page.gprs", AT(register_page, gpr) },
	{ "register_page.rip", AT(register_page, rip) },
	{ "register_page.rflags", AT(register_page, rflags) },
	{ "register_page.xmm", AT(register_page, xmm) },
	{ "register_page.segments", AT(register_page, segment) },
	{ "register_page.cr0", AT(register_page, cr0) },
	{ "register_page.efer", AT(register_page, efer) },
	{ "register_page.pending_interruption", AT(register_page, pending_interruption) },
	{ "register_page.xfem", AT(register_page, xfem) },
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

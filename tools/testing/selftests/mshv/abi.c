// SPDX-License-Identifier: GPL-2.0
/*
 * The binary interface, in literal numbers from the series of 2021 and the
 * TLFS: nothing here is computed from the headers under test.
 */
#include "fixture.h"

struct number {
	const char *what;
	unsigned long want, have;
};

#define NUMBER(want, have)		{ #have, want, have }
#define SIZE(want, type)		{ "sizeof " #type, want, sizeof(type) }
#define OFFSET(want, type, member)	{ #type "." #member, want, offsetof(type, member) }

static void check(struct __test_metadata *_metadata, const struct number *n, size_t count)
{
	for (; count--; n++)
		EXPECT_EQ(n->want, n->have) TH_LOG("%s", n->what);
}

TEST(ioctl_numbers)
{
	static const struct number numbers[] = {
		NUMBER(0x4004b800, MSHV_CHECK_EXTENSION),
		NUMBER(0x4028b801, MSHV_CREATE_PARTITION),
		NUMBER(0x4020b802, MSHV_MAP_GUEST_MEMORY),
		NUMBER(0x4020b803, MSHV_UNMAP_GUEST_MEMORY),
		NUMBER(0x4004b804, MSHV_CREATE_VP),
		NUMBER(0xc010b805, MSHV_GET_VP_REGISTERS),
		NUMBER(0x4010b806, MSHV_SET_VP_REGISTERS),
		NUMBER(0x8100b807, MSHV_RUN_VP),
		NUMBER(0x4010b808, MSHV_INSTALL_INTERCEPT),
		NUMBER(0x4018b809, MSHV_ASSERT_INTERRUPT),
		NUMBER(0xc028b80a, MSHV_GET_VP_STATE),
		NUMBER(0xc028b80b, MSHV_SET_VP_STATE),
		NUMBER(0x4010b80c, MSHV_SET_PARTITION_PROPERTY),
		NUMBER(0xc010b80d, MSHV_GET_PARTITION_PROPERTY),
		NUMBER(0xc020b80e, MSHV_TRANSLATE_GVA),
		NUMBER(0x4010b80e, MSHV_IRQFD),
		NUMBER(0x4020b80f, MSHV_IOEVENTFD),
		NUMBER(0x4008b811, MSHV_SET_MSI_ROUTING),
		NUMBER(0x0000b840, MSHV_CANCEL_RUN),
	};

	check(_metadata, numbers, ARRAY_SIZE(numbers));
}

TEST(constants)
{
	static const struct number numbers[] = {
		NUMBER(0, MSHV_CAP_CORE_API_STABLE),
		NUMBER(128, MSHV_VP_MAX_REGISTERS),
		NUMBER(1 << 0, MSHV_PARTITION_SMT_ENABLED_GUEST),
		NUMBER(1 << 3, MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED),
		NUMBER(1 << 4, MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED),
		NUMBER(1 << 13, MSHV_PARTITION_LAPIC_ENABLED),
		NUMBER(1, MSHV_IRQFD_FLAG_DEASSIGN),
		NUMBER(2, MSHV_IRQFD_FLAG_RESAMPLE),
		NUMBER(1, MSHV_IOEVENTFD_FLAG_DATAMATCH),
		NUMBER(2, MSHV_IOEVENTFD_FLAG_PIO),
		NUMBER(4, MSHV_IOEVENTFD_FLAG_DEASSIGN),
		NUMBER(4096, MSHV_MAX_GSIS),
		NUMBER(0x0, HV_MAP_GPA_PERMISSIONS_NONE),
		NUMBER(0x1, HV_MAP_GPA_READABLE),
		NUMBER(0x2, HV_MAP_GPA_WRITABLE),
		NUMBER(0x4, HV_MAP_GPA_KERNEL_EXECUTABLE),
		NUMBER(0x8, HV_MAP_GPA_USER_EXECUTABLE),
		NUMBER(0xc, HV_MAP_GPA_EXECUTABLE),
		NUMBER(0x0, MSHV_HVMSG_NONE),
		NUMBER(0x80000000, MSHV_HVMSG_UNMAPPED_GPA),
		NUMBER(0x80000001, MSHV_HVMSG_GPA_INTERCEPT),
		NUMBER(0x80000020, MSHV_HVMSG_INVALID_VP_REGISTER_VALUE),
		NUMBER(0x80000021, MSHV_HVMSG_UNRECOVERABLE_EXCEPTION),
		NUMBER(0x80000022, MSHV_HVMSG_UNSUPPORTED_FEATURE),
		NUMBER(0x80010000, MSHV_HVMSG_X64_IO_PORT_INTERCEPT),
		NUMBER(0x80010001, MSHV_HVMSG_X64_MSR_INTERCEPT),
		NUMBER(0x80010002, MSHV_HVMSG_X64_CPUID_INTERCEPT),
		NUMBER(0x80010003, MSHV_HVMSG_X64_EXCEPTION_INTERCEPT),
		NUMBER(0x80010004, MSHV_HVMSG_X64_APIC_EOI),
		NUMBER(0x80010007, MSHV_HVMSG_X64_HALT),
	};

	check(_metadata, numbers, ARRAY_SIZE(numbers));
}

TEST(ioctl_structs)
{
	static const struct number numbers[] = {
		SIZE(40, struct mshv_create_partition),
		OFFSET(0, struct mshv_create_partition, flags),
		OFFSET(8, struct mshv_create_partition, partition_creation_properties),
		OFFSET(32, struct mshv_create_partition, synthetic_processor_features),
		SIZE(24, struct mshv_hv_partition_creation_properties),
		OFFSET(16, struct mshv_hv_partition_creation_properties,
		       disabled_processor_xsave_features),
		SIZE(32, struct mshv_user_mem_region),
		OFFSET(0, struct mshv_user_mem_region, size),
		OFFSET(8, struct mshv_user_mem_region, guest_pfn),
		OFFSET(16, struct mshv_user_mem_region, userspace_addr),
		OFFSET(24, struct mshv_user_mem_region, flags),
		SIZE(4, struct mshv_create_vp),
		SIZE(16, struct mshv_vp_registers),
		OFFSET(0, struct mshv_vp_registers, count),
		OFFSET(8, struct mshv_vp_registers, regs),
		SIZE(32, struct mshv_hv_register_assoc),
		OFFSET(0, struct mshv_hv_register_assoc, name),
		OFFSET(16, struct mshv_hv_register_assoc, value),
		SIZE(16, struct mshv_install_intercept),
		SIZE(24, struct mshv_assert_interrupt),
		OFFSET(16, struct mshv_assert_interrupt, vector),
		SIZE(40, struct mshv_vp_state),
		OFFSET(4, struct mshv_vp_state, xsave_flags),
		OFFSET(24, struct mshv_vp_state, buf_size),
		SIZE(16, struct mshv_partition_property),
		OFFSET(8, struct mshv_partition_property, property_value),
		SIZE(32, struct mshv_translate_gva),
		SIZE(16, struct mshv_irqfd),
		OFFSET(4, struct mshv_irqfd, resamplefd),
		OFFSET(8, struct mshv_irqfd, gsi),
		OFFSET(12, struct mshv_irqfd, flags),
		SIZE(32, struct mshv_ioeventfd),
		OFFSET(0, struct mshv_ioeventfd, datamatch),
		OFFSET(8, struct mshv_ioeventfd, addr),
		OFFSET(16, struct mshv_ioeventfd, len),
		OFFSET(20, struct mshv_ioeventfd, fd),
		OFFSET(24, struct mshv_ioeventfd, flags),
		SIZE(8, struct mshv_msi_routing),
		OFFSET(8, struct mshv_msi_routing, entries),
		SIZE(16, struct mshv_msi_routing_entry),
		OFFSET(4, struct mshv_msi_routing_entry, address_lo),
		OFFSET(8, struct mshv_msi_routing_entry, address_hi),
		OFFSET(12, struct mshv_msi_routing_entry, data),
	};

	check(_metadata, numbers, ARRAY_SIZE(numbers));
}

TEST(register_values)
{
	static const struct number numbers[] = {
		SIZE(16, union mshv_hv_register_value),
		OFFSET(0, struct mshv_hv_u128, low_part),
		OFFSET(8, struct mshv_hv_u128, high_part),
		SIZE(16, struct mshv_hv_x64_segment_register),
		OFFSET(8, struct mshv_hv_x64_segment_register, limit),
		OFFSET(12, struct mshv_hv_x64_segment_register, selector),
		OFFSET(14, struct mshv_hv_x64_segment_register, attributes),
		SIZE(16, struct mshv_hv_x64_table_register),
		OFFSET(6, struct mshv_hv_x64_table_register, limit),
		OFFSET(8, struct mshv_hv_x64_table_register, base),
		OFFSET(4, struct mshv_hv_x64_fp_control_status, fp_tag),
		OFFSET(8, struct mshv_hv_x64_fp_control_status, last_fp_rip),
		OFFSET(8, struct mshv_hv_x64_xmm_control_status, xmm_status_control),
	};
	struct mshv_hv_x64_segment_register seg = { .attributes = 0xb09b };

	check(_metadata, numbers, ARRAY_SIZE(numbers));
	EXPECT_BITS(0xb, seg.segment_type);
	EXPECT_BITS(1, seg.non_system_segment);
	EXPECT_BITS(0, seg.descriptor_privilege_level);
	EXPECT_BITS(1, seg.present);
	EXPECT_BITS(1, seg.available);
	EXPECT_BITS(1, seg._long);
	EXPECT_BITS(0, seg._default);
	EXPECT_BITS(1, seg.granularity);
}

TEST(register_names)
{
	static const struct number numbers[] = {
		NUMBER(0x0, HV_REGISTER_EXPLICIT_SUSPEND),
		NUMBER(0x1, HV_REGISTER_INTERCEPT_SUSPEND),
		NUMBER(0x3, HV_REGISTER_DISPATCH_SUSPEND),
		NUMBER(0x10002, HV_REGISTER_PENDING_INTERRUPTION),
		NUMBER(0x20000, HV_X64_REGISTER_RAX),
		NUMBER(0x20003, HV_X64_REGISTER_RBX),
		NUMBER(0x2000f, HV_X64_REGISTER_R15),
		NUMBER(0x20010, HV_X64_REGISTER_RIP),
		NUMBER(0x20011, HV_X64_REGISTER_RFLAGS),
		NUMBER(0x30000, HV_X64_REGISTER_XMM0),
		NUMBER(0x40003, HV_X64_REGISTER_CR4),
		NUMBER(0x50005, HV_X64_REGISTER_DR7),
		NUMBER(0x60001, HV_X64_REGISTER_CS),
		NUMBER(0x60007, HV_X64_REGISTER_TR),
		NUMBER(0x70000, HV_X64_REGISTER_IDTR),
		NUMBER(0x70001, HV_X64_REGISTER_GDTR),
		NUMBER(0x80001, HV_X64_REGISTER_EFER),
		NUMBER(0x80004, HV_X64_REGISTER_PAT),
		NUMBER(0x8000b, HV_X64_REGISTER_SFMASK),
	};

	check(_metadata, numbers, ARRAY_SIZE(numbers));
}

TEST(messages)
{
	static const struct number numbers[] = {
		SIZE(256, struct mshv_hv_message),
		SIZE(16, struct mshv_hv_message_header),
		OFFSET(4, struct mshv_hv_message_header, payload_size),
		OFFSET(5, struct mshv_hv_message_header, message_flags),
		OFFSET(8, struct mshv_hv_message_header, sender),
		OFFSET(16, struct mshv_hv_message, payload),
		SIZE(40, struct mshv_hv_x64_intercept_message_header),
		OFFSET(0, struct mshv_hv_x64_intercept_message_header, vp_index),
		OFFSET(5, struct mshv_hv_x64_intercept_message_header, intercept_access_type),
		OFFSET(6, struct mshv_hv_x64_intercept_message_header, execution_state),
		OFFSET(8, struct mshv_hv_x64_intercept_message_header, cs_segment),
		OFFSET(24, struct mshv_hv_x64_intercept_message_header, rip),
		OFFSET(32, struct mshv_hv_x64_intercept_message_header, rflags),
		SIZE(80, struct mshv_hv_x64_memory_intercept_message),
		OFFSET(40, struct mshv_hv_x64_memory_intercept_message, cache_type),
		OFFSET(44, struct mshv_hv_x64_memory_intercept_message, instruction_byte_count),
		OFFSET(45, struct mshv_hv_x64_memory_intercept_message, memory_access_info),
		OFFSET(46, struct mshv_hv_x64_memory_intercept_message, tpr_priority),
		OFFSET(48, struct mshv_hv_x64_memory_intercept_message, guest_virtual_address),
		OFFSET(56, struct mshv_hv_x64_memory_intercept_message, guest_physical_address),
		OFFSET(64, struct mshv_hv_x64_memory_intercept_message, instruction_bytes),
		SIZE(128, struct mshv_hv_x64_io_port_intercept_message),
		OFFSET(40, struct mshv_hv_x64_io_port_intercept_message, port_number),
		OFFSET(42, struct mshv_hv_x64_io_port_intercept_message, access_info),
		OFFSET(43, struct mshv_hv_x64_io_port_intercept_message, instruction_byte_count),
		OFFSET(48, struct mshv_hv_x64_io_port_intercept_message, rax),
		OFFSET(56, struct mshv_hv_x64_io_port_intercept_message, instruction_bytes),
		OFFSET(72, struct mshv_hv_x64_io_port_intercept_message, ds_segment),
		OFFSET(88, struct mshv_hv_x64_io_port_intercept_message, es_segment),
		OFFSET(104, struct mshv_hv_x64_io_port_intercept_message, rcx),
		OFFSET(112, struct mshv_hv_x64_io_port_intercept_message, rsi),
		OFFSET(120, struct mshv_hv_x64_io_port_intercept_message, rdi),
	};

	check(_metadata, numbers, ARRAY_SIZE(numbers));
}

TEST(bit_fields)
{
	struct mshv_hv_x64_intercept_message_header head = {};
	struct mshv_hv_x64_memory_intercept_message mem = {};
	struct mshv_hv_x64_io_port_intercept_message io = {};

	((__u8 *)&head)[4] = 0x93;
	EXPECT_BITS(3, head.instruction_length);
	EXPECT_BITS(9, head.cr8);
	head.execution_state.as_uint16 = 0x1017;
	EXPECT_BITS(3, head.execution_state.cpl);
	EXPECT_BITS(1, head.execution_state.cr0_pe);
	EXPECT_BITS(0, head.execution_state.cr0_am);
	EXPECT_BITS(1, head.execution_state.efer_lma);
	EXPECT_BITS(1, head.execution_state.interrupt_shadow);
	io.access_info.as_uint8 = 0x14;
	EXPECT_BITS(4, io.access_info.access_size);
	EXPECT_BITS(0, io.access_info.string_op);
	EXPECT_BITS(1, io.access_info.rep_prefix);
	mem.memory_access_info.as_uint8 = 2;
	EXPECT_BITS(0, mem.memory_access_info.gva_valid);
	EXPECT_BITS(1, mem.memory_access_info.gva_gpa_valid);
}

/* What nobody has, and what a partition has and a VP has not */
TEST_F(guest, not_of_this_fd)
{
	static const unsigned long partitions[] = { 0x4010b80e, 0x4020b80f, 0x4008b811 };
	static const unsigned long requests[] = { 0x4020b812, 0x0000b841 };
	__u8 buf[256] = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		EXPECT_ERR(any, ENOTTY, ioctl(self->guest.part, requests[i], buf) ? -errno : 0);
		EXPECT_ERR(any, ENOTTY, ioctl(self->guest.vp, requests[i], buf) ? -errno : 0);
	}
	for (i = 0; i < ARRAY_SIZE(partitions); i++)
		EXPECT_ERR(any, ENOTTY, ioctl(self->guest.vp, partitions[i], buf) ? -errno : 0);
}

TEST_HARNESS_MAIN

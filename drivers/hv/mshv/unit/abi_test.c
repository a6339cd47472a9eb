// SPDX-License-Identifier: GPL-2.0
/* The driver's definitions against the table of literal numbers. */
#include <kunit/test.h>
#include <linux/mshv.h>

#include "../tlfs.h"
#include "abi_names.h"

enum abi_kind { ABI_NUMBER, ABI_SIZE, ABI_OFFSET };

struct abi_row {
	enum abi_kind kind;
	const char *name;
	u64 ours;
	u64 table;
};

#define TLFS_STATUS(...)
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
	{ "IRQFD", MSHV_IRQFD, 0x4010b80e },
	{ "IOEVENTFD", MSHV_IOEVENTFD, 0x4020b80f },
	{ "SET_MSI_ROUTING", MSHV_SET_MSI_ROUTING, 0x4008b811 },
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
	KUNIT_CASE(abi_vp_state_test),
	{}
};

static struct kunit_suite abi_suite = {
	.name = "mshv_abi",
	.test_cases = abi_test_cases,
};

kunit_test_suite(abi_suite);

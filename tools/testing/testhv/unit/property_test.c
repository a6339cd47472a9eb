// SPDX-License-Identifier: GPL-2.0
/* Partition properties: which there are, when they may be set, and to what. */
#include <string.h>

#include "../hw/cpu.h"
#include "../vm/codes.h"
#include "../vm/hv.h"
#include "../vm/status.h"
#include "machine.h"
#include "unit.h"

static u16 set(u64 id, u32 code, u64 value)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, id);
	hypercall_input32(8, code);
	hypercall_input(16, value);
	return hypercall(CALL_SET_PARTITION_PROPERTY, NULL);
}

static u16 get(u64 id, u32 code, u64 *value)
{
	u16 status;

	memset(machine_page(0), 0, 4096);
	hypercall_input(0, id);
	hypercall_input32(8, code);
	status = hypercall(CALL_GET_PARTITION_PROPERTY, NULL);
	*value = hypercall_output(0);
	return status;
}

static u64 created(u32 version)
{
	deposit(ROOT_PARTITION_ID, 8, 1);
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, PARTITION_FLAG_EXO);
	hypercall_input32(16, version);
	hypercall(CALL_CREATE_PARTITION, NULL);
	return hypercall_output(0);
}

static void initialize(u64 id)
{
	deposit(id, 16, 4);
	hypercall_input(0, id);
	hypercall(CALL_INITIALIZE_PARTITION, NULL);
}

static const struct {
	u32 code;
	u64 first, least, most;
	bool early;
} numbers[] = {
	{ 0x20000, 0, 0, 1, false },
	{ 0x20001, 0, 0, 0x10000, false },
	{ 0x20002, 0x10000, 0, 0x10000, false },
	{ 0x20003, 100, 1, 10000, false },
	{ 0x20004, 0, 0, 0, true },
	{ 0x30003, 0, 0, 1, false },
	{ 0x40000, 0, 0, 0xffffffff, true },
	{ 0x50001, 0, 0, 0, true },
	{ 0x50002, 0, 0, 1, true },
	{ 0x50003, 0, 1, 2048, true },
	{ 0x50004, 0, 0, 0, true },
	{ 0x50005, 0, 0, 1, false },
	{ 0x50007, 0, 0, 0, true },
	{ 0x50008, 0, 0, 0, true },
	{ 0x50009, 0, 0, 0, true },
	{ 0x5000a, 0, 0, 0, true },
	{ 0x5000b, 0, 0, 0, true },
	{ 0x5000d, 0, 0, 0, true },
	{ 0x5000e, 0, 0, 0, true },
	{ 0x5000f, 0, 0, 0, true },
	{ 0x50011, 0, 0, 0, true },
	{ 0x50012, 0, 0, 0, true },
	{ 0x50017, 0, 0, 1, true },
};

static void ranges(void)
{
	u64 id = created(0x607), value;

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		about("code", numbers[i].code);
		EXPECT_EQ(HV_SUCCESS, get(id, numbers[i].code, &value));
		EXPECT_EQ(numbers[i].first, value);
		EXPECT_EQ(numbers[i].early ? HV_SUCCESS : HV_INVALID_PARTITION_STATE,
			  set(id, numbers[i].code, numbers[i].most));
	}
	initialize(id);
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		about("code", numbers[i].code);
		if (numbers[i].least)
			EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE,
				  set(id, numbers[i].code, numbers[i].least - 1));
		EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE,
			  set(id, numbers[i].code, numbers[i].most + 1));
		EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(id, numbers[i].code, ~0UL));
		EXPECT_EQ(HV_SUCCESS, set(id, numbers[i].code, numbers[i].most));
		EXPECT_EQ(HV_SUCCESS, get(id, numbers[i].code, &value));
		EXPECT_EQ(numbers[i].most, value);
	}
	hypercall_input(0, id);
	hypercall(CALL_FINALIZE_PARTITION, NULL);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, set(id, 0x20003, 1));
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, get(id, 0x20003, &value));
}

/* A reserve above the cap, a number of pages out of bounds. */
static void invariants(void)
{
	u64 id = machine_partition(0)->id, value;

	EXPECT_EQ(HV_SUCCESS, set(id, 0x20002, 0x8000));
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(id, 0x20001, 0x8001));
	EXPECT_EQ(HV_SUCCESS, set(id, 0x20001, 0x8000));
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(id, 0x20002, 0x7fff));
	EXPECT_EQ(HV_SUCCESS, set(id, 0x50000, 1));
	get(id, 0x50000, &value);
	EXPECT_EQ(4, value);
	EXPECT_EQ(HV_SUCCESS, set(id, 0x50000, 100000));
	get(id, 0x50000, &value);
	EXPECT_EQ(1024, value);
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(id, 0x50000, BIT(32)));
}

/* What tells of the processor is there, and can't be set. */
static void read_only(void)
{
	static const u32 codes[] = { 0x50006, 0x5000c, 0x50010, 0x60000, 0x60001, 0x60002, 0x60003,
				     0x60004, 0x60005, 0x60006, 0x60007, 0x60008, 0x60009,
				     0x6000a, 0x6000b, 0x70000, 0x80000 };
	u64 id = machine_partition(0)->id, value, other;

	for (unsigned int i = 0; i < ARRAY_SIZE(codes); i++) {
		about("code", codes[i]);
		EXPECT_EQ(HV_SUCCESS, get(id, codes[i], &value));
		EXPECT_EQ(HV_UNKNOWN_PROPERTY, set(id, codes[i], value));
		EXPECT_EQ(HV_SUCCESS, get(ROOT_PARTITION_ID, codes[i], &value));
	}
	get(id, 0x6000a, &value);
	EXPECT_EQ(0, value & BIT(63));
	partition_find(id)->disabled_features[0] = value & -value;
	get(id, 0x6000a, &other);
	EXPECT_EQ(value & (value - 1), other);
	partition_find(id)->hv->guest_os_id = 0x810000060c750000;
	get(id, 0x70000, &value);
	EXPECT_EQ(0x810000060c750000, value);
	get(id, 0x60009, &value);
	EXPECT_EQ(tsc_hz, value);
	get(id, 0x60005, &value);
	EXPECT_EQ(0x607, value);
}

static void refused(void)
{
	u64 id = machine_partition(0)->id, value;

	EXPECT_EQ(HV_UNKNOWN_PROPERTY, set(id, 0x20005, 0));
	EXPECT_EQ(HV_UNKNOWN_PROPERTY, get(id, 0x20005, &value));
	EXPECT_EQ(HV_INVALID_PARTITION_ID, get(0x1234, 0x20000, &value));
	EXPECT_EQ(HV_INVALID_PARTITION_ID, set(0x1234, 0x20000, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, set(ROOT_PARTITION_ID, 0x20003, 100));
	hypercall_input(0, id);
	hypercall_input32(12, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_SET_PARTITION_PROPERTY, NULL));
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_GET_PARTITION_PROPERTY, NULL));
}

/* Privileges and synthetic features are two names of one thing. */
static void privileges(void)
{
	u64 id = created(0x607), value;

	EXPECT_EQ(HV_SUCCESS, set(id, 0x10001, 0xffb));
	get(id, 0x10000, &value);
	EXPECT_EQ(0xe7e, value);
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(id, 0x10000, BIT(35)));
	EXPECT_EQ(HV_SUCCESS, set(id, 0x10000, 0x60));
	get(id, 0x10001, &value);
	EXPECT_EQ(0x183, value);
	initialize(id);
	EXPECT_EQ(HV_SUCCESS, set(id, 0x10000, 0));
	get(id, 0x10001, &value);
	EXPECT_EQ(0x183, value);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, set(id, 0x10001, 0xffb));
}

/* What shows or opens something is a feature; the others are refused, and nothing changes. */
static void synthetic_features(void)
{
	const u64 known = 0x2f448fff;
	u64 id = created(0x607), value;

	EXPECT_EQ(HV_SUCCESS, set(id, 0x10001, known));
	for (unsigned int bit = 0; bit < 64; bit++) {
		about("feature", bit);
		EXPECT_EQ(known & BIT(bit) ? HV_SUCCESS : HV_PROPERTY_VALUE_OUT_OF_RANGE,
			  set(id, 0x10001, known ^ BIT(bit)));
		get(id, 0x10001, &value);
		EXPECT_EQ(known & ~BIT(bit), value);
		EXPECT_EQ(HV_SUCCESS, set(id, 0x10001, known));
	}
}

static void privileges_of_later_versions(void)
{
	u64 id = created(0x609);

	EXPECT_EQ(HV_SUCCESS, set(id, 0x10000, 0));
	initialize(id);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, set(id, 0x10000, 0));
}

static void time_freeze(void)
{
	struct partition *p = machine_partition(0);

	EXPECT_EQ(HV_SUCCESS, set(p->id, 0x30003, 1));
	EXPECT(p->hv->time.frozen);
	EXPECT_EQ(HV_PROPERTY_VALUE_OUT_OF_RANGE, set(p->id, 0x30003, 2));
	EXPECT_EQ(HV_SUCCESS, set(p->id, 0x30003, 0));
	EXPECT(!p->hv->time.frozen);
}

static void suspend(void)
{
	struct vp *vp = machine_vp();
	u64 id = vp->partition->id;

	vp->explicit_suspend = false;
	EXPECT(vp_runnable(vp));
	EXPECT_EQ(HV_SUCCESS, set(id, 0x20000, 1));
	EXPECT(!vp_runnable(vp));
	EXPECT(!vp->explicit_suspend);
	resumed = 0;
	EXPECT_EQ(HV_SUCCESS, set(id, 0x20000, 0));
	EXPECT_EQ(1, resumed);
	vp->explicit_suspend = true;
	EXPECT_EQ(HV_SUCCESS, set(id, 0x20000, 0));
	EXPECT_EQ(1, resumed);
}

const struct test property_tests[] = {
	{ "properties: states and ranges", ranges },
	{ "properties: invariants", invariants },
	{ "properties: read only", read_only },
	{ "properties: refused", refused },
	{ "properties: privileges", privileges },
	{ "properties: synthetic features", synthetic_features },
	{ "properties: privileges of later versions", privileges_of_later_versions },
	{ "properties: suspend", suspend },
	{ "properties: time freeze", time_freeze },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* MSHV_GET_VP_REGISTERS and MSHV_SET_VP_REGISTERS. */
#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "regs.h"

#define MAX_REGS	128

static void get_one(struct mshv_hv_register_assoc *reg, int vp, __u32 name)
{
	memset(reg, POISON, sizeof(*reg));
	reg->name = name;
	regs_get(vp, reg, 1);
}

/* All of them, one by one: read, write back, read again. */
TEST_F(guest, read_and_write_back)
{
	struct mshv_hv_register_assoc reg, again;
	struct client_reg list[CLIENT_REGS];
	int vp = self->guest.vp;
	int i, ret;
	__u32 name;

	ASSERT_EQ(CLIENT_REGS, client_regs(list));
	for (i = 0; i < CLIENT_REGS; i++) {
		name = list[i].name;
		get_one(&reg, vp, name);
		EXPECT_EQ(name, reg.name);
		if (list[i].kind == KIND_READ)
			continue;
		ret = __regs_set(vp, &reg, 1);
		EXPECT_EQ(0, ret)
			TH_LOG("write back register %#x", name);
		get_one(&again, vp, name);
		/* The TSC goes on by itself. */
		if (name == HV_X64_REGISTER_TSC)
			continue;
		EXPECT_EQ(0, memcmp(&reg.value, &again.value, sizeof(reg.value)))
			TH_LOG("register %#x changed by writing it back", name);
	}
}

static void distinct(struct mshv_hv_register_assoc *reg, __u32 name, enum reg_kind kind)
{
	__u64 seed = (__u64)(name + 1) * 0x9e3779b97f4a7c15ull;

	memset(reg, 0, sizeof(*reg));
	reg->name = name;
	switch (kind) {
	case KIND_VECTOR:
		reg->value.reg128.low_part = seed;
		reg->value.reg128.high_part = ~seed * 3;
		break;
	case KIND_SEGMENT:
		/* Present, writable data; LDTR and TR are told apart below. */
		reg->value.segment.base = seed & 0x7fffffff000;
		reg->value.segment.limit = (seed & 0xff) << 12 | 0xfff;
		reg->value.segment.selector = (name & 7) << 3;
		reg->value.segment.attributes = 0xc093;
		if (name == HV_X64_REGISTER_CS)
			reg->value.segment.attributes = 0xc09b;
		if (name == HV_X64_REGISTER_LDTR)
			reg->value.segment.attributes = 0x0082;
		if (name == HV_X64_REGISTER_TR)
			reg->value.segment.attributes = 0x008b;
		break;
	case KIND_TABLE:
		reg->value.table.limit = seed & 0xffff;
		reg->value.table.base = seed & 0x7fffffff000;
		break;
	default:
		reg->value.reg64 = seed;
	}
}

/* A value for each, all different; all set, then all read: none takes another's place. */
TEST_F(guest, distinct_values)
{
	struct mshv_hv_register_assoc want[MAX_REGS], have[MAX_REGS];
	struct client_reg list[CLIENT_REGS];
	int vp = self->guest.vp;
	int n = 0, i;

	client_regs(list);
	for (i = 0; i < CLIENT_REGS; i++) {
		if (list[i].kind != KIND_KEEP && list[i].kind != KIND_READ)
			distinct(&want[n++], list[i].name, list[i].kind);
	}
	EXPECT_EQ(47, n);
	regs_set(vp, want, n);
	memset(have, POISON, sizeof(have));
	for (i = 0; i < n; i++)
		have[i].name = want[n - 1 - i].name;
	regs_get(vp, have, n);
	for (i = 0; i < n; i++) {
		struct mshv_hv_register_assoc *w = &want[n - 1 - i];

		ASSERT_EQ(w->name, have[i].name);
		if (w->name >= HV_X64_REGISTER_IDTR && w->name <= HV_X64_REGISTER_GDTR) {
			EXPECT_EQ(w->value.table.limit, have[i].value.table.limit);
			EXPECT_EQ(w->value.table.base, have[i].value.table.base);
			continue;
		}
		EXPECT_EQ(0, memcmp(&w->value, &have[i].value, sizeof(w->value)))
			TH_LOG("register %#x: %#llx, not %#llx", w->name, have[i].value.reg64,
			       w->value.reg64);
	}
}

/* Values that a guest's MSRs may well have */
TEST_F(guest, msr_like_values)
{
	static const struct { __u32 name; __u64 value; } set[] = {
		{ HV_X64_REGISTER_EFER, 0x901 },
		{ HV_X64_REGISTER_KERNEL_GS_BASE, 0xffff888012345000 },
		{ HV_X64_REGISTER_PAT, 0x0407050600070106 },
		{ HV_X64_REGISTER_SYSENTER_CS, 0x10 },
		{ HV_X64_REGISTER_SYSENTER_EIP, 0xffffffff81000000 },
		{ HV_X64_REGISTER_SYSENTER_ESP, 0xfffffe0000002200 },
		{ HV_X64_REGISTER_STAR, 0x0023001000000000 },
		{ HV_X64_REGISTER_LSTAR, 0xffffffff81000080 },
		{ HV_X64_REGISTER_CSTAR, 0xffffffff81000100 },
		{ HV_X64_REGISTER_SFMASK, 0x47700 },
		{ 0x8000e, 0xc06 },
		{ 0x80011, 0x80000006 },
		{ 0x80041, 0xff80000800 },
		{ 0x80070, 0x0606060606060606 },
		{ 0x8007a, 0x0505050505050505 },
		{ 0x8007b, 7 },
	};
	int vp = self->guest.vp;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(set); i++)
		reg_set(vp, set[i].name, set[i].value);
	for (i = 0; i < ARRAY_SIZE(set); i++)
		EXPECT_EQ(set[i].value, reg_get(vp, set[i].name))
			TH_LOG("register %#x", set[i].name);
}

/* FPU control, and MMX values as a client restores them */
TEST_F(guest, fpu_values)
{
	struct mshv_hv_register_assoc regs[10] = {}, again[10];
	int vp = self->guest.vp;
	int i;

	for (i = 0; i < 8; i++) {
		regs[i].name = HV_X64_REGISTER_FP_MMX0 + i;
		regs[i].value.reg128.low_part = 0x8000000000000000 | (i + 1) * 0x1111;
		regs[i].value.reg128.high_part = 0x3fff + i;
	}
	regs[8].name = HV_X64_REGISTER_FP_CONTROL_STATUS;
	regs[8].value.fp_control_status.fp_control = 0x37f;
	regs[8].value.fp_control_status.fp_status = 0x3800;
	regs[8].value.fp_control_status.fp_tag = 0xff;
	regs[9].name = HV_X64_REGISTER_XMM_CONTROL_STATUS;
	regs[9].value.xmm_control_status.xmm_status_control = 0x1fa0;
	regs[9].value.xmm_control_status.xmm_status_control_mask = 0xffff;
	regs_set(vp, regs, 10);
	memset(again, POISON, sizeof(again));
	for (i = 0; i < 10; i++)
		again[i].name = regs[i].name;
	regs_get(vp, again, 10);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, memcmp(&regs[i].value, &again[i].value, 10))
			TH_LOG("FP_MMX%d", i);
	EXPECT_EQ(0x37f, again[8].value.fp_control_status.fp_control);
	EXPECT_EQ(0x3800, again[8].value.fp_control_status.fp_status);
	EXPECT_EQ(0xff, again[8].value.fp_control_status.fp_tag);
	EXPECT_EQ(0x1fa0, again[9].value.xmm_control_status.xmm_status_control);
}

/* What is set is what the guest computes with, and what it leaves is read. */
TEST_F(guest, guest_sees_them)
{
	struct mshv_hv_message msg;

	guest_start(&self->guest, MODE_REAL, code_count16);
	reg_set(self->guest.vp, HV_X64_REGISTER_RAX, 0x1233);
	reg_set(self->guest.vp, HV_X64_REGISTER_RIP, 3);
	vp_run(self->guest.vp, &msg);
	EXPECT_EQ(0x1234, reg_get(self->guest.vp, HV_X64_REGISTER_RAX));
}

TEST_F(guest, counts)
{
	struct mshv_hv_register_assoc regs[MAX_REGS + 1] = {};
	int vp = self->guest.vp;
	int i;

	for (i = 0; i <= MAX_REGS; i++)
		regs[i].name = HV_X64_REGISTER_RAX + i % 16;
	EXPECT_EQ(0, __regs_get(vp, regs, MAX_REGS));
	/* More than one hypercall can carry */
	EXPECT_EQ(0, __regs_set(vp, regs, MAX_REGS));
	EXPECT_EQ(0, __regs_get(vp, NULL, 0));
	EXPECT_EQ(0, __regs_set(vp, NULL, 0));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EINVAL, __regs_get(vp, regs, MAX_REGS + 1));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs, MAX_REGS + 1));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EINVAL, __regs_get(vp, regs, -1));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs, -1));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EINVAL, __regs_get(vp, regs, 0x7fffffff));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs, -0x7fffffff - 1));
}

/* All 128 in one call are all set. */
TEST_F(guest, full_set)
{
	struct mshv_hv_register_assoc regs[MAX_REGS] = {};
	int vp = self->guest.vp;
	int i;

	for (i = 0; i < MAX_REGS; i++) {
		regs[i].name = HV_X64_REGISTER_RAX + i % 16;
		regs[i].value.reg64 = 1000 + i;
	}
	regs_set(vp, regs, MAX_REGS);
	for (i = 0; i < 16; i++)
		EXPECT_EQ(1000 + MAX_REGS - 16 + i, reg_get(vp, HV_X64_REGISTER_RAX + i));
}

TEST_F(guest, bad_pointers)
{
	struct mshv_hv_register_assoc *regs = pages_alloc(2 * GUEST_PAGE);
	int vp = self->guest.vp;
	void *end = (char *)regs + GUEST_PAGE;

	ASSERT_EQ(0, munmap(end, GUEST_PAGE));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EFAULT, __regs_get(vp, NULL, 1));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EFAULT, __regs_set(vp, NULL, 1));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EFAULT, __regs_get(vp, (void *)-4096l, 1));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EFAULT, __regs_get(vp, end - 16, 1));
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EFAULT, __regs_set(vp, end - 32, 2));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EFAULT, ioctl(vp, MSHV_GET_VP_REGISTERS, NULL) ?
		   -errno : 0);
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EFAULT, ioctl(vp, MSHV_SET_VP_REGISTERS, -4096l) ?
		   -errno : 0);
	/* Where values can't be written */
	regs[0].name = HV_X64_REGISTER_RAX;
	ASSERT_EQ(0, mprotect(regs, GUEST_PAGE, PROT_READ));
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EFAULT, __regs_get(vp, regs, 1));
	EXPECT_EQ(0, __regs_set(vp, regs, 1));
}

/* What stops or starts a VP belongs to MSHV_RUN_VP: the whole call is refused. */
TEST_F(guest, suspend_class_refused)
{
	static const __u32 names[] = {
		HV_REGISTER_EXPLICIT_SUSPEND, HV_REGISTER_INTERCEPT_SUSPEND,
		HV_REGISTER_DISPATCH_SUSPEND,
	};
	struct mshv_hv_register_assoc regs[2] = {};
	int vp = self->guest.vp;
	__u64 rax, value;
	size_t i;

	reg_set(vp, HV_X64_REGISTER_RAX, 1);
	rax = reg_get(vp, HV_X64_REGISTER_RAX);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		regs[0].name = HV_X64_REGISTER_RAX;
		regs[0].value.reg64 = 2;
		regs[1].name = names[i];
		regs[1].value.reg64 = 0;
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs, 2));
		regs[1].value.reg64 = 1;
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs + 1, 1));
	}
	EXPECT_EQ(rax, reg_get(vp, HV_X64_REGISTER_RAX));
	EXPECT_EQ(0, __reg_get(vp, HV_REGISTER_EXPLICIT_SUSPEND, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, __reg_get(vp, HV_REGISTER_INTERCEPT_SUSPEND, &value));
	EXPECT_EQ(0, value);
}

/* Names that don't exist are the hypervisor's to refuse. */
TEST_F(guest, unknown_names)
{
	static const __u32 names[] = { 0x1234567, 0x20012, 0x3001a, 0x60008, 0xffffffff };
	struct mshv_hv_register_assoc regs[2] = {};
	int vp = self->guest.vp;
	__u64 value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_ERR(MSHV_GET_VP_REGISTERS, EINVAL, __reg_get(vp, names[i], &value));
		EXPECT_TRUE(poisoned(&value, sizeof(value)));
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __reg_set(vp, names[i], 0));
	}
	regs[0].name = HV_X64_REGISTER_RAX;
	regs[1].name = 0x1234567;
	EXPECT_ERR(MSHV_GET_VP_REGISTERS, EINVAL, __regs_get(vp, regs, 2));
}

/* Values that no processor takes */
TEST_F(guest, illegal_values)
{
	static const struct { __u32 name; __u64 value; } bad[] = {
		{ HV_X64_REGISTER_CR0, 1ull << 63 },
		{ HV_X64_REGISTER_CR4, 1ull << 63 },
		{ HV_X64_REGISTER_CR3, 1ull << 63 },
		{ HV_X64_REGISTER_EFER, 1ull << 63 },
		{ HV_X64_REGISTER_CR8, 16 },
		{ HV_X64_REGISTER_PAT, 0x02 },
		{ HV_X64_REGISTER_XFEM, 0 },
	};
	int vp = self->guest.vp;
	__u64 before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		before = reg_get(vp, bad[i].name);
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __reg_set(vp, bad[i].name, bad[i].value))
			TH_LOG("register %#x", bad[i].name);
		EXPECT_EQ(before, reg_get(vp, bad[i].name));
	}
}

/* Reserved members arrive as clients leave them, and values don't leak ours. */
TEST_F(guest, padding_garbage)
{
	struct mshv_hv_register_assoc reg;
	int vp = self->guest.vp;

	memset(&reg, 0xff, sizeof(reg));
	reg.name = HV_X64_REGISTER_RBX;
	reg.value.reg64 = 77;
	EXPECT_EQ(0, __regs_set(vp, &reg, 1));
	memset(&reg, 0xff, sizeof(reg));
	reg.name = HV_X64_REGISTER_RBX;
	EXPECT_EQ(0, __regs_get(vp, &reg, 1));
	EXPECT_EQ(77, reg.value.reg64);
	/* A narrow register leaves nothing of ours above it. */
	EXPECT_EQ(0, reg.value.reg128.high_part);
}

/* A write that is refused half-way says so. */
TEST_F(guest, half_applied)
{
	struct mshv_hv_register_assoc regs[3] = {};
	int vp = self->guest.vp;

	regs[0].name = HV_X64_REGISTER_RAX;
	regs[0].value.reg64 = 11;
	regs[1].name = HV_X64_REGISTER_CR8;
	regs[1].value.reg64 = 99;
	regs[2].name = HV_X64_REGISTER_RCX;
	regs[2].value.reg64 = 12;
	reg_set(vp, HV_X64_REGISTER_RCX, 1);
	EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL, __regs_set(vp, regs, 3));
	EXPECT_EQ(1, reg_get(vp, HV_X64_REGISTER_RCX));
}

TEST_HARNESS_MAIN

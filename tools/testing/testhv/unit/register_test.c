// SPDX-License-Identifier: GPL-2.0
/* The register file. */
#include "../hw/cpu.h"
#include "../vm/registers.h"
#include "machine.h"
#include "unit.h"

static u64 get(struct vp *vp, u32 name)
{
	struct register_value v = { 0 };

	EXPECT_EQ(HV_SUCCESS, register_get(vp, name, &v));
	return v.low;
}

static hv_status set(struct vp *vp, u32 name, u64 value)
{
	return register_set(vp, name, &(struct register_value){ .low = value, .high = ~0UL });
}

static void reset(void)
{
	struct vp *vp = machine_vp();
	struct register_value cs;

	EXPECT_EQ(0xfff0, get(vp, REG_RIP));
	EXPECT_EQ(0x60000010, get(vp, REG_CR0));
	EXPECT_EQ(0, get(vp, REG_EFER));
	EXPECT_EQ(2, get(vp, REG_RFLAGS));
	EXPECT_EQ(1, get(vp, REG_EXPLICIT_SUSPEND));
	EXPECT_EQ(0, get(vp, REG_INTERCEPT_SUSPEND));
	EXPECT_EQ(0x0007040600070406, get(vp, REG_PAT));
	register_get(vp, REG_ES + 1, &cs);
	EXPECT_EQ(0xffff0000, cs.low);
	EXPECT_EQ(0x009bf0000000ffff, cs.high);
}

/* General registers: none takes another's place. */
static void general(void)
{
	struct vp *vp = machine_vp();

	for (u32 i = 0; i < 16; i++)
		EXPECT_EQ(HV_SUCCESS, set(vp, REG_RAX + i, 1000 + i));
	for (u32 i = 0; i < 16; i++)
		EXPECT_EQ(1000 + i, get(vp, REG_RAX + i));
	EXPECT_EQ(1000, vp->vmcb->rax);
	EXPECT_EQ(1003, vp->gprs.rbx);
	EXPECT_EQ(1004, vp->vmcb->rsp);
	EXPECT_EQ(1015, vp->gprs.r15);
}

static void segments(void)
{
	struct register_value v = { .low = 0x123456789000, .high = 0xa09b0008fffff000 }, w;
	struct vp *vp = machine_vp();

	for (u32 i = 0; i < 8; i++) {
		EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_ES + i, &v));
		register_get(vp, REG_ES + i, &w);
		EXPECT(v.low == w.low && v.high == w.high);
	}
	EXPECT_EQ(0xa9b, vp->vmcb->cs.attrib);
	EXPECT_EQ(8, vp->vmcb->tr.selector);
	EXPECT_EQ(0xfffff000, vp->vmcb->ldtr.limit);
	v.high = 0x019b000800000000;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, register_set(vp, REG_ES, &v));
}

static void attributes(void)
{
	EXPECT_EQ(0x00ff, segment_to_tlfs(0x0ff));
	EXPECT_EQ(0x1000, segment_to_tlfs(SEG_AVL));
	EXPECT_EQ(0x2000, segment_to_tlfs(SEG_L));
	EXPECT_EQ(0x4000, segment_to_tlfs(SEG_DB));
	EXPECT_EQ(0x8000, segment_to_tlfs(SEG_G));
}

static void tables(void)
{
	struct register_value v = { .low = 0x0fff << 16 | 0xdeadUL << 32 | 0x123fUL << 48,
				    .high = 0xffff800000000000 }, w;
	struct vp *vp = machine_vp();

	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_IDTR, &v));
	register_get(vp, REG_IDTR, &w);
	EXPECT_EQ(0x123fUL << 48, w.low);
	EXPECT_EQ(v.high, w.high);
	EXPECT_EQ(0x123f, vp->vmcb->idtr.limit);
}

static void vector_registers(void)
{
	struct register_value v = { 1, 2 }, w;
	struct vp *vp = machine_vp();
	u8 *area = vp->ext.fp;

	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_XMM0 + 15, &v));
	EXPECT_EQ(1, *(u64 *)(area + 160 + 240));
	EXPECT_EQ(2, *(u64 *)(area + 160 + 248));
	v = (struct register_value){ 3, 0x3fff };
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_FP_MMX0 + 7, &v));
	EXPECT_EQ(3, *(u64 *)(area + 32 + 112));
	v = (struct register_value){ 0xff3800037f, 7 };
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_FP_CONTROL_STATUS, &v));
	EXPECT_EQ(0x37f, *(u16 *)area);
	EXPECT_EQ(0xff, area[4]);
	register_get(vp, REG_FP_CONTROL_STATUS, &w);
	EXPECT(v.low == w.low && v.high == w.high);
	v = (struct register_value){ 9, 0x1fa0 };
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_XMM_CONTROL_STATUS, &v));
	EXPECT_EQ(0x1fa0, *(u32 *)(area + 24));
	v.high = 0x10000;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, register_set(vp, REG_XMM_CONTROL_STATUS, &v));
	EXPECT_EQ(3, *(u64 *)(area + 512) & 3);
}

/* What no processor takes. */
static void illegal(void)
{
	static const struct { u32 name; u64 value; } bad[] = {
		{ REG_CR0, BIT(63) }, { REG_CR0, BIT(29) }, { REG_CR0, BIT(31) },
		{ REG_CR0, BIT(6) }, { REG_CR3, BIT(63) }, { REG_CR4, BIT(63) },
		{ REG_CR4, BIT(13) }, { REG_CR4, BIT(12) }, { REG_CR8, 16 },
		{ REG_EFER, BIT(12) }, { REG_EFER, BIT(63) }, { REG_EFER, BIT(1) },
		{ REG_XFEM, 0 }, { REG_XFEM, 5 }, { REG_XFEM, BIT(9) | 1 },
		{ REG_RFLAGS, BIT(3) }, { REG_RFLAGS, BIT(22) }, { REG_PAT, 2 },
		{ REG_PAT, 8 }, { REG_DR6, BIT(32) }, { REG_DR7, BIT(32) },
		{ REG_DR7, BIT(12) }, { REG_SFMASK, BIT(32) }, { REG_LSTAR, BIT(47) },
		{ REG_KERNEL_GS_BASE, BIT(63) }, { REG_MTRR_DEF_TYPE, BIT(8) },
		{ REG_MTRR_PHYS_BASE0, BIT(8) }, { REG_MTRR_PHYS_MASK0, BIT(0) },
		{ REG_MTRR_FIX64K, 8 }, { REG_TSC_AUX, BIT(32) }, { REG_DEBUG_CTL, BIT(2) },
		{ REG_SPEC_CTRL, BIT(3) }, { REG_APIC_BASE, BIT(10) },
		{ REG_INTERRUPT_STATE, 4 }, { REG_INTERNAL_ACTIVITY, 8 },
		{ REG_PENDING_INTERRUPTION, 1 | 1 << 1 }, { REG_PENDING_INTERRUPTION, 1 << 10 },
		{ REG_PENDING_INTERRUPTION, 1 | 2 << 1 | 3 << 16 },
		{ REG_PENDING_EVENT0, 1 | 7 << 1 }, { REG_PENDING_EVENT0, 1 | 2 << 16 },
		{ REG_VP_INDEX, 1 }, { 0x8007c, 1 }, { 0xa0000, 1 },
	};
	struct vp *vp = machine_vp();

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		u64 before = get(vp, bad[i].name);

		about("register", bad[i].name);
		EXPECT_EQ(HV_INVALID_REGISTER_VALUE, set(vp, bad[i].name, bad[i].value));
		EXPECT_EQ(before, get(vp, bad[i].name));
	}
}

static void unknown(void)
{
	static const u32 names[] = { 0x1234567, 0x20012, 0x3001a, 0x60008, 0xffffffff, 0x80097 };
	struct vp *vp = machine_vp();
	struct register_value v;

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(HV_INVALID_PARAMETER, register_get(vp, names[i], &v));
		EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, names[i], 0));
	}
}

/* Every register that there is takes its own value back, but for the two of the hypercall. */
static void own_value(void)
{
	struct vp *vp = machine_vp();
	struct register_value v, w;
	unsigned int count = 0;

	for (u32 name = 2; name < 0x100000; name++) {
		if (register_get(vp, name, &v) || name == REG_TSC || name == REG_TIME_REF_COUNT)
			continue;
		about("register", name);
		count++;
		EXPECT_EQ(HV_SUCCESS, register_set(vp, name, &v));
		register_get(vp, name, &w);
		EXPECT(v.low == w.low && v.high == w.high);
	}
	EXPECT(count > 150);
}

static void interruption(void)
{
	struct vp *vp = machine_vp();
	const u64 page_fault = 1 | 3 << 1 | 1 << 4 | 14 << 16 | 5UL << 32;
	const u64 software = 1 | 4 << 1 | 2 << 5 | 0x80 << 16;

	EXPECT_EQ(HV_SUCCESS, set(vp, REG_PENDING_INTERRUPTION, page_fault));
	EXPECT_EQ(14 | 3 << 8 | 1 << 11 | BIT(31) | 5UL << 32, vp->vmcb->eventinj);
	EXPECT_EQ(page_fault, get(vp, REG_PENDING_INTERRUPTION));
	/* INT 0x80, which RIP is behind */
	EXPECT_EQ(HV_SUCCESS, set(vp, REG_PENDING_INTERRUPTION, software));
	EXPECT_EQ(software, get(vp, REG_PENDING_INTERRUPTION));
	EXPECT_EQ(2, vp->soft_length);
	EXPECT_EQ(HV_SUCCESS, set(vp, REG_PENDING_INTERRUPTION, page_fault));
	EXPECT_EQ(0, vp->soft_length);
	EXPECT_EQ(HV_SUCCESS, set(vp, REG_PENDING_INTERRUPTION, 0));
	EXPECT_EQ(0, vp->vmcb->eventinj);
}

static void pending_event(void)
{
	struct register_value v = { 1 | 1 << 8 | 14 << 16 | 2UL << 32, 0xdead000 };
	struct vp *vp = machine_vp();

	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_PENDING_EVENT0, &v));
	EXPECT(registers_prepare(vp));
	EXPECT_EQ(14 | 3 << 8 | 1 << 11 | BIT(31) | 2UL << 32, vp->vmcb->eventinj);
	EXPECT_EQ(0xdead000, vp->vmcb->cr2);
	EXPECT_EQ(0, get(vp, REG_PENDING_EVENT0));
}

/* The order in which a VMM sets CR0, CR4 and EFER is its own; the whole must fit. */
static void prepare(void)
{
	struct vp *vp = machine_vp();

	EXPECT(registers_prepare(vp));
	set(vp, REG_EFER, EFER_LME | EFER_LMA);
	set(vp, REG_CR0, 0x80000011);
	EXPECT(!registers_prepare(vp));
	set(vp, REG_CR4, CR4_PAE);
	EXPECT(registers_prepare(vp));
	set(vp, REG_EFER, EFER_LME);
	EXPECT(registers_prepare(vp));
	EXPECT_EQ(EFER_LME | EFER_LMA, get(vp, REG_EFER));
	vp->vmcb->cs.attrib = SEG_L | SEG_DB;
	EXPECT(!registers_prepare(vp));
	vp->vmcb->cs.attrib = SEG_L;
	vp->vmcb->ss.attrib = SEG_DPL;
	EXPECT(registers_prepare(vp));
	EXPECT_EQ(3, vp->vmcb->cpl);
	EXPECT(vp->vmcb->efer & EFER_SVME);
}

/* What the driver's interface gives a name there is, if only as 0. */
static void all_names(void)
{
	static const struct { const char *name; u32 number; } names[] = {
#include "registers.tbl"
	};
	struct vp *vp = machine_vp();
	struct register_value v;

	EXPECT(ARRAY_SIZE(names) >= 216);
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		about(names[i].name, names[i].number);
		EXPECT_EQ(HV_SUCCESS, register_get(vp, names[i].number, &v));
	}
}

static void other_names(void)
{
	static const u32 names[][2] = {
		{ REG_CR0, REG_INTERMEDIATE_CR0 }, { REG_CR4, REG_INTERMEDIATE_CR4 },
		{ REG_CR8, REG_INTERMEDIATE_CR8 },
	};
	static const u64 values[][2] = { { 0x11, 0x31 }, { 0x20, 0x620 }, { 7, 5 } };
	struct vp *vp = machine_vp();

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		about("register", names[i][1]);
		EXPECT_EQ(HV_SUCCESS, set(vp, names[i][0], values[i][0]));
		EXPECT_EQ(values[i][0], get(vp, names[i][1]));
		vp->flush = false;
		EXPECT_EQ(HV_SUCCESS, set(vp, names[i][1], values[i][1]));
		EXPECT_EQ(values[i][1], get(vp, names[i][0]));
		EXPECT(vp->flush);
		EXPECT_EQ(HV_INVALID_REGISTER_VALUE, set(vp, names[i][1], BIT(40)));
		EXPECT_EQ(values[i][1], get(vp, names[i][0]));
	}
	for (u32 name = 0xe0000; name < 0xe0004; name++) {
		about("register", name);
		EXPECT_EQ(0, get(vp, name));
		EXPECT_EQ(HV_SUCCESS, set(vp, name, 0));
		EXPECT_EQ(HV_INVALID_REGISTER_VALUE, set(vp, name, 1));
	}
	EXPECT_EQ(HV_INVALID_PARAMETER, set(vp, 0xe0004, 0));
}

const struct test register_tests[] = {
	{ "registers: after reset", reset },
	{ "registers: general", general },
	{ "registers: segments", segments },
	{ "registers: segment attributes", attributes },
	{ "registers: descriptor tables", tables },
	{ "registers: x87 and SSE", vector_registers },
	{ "registers: illegal values", illegal },
	{ "registers: unknown names", unknown },
	{ "registers: each takes its own value", own_value },
	{ "registers: PENDING_INTERRUPTION", interruption },
	{ "registers: PENDING_EVENT0", pending_event },
	{ "registers: consistency before running", prepare },
	{ "registers: all that have a name", all_names },
	{ "registers: other names of control registers", other_names },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/*
 * Every register that has a name: each takes a value of its own and gives it back, the guest finds
 * it where that register is, and what the guest writes there is read.
 */
#include <assert.h>
#include <errno.h>

#include "every_register.h"
#include "lapic.h"

#define MAX_REGS	128
#define FS_BASE		0x123456789000
#define MSR_FS_BASE	0xc0000100
#define MSR_GS_BASE	0xc0000101
/* How far what counts may have come */
#define MUCH_LATER	0x10000000000ull

/* The guest's code and stack are in CS and SS; GS is the agent's. */
static const struct mshv_hv_x64_segment_register segments[] = {
	{ .base = 0x11000000, .limit = 0x1fff, .selector = 0x33, .attributes = 0xc093 },
	{ .base = 0x00000000, .limit = 0x2fff, .selector = 0x20, .attributes = 0xa09b },
	{ .base = 0x13000000, .limit = 0x3fff, .selector = 0x18, .attributes = 0xc093 },
	{ .base = 0x14000000, .limit = 0x4fff, .selector = 0x2b, .attributes = 0xc0f3 },
	{ .base = FS_BASE, .limit = 0x5fff, .selector = 0x4b, .attributes = 0xd093 },
	{ .base = AGENT_AREA, .limit = 0x6fff, .selector = 0x53, .attributes = 0xc091 },
	{ .base = 0x17000000, .limit = 0x7f, .selector = 0x58, .attributes = 0x0082 },
	{ .base = 0x18000000, .limit = 0x8f, .selector = 0x60, .attributes = 0x008b },
};

static const struct mshv_hv_x64_table_register tables[] = {
	{ .base = AGENT_IDT, .limit = 0xdff },
	{ .base = AGENT_GDT, .limit = 0x67 },
};

static const struct mshv_hv_x64_fp_control_status fp_control = {
	.fp_control = 0x27f, .fp_status = 0x4500, .fp_tag = 0xa5, .last_fp_op = 0x123,
	.last_fp_rip = 0x7f00deadbee0,
};

static const struct mshv_hv_x64_xmm_control_status xmm_control = {
	.last_fp_rdp = 0x7f0012345678, .xmm_status_control = 0x1fa0,
	.xmm_status_control_mask = 0xffff,
};

/* What the FXSAVE instruction stores */
struct image {
	__u16 fcw, fsw;
	__u8 ftw, pad[19];
	__u32 mxcsr, mxcsr_mask;
	__u8 st[8][16], xmm[16][16];
};

static_assert(offsetof(struct image, mxcsr) == 24, "FXSAVE");
static_assert(offsetof(struct image, xmm) == 160, "FXSAVE");

static struct mshv_hv_register_assoc make(const struct register_row *row, unsigned int i)
{
	struct mshv_hv_register_assoc reg = { .name = row->first + i };

	switch (row->shape) {
	case S_XMM:
		reg.value.reg128.low_part = 0xa0b1c2d3e4f50617 * (2 * i + 1);
		reg.value.reg128.high_part = ~reg.value.reg128.low_part * 3;
		break;
	case S_MMX:
		reg.value.reg128.low_part = 1ull << 63 | 0x1122334455667788 * (i + 1);
		reg.value.reg128.high_part = 0x3fff + i;
		break;
	case S_FP_CONTROL:
		reg.value.fp_control_status = fp_control;
		break;
	case S_XMM_CONTROL:
		reg.value.xmm_control_status = xmm_control;
		break;
	case S_SEGMENT:
		reg.value.segment = segments[i];
		break;
	case S_TABLE:
		reg.value.table = tables[i];
		break;
	default:
		reg.value.reg64 = row->value + i * row->step;
	}
	return reg;
}

static bool settable(const struct register_row *row)
{
	return row->shape != S_OWN && row->shape != S_SUSPEND;
}

/* Sets them in the order of the table, a full call's worth at once; @events too, or not. */
static void set_all(int vp, bool events)
{
	struct mshv_hv_register_assoc regs[MAX_REGS];
	const struct register_row *row;
	int n = 0;

	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++) {
		if (!settable(row) || (row->shape == S_EVENT && !events))
			continue;
		for (unsigned int i = 0; i < row->count; i++) {
			regs[n++] = make(row, i);
			if (n < MAX_REGS)
				continue;
			regs_set(vp, regs, n);
			n = 0;
		}
	}
	regs_set(vp, regs, n);
}

static bool later(__u64 value, __u64 than)
{
	return value >= than && value - than < MUCH_LATER;
}

static bool same(const struct register_row *row, const struct mshv_hv_register_assoc *want,
		 const struct mshv_hv_register_assoc *have)
{
	if (row->shape == S_LATER)
		return later(have->value.reg64, want->value.reg64);
	return !memcmp(&want->value, &have->value, sizeof(want->value));
}

FIXTURE(registers) {
	struct books books;
	struct guest guest;
	struct agent agent;
	int vp;
};

FIXTURE_SETUP(registers)
{
	__u64 *gdt;

	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	self->vp = vp_create(self->guest.part, VP_INDEX);
	agent_load(&self->guest);
	agent_start(&self->agent, &self->guest, self->vp, 0);
	/* For the selectors above: an exception's return needs them. */
	gdt = (__u64 *)(self->guest.mem + AGENT_GDT);
	gdt[segments[1].selector / 8] = gdt[1];
	gdt[segments[2].selector / 8] = gdt[2];
}

FIXTURE_TEARDOWN(registers)
{
	close(self->vp);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

TEST_F(registers, table)
{
	static __u8 seen[0x100000 / 8];
	const struct register_row *row;
	unsigned int n = CLOCKS, i;

	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++) {
		for (i = row->first; i < row->first + row->count; i++, n++) {
			EXPECT_EQ(0, seen[i / 8] & 1 << i % 8) TH_LOG("register %#x", i);
			seen[i / 8] |= 1 << i % 8;
		}
	}
	EXPECT_EQ(REGISTERS, n);
}

/* All are set, then all are read, backwards: none took another one's place. */
TEST_F(registers, read_back)
{
	const struct register_row *row = register_rows + ARRAY_SIZE(register_rows);
	struct mshv_hv_register_assoc want, have;

	set_all(self->vp, true);
	while (row-- > register_rows) {
		for (unsigned int i = row->count; i--; ) {
			want = make(row, i);
			memset(&have, POISON, sizeof(have));
			have.name = want.name;
			regs_get(self->vp, &have, 1);
			EXPECT_TRUE(same(row, &want, &have))
				TH_LOG("register %#x: %#llx %#llx, not %#llx %#llx", want.name,
				       have.value.reg128.high_part, have.value.reg128.low_part,
				       want.value.reg128.high_part, want.value.reg128.low_part);
		}
	}
}

/* Those that can't be set take what they are, and nothing else. */
TEST_F(registers, own_values)
{
	const struct register_row *row;
	__u64 clock;
	__u32 i;

	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++) {
		if (row->shape != S_OWN)
			continue;
		for (i = row->first; i < row->first + row->count; i++) {
			EXPECT_EQ(row->value, reg_get(self->vp, i)) TH_LOG("register %#x", i);
			EXPECT_EQ(0, __reg_set(self->vp, i, row->value)) TH_LOG("register %#x", i);
			EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL,
				   __reg_set(self->vp, i, row->value ^ 0x10))
				TH_LOG("register %#x", i);
		}
	}
	for (i = 0; i < CLOCKS; i++) {
		clock = reg_get(self->vp, CLOCK_FIRST + i);
		EXPECT_LT(1000000, clock);
		EXPECT_EQ(clock, agent_get_msr(&self->agent, CLOCK_MSR + i));
		EXPECT_EQ(0, __reg_set(self->vp, CLOCK_FIRST + i, clock));
		EXPECT_ERR(MSHV_SET_VP_REGISTERS, EINVAL,
			   __reg_set(self->vp, CLOCK_FIRST + i, clock + 1));
	}
}

static void check_image(struct __test_metadata *_metadata, const struct image *image,
			const struct register_row *row, unsigned int i)
{
	struct mshv_hv_register_assoc want = make(row, i);

	switch (row->shape) {
	case S_XMM:
		EXPECT_EQ(0, memcmp(image->xmm[i], &want.value, 16)) TH_LOG("XMM%u", i);
		break;
	case S_MMX:
		EXPECT_EQ(0, memcmp(image->st[i], &want.value, 10)) TH_LOG("ST%u", i);
		break;
	case S_FP_CONTROL:
		EXPECT_EQ(fp_control.fp_control, image->fcw);
		EXPECT_EQ(fp_control.fp_status, image->fsw);
		EXPECT_EQ(fp_control.fp_tag, image->ftw);
		break;
	default:
		EXPECT_EQ(xmm_control.xmm_status_control, image->mxcsr);
	}
}

/* SIDT and SGDT: the limit, then the base */
static void check_table(struct __test_metadata *_metadata, const __u8 *stored,
			const struct mshv_hv_x64_table_register *want)
{
	__u16 limit;
	__u64 base;

	memcpy(&limit, stored, 2);
	memcpy(&base, stored + 2, 8);
	EXPECT_EQ(want->limit, limit);
	EXPECT_EQ(want->base, base);
}

static __u32 msr_of(const struct register_row *row, unsigned int i)
{
	return row->at + (row->view == V_MTRR ? 2 * i : i);
}

static bool is_msr(const struct register_row *row)
{
	return row->view == V_MSR || row->view == V_MTRR;
}

static void check_seen(struct __test_metadata *_metadata, struct agent *agent,
		       const struct register_row *row, unsigned int i)
{
	const __u64 want = row->value + i * row->step;
	const struct agent_area *area = agent->area;
	const __u16 *selectors = (const __u16 *)&area->seen[29];
	__u64 value;

	switch (row->view) {
	case V_QWORD:
		EXPECT_EQ(want, area->seen[row->at + i]) TH_LOG("register %#x", row->first + i);
		break;
	case V_SELECTOR:
		EXPECT_EQ(segments[i].selector, selectors[i]) TH_LOG("segment %u", i);
		break;
	case V_TABLE:
		check_table(_metadata, area->tables[i], &tables[i]);
		break;
	case V_IMAGE:
		check_image(_metadata, (const struct image *)area->image, row, i);
		break;
	case V_MSR:
	case V_MTRR:
		value = agent_get_msr(agent, msr_of(row, i));
		EXPECT_TRUE(row->shape == S_LATER ? later(value, want) : value == want)
			TH_LOG("register %#x, MSR %#x: %#llx, not %#llx", row->first + i,
			       msr_of(row, i), value, want);
		break;
	}
}

/* What was set is what the guest finds. */
TEST_F(registers, seen_by_the_guest)
{
	const struct register_row *row;

	set_all(self->vp, false);
	EXPECT_EQ(0, agent_do(&self->agent, agent_see));
	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++)
		for (unsigned int i = 0; i < row->count; i++)
			check_seen(_metadata, &self->agent, row, i);
	EXPECT_EQ(FS_BASE, agent_get_msr(&self->agent, MSR_FS_BASE));
	EXPECT_EQ(AGENT_AREA, agent_get_msr(&self->agent, MSR_GS_BASE));
}

/* And what the guest writes is what is read. */
TEST_F(registers, left_by_the_guest)
{
	const struct register_row *row;
	__u64 want, have;
	unsigned int i;

	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++) {
		if (row->shape != S_WORD || !is_msr(row))
			continue;
		for (i = 0; i < row->count; i++)
			agent_set_msr(&self->agent, msr_of(row, i), row->value + i * row->step);
	}
	for (row = register_rows; row < register_rows + ARRAY_SIZE(register_rows); row++) {
		if (row->shape != S_WORD || !is_msr(row))
			continue;
		for (i = 0; i < row->count; i++) {
			want = row->value + i * row->step;
			have = reg_get(self->vp, row->first + i);
			EXPECT_EQ(want, have) TH_LOG("register %#x", row->first + i);
		}
	}
}

/* Those of a local APIC: by their registers, and as MSRs and in its page for the guest */
TEST_F(lapics, local_apic)
{
	/* Fixed, asserted, to an APIC id that nobody has */
	const __u64 icr = 0x0700000000004077;
	struct agent *agent = &self->agent[2];
	__u64 base = reg_get(agent->vp, HV_X64_REGISTER_APIC_BASE);

	EXPECT_EQ(0xfee00800, base);
	EXPECT_EQ(base, agent_get_msr(agent, 0x1b));
	EXPECT_EQ(0xfee00900, reg_get(self->agent[0].vp, HV_X64_REGISTER_APIC_BASE));
	EXPECT_EQ(agent_lapic_read(agent, REG_ID), reg_get(agent->vp, HV_X64_REGISTER_APIC_ID));
	EXPECT_EQ(agent_lapic_read(agent, REG_ID + 0x10),
		  reg_get(agent->vp, HV_X64_REGISTER_APIC_VERSION));
	EXPECT_EQ(0x14, reg_get(agent->vp, HV_X64_REGISTER_APIC_VERSION) & 0xff);
	EXPECT_EQ(0, reg_get(agent->vp, HV_X64_REGISTER_EOI));
	reg_set(agent->vp, HV_X64_REGISTER_ICR, icr);
	EXPECT_EQ(icr, reg_get(agent->vp, HV_X64_REGISTER_ICR));
	EXPECT_EQ(icr, agent_get_msr(agent, 0x40000071));
	EXPECT_EQ(0, reg_get(self->agent[1].vp, HV_X64_REGISTER_ICR));
	reg_set(agent->vp, HV_X64_REGISTER_TPR, 0xb0);
	EXPECT_EQ(0xb0, reg_get(agent->vp, HV_X64_REGISTER_TPR));
	EXPECT_EQ(0xb, reg_get(agent->vp, HV_X64_REGISTER_CR8));
	EXPECT_EQ(0xb0, agent_get_msr(agent, 0x40000072));
	EXPECT_EQ(0xb0, agent_lapic_read(agent, REG_TPR));
	/* EOI: what is in service is so no more. */
	reg_set(agent->vp, HV_X64_REGISTER_TPR, 0);
	agent->area->flags = AGENT_NO_EOI;
	interrupt_fixed(self->guest.part, 2, 0x51);
	EXPECT_EQ(1, take(agent, 0x51));
	EXPECT_EQ(1 << 17, agent_lapic_read(agent, REG_ISR + 0x20));
	agent_set_msr(agent, 0x40000070, 0);
	EXPECT_EQ(0, agent_lapic_read(agent, REG_ISR + 0x20));
}

TEST_HARNESS_MAIN

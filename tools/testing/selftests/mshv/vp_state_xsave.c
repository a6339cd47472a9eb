// SPDX-License-Identifier: GPL-2.0
/* MSHV_GET_VP_STATE and MSHV_SET_VP_STATE of XSAVE state: compacted, by pages. */
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define XSAVE_STATES_PROPERTY	0x60007

#define X87		0x1
#define SSE		0x2
#define AVX		0x4
#define COMPONENTS	19
#define NO_XMM		1
#define COMPACTED	0x8000000000000000ull

#define ST		32
#define XMM		160
#define XSTATE_BV	512
#define XCOMP_BV	520
#define HEADER_END	576
#define BNDCSR		4

#define CR4_OSFXSR	0x600
#define CR4_OSXSAVE	0x40000
#define CR4_PAE		0x20

/* Where the guest saves to and restores from: a page that no agent has */
#define XSAVE_GPA	0x1f000

FIXTURE(xsave) {
	struct books books;
	struct guest guest;
	struct agent agent;
	__u64 states;
	__u8 *page;
};

FIXTURE_SETUP(xsave)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	agent_load(&self->guest);
	agent_start(&self->agent, &self->guest, self->guest.vp, 0);
	self->states = property_get(self->guest.part, XSAVE_STATES_PROPERTY);
	self->page = pages_alloc(GUEST_PAGE);
}

FIXTURE_TEARDOWN(xsave)
{
	munmap(self->page, GUEST_PAGE);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

static int get(int vp, void *buf, __u64 flags, __u64 states)
{
	const struct state state = {
		.type = STATE_XSAVE, .flags = flags, .states = states,
		.size = GUEST_PAGE, .buf = buf,
	};

	memset(buf, POISON, GUEST_PAGE);
	return __state_get(vp, &state);
}

static int set(int vp, void *buf, __u64 flags, __u64 states)
{
	const struct state state = {
		.type = STATE_XSAVE, .flags = flags, .states = states,
		.size = GUEST_PAGE, .buf = buf,
	};

	return __state_set(vp, &state);
}

static __u64 qword(const __u8 *page, unsigned int offset)
{
	__u64 value;

	memcpy(&value, page + offset, sizeof(value));
	return value;
}

/* Where component @i lies, and how long it is, as the guest's CPUID says */
static unsigned int place(struct agent *agent, int i, unsigned int *standard, unsigned int *end)
{
	__u32 regs[4];

	agent_get_cpuid(agent, 0xd, i, regs);
	if (regs[2] & 2)
		*end = (*end + 63) & ~63u;
	*standard = regs[1];
	return regs[0];
}

static void fill(__u8 *at, unsigned int size, __u8 seed)
{
	while (size--)
		*at++ = seed += 7;
}

/* Distinct values for all of @states; SSE goes without saying with AVX. */
static void build(struct agent *agent, __u8 *page, __u64 states)
{
	unsigned int end = HEADER_END, standard, size;
	const __u16 control = 0x27f;
	const __u32 mxcsr = 0x1fa0;
	int i;

	memset(page, 0, GUEST_PAGE);
	memcpy(page, &control, 2);
	memcpy(page + 24, &mxcsr, 4);
	for (i = 0; i < 8; i++)
		fill(page + ST + 16 * i, 10, 0x80 + i);
	fill(page + XMM, 256, 0x33);
	memcpy(page + XSTATE_BV, &states, 8);
	states |= COMPACTED;
	memcpy(page + XCOMP_BV, &states, 8);
	for (i = 2; i < COMPONENTS; i++) {
		if (!(states & 1ull << i))
			continue;
		size = place(agent, i, &standard, &end);
		fill(page + end, size, 0x40 + i);
		/* Not every value is legal. */
		if (i == BNDCSR)
			memset(page + end, 0, size);
		end += size;
	}
}

TEST_F(xsave, works)
{
	ASSERT_EQ(0, get(self->guest.vp, self->page, 0, 0));
	EXPECT_EQ(COMPACTED | self->states, qword(self->page, XCOMP_BV));
	EXPECT_EQ(0, qword(self->page, XSTATE_BV) & ~self->states);
	/* As after RESET */
	EXPECT_EQ(0x40, qword(self->page, 0) & 0xffff);
	EXPECT_EQ(0x1f80, (__u32)qword(self->page, 24));
	EXPECT_EQ(0, set(self->guest.vp, self->page, 0, 0));
}

/* Where component @i lies in the compacted format of @states, and how long it is */
static unsigned int offset_of(struct agent *agent, __u64 states, int i, unsigned int *size)
{
	unsigned int end = HEADER_END, standard, j;

	for (j = 2; j < i; j++)
		if (states & 1ull << j)
			end += place(agent, j, &standard, &end);
	*size = place(agent, i, &standard, &end);
	return end;
}

/* Component @i of @page, which has @states, is that of @want, which has that one alone. */
static void check_component(struct __test_metadata *_metadata, struct agent *agent,
			    const __u8 *page, __u64 states, const __u8 *want)
{
	int i = __builtin_ctzll(qword(want, XCOMP_BV)), j;
	unsigned int size, other, at;

	switch (i) {
	case 0:
		EXPECT_EQ(0, memcmp(page, want, 24));
		for (j = 0; j < 8; j++)
			EXPECT_EQ(0, memcmp(page + ST + 16 * j, want + ST + 16 * j, 10))
				TH_LOG("ST%d", j);
		break;
	case 1:
		EXPECT_EQ((__u32)qword(want, 24), (__u32)qword(page, 24));
		EXPECT_EQ(0, memcmp(page + XMM, want + XMM, 256));
		break;
	default:
		at = offset_of(agent, states, i, &size);
		EXPECT_EQ(HEADER_END, offset_of(agent, 1ull << i, i, &other));
		EXPECT_LT(0, size);
		EXPECT_EQ(0, memcmp(page + at, want + HEADER_END, size))
			TH_LOG("component %d, %u bytes at %u", i, size, at);
	}
}

/* All of them in their initial state: none is in the data. */
static void initialize(struct agent *agent, __u8 *page, __u64 states)
{
	build(agent, page, states);
	memset(page + XSTATE_BV, 0, 8);
	die_if(set(agent->vp, page, 0, 0), "set the initial state");
}

/* Each component alone, and all of them: what is read is what was written, to its last byte */
TEST_F(xsave, every_component)
{
	__u8 *want = pages_alloc(GUEST_PAGE), *initial = pages_alloc(GUEST_PAGE);
	struct agent *agent = &self->agent;
	int vp = self->guest.vp, i, j;
	__u64 states;

	EXPECT_EQ(X87 | SSE | AVX, self->states & (X87 | SSE | AVX));
	for (i = 0; i < COMPONENTS; i++) {
		states = self->states & 1ull << i;
		if (!states)
			continue;
		initialize(agent, initial, self->states);
		build(agent, want, states);
		ASSERT_EQ(0, set(vp, want, 0, states)) TH_LOG("component %d", i);
		ASSERT_EQ(0, get(vp, self->page, 0, states)) TH_LOG("component %d", i);
		EXPECT_EQ(COMPACTED | states, qword(self->page, XCOMP_BV));
		check_component(_metadata, agent, self->page, states, want);
		/* The others are what they were. */
		ASSERT_EQ(0, get(vp, self->page, 0, 0));
		check_component(_metadata, agent, self->page, self->states, want);
		EXPECT_EQ(i == 0 ? 0x27f : 0x37f, qword(self->page, 0) & 0xffff);
		EXPECT_EQ(i == 0 ? 0x87 : 0, self->page[ST]);
		EXPECT_EQ(i == 1 ? 0x3a : 0, self->page[XMM]);
	}
	build(agent, initial, self->states);
	ASSERT_EQ(0, set(vp, initial, 0, 0));
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	for (j = 0; j < COMPONENTS; j++) {
		if (!(self->states & 1ull << j))
			continue;
		build(agent, want, 1ull << j);
		check_component(_metadata, agent, self->page, self->states, want);
	}
	munmap(want, GUEST_PAGE);
	munmap(initial, GUEST_PAGE);
}

/* Into the standard format, as the guest's own XSAVE has it */
static void allow_all(struct agent *agent, __u64 states)
{
	reg_set(agent->vp, HV_X64_REGISTER_CR4, CR4_PAE | CR4_OSFXSR | CR4_OSXSAVE);
	reg_set(agent->vp, HV_X64_REGISTER_XFEM, states);
}

static void guest_xsave(struct agent *agent, const __u8 *op, __u64 states)
{
	int ret;

	reg_set(agent->vp, HV_X64_REGISTER_RAX, (__u32)states);
	reg_set(agent->vp, HV_X64_REGISTER_RDX, states >> 32);
	reg_set(agent->vp, HV_X64_REGISTER_RBX, XSAVE_GPA);
	ret = agent_do(agent, op);
	die_if(ret, "the guest's XSAVE or XRSTOR: exception %d", ret);
}

/* What was set is in the guest's registers. */
TEST_F(xsave, seen_by_the_guest)
{
	const __u8 *area = self->guest.mem + XSAVE_GPA;
	unsigned int end = HEADER_END, standard, size;
	struct agent *agent = &self->agent;
	int i;

	build(agent, self->page, self->states);
	allow_all(agent, self->states);
	ASSERT_EQ(0, set(agent->vp, self->page, 0, 0));
	memset(self->guest.mem + XSAVE_GPA, 0, GUEST_PAGE);
	guest_xsave(agent, agent_xsave, self->states);
	EXPECT_EQ(0x27f, qword(area, 0) & 0xffff);
	EXPECT_EQ(0x1fa0, (__u32)qword(area, 24));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, memcmp(area + ST + 16 * i, self->page + ST + 16 * i, 10))
			TH_LOG("ST%d", i);
	EXPECT_EQ(0, memcmp(area + XMM, self->page + XMM, 256));
	for (i = 2; i < COMPONENTS; i++) {
		if (!(self->states & 1ull << i))
			continue;
		size = place(agent, i, &standard, &end);
		EXPECT_EQ(0, memcmp(area + standard, self->page + end, size))
			TH_LOG("component %d", i);
		end += size;
	}
}

/* And what the guest loads is what is read. */
TEST_F(xsave, left_by_the_guest)
{
	__u8 *area = self->guest.mem + XSAVE_GPA;
	unsigned int end = HEADER_END, standard, size;
	struct agent *agent = &self->agent;
	const __u64 legacy = X87 | SSE;
	__u32 mxcsr = 0x1fc0;

	size = place(agent, 2, &standard, &end);
	allow_all(agent, X87 | SSE | AVX);
	memset(area, 0, GUEST_PAGE);
	area[0] = 0x7f;
	area[1] = 0x03;
	fill(area + ST, 10, 0x21);
	fill(area + XMM, 256, 0x22);
	fill(area + standard, size, 0x23);
	memcpy(area + 24, &mxcsr, 4);
	area[XSTATE_BV] = X87 | SSE | AVX;
	guest_xsave(agent, agent_xrstor, X87 | SSE | AVX);
	ASSERT_EQ(0, get(agent->vp, self->page, 0, 0));
	EXPECT_EQ(X87 | SSE | AVX, qword(self->page, XSTATE_BV) & 7);
	EXPECT_EQ(0, memcmp(self->page + ST, area + ST, 10));
	EXPECT_EQ(0, memcmp(self->page + XMM, area + XMM, 256));
	EXPECT_EQ(0, memcmp(self->page + HEADER_END, area + standard, size));
	EXPECT_EQ(mxcsr, (__u32)qword(self->page, 24));
	ASSERT_EQ(0, get(agent->vp, self->page, 0, legacy));
	EXPECT_EQ(COMPACTED | legacy, qword(self->page, XCOMP_BV));
}

/* The register names show the same state. */
TEST_F(xsave, as_registers)
{
	struct mshv_hv_register_assoc reg = { .name = HV_X64_REGISTER_XMM0 + 9 };
	int vp = self->guest.vp;

	build(&self->agent, self->page, self->states);
	ASSERT_EQ(0, set(vp, self->page, 0, 0));
	regs_get(vp, &reg, 1);
	EXPECT_EQ(0, memcmp(&reg.value, self->page + XMM + 16 * 9, 16));
	reg.value.reg128.low_part = 0x1234;
	regs_set(vp, &reg, 1);
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	EXPECT_EQ(0x1234, qword(self->page, XMM + 16 * 9));
}

/* Without the XMM registers neither they are written nor those of the VP. */
TEST_F(xsave, no_xmm)
{
	__u8 before[256], zero[256] = {};
	int vp = self->guest.vp;

	build(&self->agent, self->page, self->states);
	ASSERT_EQ(0, set(vp, self->page, 0, 0));
	memcpy(before, self->page + XMM, 256);
	ASSERT_EQ(0, get(vp, self->page, NO_XMM, 0));
	EXPECT_TRUE(!memcmp(self->page + XMM, zero, 256) ||
		    poisoned(self->page + XMM, 256));
	memset(self->page + XMM, 0x11, 256);
	ASSERT_EQ(0, set(vp, self->page, NO_XMM, 0));
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	EXPECT_EQ(0, memcmp(self->page + XMM, before, 256));
}

/* Only what was asked for changes, and what is absent from the data gets its initial value. */
TEST_F(xsave, chosen_states)
{
	__u8 *other = pages_alloc(GUEST_PAGE);
	int vp = self->guest.vp;
	const __u64 none = 0;

	build(&self->agent, self->page, X87 | SSE);
	ASSERT_EQ(0, set(vp, self->page, 0, X87 | SSE));
	build(&self->agent, other, X87 | SSE);
	memset(other + ST, 0x7f, 10);
	memset(other + XMM, 0x7f, 256);
	ASSERT_EQ(0, set(vp, other, 0, SSE));
	ASSERT_EQ(0, get(vp, other, 0, X87 | SSE));
	EXPECT_EQ(0, memcmp(other + ST, self->page + ST, 10));
	EXPECT_EQ(0x7f, other[XMM]);
	memcpy(other + XSTATE_BV, &none, 8);
	ASSERT_EQ(0, set(vp, other, 0, X87));
	ASSERT_EQ(0, get(vp, other, 0, X87 | SSE));
	EXPECT_EQ(0, other[ST]);
	EXPECT_EQ(0x7f, other[XMM]);
	munmap(other, GUEST_PAGE);
}

TEST_F(xsave, invalid_fields)
{
	int vp = self->guest.vp;
	__u64 bit;

	for (bit = 2; bit; bit <<= 1)
		EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL, get(vp, self->page, bit, 0))
			TH_LOG("flag %#llx", bit);
	EXPECT_TRUE(poisoned(self->page, GUEST_PAGE));
	for (bit = 1; bit; bit <<= 1) {
		if (self->states & bit)
			continue;
		EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL, get(vp, self->page, 0, bit))
			TH_LOG("states %#llx", bit);
	}
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, self->page, 2, 0));
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, self->page, 0, COMPACTED));
	/* Data that are no compacted XSAVE state */
	self->page[XCOMP_BV + 7] = 0;
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, self->page, 0, 0));
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	self->page[XSTATE_BV + 7] = 0x40;
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, self->page, 0, 0));
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	self->page[24 + 3] = 1;
	self->page[XSTATE_BV] |= SSE;
	EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, set(vp, self->page, 0, 0));
}

/* Whole pages, on a page, some but not too many */
TEST_F(xsave, sizes)
{
	static const struct { __u64 size, offset; } bad[] = {
		{ 0, 0 }, { 1, 0 }, { 576, 0 }, { GUEST_PAGE - 1, 0 }, { GUEST_PAGE + 1, 0 },
		{ GUEST_PAGE, 1 }, { GUEST_PAGE, 64 }, { 508 * GUEST_PAGE, 0 },
		{ 1ull << 40, 0 }, { 1ull << 63, 0 }, { -4096ull, 0 },
	};
	struct state state = { .type = STATE_XSAVE };
	__u8 *pages = pages_alloc(508 * GUEST_PAGE);
	int vp = self->guest.vp;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		state.size = bad[i].size;
		state.buf = pages + bad[i].offset;
		EXPECT_ERR(MSHV_GET_VP_STATE, EINVAL, __state_get(vp, &state))
			TH_LOG("size %#llx, offset %llu", bad[i].size, bad[i].offset);
		EXPECT_ERR(MSHV_SET_VP_STATE, EINVAL, __state_set(vp, &state))
			TH_LOG("size %#llx, offset %llu", bad[i].size, bad[i].offset);
	}
	state.buf = pages;
	state.size = 507 * GUEST_PAGE;
	EXPECT_EQ(0, __state_get(vp, &state));
	EXPECT_EQ(0, __state_set(vp, &state));
	munmap(pages, 508 * GUEST_PAGE);
}

TEST_F(xsave, bad_pointers)
{
	struct state state = { .type = STATE_XSAVE, .size = GUEST_PAGE };
	int vp = self->guest.vp;

	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, __state_get(vp, &state));
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, __state_set(vp, &state));
	state.buf = (void *)-4096l;
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, __state_get(vp, &state));
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, __state_set(vp, &state));
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, ioctl(vp, MSHV_GET_VP_STATE, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, ioctl(vp, MSHV_SET_VP_STATE, NULL) ? -errno : 0);
	/* Reading needs to write there, writing doesn't. */
	ASSERT_EQ(0, get(vp, self->page, 0, 0));
	state.buf = self->page;
	ASSERT_EQ(0, mprotect(self->page, GUEST_PAGE, PROT_READ));
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, __state_get(vp, &state));
	EXPECT_EQ(0, __state_set(vp, &state));
}

TEST_F(xsave, busy)
{
	struct agent *agent = &self->agent;
	struct runner r;

	agent_goto(agent, agent_spin);
	runner_start(&r, agent->vp, -1);
	while (!__atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE))
		sleep_us(100);
	EXPECT_ERR(MSHV_GET_VP_STATE, EBUSY, get(agent->vp, self->page, 0, 0));
	EXPECT_TRUE(poisoned(self->page, GUEST_PAGE));
	EXPECT_ERR(MSHV_SET_VP_STATE, EBUSY, set(agent->vp, self->page, 0, 0));
	vp_cancel(agent->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_EQ(0, get(agent->vp, self->page, 0, 0));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_TRANSLATE_GVA: what an address leads to behind the guest's own tables, and large pages. */
#include "fixture.h"

#define CHECK_READ	0x1
#define CHECK_WRITE	0x2
#define CHECK_EXECUTE	0x4
#define CHECK_ALL	0x7
#define SET_BITS	0x10

#define DONE		0
#define UNMAPPED	4
#define NO_READ		5
#define NO_WRITE	6
#define ILLEGAL_OVERLAY	7
#define INTERCEPT	8

#define CODE(result)	((__u32)(result))
#define CACHE_WB	(6ull << 32)
#define OVERLAY		0x10000000000ull

#define P		0x1ull
#define W		0x2ull
#define U		0x4ull
#define A		0x20ull
#define D		0x40ull
#define PS		0x80ull

#define CR4_PAE		0x20
#define ENABLE		1
#define OS_ID		0x8100000000000000ull
#define OFFSET		0x123
/* Pages of the guest's memory that nothing else is in */
#define OVERLAY_GPA	0x19000
#define MOVED_GPA	0x1b000

static struct translation translate(int vp, __u64 gva, __u64 flags)
{
	struct translation to;
	int ret = __translate(vp, gva, flags, &to);

	die_if(ret, "MSHV_TRANSLATE_GVA %#llx: %d", gva, ret);
	return to;
}

/* The address of what is intercepted is none that could be used. */
static __u64 told(__u32 code, __u64 gpa)
{
	return code == INTERCEPT ? 0 : gpa;
}

/* Each access alone, and an access that is refused is refused beside others, too. */
TEST_F(guest, rights_of_the_partition)
{
	static const struct { __u32 rights, read, write, execute, all; } cases[] = {
		{ HV_MAP_GPA_PERMISSIONS_NONE, NO_READ, NO_WRITE, INTERCEPT, NO_READ },
		{ HV_MAP_GPA_READABLE, DONE, NO_WRITE, INTERCEPT, NO_WRITE },
		{ HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE, DONE, DONE, INTERCEPT, INTERCEPT },
		{ HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE, DONE, NO_WRITE, DONE, NO_WRITE },
		{ HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE,
		  DONE, DONE, DONE, DONE },
	};
	struct guest *guest = &self->guest;
	struct mshv_user_mem_region region;
	__u8 *mem = pages_alloc(GUEST_PAGE);
	const __u64 gva = GUEST_HOLE + OFFSET;
	int vp = guest->vp;
	size_t i;

	vp_start(vp, MODE_32, GUEST_CODE);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		region = mem_region(mem, GUEST_HOLE, GUEST_PAGE, cases[i].rights);
		mem_map(guest->part, &region);
		EXPECT_EQ(DONE, CODE(translate(vp, gva, 0).result));
		EXPECT_EQ(cases[i].read, CODE(translate(vp, gva, CHECK_READ).result))
			TH_LOG("rights %#x", cases[i].rights);
		EXPECT_EQ(cases[i].write, CODE(translate(vp, gva, CHECK_WRITE).result))
			TH_LOG("rights %#x", cases[i].rights);
		EXPECT_EQ(cases[i].execute, CODE(translate(vp, gva, CHECK_EXECUTE).result))
			TH_LOG("rights %#x", cases[i].rights);
		EXPECT_EQ(cases[i].all, CODE(translate(vp, gva, CHECK_ALL).result))
			TH_LOG("rights %#x", cases[i].rights);
		EXPECT_EQ(told(cases[i].all, gva), translate(vp, gva, CHECK_ALL).gpa)
			TH_LOG("rights %#x", cases[i].rights);
		mem_unmap(guest->part, &region);
	}
	EXPECT_EQ(UNMAPPED, CODE(translate(vp, gva, CHECK_EXECUTE).result));
	munmap(mem, GUEST_PAGE);
}

/* What @flags find at @page while an overlay is there */
static __u64 at(int vp, __u64 page, __u64 flags)
{
	struct translation to = translate(vp, page + OFFSET, flags);

	die_if(to.gpa != page + OFFSET, "%#llx leads to %#llx", page + OFFSET, to.gpa);
	return to.result;
}

/* The hypercall page may be read and executed; it goes with its enable bit, and can move. */
TEST_F(guest, hypercall_page)
{
	int vp = self->guest.vp;

	vp_start(vp, MODE_32, GUEST_CODE);
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA, CHECK_ALL));
	reg_set(vp, MSHV_HV_REGISTER_GUEST_OS_ID, OS_ID);
	reg_set(vp, HV_X64_REGISTER_HYPERCALL, OVERLAY_GPA | ENABLE);
	EXPECT_EQ(CACHE_WB | OVERLAY, at(vp, OVERLAY_GPA, 0));
	EXPECT_EQ(CACHE_WB | OVERLAY, at(vp, OVERLAY_GPA, CHECK_READ));
	EXPECT_EQ(CACHE_WB | OVERLAY, at(vp, OVERLAY_GPA, CHECK_READ | CHECK_EXECUTE));
	EXPECT_EQ(ILLEGAL_OVERLAY, CODE(at(vp, OVERLAY_GPA, CHECK_WRITE)));
	EXPECT_EQ(ILLEGAL_OVERLAY, CODE(at(vp, OVERLAY_GPA, CHECK_ALL)));
	/* Its neighbours are what they were. */
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA - GUEST_PAGE, CHECK_ALL));
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA + GUEST_PAGE, CHECK_ALL));
	reg_set(vp, HV_X64_REGISTER_HYPERCALL, MOVED_GPA | ENABLE);
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA, CHECK_ALL));
	EXPECT_EQ(CACHE_WB | OVERLAY, at(vp, MOVED_GPA, CHECK_READ));
	reg_set(vp, HV_X64_REGISTER_HYPERCALL, MOVED_GPA);
	EXPECT_EQ(CACHE_WB, at(vp, MOVED_GPA, CHECK_ALL));
}

/* The SynIC's message page may be written. */
TEST_F(guest, message_page)
{
	int vp = self->guest.vp;

	vp_start(vp, MODE_32, GUEST_CODE);
	reg_set(vp, MSHV_HV_REGISTER_SIMP, OVERLAY_GPA | ENABLE);
	EXPECT_EQ(CACHE_WB | OVERLAY, at(vp, OVERLAY_GPA, CHECK_READ | CHECK_WRITE));
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA + GUEST_PAGE, CHECK_ALL));
	reg_set(vp, MSHV_HV_REGISTER_SIMP, OVERLAY_GPA);
	EXPECT_EQ(CACHE_WB, at(vp, OVERLAY_GPA, CHECK_READ | CHECK_WRITE));
}

/* An entry of the guest's tables: @size bytes at @gpa */
struct entry {
	__u64 gpa;
	unsigned int size;
};

static __u64 entry_get(const struct guest *guest, const struct entry *e)
{
	__u64 value = 0;

	memcpy(&value, guest->mem + e->gpa, e->size);
	return value;
}

/* @e[0] is the large page's, with D; @e[1] and on are tables on the way to it, with A only. */
static void check_bits(struct __test_metadata *_metadata, struct guest *guest, __u64 gva,
		       const struct entry *e, int count)
{
	__u64 had[3];
	int i;

	for (i = 0; i < count; i++)
		had[i] = entry_get(guest, &e[i]);
	EXPECT_EQ(P | W | PS, had[0] & (P | W | PS | A | D));
	EXPECT_EQ(CACHE_WB, translate(guest->vp, gva, CHECK_ALL).result);
	for (i = 0; i < count; i++)
		EXPECT_EQ(had[i], entry_get(guest, &e[i])) TH_LOG("entry %d", i);
	EXPECT_EQ(CACHE_WB, translate(guest->vp, gva, SET_BITS | CHECK_READ).result);
	for (i = 0; i < count; i++)
		EXPECT_EQ(had[i] | A, entry_get(guest, &e[i])) TH_LOG("entry %d", i);
	EXPECT_EQ(CACHE_WB, translate(guest->vp, gva, SET_BITS | CHECK_WRITE).result);
	for (i = 0; i < count; i++)
		EXPECT_EQ(had[i] | A | (i ? 0 : D), entry_get(guest, &e[i])) TH_LOG("entry %d", i);
}

TEST_F(guest, bits_of_4_mib)
{
	static const struct entry path[] = { { GUEST_PD32, 4 } };

	guest_start(&self->guest, MODE_32_PAGED, code_out16);
	check_bits(_metadata, &self->guest, GUEST_DATA, path, 1);
}

TEST_F(guest, bits_of_2_mib)
{
	static const struct entry path[] = {
		{ GUEST_PD, 8 }, { GUEST_PDPT, 8 }, { GUEST_PML4, 8 },
	};

	guest_start(&self->guest, MODE_64, code_out16);
	check_bits(_metadata, &self->guest, GUEST_DATA, path, 3);
}

/* The entry at the top of PAE has no such bits: they must be 0 there. */
TEST_F(guest, bits_of_2_mib_pae)
{
	static const struct entry path[] = { { GUEST_PD, 8 } }, top = { GUEST_PDPT, 8 };
	struct guest *guest = &self->guest;

	guest_start(guest, MODE_32_PAGED, code_out16);
	*(__u64 *)(guest->mem + GUEST_PDPT) = GUEST_PD | P;
	reg_set(guest->vp, HV_X64_REGISTER_CR3, GUEST_PDPT);
	reg_set(guest->vp, HV_X64_REGISTER_CR4, CR4_PAE);
	check_bits(_metadata, guest, GUEST_DATA, path, 1);
	EXPECT_EQ(GUEST_PD | P, entry_get(guest, &top));
}

TEST_F(guest, bits_of_1_gib)
{
	static const struct entry path[] = { { GUEST_PDPT + 8, 8 }, { GUEST_PML4, 8 } };
	static const struct entry other[] = { { GUEST_PD, 8 }, { GUEST_PDPT, 8 } };
	struct guest *guest = &self->guest;
	size_t i;

	guest_start(guest, MODE_64, code_out16);
	check_bits(_metadata, guest, GUEST_ALIAS + GUEST_DATA, path, 2);
	/* The other way to the same page is another matter. */
	for (i = 0; i < ARRAY_SIZE(other); i++)
		EXPECT_EQ(0, entry_get(guest, &other[i]) & (A | D));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_TRANSLATE_GVA: a guest's page tables of each kind, each flag, each result. */
#include <errno.h>

#include "fixture.h"

GUEST_SNIPPET(code_halt64);

#define CHECK_READ		0x1
#define CHECK_WRITE		0x2
#define CHECK_EXECUTE		0x4
#define CHECK_ALL		0x7
#define PRIVILEGE_EXEMPT	0x8
#define SET_BITS		0x10
#define FLUSH_INHIBIT		0x20

enum code { DONE, NOT_PRESENT, PRIVILEGE, BAD_FLAGS, UNMAPPED, NO_READ, NO_WRITE };

#define CACHE_WB	6ull

#define P		0x1ull
#define W		0x2ull
#define U		0x4ull
#define A		0x20ull
#define D		0x40ull
#define PS		0x80ull
#define NX		0x8000000000000000ull

#define CR0_WP		0x10000
#define CR4_SMEP	0x100000
#define CR4_SMAP	0x200000
#define CR4_PAE		0x20
#define EFER_NXE	0x800
#define RFLAGS_AC	0x40000

#define OFFSET		0x123
#define PAGE_GPA	0xa000

/* @gva has another index in each table; below @large nothing but a small offset */
struct paging {
	int levels, bits;
	__u64 gva, large;
};

FIXTURE_VARIANT(paging) {
	struct paging p;
};

FIXTURE(paging) {
	struct books books;
	struct guest guest;
};

FIXTURE_VARIANT_ADD(paging, levels2) {
	.p = { .levels = 2, .bits = 10, .gva = 0x40603000, .large = 0x40804000 },
};

FIXTURE_VARIANT_ADD(paging, levels3) {
	.p = { .levels = 3, .bits = 9, .gva = 0x40603000, .large = 0x40804000 },
};

FIXTURE_VARIANT_ADD(paging, levels4) {
	.p = { .levels = 4, .bits = 9, .gva = 0x7f8140603000, .large = 0x7f8140804000 },
};

/* The entry of @gva in the table of @level; the top table is at 0x1000, the next at 0x2000 ... */
static void *entry(struct guest *guest, const struct paging *v, int level, __u64 gva)
{
	__u64 index = gva >> (12 + v->bits * (level - 1)) & ((1 << v->bits) - 1);
	__u8 *table = guest->mem + GUEST_PAGE * (v->levels - level + 1);

	if (v->levels == 3 && level == 3)
		index &= 3;
	return table + index * (v->levels == 2 ? 4 : 8);
}

static __u64 entry_get(struct guest *guest, const struct paging *v, int level)
{
	void *e = entry(guest, v, level, v->gva);

	return v->levels == 2 ? *(__u32 *)e : *(__u64 *)e;
}

static void entry_put(struct guest *guest, const struct paging *v, int level,
		      __u64 gva, __u64 value)
{
	void *e = entry(guest, v, level, gva);

	if (v->levels == 2)
		*(__u32 *)e = value;
	else
		*(__u64 *)e = value;
}

/* @rights at each level, as far as it has rights; the page is @gpa. */
static void map_page(struct guest *guest, const struct paging *v, __u64 gpa,
		     __u64 rights)
{
	int level;

	for (level = v->levels; level; level--) {
		__u64 next = GUEST_PAGE * (v->levels - level + 2);
		__u64 value = (level == 1 ? gpa : next) | P | rights;

		/* The four entries at the top of PAE have no rights. */
		if (v->levels == 3 && level == 3)
			value = next | P;
		entry_put(guest, v, level, v->gva, value);
	}
}

static void set_dpl(int vp, __u32 name)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	regs_get(vp, &reg, 1);
	reg.value.segment.attributes |= 0x60;
	reg.value.segment.selector |= 3;
	regs_set(vp, &reg, 1);
}

static void start(struct guest *guest, const struct paging *v, bool user)
{
	memset(guest->mem + GUEST_PAGE, 0, 4 * GUEST_PAGE);
	vp_start(guest->vp, v->levels == 4 ? MODE_64 : MODE_32_PAGED, GUEST_CODE);
	reg_set(guest->vp, HV_X64_REGISTER_CR3, GUEST_PAGE);
	if (v->levels == 3)
		reg_set(guest->vp, HV_X64_REGISTER_CR4, CR4_PAE);
	if (user) {
		set_dpl(guest->vp, HV_X64_REGISTER_CS);
		set_dpl(guest->vp, HV_X64_REGISTER_SS);
	}
}

static void reg_or(int vp, __u32 name, __u64 bits)
{
	reg_set(vp, name, reg_get(vp, name) | bits);
}

FIXTURE_SETUP(paging)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	start(&self->guest, &variant->p, false);
	map_page(&self->guest, &variant->p, PAGE_GPA, W | U);
}

FIXTURE_TEARDOWN(paging)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

static enum code translate(int vp, __u64 gva, __u64 flags)
{
	struct translation to;
	int ret = __translate(vp, gva, flags, &to);

	die_if(ret, "MSHV_TRANSLATE_GVA %#llx: %d", gva, ret);
	return to.result & 0xffffffff;
}

TEST_F(paging, works)
{
	struct translation to;
	__u64 flags;

	for (flags = 0; flags < 0x40; flags++) {
		ASSERT_EQ(0, __translate(self->guest.vp, variant->p.gva + OFFSET, flags, &to));
		EXPECT_EQ(CACHE_WB << 32, to.result) TH_LOG("flags %#llx", flags);
		EXPECT_EQ(PAGE_GPA + OFFSET, to.gpa) TH_LOG("flags %#llx", flags);
	}
}

/* Nothing is there at one level, whatever is asked for. */
TEST_F(paging, not_present)
{
	struct guest *guest = &self->guest;
	int level;

	for (level = 1; level <= variant->p.levels; level++) {
		map_page(guest, &variant->p, PAGE_GPA, W | U);
		entry_put(guest, &variant->p, level, variant->p.gva,
			  entry_get(guest, &variant->p, level) & ~P);
		EXPECT_EQ(NOT_PRESENT, translate(guest->vp, variant->p.gva, 0));
		EXPECT_EQ(NOT_PRESENT, translate(guest->vp, variant->p.gva, CHECK_ALL));
		EXPECT_EQ(NOT_PRESENT, translate(guest->vp, variant->p.gva,
						 PRIVILEGE_EXEMPT | SET_BITS));
	}
	EXPECT_EQ(NOT_PRESENT, translate(guest->vp, variant->p.gva + GUEST_PAGE, 0));
}

/* Two MiB, or four; and, in long mode, one GiB */
TEST_F(paging, large_pages)
{
	const struct paging *v = &variant->p;
	struct guest *guest = &self->guest;
	struct translation to;

	entry_put(guest, v, 2, v->large, P | W | U | PS);
	ASSERT_EQ(0, __translate(guest->vp, v->large + OFFSET, CHECK_ALL, &to));
	EXPECT_EQ(CACHE_WB << 32, to.result);
	EXPECT_EQ((v->large & ((1 << (12 + v->bits)) - 1)) + OFFSET, to.gpa);
	if (v->levels != 4)
		return;
	/* Beyond the guest's memory, so the address comes with a result that says so. */
	entry_put(guest, v, 3, v->large, P | W | U | PS);
	ASSERT_EQ(0, __translate(guest->vp, v->large + OFFSET, 0, &to));
	EXPECT_EQ(UNMAPPED, to.result & 0xffffffff);
	EXPECT_EQ((v->large & 0x3fffffff) + OFFSET, to.gpa);
}

/* A supervisor obeys W only with CR0.WP. */
TEST_F(paging, read_only_page)
{
	struct guest *guest = &self->guest;

	map_page(guest, &variant->p, PAGE_GPA, U);
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, CHECK_READ | CHECK_EXECUTE));
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, CHECK_WRITE));
	reg_or(guest->vp, HV_X64_REGISTER_CR0, CR0_WP);
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, CHECK_READ | CHECK_EXECUTE));
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, variant->p.gva, CHECK_WRITE));
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, 0));
}

/* At CPL 3: pages of the supervisor's are out of reach, unless the caller is exempt. */
TEST_F(paging, user)
{
	struct guest *guest = &self->guest;
	__u64 flag;

	start(guest, &variant->p, true);
	map_page(guest, &variant->p, PAGE_GPA, W | U);
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, CHECK_ALL));
	map_page(guest, &variant->p, PAGE_GPA, U);
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, variant->p.gva, CHECK_WRITE));
	map_page(guest, &variant->p, PAGE_GPA, W);
	for (flag = CHECK_READ; flag <= CHECK_EXECUTE; flag <<= 1) {
		EXPECT_EQ(PRIVILEGE, translate(guest->vp, variant->p.gva, flag));
		EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, flag | PRIVILEGE_EXEMPT));
	}
}

TEST_F(paging, no_execute)
{
	struct guest *guest = &self->guest;
	__u64 value = entry_get(guest, &variant->p, 1) | NX;

	if (variant->p.levels == 2)
		return;
	entry_put(guest, &variant->p, 1, variant->p.gva, value);
	EXPECT_EQ(BAD_FLAGS, translate(guest->vp, variant->p.gva, CHECK_READ));
	reg_or(guest->vp, HV_X64_REGISTER_EFER, EFER_NXE);
	EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, CHECK_READ | CHECK_WRITE));
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, variant->p.gva, CHECK_EXECUTE));
}

/* A supervisor neither executes the user's pages nor touches them, as CR4 says. */
TEST_F(paging, smep_smap)
{
	struct guest *guest = &self->guest;
	__u64 gva = variant->p.gva;

	reg_or(guest->vp, HV_X64_REGISTER_CR4, CR4_SMEP);
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, gva, CHECK_EXECUTE));
	EXPECT_EQ(DONE, translate(guest->vp, gva, CHECK_READ | CHECK_WRITE));
	reg_or(guest->vp, HV_X64_REGISTER_CR4, CR4_SMAP);
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, gva, CHECK_READ));
	EXPECT_EQ(PRIVILEGE, translate(guest->vp, gva, CHECK_WRITE));
	reg_or(guest->vp, HV_X64_REGISTER_RFLAGS, RFLAGS_AC);
	EXPECT_EQ(DONE, translate(guest->vp, gva, CHECK_READ | CHECK_WRITE));
	map_page(guest, &variant->p, PAGE_GPA, W);
	EXPECT_EQ(DONE, translate(guest->vp, gva, CHECK_ALL));
}

/* Bits that must be 0 */
TEST_F(paging, invalid_flags)
{
	struct guest *guest = &self->guest;

	if (variant->p.levels == 2) {
		entry_put(guest, &variant->p, 2, variant->p.large, 1 << 21 | P | W | PS);
		EXPECT_EQ(BAD_FLAGS, translate(guest->vp, variant->p.large, 0));
		return;
	}
	entry_put(guest, &variant->p, 2, variant->p.large, 1 << 13 | P | W | PS);
	EXPECT_EQ(BAD_FLAGS, translate(guest->vp, variant->p.large, 0));
	entry_put(guest, &variant->p, 1, variant->p.gva, 1ull << 51 | PAGE_GPA | P);
	EXPECT_EQ(BAD_FLAGS, translate(guest->vp, variant->p.gva, 0));
	map_page(guest, &variant->p, PAGE_GPA, W);
	entry_put(guest, &variant->p, variant->p.levels, variant->p.gva,
		  entry_get(guest, &variant->p, variant->p.levels) | PS);
	EXPECT_EQ(BAD_FLAGS, translate(guest->vp, variant->p.gva, 0));
}

/* Where the partition has no memory: the page, or a table */
TEST_F(paging, unmapped)
{
	struct guest *guest = &self->guest;
	struct translation to;
	int level;

	map_page(guest, &variant->p, GUEST_HOLE, W | U);
	ASSERT_EQ(0, __translate(guest->vp, variant->p.gva + OFFSET, CHECK_ALL, &to));
	EXPECT_EQ(UNMAPPED, to.result & 0xffffffff);
	EXPECT_EQ(GUEST_HOLE + OFFSET, to.gpa);
	for (level = 2; level <= variant->p.levels; level++) {
		map_page(guest, &variant->p, PAGE_GPA, W | U);
		entry_put(guest, &variant->p, level, variant->p.gva, GUEST_HOLE | P);
		EXPECT_EQ(UNMAPPED, translate(guest->vp, variant->p.gva, 0));
	}
}

/* The partition's own rights: of pages that are there, but not for this */
TEST_F(paging, no_access)
{
	static const struct { __u32 rights; enum code read, write; } cases[] = {
		{ HV_MAP_GPA_READABLE, DONE, NO_WRITE },
		{ HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE, DONE, DONE },
		{ HV_MAP_GPA_PERMISSIONS_NONE, NO_READ, NO_WRITE },
	};
	struct guest *guest = &self->guest;
	struct mshv_user_mem_region region;
	__u8 *mem = pages_alloc(GUEST_PAGE);
	size_t i;

	map_page(guest, &variant->p, GUEST_HOLE, W | U);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		region = mem_region(mem, GUEST_HOLE, GUEST_PAGE, cases[i].rights);
		mem_map(guest->part, &region);
		EXPECT_EQ(DONE, translate(guest->vp, variant->p.gva, 0));
		EXPECT_EQ(cases[i].read, translate(guest->vp, variant->p.gva, CHECK_READ));
		EXPECT_EQ(cases[i].write, translate(guest->vp, variant->p.gva, CHECK_WRITE));
		mem_unmap(guest->part, &region);
	}
	munmap(mem, GUEST_PAGE);
}

/* Accessed and dirty are set when that is asked for, and only where they belong. */
TEST_F(paging, accessed_and_dirty)
{
	struct guest *guest = &self->guest;
	int vp = guest->vp, level;
	__u64 had[5], want, flags;

	for (level = 1; level <= variant->p.levels; level++)
		had[level] = entry_get(guest, &variant->p, level);
	for (flags = 0; flags < 0x40; flags++) {
		if (flags & SET_BITS)
			continue;
		translate(vp, variant->p.gva, flags);
		for (level = 1; level <= variant->p.levels; level++)
			EXPECT_EQ(had[level], entry_get(guest, &variant->p, level))
				TH_LOG("level %d, flags %#llx", level, flags);
	}
	EXPECT_EQ(DONE, translate(vp, variant->p.gva, SET_BITS | CHECK_READ));
	for (level = 1; level <= variant->p.levels; level++) {
		want = had[level] | (variant->p.levels == 3 && level == 3 ? 0 : A);
		EXPECT_EQ(want, entry_get(guest, &variant->p, level)) TH_LOG("level %d", level);
	}
	EXPECT_EQ(DONE, translate(vp, variant->p.gva, SET_BITS | CHECK_WRITE));
	EXPECT_EQ(had[1] | A | D, entry_get(guest, &variant->p, 1));
	/* Nothing is set by what is refused. */
	map_page(guest, &variant->p, PAGE_GPA, U);
	reg_or(vp, HV_X64_REGISTER_CR0, CR0_WP);
	EXPECT_EQ(PRIVILEGE, translate(vp, variant->p.gva, SET_BITS | CHECK_WRITE));
	EXPECT_EQ(PAGE_GPA | U | P, entry_get(guest, &variant->p, 1));
}

/* Without paging an address is what it says. */
TEST_F(guest, no_paging)
{
	struct translation to;

	vp_start(self->guest.vp, MODE_32, GUEST_CODE);
	ASSERT_EQ(0, __translate(self->guest.vp, PAGE_GPA + OFFSET, CHECK_ALL, &to));
	EXPECT_EQ(DONE, to.result & 0xffffffff);
	EXPECT_EQ(PAGE_GPA + OFFSET, to.gpa);
	EXPECT_EQ(UNMAPPED, translate(self->guest.vp, GUEST_HOLE, 0));
	/* Not even that far does it reach. */
	vp_start(self->guest.vp, MODE_64, GUEST_CODE);
	EXPECT_NE(DONE, translate(self->guest.vp, 0x8000000000000000, 0));
}

TEST_F(guest, unknown_flags)
{
	struct translation to;
	__u64 flag;

	vp_start(self->guest.vp, MODE_32, GUEST_CODE);
	for (flag = 0x40; flag; flag <<= 1) {
		EXPECT_ERR(MSHV_TRANSLATE_GVA, EINVAL,
			   __translate(self->guest.vp, PAGE_GPA, flag | CHECK_READ, &to))
			TH_LOG("flag %#llx", flag);
		EXPECT_TRUE(poisoned(&to, sizeof(to)));
	}
}

TEST_F(guest, bad_pointers)
{
	struct translation to;
	struct mshv_translate_gva args = { .gva = PAGE_GPA };
	int vp = self->guest.vp;

	vp_start(vp, MODE_32, GUEST_CODE);
	EXPECT_ERR(MSHV_TRANSLATE_GVA, EFAULT, ioctl(vp, MSHV_TRANSLATE_GVA, NULL) ? -errno : 0);
	args.gpa = (__typeof__(args.gpa))(unsigned long)&to.gpa;
	EXPECT_ERR(MSHV_TRANSLATE_GVA, EFAULT, ioctl(vp, MSHV_TRANSLATE_GVA, &args) ? -errno : 0);
	args.result = (__typeof__(args.result))(unsigned long)&to.result;
	args.gpa = (__typeof__(args.gpa))0;
	EXPECT_ERR(MSHV_TRANSLATE_GVA, EFAULT, ioctl(vp, MSHV_TRANSLATE_GVA, &args) ? -errno : 0);
	args.gpa = (__typeof__(args.gpa))(unsigned long)&to.gpa;
	EXPECT_EQ(0, ioctl(vp, MSHV_TRANSLATE_GVA, &args));
}

TEST_F(guest, busy)
{
	struct guest *guest = &self->guest;
	struct translation to;
	struct runner r;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	EXPECT_ERR(MSHV_TRANSLATE_GVA, EBUSY, __translate(guest->vp, 0, 0, &to));
	EXPECT_TRUE(poisoned(&to, sizeof(to)));
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_EQ(0, __translate(guest->vp, 0, 0, &to));
}

/* What the guest's last write made of its tables, seen at the exit */
TEST_F(guest, tables_of_a_guest_that_ran)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	guest_start(guest, MODE_64, code_halt64);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(DONE, translate(guest->vp, GUEST_ALIAS + GUEST_CODE, CHECK_ALL));
	EXPECT_EQ(UNMAPPED, translate(guest->vp, GUEST_ALIAS + GUEST_HOLE, CHECK_READ));
	EXPECT_EQ(NOT_PRESENT, translate(guest->vp, GUEST_PT_BASE, CHECK_READ));
	EXPECT_EQ(NOT_PRESENT, translate(guest->vp, 0x8000000000, 0));
}

TEST_F(guest, wrong_fd_or_size)
{
	struct mshv_translate_gva args = { .gva = 0 };
	const int other[] = { self->guest.dev, self->guest.part };
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(other); i++)
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_TRANSLATE_GVA, &args) ? -errno : 0);
	for (size = 0; size < 64; size++) {
		if (size == sizeof(args))
			continue;
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.vp,
					 _IOC(_IOC_READ | _IOC_WRITE, 0xb8, 0xe, size), &args) ?
			  -errno : 0);
	}
}

static void *translator_main(void *arg)
{
	int vp = *(int *)arg;
	struct translation to;
	int ret;

	do {
		ret = __translate(vp, 0, 0, &to);
	} while (!ret);
	return (void *)(long)ret;
}

TEST_F(device, concurrent_close)
{
	unsigned long n = rounds(50, 8), i;
	pthread_t thread;
	void *ret;
	int part, vp;

	random_init();
	for (i = 0; i < n; i++) {
		part = part_create(self->dev, 0);
		vp = vp_create(part, 0);
		vp_start(vp, MODE_32, 0);
		ASSERT_EQ(0, pthread_create(&thread, NULL, translator_main, &vp));
		sleep_us(random_below(2000));
		close(part);
		close(vp);
		pthread_join(thread, &ret);
		EXPECT_EQ(-EBADF, (long)ret);
	}
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/* MSHV_MAP_GUEST_MEMORY and MSHV_UNMAP_GUEST_MEMORY. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fixture.h"

#define R	HV_MAP_GPA_READABLE
#define W	HV_MAP_GPA_WRITABLE
#define KX	HV_MAP_GPA_KERNEL_EXECUTABLE
#define UX	HV_MAP_GPA_USER_EXECUTABLE
#define RW	(R | W)
#define RWX	(RW | KX | UX)

#define PAGES(n)	((__u64)(n) * GUEST_PAGE)

FIXTURE(memory) {
	struct books books;
	int dev, part;
	__u8 *mem;
};

FIXTURE_SETUP(memory)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	self->dev = dev_open();
	self->part = part_create(self->dev, 0);
	self->mem = pages_alloc(PAGES(16));
}

FIXTURE_TEARDOWN(memory)
{
	close(self->part);
	close(self->dev);
	munmap(self->mem, PAGES(16));
	EXPECT_TRUE(books_balanced(&self->books));
}

static __u64 mapped(const struct books *books)
{
	return window_live(LIVE_MAPPED) - books->live[LIVE_MAPPED];
}

static int __map(int part, const void *addr, __u64 gpa, __u64 size, __u32 flags)
{
	struct mshv_user_mem_region region = mem_region(addr, gpa, size, flags);

	return __mem_map(part, &region);
}

static int __unmap(int part, const void *addr, __u64 gpa, __u64 size)
{
	/* The flags of an unmap are nobody's business. */
	struct mshv_user_mem_region region = mem_region(addr, gpa, size, 0xffffffff);

	return __mem_unmap(part, &region);
}

TEST_F(memory, works)
{
	EXPECT_EQ(0, __map(self->part, self->mem, PAGES(5), PAGES(16), RWX));
	EXPECT_EQ(16, mapped(&self->books));
	EXPECT_EQ(0, __unmap(self->part, self->mem, PAGES(5), PAGES(16)));
	EXPECT_EQ(0, mapped(&self->books));
	EXPECT_EQ(0, __map(self->part, self->mem, PAGES(5), PAGES(1), R));
	EXPECT_EQ(1, mapped(&self->books));
}

TEST_F(memory, map_invalid)
{
	const int part = self->part;
	__u8 *const mem = self->mem;
	struct mshv_user_mem_region region = mem_region(mem, 0, PAGES(1), RWX);

	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, 0, RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, 1, RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, PAGES(1) + 8, RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, PAGES(1) - 1, RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem + 1, 0, PAGES(1), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem + 2048, 0, PAGES(1), RWX));
	/* Not in user space */
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, (void *)-PAGES(16), 0, PAGES(1),
							RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, (void *)0xffff888000000000, 0,
							PAGES(1), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, -PAGES(1), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(part, mem, 0, 1ull << 63, RWX));
	/* The end of guest space wraps */
	region.guest_pfn = ~0ull;
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __mem_map(part, &region));
	region.guest_pfn = ~0ull - 7;
	region.size = PAGES(16);
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __mem_map(part, &region));
	/* A page number that no address has */
	region.guest_pfn = 1ull << 52;
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __mem_map(part, &region));
	EXPECT_EQ(0, mapped(&self->books));
}

/* Flags: what one NX bit can't express, and bits that nobody knows */
TEST_F(memory, map_flags)
{
	static const __u32 bad[] = { W, W | KX | UX, R | KX, R | UX, RW | KX, RW | UX };
	static const __u32 good[] = { 0, R, RW, R | KX | UX, RWX };
	size_t i;
	int bit;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(self->part, self->mem, 0, PAGES(1),
								bad[i])) TH_LOG("%#x", bad[i]);
	for (bit = 4; bit < 32; bit++)
		EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EINVAL, __map(self->part, self->mem, 0, PAGES(1),
								RWX | 1u << bit));
	EXPECT_EQ(0, mapped(&self->books));
	for (i = 0; i < ARRAY_SIZE(good); i++)
		EXPECT_EQ(0, __map(self->part, self->mem, PAGES(i), PAGES(1), good[i]));
}

TEST_F(memory, bad_pointer)
{
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __mem_map(self->part, NULL));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __mem_map(self->part, (void *)-4096l));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EFAULT, __mem_unmap(self->part, NULL));
	EXPECT_EQ(0, __map(self->part, self->mem, 0, PAGES(1), RWX));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EFAULT, __mem_unmap(self->part, NULL));
}

/* Memory that isn't there, or may not be had so */
TEST_F(memory, unusable_memory)
{
	__u8 *mem = pages_alloc(PAGES(4));

	ASSERT_EQ(0, munmap(mem + PAGES(2), PAGES(1)));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __map(self->part, mem, 0, PAGES(4), RW));
	EXPECT_EQ(0, mapped(&self->books));
	ASSERT_EQ(0, mprotect(mem, PAGES(1), PROT_READ));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __map(self->part, mem, 0, PAGES(1), RW));
	ASSERT_EQ(0, mprotect(mem, PAGES(1), PROT_NONE));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __map(self->part, mem, 0, PAGES(1), R));
	EXPECT_EQ(0, mapped(&self->books));
	munmap(mem, PAGES(4));
}

/* A region of a terabyte, most of it a hole: what it takes grows with what is pinned. */
TEST_F(memory, terabyte)
{
	__u8 *mem = mmap((void *)(1ull << 42), PAGES(2), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	ASSERT_EQ((void *)(1ull << 42), mem);
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, __map(self->part, mem, 0, 1ull << 40, RW));
	EXPECT_EQ(0, mapped(&self->books));
	munmap(mem, PAGES(2));
}

/* A read-only VMA serves a read-only region. */
TEST_F(memory, read_only_memory)
{
	ASSERT_EQ(0, mprotect(self->mem, PAGES(16), PROT_READ));
	EXPECT_EQ(0, __map(self->part, self->mem, 0, PAGES(16), R));
	EXPECT_EQ(0, __map(self->part, self->mem, PAGES(16), PAGES(16), R | KX | UX));
	EXPECT_EQ(32, mapped(&self->books));
}

/* Overlap counts in the guest's space only. */
TEST_F(memory, overlap)
{
	const int part = self->part;
	__u8 *const mem = self->mem;

	ASSERT_EQ(0, __map(part, mem, PAGES(10), PAGES(4), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(part, mem, PAGES(10), PAGES(4), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(part, mem + PAGES(8), PAGES(13), PAGES(1),
							RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(part, mem + PAGES(8), PAGES(9), PAGES(2),
							RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(part, mem, PAGES(8), PAGES(8), RWX));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(part, mem, PAGES(11), PAGES(1), RWX));
	EXPECT_EQ(4, mapped(&self->books));
	/* Neighbours, and the same memory a second time */
	EXPECT_EQ(0, __map(part, mem, PAGES(9), PAGES(1), RWX));
	EXPECT_EQ(0, __map(part, mem, PAGES(14), PAGES(4), RWX));
	EXPECT_EQ(9, mapped(&self->books));
}

/* Unmapping takes exactly what a mapping gave. */
TEST_F(memory, unmap_invalid)
{
	const int part = self->part;
	__u8 *const mem = self->mem;

	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, 0, PAGES(1)));
	ASSERT_EQ(0, __map(part, mem, PAGES(4), PAGES(8), RWX));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, PAGES(4), PAGES(7)));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, PAGES(4), PAGES(9)));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, PAGES(5), PAGES(8)));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem + PAGES(1), PAGES(4),
							    PAGES(8)));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, PAGES(4), 0));
	EXPECT_EQ(8, mapped(&self->books));
	EXPECT_EQ(0, __unmap(part, mem, PAGES(4), PAGES(8)));
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EINVAL, __unmap(part, mem, PAGES(4), PAGES(8)));
}

/* More than the 64 that the series had slots for */
TEST_F(memory, many_regions)
{
	int i;

	for (i = 0; i < 200; i++)
		ASSERT_EQ(0, __map(self->part, self->mem, PAGES(2 * i), PAGES(1), RW));
	EXPECT_EQ(200, mapped(&self->books));
	EXPECT_EQ(0, __unmap(self->part, self->mem, PAGES(2 * 33), PAGES(1)));
	EXPECT_EQ(0, __map(self->part, self->mem, PAGES(2 * 33), PAGES(1), RW));
}

struct slow_map {
	pthread_t thread;
	int part;
	__u8 *mem;
	__u64 size;
};

static void *slow_map_main(void *arg)
{
	struct slow_map *m = arg;
	int ret = __map(m->part, m->mem, 0, m->size, RWX);

	die_if(ret, "map of %llu bytes: %d", m->size, ret);
	return NULL;
}

/*
 * A region that is being mapped is busy, and its place is taken. Returns: false if the mapping
 * was over before anybody could see it.
 */
static bool meets_busy_region(struct __test_metadata *_metadata, struct slow_map *map, __u8 *mem)
{
	int ret;

	ASSERT_EQ(0, pthread_create(&map->thread, NULL, slow_map_main, map));
	do {
		ret = __unmap(map->part, map->mem, 0, map->size);
	} while (ret == -EINVAL);
	if (!ret) {
		pthread_join(map->thread, NULL);
		return false;
	}
	EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EBUSY, ret);
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(map->part, mem, PAGES(7), PAGES(1), RWX));
	/* Somewhere else is free all the time. */
	EXPECT_EQ(0, __map(map->part, mem, 1ull << 32, PAGES(1), RWX));
	pthread_join(map->thread, NULL);
	EXPECT_EQ(0, __unmap(map->part, map->mem, 0, map->size));
	return true;
}

TEST_F(memory, busy_region)
{
	struct slow_map map = { .part = self->part, .size = PAGES(rounds(16384, 4096)) };
	int tries = 0;

	map.mem = pages_alloc(map.size);
	while (!meets_busy_region(_metadata, &map, self->mem))
		ASSERT_GT(20, ++tries);
	munmap(map.mem, map.size);
}

/* More pages than one hypercall takes, and than one deposit pays for */
TEST_F(memory, large)
{
	__u64 size = PAGES(rounds(8192, 2048));
	__u8 *mem = pages_alloc(size);

	ASSERT_EQ(0, __map(self->part, mem, PAGES(0x100000), size, RWX));
	EXPECT_EQ(size / GUEST_PAGE, mapped(&self->books));
	ASSERT_EQ(0, __unmap(self->part, mem, PAGES(0x100000), size));
	EXPECT_EQ(0, mapped(&self->books));
	munmap(mem, size);
}

/* The mapped pages stay what they are, whatever becomes of the VMA. */
TEST_F(guest, memory_outlives_vma)
{
	struct mshv_hv_message msg;

	guest_start(&self->guest, MODE_REAL, code_out16);
	ASSERT_EQ(0, munmap(self->guest.mem, GUEST_SIZE));
	self->guest.mem = pages_alloc(GUEST_SIZE);
	vp_run(self->guest.vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
}

/* Memory that this process is charged for as locked or pinned, in kB */
static unsigned long charged_kb(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long kb = 0;
	char line[256];

	die_if(!file, "open /proc/self/status");
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "VmPin:", 6) || !strncmp(line, "VmLck:", 6))
			kb += strtoul(line + 6, NULL, 10);
	}
	fclose(file);
	return kb;
}

TEST_F(memory, pages_are_charged)
{
	unsigned long before = charged_kb();

	ASSERT_EQ(0, __map(self->part, self->mem, 0, PAGES(16), RWX));
	EXPECT_EQ(before + 64, charged_kb());
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __map(self->part, self->mem, 0, PAGES(16), RWX));
	EXPECT_EQ(before + 64, charged_kb());
	ASSERT_EQ(0, __unmap(self->part, self->mem, 0, PAGES(16)));
	EXPECT_EQ(before, charged_kb());
	ASSERT_EQ(0, __map(self->part, self->mem, 0, PAGES(16), RWX));
	close(self->part);
	self->part = part_create(self->dev, 0);
	EXPECT_EQ(before, charged_kb());
}

/* Over the limit, and without the capability, it is -ENOMEM and nothing stays. */
TEST_F(memory, memlock_limit)
{
	struct rlimit limit = { PAGES(8), PAGES(8) };
	int status;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		__u8 *mem = pages_alloc(PAGES(16));
		int dev = dev_open(), part = part_create(dev, 0);

		die_if(setrlimit(RLIMIT_MEMLOCK, &limit), "setrlimit");
		die_if(setreuid(1, 1), "setresuid");
		die_if(__map(part, mem, 0, PAGES(9), RW) != -ENOMEM, "9 pages of 8 mapped");
		die_if(charged_kb(), "charged for nothing");
		die_if(__map(part, mem, 0, PAGES(5), RW), "5 pages of 8 refused");
		die_if(__map(part, mem, PAGES(8), PAGES(4), RW) != -ENOMEM, "4 more mapped");
		die_if(__map(part, mem, PAGES(8), PAGES(3), RW), "3 more refused");
		die_if(__unmap(part, mem, 0, PAGES(5)), "unmap");
		die_if(__map(part, mem, PAGES(16), PAGES(5), RW), "5 others refused");
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* Whoever closes last, the creator is charged and uncharged. */
TEST_F(memory, uncharge_the_creator)
{
	unsigned long before = charged_kb();
	int status;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		die_if(__map(self->part, self->mem, 0, PAGES(16), RW), "map in the child");
		die_if(charged_kb(), "the child is charged");
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(before + 64, charged_kb());
	ASSERT_EQ(0, __unmap(self->part, self->mem, 0, PAGES(16)));
	EXPECT_EQ(before, charged_kb());
}

struct mapper {
	pthread_t thread;
	int part;
	__u8 *mem;
	__u64 gpa;
	unsigned long rounds, won, lost;
};

static void *mapper_main(void *arg)
{
	struct mapper *m = arg;
	unsigned long i;
	int ret;

	for (i = 0; i < m->rounds; i++) {
		ret = __map(m->part, m->mem, m->gpa, PAGES(8), RWX);
		die_if(ret && ret != -EEXIST && ret != -EBUSY, "map: %d", ret);
		if (!ret)
			m->won++;
		else
			m->lost++;
		ret = __unmap(m->part, m->mem, m->gpa, PAGES(8));
		die_if(ret && ret != -EINVAL && ret != -EBUSY, "unmap: %d", ret);
	}
	return NULL;
}

/* Three threads fight for two places. */
TEST_F(memory, concurrently)
{
	struct mapper m[3] = {};
	int i;

	for (i = 0; i < 3; i++) {
		m[i].part = self->part;
		m[i].mem = self->mem;
		m[i].gpa = PAGES(i ? 4 : 64);
		m[i].rounds = rounds(200, 30);
		ASSERT_EQ(0, pthread_create(&m[i].thread, NULL, mapper_main, &m[i]));
	}
	for (i = 0; i < 3; i++)
		pthread_join(m[i].thread, NULL);
	EXPECT_EQ(0, m[0].lost);
	/* Which of the two rivals gets in is chance; that one does is not. */
	EXPECT_GT(m[1].won + m[2].won, 0);
	for (i = 1; i < 3; i++)
		__unmap(self->part, self->mem, PAGES(4), PAGES(8));
	EXPECT_EQ(0, mapped(&self->books));
}

TEST_HARNESS_MAIN

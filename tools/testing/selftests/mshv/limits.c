// SPDX-License-Identifier: GPL-2.0
/* Limits are those of memory: VPs, partitions, regions, locked memory; and large mappings. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "lapic.h"

#define RWX	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)

#define MIB		0x100000ull
#define GIB		0x40000000ull
#define BIG_GPA		(4 * GIB)
#define MAX_VPS		2048
#define PARTITIONS	140
#define REGIONS		200
#define HUGE_SIZE	(16 * MIB)
#define VECTOR		0x51

/* Each index once, and no more than there are */
TEST_F_TIMEOUT(device, vps, 300 * time_scale())
{
	const __u32 n = rounds(MAX_VPS, 300);
	struct rlimit files = { .rlim_cur = MAX_VPS + 100, .rlim_max = MAX_VPS + 100 };
	int *vp = calloc(n, sizeof(*vp));
	int part = part_create(self->dev, 0);
	__u32 i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	for (i = 0; i < n; i++) {
		vp[i] = __vp_create(part, n - 1 - i);
		ASSERT_LE(0, vp[i]) TH_LOG("VP %u", n - 1 - i);
	}
	EXPECT_EQ(self->books.live[LIVE_VPS] + n, window_live(LIVE_VPS));
	EXPECT_ERR(MSHV_CREATE_VP, EINVAL, __vp_create(part, MAX_VPS));
	EXPECT_ERR(MSHV_CREATE_VP, EEXIST, __vp_create(part, n - 1));
	for (i = 0; i < n; i++)
		reg_set(vp[i], HV_X64_REGISTER_RAX, i);
	for (i = 0; i < n; i++)
		EXPECT_EQ(i, reg_get(vp[i], HV_X64_REGISTER_RAX));
	for (i = 0; i < n; i++)
		close(vp[i]);
	close(part);
	free(vp);
}

TEST_F_TIMEOUT(device, partitions, 360 * time_scale())
{
	int part[PARTITIONS];
	int i;

	for (i = 0; i < PARTITIONS; i++)
		part[i] = part_create(self->dev, 0);
	EXPECT_EQ(self->books.live[LIVE_PARTITIONS] + PARTITIONS, window_live(LIVE_PARTITIONS));
	for (i = 0; i < PARTITIONS; i++)
		close(part[i]);
}

/* With holes in between, so that no two could be one */
TEST_F(device, regions)
{
	__u8 *mem = pages_alloc(GUEST_PAGE);
	int part = part_create(self->dev, 0);
	struct mshv_user_mem_region region;
	__u64 i;

	for (i = 0; i < REGIONS; i++) {
		region = mem_region(mem, 2 * i * GUEST_PAGE, GUEST_PAGE, RWX);
		mem_map(part, &region);
	}
	EXPECT_EQ(self->books.live[LIVE_MAPPED] + REGIONS, window_live(LIVE_MAPPED));
	for (i = 0; i < REGIONS; i++) {
		region = mem_region(mem, 2 * i * GUEST_PAGE, GUEST_PAGE, RWX);
		mem_unmap(part, &region);
	}
	close(part);
	munmap(mem, GUEST_PAGE);
}

/* @size bytes of address space over one and the same few pages, which is all that they cost */
static void *repeated(__u64 size)
{
	const __u64 unit = 2 * MIB;
	int fd = memfd_create("guest", MFD_CLOEXEC);
	__u8 *mem = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__u64 at;

	die_if(fd < 0 || ftruncate(fd, unit) || mem == MAP_FAILED, "memfd");
	for (at = 0; at < size; at += unit) {
		void *part = mmap(mem + at, unit, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
				  fd, 0);

		die_if(part == MAP_FAILED, "mmap at %#llx", at);
	}
	close(fd);
	return mem;
}

struct map_job {
	pthread_t thread;
	int part;
	struct mshv_user_mem_region region;
	int ret;
	bool done;
};

static void *map_main(void *arg)
{
	struct map_job *job = arg;

	job->ret = __mem_map(job->part, &job->region);
	__atomic_store_n(&job->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Interrupts arrive, and VPs run and exit, while memory is being mapped. */
TEST_F_TIMEOUT(lapics, map_blocks_nobody, 360 * time_scale())
{
	const __u64 size = rounds(GIB, 64 * MIB);
	struct agent *agent = &self->agent[1];
	struct map_job job = { .part = self->guest.part };
	void *mem = repeated(size);
	__u32 taken = 0, exits = 0;
	struct runner r;

	job.region = mem_region(mem, BIG_GPA, size, RWX);
	agent_run(agent, &r, agent_spin);
	ASSERT_EQ(0, pthread_create(&job.thread, NULL, map_main, &job));
	while (!__atomic_load_n(&job.done, __ATOMIC_ACQUIRE)) {
		interrupt_fixed(self->guest.part, 1, VECTOR);
		ASSERT_TRUE(count_reaches(agent, VECTOR, ++taken));
		EXPECT_EQ(0, agent_do(&self->agent[0], agent_out));
		exits++;
	}
	pthread_join(job.thread, NULL);
	EXPECT_EQ(0, job.ret);
	EXPECT_GT(taken, 1);
	printf("# %u interrupts and %u exits meanwhile\n", taken, exits);
	agent_stop(agent, &r);
	mem_unmap(self->guest.part, &job.region);
	munmap(mem, size);
}

/* Maps once so that the page tables are paid for, as a deposit ends for a signal too. */
static void map_twice(int dev, const struct mshv_user_mem_region *region, int ready, int go)
{
	int part = part_create(dev, 0);

	mem_map(part, region);
	mem_unmap(part, region);
	event_signal(ready);
	die_if(!event_comes(go, 60000), "nobody says go");
	__mem_map(part, region);
	pause();
}

static bool mapped_reaches(__u64 count)
{
	__u64 end = now_ns() + 60000000000ull * time_scale();

	while (window_live(LIVE_MAPPED) < count)
		if (now_ns() > end)
			return false;
	return true;
}

static bool dies_in_time(pid_t pid)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();
	int status;
	pid_t dead;

	while (!(dead = waitpid(pid, &status, WNOHANG))) {
		if (now_ns() > end)
			return false;
		sleep_us(1000);
	}
	return dead == pid && WIFSIGNALED(status);
}

/* A process that is killed in the midst of it is gone, and so is what it had mapped. */
TEST_F_TIMEOUT(device, map_is_killable, 360 * time_scale())
{
	const __u64 size = rounds(512 * MIB, 128 * MIB), pages = size / GUEST_PAGE;
	const int ready = event_new(), go = event_new();
	struct mshv_user_mem_region region;
	void *mem = repeated(size);
	pid_t pid;
	int i;

	random_init();
	region = mem_region(mem, BIG_GPA, size, RWX);
	for (i = 0; i < 3; i++) {
		fflush(stdout);
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			map_twice(self->dev, &region, ready, go);
		ASSERT_TRUE(event_comes(ready, 60000));
		event_take(ready);
		window_zero();
		event_signal(go);
		ASSERT_TRUE(mapped_reaches(self->books.live[LIVE_MAPPED] + 1 +
					   random_below(pages / 4)));
		kill(pid, SIGKILL);
		ASSERT_TRUE(dies_in_time(pid));
		event_take(go);
		/* It did not map all first, which takes so many calls at least. */
		EXPECT_LT(window_calls(CALL_MAP_GPA_PAGES), pages / 512);
		EXPECT_TRUE(books_balanced(&self->books));
	}
	munmap(mem, size);
	close(ready);
	close(go);
}

/* Memory that the root has in pages of 2 MiB */
static __u8 *huge_alloc(size_t size)
{
	FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "w");
	__u8 *mem = pages_alloc(size + 2 * MIB);

	if (f) {
		fputs("madvise", f);
		fclose(f);
	}
	mem += -(unsigned long)mem & (2 * MIB - 1);
	madvise(mem, size, MADV_HUGEPAGE);
	memset(mem, 1, size);
	return mem;
}

static void map_counted(struct __test_metadata *_metadata, int part, __u8 *mem, __u64 calls[2])
{
	struct mshv_user_mem_region region = mem_region(mem, BIG_GPA, HUGE_SIZE, RWX);
	__u64 mapped = window_live(LIVE_MAPPED);

	window_zero();
	mem_map(part, &region);
	EXPECT_EQ(mapped + HUGE_SIZE / GUEST_PAGE, window_live(LIVE_MAPPED));
	calls[0] = window_calls(CALL_MAP_GPA_PAGES);
	mem_unmap(part, &region);
	calls[1] = window_calls(CALL_UNMAP_GPA_PAGES);
	EXPECT_EQ(mapped, window_live(LIVE_MAPPED));
}

/* One repetition is 2 MiB, so all fit into a call; a call for more pages of tables may fail. */
TEST_F(device, large_pages)
{
	__u8 *mem = huge_alloc(HUGE_SIZE);
	__u64 large[2], small[2];
	int part = part_create(self->dev, 0);
	int plain = part_create(self->dev, MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED);

	map_counted(_metadata, part, mem, large);
	map_counted(_metadata, plain, mem, small);
	EXPECT_EQ(1, large[1]);
	EXPECT_LE(HUGE_SIZE / GUEST_PAGE / 512, small[1]);
	EXPECT_LT(large[0], small[0]);
	close(part);
	close(plain);
	munmap(mem, HUGE_SIZE);
}

/* A hypervisor that refuses a large page gets its pieces, and those behind it, from there on. */
TEST_F(device, large_page_refused)
{
	static const unsigned int reps[] = { 0, 1 };
	__u8 *mem = huge_alloc(HUGE_SIZE);
	int part = part_create(self->dev, 0);
	__u64 calls[2];
	int i;

	/* Once without, so that the page tables are paid for. */
	map_counted(_metadata, part, mem, calls);
	for (i = 0; i < ARRAY_SIZE(reps); i++) {
		window_fault(CALL_MAP_GPA_PAGES, 1, STATUS_INVALID_PARAMETER, reps[i]);
		map_counted(_metadata, part, mem, calls);
		EXPECT_TRUE(window_fault_fired());
		EXPECT_LE(1 + (HUGE_SIZE / GUEST_PAGE - reps[i] * 512) / 512, calls[0]);
		EXPECT_LT(1, calls[1]);
	}
	close(part);
	munmap(mem, HUGE_SIZE);
}

/* Pinned memory counts, of whoever has no privilege to lock more; unmapped, it is given back. */
TEST_F(device, memlock)
{
	const struct rlimit limit = { .rlim_cur = 64 * GUEST_PAGE, .rlim_max = 64 * GUEST_PAGE };
	struct mshv_user_mem_region region, more;
	__u8 *mem = pages_alloc(65 * GUEST_PAGE);
	int part, i;

	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
	/* Not root any more; the device is open. */
	ASSERT_EQ(0, seteuid(65534));
	part = part_create(self->dev, 0);
	region = mem_region(mem, 0, 64 * GUEST_PAGE, RWX);
	more = mem_region(mem, 64 * GUEST_PAGE, GUEST_PAGE, RWX);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, __mem_map(part, &region));
		EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, ENOMEM, __mem_map(part, &more));
		EXPECT_EQ(0, __mem_unmap(part, &region));
		EXPECT_EQ(0, __mem_map(part, &more));
		EXPECT_EQ(0, __mem_unmap(part, &more));
	}
	close(part);
	ASSERT_EQ(0, seteuid(0));
	munmap(mem, 65 * GUEST_PAGE);
}

TEST_HARNESS_MAIN

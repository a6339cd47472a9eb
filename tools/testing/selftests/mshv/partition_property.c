// SPDX-License-Identifier: GPL-2.0
/* MSHV_GET_PARTITION_PROPERTY and MSHV_SET_PARTITION_PROPERTY. */
#include <errno.h>

#include "agent.h"
#include "fixture.h"

#define PRIVILEGE_FLAGS		0x00010000
#define SYNTHETIC_FEATURES	0x00010001
#define SUSPEND			0x00020000
#define CPU_RESERVE		0x00020001
#define CPU_CAP			0x00020002
#define CPU_WEIGHT		0x00020003
#define TIME_FREEZE		0x00030003
#define TLB_PAGES		0x00050000
#define PER_SOCKET		0x00050003
#define UNKNOWN_MSRS		0x00050017
#define CREATED_FEATURES0	0x0006000a
#define XSAVE_FEATURES		0x00060002
#define COMPATIBILITY		0x00060005
#define ADDRESS_WIDTH		0x00060006
#define XSAVE_STATES		0x00060007
#define CLOCK_FREQUENCY		0x00060009

#define VECTOR_GP		13
#define MSR_TIME_REF_COUNT	0x40000020
#define MSR_REFERENCE_TSC	0x40000021
#define TSC_PAGE		0x30000

enum property_kind {
	READ_WRITE,	/* takes its own value back */
	CREATED,	/* is settled when the partition is */
	READ_ONLY,
};

/* All codes of the series */
static const struct { __u32 first, last; enum property_kind kind; } ranges[] = {
	{ 0x00010000, 0x00010000, READ_WRITE },
	{ 0x00010001, 0x00010001, CREATED },
	{ 0x00020000, 0x00020004, READ_WRITE },
	{ 0x00030003, 0x00030003, READ_WRITE },
	{ 0x00040000, 0x00040000, READ_WRITE },
	{ 0x00050000, 0x00050002, READ_WRITE },
	{ 0x00050004, 0x00050005, READ_WRITE },
	{ 0x00050006, 0x00050006, READ_ONLY },
	{ 0x00050007, 0x0005000b, READ_WRITE },
	{ 0x0005000c, 0x0005000c, READ_ONLY },
	{ 0x0005000d, 0x0005000f, READ_WRITE },
	{ 0x00050010, 0x00050010, READ_ONLY },
	{ 0x00050011, 0x00050012, READ_WRITE },
	{ 0x00050017, 0x00050017, READ_WRITE },
	{ 0x00060000, 0x0006000b, READ_ONLY },
	{ 0x00070000, 0x00070000, READ_ONLY },
	{ 0x00080000, 0x00080000, READ_ONLY },
};

/* Each can be read, and what can be set takes its value back. */
TEST_F(guest, all_codes)
{
	int part = self->guest.part;
	__u64 value, again;
	__u32 code;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		for (code = ranges[i].first; code <= ranges[i].last; code++) {
			EXPECT_EQ(0, __property_get(part, code, &value)) TH_LOG("get %#x", code);
			if (ranges[i].kind == READ_WRITE)
				EXPECT_EQ(0, __property_set(part, code, value))
					TH_LOG("set %#x to %#llx", code, value);
			EXPECT_EQ(0, __property_get(part, code, &again));
			EXPECT_EQ(value, again) TH_LOG("property %#x", code);
		}
	}
}

TEST_F(guest, read_only)
{
	int part = self->guest.part;
	__u64 before;
	__u32 code;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (ranges[i].kind != READ_ONLY)
			continue;
		for (code = ranges[i].first; code <= ranges[i].last; code++) {
			before = property_get(part, code);
			EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EINVAL,
				   __property_set(part, code, before)) TH_LOG("set %#x", code);
			EXPECT_EQ(before, property_get(part, code));
		}
	}
}

/* Values that are told apart from each other's and from what was before */
TEST_F(guest, values_come_back)
{
	static const struct { __u32 code; __u64 value; } set[] = {
		{ CPU_CAP, 0x8000 }, { CPU_RESERVE, 0x1234 }, { CPU_WEIGHT, 77 },
		{ TLB_PAGES, 100 }, { PER_SOCKET, 2 }, { 0x00040000, 5 }, { 0x00050002, 1 },
	};
	int part = self->guest.part;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(set); i++)
		property_set(part, set[i].code, set[i].value);
	for (i = 0; i < ARRAY_SIZE(set); i++)
		EXPECT_EQ(set[i].value, property_get(part, set[i].code))
			TH_LOG("property %#x", set[i].code);
}

/* One partition's are not another's. */
TEST_F(guest, of_one_partition)
{
	int other = part_create(self->guest.dev, 0);
	__u64 weight = property_get(other, CPU_WEIGHT);

	property_set(self->guest.part, CPU_WEIGHT, weight + 1);
	EXPECT_EQ(weight, property_get(other, CPU_WEIGHT));
	EXPECT_EQ(weight + 1, property_get(self->guest.part, CPU_WEIGHT));
	close(other);
}

TEST_F(guest, out_of_range)
{
	static const struct { __u32 code; __u64 value; } bad[] = {
		{ SUSPEND, 2 }, { SUSPEND, 1ull << 32 }, { TIME_FREEZE, 2 }, { TIME_FREEZE, ~0ull },
		{ CPU_RESERVE, 0x10001 }, { CPU_CAP, 0x10001 }, { CPU_CAP, ~0ull },
		{ CPU_WEIGHT, 0 }, { CPU_WEIGHT, 10001 }, { CPU_WEIGHT, 1ull << 32 },
		{ PRIVILEGE_FLAGS, 1ull << 63 }, { UNKNOWN_MSRS, 2 }, { UNKNOWN_MSRS, ~0ull },
	};
	int part = self->guest.part;
	__u64 before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		before = property_get(part, bad[i].code);
		EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EINVAL,
			   __property_set(part, bad[i].code, bad[i].value))
			TH_LOG("%#x to %#llx", bad[i].code, bad[i].value);
		EXPECT_EQ(before, property_get(part, bad[i].code));
	}
}

TEST_F(guest, unknown_codes)
{
	static const __u32 codes[] = { 0, 1, 0xffff, 0x00010002, 0x00020005, 0x00090000, ~0u };
	int part = self->guest.part;
	__u64 value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		EXPECT_ERR(MSHV_GET_PARTITION_PROPERTY, EINVAL,
			   __property_get(part, codes[i], &value)) TH_LOG("get %#x", codes[i]);
		EXPECT_TRUE(poisoned(&value, sizeof(value)));
		EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EINVAL, __property_set(part, codes[i], 0))
			TH_LOG("set %#x", codes[i]);
	}
}

/* Features are settled with INITIALIZE; privileges are not, as the clients of 2021 know. */
TEST_F(guest, too_late)
{
	int part = self->guest.part;
	__u64 features = property_get(part, SYNTHETIC_FEATURES);

	EXPECT_EQ(CLIENT_SYNTHETIC_FEATURES, features);
	EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EBADFD,
		   __property_set(part, SYNTHETIC_FEATURES, features));
	EXPECT_EQ(0, __property_set(part, PRIVILEGE_FLAGS, 0));
	EXPECT_EQ(0, property_get(part, PRIVILEGE_FLAGS));
}

/* What the creation asked for */
TEST_F(device, as_created)
{
	struct mshv_create_partition args = { .synthetic_processor_features = 0x3 };
	int part;

	args.partition_creation_properties.disabled_processor_features.as_uint64[0] = 1 << 16;
	args.partition_creation_properties.disabled_processor_xsave_features.as_uint64 = 1 << 2;
	part = __part_create(self->dev, &args);
	ASSERT_LE(0, part);
	EXPECT_EQ(0x3, property_get(part, SYNTHETIC_FEATURES));
	EXPECT_EQ(0, property_get(part, CREATED_FEATURES0) & 1 << 16);
	EXPECT_NE(0, property_get(part, CREATED_FEATURES0) & 1);
	EXPECT_EQ(0, property_get(part, XSAVE_FEATURES) & 1 << 2);
	EXPECT_EQ(3, property_get(part, XSAVE_STATES) & 7);
	EXPECT_EQ(0x607, property_get(part, COMPATIBILITY));
	EXPECT_LE(36, property_get(part, ADDRESS_WIDTH));
	EXPECT_GE(52, property_get(part, ADDRESS_WIDTH));
	EXPECT_LT(100000000, property_get(part, CLOCK_FREQUENCY));
	close(part);
}

/* A suspended partition's VPs stand still, and go on. */
TEST_F(guest, suspend)
{
	struct guest *guest = &self->guest;
	struct runner r;
	__u32 before;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	property_set(guest->part, SUSPEND, 1);
	before = guest_ticks(guest);
	sleep_us(20000);
	EXPECT_EQ(before, guest_ticks(guest));
	EXPECT_EQ(1, property_get(guest->part, SUSPEND));
	EXPECT_FALSE(runner_done(&r));
	property_set(guest->part, SUSPEND, 0);
	guest_wait_tick(guest);
	property_set(guest->part, SUSPEND, 1);
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	property_set(guest->part, SUSPEND, 0);
}

/* What nobody has is #GP to the guest, or reads 0 and ignores writes, from the next access on. */
TEST_F(guest, unknown_msrs)
{
	static const __u32 unknown[] = { 0x400, 0x12345678, 0x4f000000, 0xc0001000, 0xc0010200 };
	/* The hypervisor's that this partition lacks, and a processor's that can't be written */
	static const __u32 always[] = { 0x40000003, 0x40000118, 0xfe };
	struct guest *guest = &self->guest;
	struct agent agent;
	__u64 value;
	size_t i;
	int on;

	agent_load(guest);
	agent_start(&agent, guest, guest->vp, 0);
	EXPECT_EQ(0, property_get(guest->part, UNKNOWN_MSRS));
	for (on = 0; on < 3; on++) {
		property_set(guest->part, UNKNOWN_MSRS, on & 1);
		for (i = 0; i < ARRAY_SIZE(unknown); i++) {
			EXPECT_EQ(on & 1 ? 0 : VECTOR_GP,
				  __agent_wrmsr(&agent, unknown[i], 0x1234567812345678))
				TH_LOG("WRMSR %#x", unknown[i]);
			EXPECT_EQ(on & 1 ? 0 : VECTOR_GP,
				  __agent_rdmsr(&agent, unknown[i], &value))
				TH_LOG("RDMSR %#x", unknown[i]);
			if (on & 1)
				EXPECT_EQ(0, value);
		}
		for (i = 0; i < ARRAY_SIZE(always); i++)
			EXPECT_EQ(VECTOR_GP, __agent_wrmsr(&agent, always[i], 0))
				TH_LOG("WRMSR %#x", always[i]);
		EXPECT_EQ(VECTOR_GP, __agent_rdmsr(&agent, always[0], &value));
	}
}

/* 100 ns: how much of the reference time is at least, and at most, between two readings of it. */
struct bounds {
	__u64 before, after, time;
};

static struct bounds read_time(struct agent *agent)
{
	struct bounds b;

	b.before = now_ns() / 100;
	b.time = agent_get_msr(agent, MSR_TIME_REF_COUNT);
	b.after = now_ns() / 100;
	return b;
}

/* It stands still, and the page of it is invalid; then it goes on from there. */
TEST_F(guest, time_freeze)
{
	struct guest *guest = &self->guest;
	struct agent agent;
	__u64 at;

	agent_load(guest);
	agent_start(&agent, guest, guest->vp, 0);
	agent_set_msr(&agent, MSR_REFERENCE_TSC, TSC_PAGE | 1);
	EXPECT_NE(0, agent_read(&agent, TSC_PAGE));
	at = agent_get_msr(&agent, MSR_TIME_REF_COUNT);
	EXPECT_LT(at, agent_get_msr(&agent, MSR_TIME_REF_COUNT));
	property_set(guest->part, TIME_FREEZE, 1);
	EXPECT_EQ(1, property_get(guest->part, TIME_FREEZE));
	at = agent_get_msr(&agent, MSR_TIME_REF_COUNT);
	sleep_us(20000);
	EXPECT_EQ(at, agent_get_msr(&agent, MSR_TIME_REF_COUNT));
	EXPECT_EQ(0, agent_read(&agent, TSC_PAGE));
	/* Once more changes nothing. */
	property_set(guest->part, TIME_FREEZE, 1);
	EXPECT_EQ(at, agent_get_msr(&agent, MSR_TIME_REF_COUNT));
	property_set(guest->part, TIME_FREEZE, 0);
	EXPECT_LT(at, agent_get_msr(&agent, MSR_TIME_REF_COUNT));
	EXPECT_NE(0, agent_read(&agent, TSC_PAGE));
}

/* Under a VP that runs: it runs on, and the time has stood still for as long as it should. */
TEST_F(guest, time_freeze_while_running)
{
	const __u64 slack = 100000;	/* 10 ms */
	struct guest *guest = &self->guest;
	struct bounds first, last;
	__u64 outer, inner, ticks;
	struct agent agent;
	struct runner r;

	agent_load(guest);
	agent_start(&agent, guest, guest->vp, 0);
	first = read_time(&agent);
	agent_goto(&agent, agent_spin);
	runner_start(&r, guest->vp, -1);
	while (!__atomic_load_n(&agent.area->ticks, __ATOMIC_RELAXED))
		sleep_us(1000);
	outer = now_ns();
	property_set(guest->part, TIME_FREEZE, 1);
	inner = now_ns();
	ticks = __atomic_load_n(&agent.area->ticks, __ATOMIC_RELAXED);
	sleep_us(200000);
	while (__atomic_load_n(&agent.area->ticks, __ATOMIC_RELAXED) == ticks)
		sleep_us(1000);
	inner = now_ns() - inner;
	property_set(guest->part, TIME_FREEZE, 0);
	outer = now_ns() - outer;
	EXPECT_FALSE(runner_done(&r));
	__atomic_store_n(&agent.area->stop, 1, __ATOMIC_RELAXED);
	ASSERT_EQ(0, runner_join(&r));
	EXPECT_EQ(0, agent_end(&agent, &r.msg));
	last = read_time(&agent);
	EXPECT_LE(last.time - first.time, last.after - first.before - inner / 100 + slack);
	EXPECT_GE(last.time - first.time + slack, last.before - first.after - outer / 100);
}

TEST_F(guest, bad_pointer)
{
	__u8 *pages = pages_alloc(2 * GUEST_PAGE), *end = pages + GUEST_PAGE;
	int part = self->guest.part;
	struct mshv_partition_property *ro = (void *)(end - sizeof(*ro));

	ASSERT_EQ(0, munmap(end, GUEST_PAGE));
	EXPECT_ERR(MSHV_GET_PARTITION_PROPERTY, EFAULT,
		   ioctl(part, MSHV_GET_PARTITION_PROPERTY, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EFAULT,
		   ioctl(part, MSHV_SET_PARTITION_PROPERTY, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_GET_PARTITION_PROPERTY, EFAULT,
		   ioctl(part, MSHV_GET_PARTITION_PROPERTY, end - 15) ? -errno : 0);
	EXPECT_ERR(MSHV_SET_PARTITION_PROPERTY, EFAULT,
		   ioctl(part, MSHV_SET_PARTITION_PROPERTY, end - 15) ? -errno : 0);
	ro->property_code = CPU_WEIGHT;
	ro->property_value = 50;
	ASSERT_EQ(0, mprotect(pages, GUEST_PAGE, PROT_READ));
	EXPECT_ERR(MSHV_GET_PARTITION_PROPERTY, EFAULT,
		   ioctl(part, MSHV_GET_PARTITION_PROPERTY, ro) ? -errno : 0);
	EXPECT_EQ(0, ioctl(part, MSHV_SET_PARTITION_PROPERTY, ro));
	munmap(pages, GUEST_PAGE);
}

/* Nothing of the kernel's in the padding: it comes back as it went, or as 0. */
TEST_F(guest, padding)
{
	__u8 args[sizeof(struct mshv_partition_property)];
	__u32 code = CPU_WEIGHT;

	poison(args, sizeof(args));
	memcpy(args, &code, sizeof(code));
	EXPECT_EQ(0, ioctl(self->guest.part, MSHV_GET_PARTITION_PROPERTY, args));
	EXPECT_EQ(0, memcmp(args, &code, sizeof(code)));
	EXPECT_TRUE(poisoned(args + 4, 4) || !memcmp(args + 4, "\0\0\0", 4));
}

TEST_F(guest, wrong_fd_or_size)
{
	struct mshv_partition_property args = { .property_code = CPU_WEIGHT };
	const int other[] = { self->guest.dev, self->guest.vp };
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(other); i++) {
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_GET_PARTITION_PROPERTY, &args) ?
			  -errno : 0);
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_SET_PARTITION_PROPERTY, &args) ?
			  -errno : 0);
	}
	for (size = 0; size < 64; size++) {
		if (size == sizeof(args))
			continue;
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.part, _IOC(_IOC_WRITE, 0xb8, 0xc, size),
					 &args) ? -errno : 0);
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.part,
					 _IOC(_IOC_READ | _IOC_WRITE, 0xb8, 0xd, size), &args) ?
			  -errno : 0);
	}
}

static void *setter_main(void *arg)
{
	int part = *(int *)arg;
	__u64 value;
	int ret;

	do {
		ret = __property_set(part, CPU_WEIGHT, 5);
		if (!ret)
			ret = __property_get(part, CPU_WEIGHT, &value);
	} while (!ret);
	return (void *)(long)ret;
}

TEST_F(device, concurrent_close)
{
	unsigned long n = rounds(50, 8), i;
	pthread_t thread;
	void *ret;
	int part;

	random_init();
	for (i = 0; i < n; i++) {
		part = part_create(self->dev, 0);
		ASSERT_EQ(0, pthread_create(&thread, NULL, setter_main, &part));
		sleep_us(random_below(2000));
		close(part);
		pthread_join(thread, &ret);
		EXPECT_EQ(-EBADF, (long)ret);
	}
}

TEST_HARNESS_MAIN

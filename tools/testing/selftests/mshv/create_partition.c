// SPDX-License-Identifier: GPL-2.0
/* MSHV_CREATE_PARTITION: what it takes, passes on, refuses and undoes. */
#include <errno.h>
#include <sys/resource.h>

#include "fixture.h"

GUEST_SNIPPET(code_cpuid16);

TEST_F(device, works)
{
	int part = part_create(self->dev, 0);

	EXPECT_EQ(1 + self->books.live[LIVE_PARTITIONS], window_live(LIVE_PARTITIONS));
	EXPECT_LT(0, window_live(LIVE_DEPOSITED));
	close(part);
}

TEST_F(device, flags_of_clients)
{
	static const __u64 flags[] = {
		0,
		MSHV_PARTITION_LAPIC_ENABLED,
		MSHV_PARTITION_SMT_ENABLED_GUEST,
		MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED,
		MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED,
		MSHV_PARTITION_LAPIC_ENABLED | MSHV_PARTITION_SMT_ENABLED_GUEST |
			MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		close(part_create(self->dev, flags[i]));
}

/* Bits that user space doesn't own, or nobody knows */
TEST_F(device, unknown_flags)
{
	struct mshv_create_partition args = {};
	const __u64 known = MSHV_PARTITION_LAPIC_ENABLED | MSHV_PARTITION_SMT_ENABLED_GUEST |
		MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED | MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED;
	int bit;

	for (bit = 0; bit < 64; bit++) {
		if (known & 1ull << bit)
			continue;
		args.flags = 1ull << bit;
		EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args))
			TH_LOG("flag bit %d", bit);
	}
}

/* The hypervisor knows which synthetic features there are: reserved ones are refused. */
TEST_F(device, synthetic_features)
{
	struct mshv_create_partition args = {};
	__u64 calls = window_calls(CALL_SET_PROPERTY);
	int fd;

	args.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES;
	fd = __part_create(self->dev, &args);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_EQ(calls + 1, window_calls(CALL_SET_PROPERTY));
	args.synthetic_processor_features = 1ull << 63;
	EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args));
	args.synthetic_processor_features = 1ull << 16;
	EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args));
}

/* What the guest of a partition made with @args finds in CPUID leaf @leaf */
static void guest_cpuid(int dev, const struct mshv_create_partition *args, __u32 leaf,
			struct mshv_hv_register_assoc *regs)
{
	static const __u32 names[] = {
		HV_X64_REGISTER_RAX, HV_X64_REGISTER_RBX, HV_X64_REGISTER_RCX, HV_X64_REGISTER_RDX,
	};
	struct mshv_user_mem_region region;
	struct mshv_hv_message msg;
	struct guest guest;
	int i;

	guest.dev = dev;
	guest.mem = pages_alloc(GUEST_SIZE);
	guest.part = __part_create(dev, args);
	die_if(guest.part < 0, "MSHV_CREATE_PARTITION: %d", guest.part);
	region = mem_region(guest.mem, 0, GUEST_SIZE, HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE |
			    HV_MAP_GPA_EXECUTABLE);
	mem_map(guest.part, &region);
	guest.vp = vp_create(guest.part, 0);
	guest_start(&guest, MODE_REAL, code_cpuid16);
	reg_set(guest.vp, HV_X64_REGISTER_RAX, leaf);
	reg_set(guest.vp, HV_X64_REGISTER_RCX, 0);
	vp_run(guest.vp, &msg);
	for (i = 0; i < 4; i++)
		regs[i].name = names[i];
	regs_get(guest.vp, regs, 4);
	close(guest.vp);
	close(guest.part);
	munmap(guest.mem, GUEST_SIZE);
}

static __u32 leaf1_ecx(int dev, __u64 disabled)
{
	struct mshv_create_partition args = {
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	struct mshv_hv_register_assoc regs[4] = {};

	args.partition_creation_properties.disabled_processor_features.as_uint64[0] = disabled;
	guest_cpuid(dev, &args, 1, regs);
	return regs[2].value.reg32;
}

/* Creation properties reach the hypervisor: what is disabled the guest doesn't see. */
TEST_F(device, disabled_processor_features)
{
	const __u32 sse3 = 1 << 0, ssse3 = 1 << 9, sse41 = 1 << 19;
	__u32 all = leaf1_ecx(self->dev, 0);

	ASSERT_EQ(sse3 | ssse3 | sse41, all & (sse3 | ssse3 | sse41));
	EXPECT_EQ(all & ~sse3, leaf1_ecx(self->dev, 1 << 0));
	EXPECT_EQ(all & ~(ssse3 | sse41), leaf1_ecx(self->dev, 1 << 2 | 1 << 3));
}

TEST_F(device, reserved_processor_features)
{
	struct mshv_create_partition args = {};

	args.partition_creation_properties.disabled_processor_features.as_uint64[0] = 1ull << 63;
	EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args));
	args.partition_creation_properties.disabled_processor_features.as_uint64[0] = 0;
	args.partition_creation_properties.disabled_processor_features.as_uint64[1] = 1ull << 63;
	EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args));
	args.partition_creation_properties.disabled_processor_features.as_uint64[1] = 0;
	args.partition_creation_properties.disabled_processor_xsave_features.as_uint64 = 1ull << 63;
	EXPECT_ERR(MSHV_CREATE_PARTITION, EINVAL, __part_create(self->dev, &args));
}

/* Synthetic features: with the Hv#1 bits the guest finds the interface, else not. */
TEST_F(device, synthetic_features_seen)
{
	struct mshv_create_partition args = {
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	struct mshv_hv_register_assoc regs[4] = {};

	guest_cpuid(self->dev, &args, 0x40000001, regs);
	EXPECT_EQ(0x31237648, regs[0].value.reg32);
	guest_cpuid(self->dev, &args, 1, regs);
	EXPECT_EQ(1, regs[2].value.reg32 >> 31);
	args.synthetic_processor_features = 0;
	guest_cpuid(self->dev, &args, 0x40000001, regs);
	EXPECT_NE(0x31237648, regs[0].value.reg32);
	guest_cpuid(self->dev, &args, 1, regs);
	EXPECT_EQ(0, regs[2].value.reg32 >> 31);
}

TEST_F(device, bad_pointer)
{
	struct mshv_create_partition *args = pages_alloc(2 * GUEST_PAGE);

	EXPECT_ERR(MSHV_CREATE_PARTITION, EFAULT, __part_create(self->dev, NULL));
	EXPECT_ERR(MSHV_CREATE_PARTITION, EFAULT, __part_create(self->dev, (void *)-4096l));
	ASSERT_EQ(0, munmap((char *)args + GUEST_PAGE, GUEST_PAGE));
	EXPECT_ERR(MSHV_CREATE_PARTITION, EFAULT,
		   __part_create(self->dev, (void *)((char *)args + GUEST_PAGE - 32)));
}

/* Without a free file descriptor nothing is created, or nothing stays. */
TEST_F(device, no_descriptor_left)
{
	struct mshv_create_partition args = {};
	struct rlimit old, none;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = self->dev + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_ERR(MSHV_CREATE_PARTITION, EMFILE, __part_create(self->dev, &args));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	EXPECT_TRUE(books_balanced(&self->books));
}

TEST_F(device, many)
{
	int parts[8], i;

	for (i = 0; i < 8; i++)
		parts[i] = part_create(self->dev, 0);
	EXPECT_EQ(8 + self->books.live[LIVE_PARTITIONS], window_live(LIVE_PARTITIONS));
	for (i = 0; i < 8; i++)
		close(parts[i]);
}

/* Again and again: ids are not reused, memory is. */
TEST_F(device, churn)
{
	unsigned long n = rounds(40, 10), i;
	__u64 pool = 0;

	for (i = 0; i < n; i++) {
		close(part_create(self->dev, 0));
		if (i == n / 2)
			pool = window_live(LIVE_ROOT_POOL);
	}
	EXPECT_EQ(pool, window_live(LIVE_ROOT_POOL));
}

struct racer {
	pthread_t thread;
	int dev;
	unsigned long rounds;
};

static void *racer_main(void *arg)
{
	struct racer *r = arg;
	unsigned long i;

	for (i = 0; i < r->rounds; i++)
		close(part_create(r->dev, 0));
	return NULL;
}

TEST_F(device, concurrently)
{
	struct racer racer[4];
	int i;

	for (i = 0; i < 4; i++) {
		racer[i].dev = self->dev;
		racer[i].rounds = rounds(20, 3);
		ASSERT_EQ(0, pthread_create(&racer[i].thread, NULL, racer_main, &racer[i]));
	}
	for (i = 0; i < 4; i++)
		pthread_join(racer[i].thread, NULL);
}

TEST_HARNESS_MAIN

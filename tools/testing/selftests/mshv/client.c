// SPDX-License-Identifier: GPL-2.0
/* A day in the life of a real VMM of 2021, with its habits good and bad. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "fixture.h"
#include "regs.h"

/*
 * Opens read-only, asks whether the API is stable, creates with a local APIC
 * and the usual features, maps twice, creates VPs.
 */
static void client_create(struct __test_metadata *_metadata, struct guest *guest)
{
	struct mshv_create_partition args;
	struct mshv_user_mem_region region;
	__u32 stable = MSHV_CAP_CORE_API_STABLE;

	guest->dev = __dev_open(O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, guest->dev);
	EXPECT_EQ(0, ioctl(guest->dev, MSHV_CHECK_EXTENSION, &stable));
	memset(&args, 0, sizeof(args));
	args.flags = MSHV_PARTITION_LAPIC_ENABLED;
	args.synthetic_processor_features = 0xffb;
	guest->part = __part_create(guest->dev, &args);
	ASSERT_LE(0, guest->part);
	guest->mem = pages_alloc(GUEST_SIZE);
	region = mem_region(guest->mem, 0, GUEST_SIZE, HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE |
			    HV_MAP_GPA_EXECUTABLE);
	ASSERT_EQ(0, __mem_map(guest->part, &region));
	guest->vp = __vp_create(guest->part, 0);
	ASSERT_LE(0, guest->vp);
}

FIXTURE(client) {
	struct books books;
	struct guest guest;
};

FIXTURE_SETUP(client)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	client_create(_metadata, &self->guest);
}

FIXTURE_TEARDOWN(client)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* The 44 MSR-like registers, one at a time, before and after a run */
static int save_and_restore(struct __test_metadata *_metadata, int vp)
{
	struct client_reg list[CLIENT_REGS];
	struct mshv_hv_register_assoc reg;
	int i, count = 0;

	client_regs(list);
	for (i = 0; i < CLIENT_REGS; i++) {
		if (list[i].name >> 16 != 8)
			continue;
		memset(&reg, 0xcc, sizeof(reg));
		reg.name = list[i].name;
		EXPECT_EQ(0, __regs_get(vp, &reg, 1)) TH_LOG("get %#x", reg.name);
		/* Back as it came, reserved members and all */
		EXPECT_EQ(0, __regs_set(vp, &reg, 1)) TH_LOG("set %#x", reg.name);
		count++;
	}
	return count;
}

TEST_F(client, msrs_one_by_one)
{
	struct mshv_hv_message msg;

	EXPECT_EQ(CLIENT_MSRS, save_and_restore(_metadata, self->guest.vp));
	guest_start(&self->guest, MODE_64, code_ping64);
	guest_start(&self->guest, MODE_REAL, code_out16);
	vp_run(self->guest.vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(CLIENT_MSRS, save_and_restore(_metadata, self->guest.vp));
	guest_skip(&self->guest, &msg);
}

/* Whole sets at once, as one saves and restores a machine */
TEST_F(client, register_sets)
{
	static const struct { __u32 first, count; } sets[] = {
		{ HV_X64_REGISTER_RAX, 18 },
		{ HV_X64_REGISTER_ES, 8 },
		{ HV_X64_REGISTER_IDTR, 2 },
		{ HV_X64_REGISTER_CR0, 5 },
		{ HV_X64_REGISTER_XMM0, 26 },
		{ HV_X64_REGISTER_DR0, 6 },
		{ HV_REGISTER_PENDING_INTERRUPTION, 4 },
		{ HV_REGISTER_INTERNAL_ACTIVITY_STATE, 1 },
		{ HV_X64_REGISTER_XFEM, 1 },
	};
	struct mshv_hv_register_assoc regs[128], again[128];
	int vp = self->guest.vp;
	__u32 n = 0, i, j;

	memset(regs, 0xcc, sizeof(regs));
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		for (j = 0; j < sets[i].count; j++)
			regs[n++].name = sets[i].first + j;
	}
	ASSERT_EQ(71, n);
	memcpy(again, regs, sizeof(regs));
	guest_start(&self->guest, MODE_64, code_ping64);
	regs_get(vp, regs, n);
	regs_set(vp, regs, n);
	regs_get(vp, again, n);
	for (i = 0; i < n; i++)
		EXPECT_EQ(0, memcmp(&regs[i].value, &again[i].value, 16))
			TH_LOG("register %#x", regs[i].name);
}

struct vcpu {
	pthread_t thread;
	struct guest *guest;
	bool stop;
	unsigned long exits, kicks;
};

/* EINTR and EAGAIN mean "again"; anything else would kill the vCPU. */
static void *vcpu_main(void *arg)
{
	struct vcpu *v = arg;
	struct mshv_hv_message msg;
	int ret;

	while (!__atomic_load_n(&v->stop, __ATOMIC_ACQUIRE)) {
		ret = __vp_run(v->guest->vp, &msg);
		if (ret == -EINTR || ret == -EAGAIN) {
			v->kicks++;
			continue;
		}
		die_if(ret, "MSHV_RUN_VP: %d", ret);
		die_if(msg.header.message_type != MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
		       "message %#x", msg.header.message_type);
		v->exits++;
		guest_skip(v->guest, &msg);
	}
	return NULL;
}

/* Kicked with a real-time signal, as the clients do */
TEST_F(client, kicked)
{
	struct vcpu vcpu = { .guest = &self->guest };
	unsigned long n = rounds(100, 20), i;

	random_init();
	catch_signal(SIGRTMIN);
	guest_start(&self->guest, MODE_REAL, code_count16);
	ASSERT_EQ(0, pthread_create(&vcpu.thread, NULL, vcpu_main, &vcpu));
	for (i = 0; i < n; i++) {
		sleep_us(random_below(5000));
		pthread_kill(vcpu.thread, SIGRTMIN);
	}
	__atomic_store_n(&vcpu.stop, true, __ATOMIC_RELEASE);
	pthread_kill(vcpu.thread, SIGRTMIN);
	pthread_join(vcpu.thread, NULL);
	EXPECT_GT(vcpu.exits, 0);
	EXPECT_LE(vcpu.kicks, n + 1);
}

TEST_HARNESS_MAIN

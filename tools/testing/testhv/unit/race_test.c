// SPDX-License-Identifier: GPL-2.0
/* Hypercalls of another processor while one waits with the lock dropped (sched_wait()). */
#include <string.h>

#include "../hw/cpu.h"
#include "../vm/codes.h"
#include "../vm/hv.h"
#include "../vm/registers.h"
#include "machine.h"
#include "unit.h"

static struct vp *vp;
static unsigned int waits;

/* VP 0, whose suspend register @name is set while processor 1 still has it. */
static void leaving(u32 name)
{
	vp = machine_vp();
	vp->explicit_suspend = name == REG_EXPLICIT_SUSPEND;
	vp->intercept_suspend = name == REG_INTERCEPT_SUSPEND;
	vp->running = &cpus[1];
	waits = 0;
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(16, name);
}

static u16 go_on(void)
{
	return hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL);
}

static void exits(void)
{
	if (++waits == 3)
		vp->running = NULL;
}

/* It goes on when it has stopped, not before: one processor at a time. */
static void not_yet_stopped(void)
{
	static const u32 names[] = { REG_EXPLICIT_SUSPEND, REG_INTERCEPT_SUSPEND };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		about("register", names[i]);
		machine_reset();
		leaving(names[i]);
		machine_waits = exits;
		EXPECT_EQ(HV_SUCCESS, go_on());
		EXPECT_EQ(3, waits);
		EXPECT_EQ(1, resumed);
		EXPECT(!vp->explicit_suspend && !vp->intercept_suspend);
		EXPECT_EQ((u64)&cpus[0], (u64)vp->home);
	}
}

static void resumed_by_another(void)
{
	vp->explicit_suspend = false;
	waits++;
}

/* Somebody else was faster: it runs, and that is all. */
static void overtaken(void)
{
	leaving(REG_EXPLICIT_SUSPEND);
	vp->home = &cpus[1];
	machine_waits = resumed_by_another;
	EXPECT_EQ(HV_SUCCESS, go_on());
	EXPECT_EQ(1, waits);
	EXPECT_EQ(0, resumed);
	EXPECT_EQ((u64)&cpus[1], (u64)vp->home);
}

static void finalized_by_another(void)
{
	vp->partition->state = PARTITION_FINALIZED;
	waits++;
}

static void finalized(void)
{
	leaving(REG_EXPLICIT_SUSPEND);
	machine_waits = finalized_by_another;
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, go_on());
	EXPECT_EQ(1, waits);
	EXPECT_EQ(0, resumed);
}

/* Nothing is to be done for a VP that runs already, and it isn't disturbed. */
static void runs_already(void)
{
	leaving(REG_EXPLICIT_SUSPEND);
	vp->explicit_suspend = false;
	vp->home = &cpus[1];
	EXPECT_EQ(HV_SUCCESS, go_on());
	EXPECT_EQ(0, resumed);
	EXPECT_EQ((u64)&cpus[1], (u64)vp->home);
}

/* A deadline for a processor that has armed its clock for later ones, or for none. */
static void deadline_elsewhere(void)
{
	struct vp_timer first, second;
	struct vp *there;

	there = machine_vp();
	there->home = &cpus[1];
	timer_init(&first, there, NULL);
	timer_init(&second, there, NULL);
	timer_arm(&first, 1000);
	EXPECT(kicked_cpu == &cpus[1]);
	kicked_cpu = NULL;
	timer_arm(&second, 2000);
	EXPECT(!kicked_cpu);
	timer_arm(&second, 500);
	EXPECT(kicked_cpu == &cpus[1]);
}

static struct partition *partition;

static void flush_ends(void)
{
	waits++;
	EXPECT_EQ(0, partition->pool.total);
	machine_flushing = false;
}

static void root_may_write(void)
{
	/* It may not be deleted, and nothing of it is used. */
	EXPECT_EQ(2, partition->pool.total);
	EXPECT_EQ(0, partition->pool.free);
	EXPECT_EQ(0x1234, *(u64 *)machine_page(50));
}

/* A page that a guest, or another processor of the root, may still write to isn't used. */
static void deposits(void)
{
	deposit(ROOT_PARTITION_ID, 8, 1);
	partition = partition_create();
	*(u64 *)machine_page(50) = 0x1234;
	waits = 0;
	machine_flushing = true;
	machine_waits = flush_ends;
	machine_flushes = root_may_write;
	EXPECT_EQ(HV_SUCCESS, deposit(partition->id, 50, 2));
	EXPECT_EQ(1, waits);
	EXPECT_EQ(2, partition->pool.free);
}

const struct test race_tests[] = {
	{ "races: a VP that hasn't stopped goes on", not_yet_stopped },
	{ "races: overtaken", overtaken },
	{ "races: finalized meanwhile", finalized },
	{ "races: runs already", runs_already },
	{ "races: deposits", deposits },
	{ "races: a deadline on another processor", deadline_elsewhere },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/* What the root partition finds itself to be. */
#include "../hw/cpu.h"
#include "../serve/root.h"
#include "../serve/serve.h"
#include "machine.h"
#include "unit.h"

#define CREATE_PARTITIONS	BIT(0)
#define ACCESS_PARTITION_ID	BIT(1)
#define CPU_MANAGEMENT		BIT(12)
#define NESTED			BIT(12)

static struct cpuid_result root_cpuid(u32 leaf)
{
	root_vp->vmcb->rax = leaf;
	root_vp->gprs.rcx = 0;
	serve_root_cpuid(&cpus[0], root_vp);
	return (struct cpuid_result){ (u32)root_vp->vmcb->rax, (u32)root_vp->gprs.rbx,
				      (u32)root_vp->gprs.rcx, (u32)root_vp->gprs.rdx };
}

/* As by the boot options, for one look. */
static struct cpuid_result as(bool guest, bool nested, u32 leaf)
{
	struct cpuid_result r;

	root_as_guest = guest;
	root_as_nested = nested;
	r = root_cpuid(leaf);
	root_as_guest = false;
	root_as_nested = false;
	return r;
}

static void a_root(void)
{
	EXPECT_EQ(0x40000006, root_cpuid(0x40000000).eax);
	EXPECT_EQ(0x31237648, root_cpuid(0x40000001).eax);
	EXPECT_EQ(0x8876, root_cpuid(0x40000003).eax);
	EXPECT_EQ(CREATE_PARTITIONS | ACCESS_PARTITION_ID | GENMASK(7, 6) | CPU_MANAGEMENT,
		  root_cpuid(0x40000003).ebx);
	EXPECT_EQ(0x208, root_cpuid(0x40000004).eax);
	EXPECT_EQ(1, root_cpuid(1).ecx >> 31);
}

/* The options change their bits, and nothing else. */
static void options(void)
{
	for (u32 leaf = 0x40000000; leaf <= 0x40000006; leaf++) {
		struct cpuid_result root = root_cpuid(leaf), guest = as(true, false, leaf),
				    nested = as(false, true, leaf);

		about("leaf", leaf);
		EXPECT_EQ(leaf == 0x40000003 ? ACCESS_PARTITION_ID | CPU_MANAGEMENT : 0,
			  root.ebx ^ guest.ebx);
		EXPECT_EQ(root.eax, guest.eax);
		EXPECT_EQ(root.edx, guest.edx);
		EXPECT_EQ(leaf == 0x40000004 ? NESTED : 0, root.eax ^ nested.eax);
		EXPECT_EQ(root.ebx, nested.ebx);
		EXPECT_EQ(root.edx, nested.edx);
	}
	EXPECT_EQ(0x1208, as(true, true, 0x40000004).eax);
	EXPECT_EQ(0xc1, as(true, true, 0x40000003).ebx);
}

const struct test root_tests[] = {
	{ "root: CPUID", a_root },
	{ "root: CPUID by the boot options", options },
	{ }
};

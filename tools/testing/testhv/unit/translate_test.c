// SPDX-License-Identifier: GPL-2.0
/* TRANSLATE_VIRTUAL_ADDRESS */
#include <string.h>

#include "../hw/cpu.h"
#include "../vm/codes.h"
#include "../vm/slat.h"
#include "../vm/walk.h"
#include "machine.h"
#include "unit.h"

#define P	1UL
#define W	2UL
#define A	0x20UL
#define D	0x40UL
#define MARK	BIT(4)

static u16 translate(const struct vp *vp, u64 flags, u64 gva)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(8, vp->index);
	hypercall_input(16, flags);
	hypercall_input(24, gva >> 12);
	return hypercall(CALL_TRANSLATE_VIRTUAL_ADDRESS, NULL);
}

static u32 code_of(const struct vp *vp, u64 flags, u64 gva)
{
	EXPECT_EQ(HV_SUCCESS, translate(vp, flags, gva));
	return (u32)hypercall_output(0);
}

static void map(struct vp *vp, u64 gfn, unsigned int page, u32 flags)
{
	bool replaced;

	EXPECT_EQ(HV_SUCCESS,
		  slat_map(vp->partition, gfn, machine_pfn(page), flags, &replaced));
}

/* 32-bit paging: the directory at 0x1000, a table at 0x2000; machine pages 50 and 51. */
static struct vp *paging(void)
{
	struct vp *vp = machine_vp();
	u32 *pd = (u32 *)machine_page(50), *pt = (u32 *)machine_page(51);

	map(vp, 1, 50, 0xf);
	map(vp, 2, 51, 0xf);
	vp->vmcb->cr0 = CR0_PG | CR0_PE | BIT(16);
	vp->vmcb->cr3 = 0x1000;
	pd[0] = 0x2000 | P | W;
	pt[0] = 0x3000 | P | W;		/* nothing there */
	pt[1] = 0x4000 | P | W;		/* may only be read */
	pt[2] = 0x5000 | P | W;		/* may not even be read */
	pt[3] = P | W;			/* page 40 */
	map(vp, 4, 52, MAP_READ);
	map(vp, 5, 53, 0);
	return vp;
}

static void codes(void)
{
	struct vp *vp = paging();

	EXPECT_EQ(WALK_GPA_UNMAPPED, code_of(vp, 0, 0));
	EXPECT_EQ(3, hypercall_output(8));
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_READ, 0x1000));
	EXPECT_EQ(4, hypercall_output(8));
	EXPECT_EQ(6UL << 32, hypercall_output(0));	/* write-back */
	EXPECT_EQ(WALK_GPA_NO_WRITE, code_of(vp, WALK_READ | WALK_WRITE, 0x1000));
	EXPECT_EQ(4, hypercall_output(8));
	EXPECT_EQ(WALK_INTERCEPT, code_of(vp, WALK_EXECUTE, 0x1000));
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, 0, 0x2000));
	EXPECT_EQ(WALK_GPA_NO_READ, code_of(vp, WALK_READ, 0x2000));
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_READ | WALK_WRITE | WALK_EXECUTE, 0x3000));
	EXPECT_EQ(0, hypercall_output(8));
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, code_of(vp, 0, 0x4000));
	EXPECT_EQ(WALK_PAGE_NOT_PRESENT, code_of(vp, 0, BIT(32)));
	/* A table that isn't there, one that may not be read */
	vp->vmcb->cr3 = 0x8000;
	EXPECT_EQ(WALK_GPA_UNMAPPED, code_of(vp, 0, 0));
	EXPECT_EQ(8, hypercall_output(8));
	vp->vmcb->cr3 = 0x5000;
	EXPECT_EQ(WALK_GPA_NO_READ, code_of(vp, 0, 0));
	EXPECT_EQ(5, hypercall_output(8));
}

static void marks(void)
{
	struct vp *vp = paging();
	u32 *pd = (u32 *)machine_page(50), *pt = (u32 *)machine_page(51);

	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_READ | WALK_WRITE, 0x3000));
	EXPECT_EQ(0, (pd[0] | pt[3]) & (A | D));
	/* Not for an access that fails */
	EXPECT_EQ(WALK_GPA_NO_WRITE, code_of(vp, WALK_WRITE | MARK, 0x1000));
	EXPECT_EQ(0, (pd[0] | pt[1]) & (A | D));
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_READ | MARK | BIT(5), 0x3000));
	EXPECT_EQ(A, pd[0] & pt[3] & A);
	EXPECT_EQ(0, pt[3] & D);
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_WRITE | MARK, 0x3000));
	EXPECT_EQ(D, pt[3] & D);
	/* Tables in memory that the guest may only read */
	pt[3] = P | W;
	map(vp, 2, 51, MAP_READ);
	EXPECT_EQ(WALK_GPA_NO_WRITE, code_of(vp, WALK_READ | MARK, 0x3000));
	EXPECT_EQ(2, hypercall_output(8));
}

/* Registers come one by one; the mode is what they make together. */
static void mode_before_the_first_run(void)
{
	struct vp *vp = paging();
	u64 *pml4 = (u64 *)machine_page(50);

	memset(pml4, 0, 4096);
	pml4[0] = 0x6000 | P;
	vp->vmcb->cr4 = CR4_PAE;
	vp->vmcb->efer = EFER_LME | EFER_SVME;
	EXPECT_EQ(WALK_GPA_UNMAPPED, code_of(vp, 0, 0));
	EXPECT_EQ(6, hypercall_output(8));
	vp->vmcb->ss.attrib |= 3 << 5;
	pml4[0] = 0x2000 | P;
	memset(machine_page(51), 0, 4096);
	*(u64 *)machine_page(51) = P | BIT(7);		/* 1 GiB from 0 */
	EXPECT_EQ(WALK_PRIVILEGE_VIOLATION, code_of(vp, WALK_READ, 0));
	EXPECT_EQ(WALK_SUCCESS, code_of(vp, WALK_READ | WALK_EXEMPT, 0));
}

static void refused(void)
{
	struct vp *vp = paging();

	EXPECT_EQ(HV_INVALID_PARAMETER, translate(vp, BIT(6), 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, translate(vp, BIT(63), 0));
	translate(vp, 0, 0);
	hypercall_input32(12, 1);
	EXPECT_EQ(HV_INVALID_PARAMETER, hypercall(CALL_TRANSLATE_VIRTUAL_ADDRESS, NULL));
	hypercall_input(8, 1);
	EXPECT_EQ(HV_INVALID_VP_INDEX, hypercall(CALL_TRANSLATE_VIRTUAL_ADDRESS, NULL));
	hypercall_input(0, 0x1234);
	EXPECT_EQ(HV_INVALID_PARTITION_ID, hypercall(CALL_TRANSLATE_VIRTUAL_ADDRESS, NULL));
	hypercall_input(0, ROOT_PARTITION_ID);
	EXPECT_EQ(HV_ACCESS_DENIED, hypercall(CALL_TRANSLATE_VIRTUAL_ADDRESS, NULL));
	vp->explicit_suspend = false;
	EXPECT_EQ(HV_INVALID_VP_STATE, translate(vp, 0, 0));
}

const struct test translate_tests[] = {
	{ "translate: result codes", codes },
	{ "translate: accessed and dirty bits", marks },
	{ "translate: mode before the first run", mode_before_the_first_run },
	{ "translate: refused", refused },
	{ }
};

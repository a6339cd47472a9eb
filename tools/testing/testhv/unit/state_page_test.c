// SPDX-License-Identifier: GPL-2.0
/* The register page: handed out, filled, taken over, given back. */
#include <string.h>

#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/codes.h"
#include "../vm/register_page.h"
#include "../vm/registers.h"
#include "machine.h"
#include "unit.h"

static u16 call(u16 code, u64 id, u32 index, u32 type)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, id);
	hypercall_input32(8, index);
	hypercall_input32(12, type);
	return hypercall(code, NULL);
}

static struct register_page *mapped(struct vp *vp)
{
	EXPECT_EQ(HV_SUCCESS, call(CALL_MAP_VP_STATE_PAGE, vp->partition->id, vp->index, 0));
	return (struct register_page *)(hypercall_output(0) << PAGE_SHIFT);
}

static u16 set_register(const struct vp *vp, u32 name, u64 value)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(16, name);
	hypercall_input(32, value);
	return hypercall(CALL_SET_VP_REGISTERS | REPS(1), NULL);
}

static u64 get_register(const struct vp *vp, u32 name)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(16, name);
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_GET_VP_REGISTERS | REPS(1), NULL));
	return hypercall_output(0);
}

static void life(void)
{
	struct vp *vp = machine_vp();
	u64 id = vp->partition->id, free = vp->partition->pool.free, pfn;
	struct register_page *page = mapped(vp);

	pfn = (u64)page >> PAGE_SHIFT;
	EXPECT_EQ(FRAME_STATE, memory_frame(pfn)->owner);
	EXPECT_EQ(1, live[LIVE_STATE_PAGES]);
	EXPECT_EQ(free - 1, vp->partition->pool.free);
	EXPECT(*npt_entry(&root_partition.npt, (u64)page, 1, true) & NPT_W);
	EXPECT(mapped(vp) == page);
	EXPECT_EQ(1, live[LIVE_STATE_PAGES]);
	EXPECT_EQ(HV_SUCCESS, call(CALL_UNMAP_VP_STATE_PAGE, id, 0, 0));
	EXPECT_EQ(0, live[LIVE_STATE_PAGES]);
	EXPECT_EQ(free, vp->partition->pool.free);
	EXPECT_EQ(FRAME_DEPOSITED, memory_frame(pfn)->owner);
	EXPECT_EQ(0, *npt_entry(&root_partition.npt, (u64)page, 1, true) & NPT_W);
	EXPECT_EQ(HV_INVALID_PARAMETER, call(CALL_UNMAP_VP_STATE_PAGE, id, 0, 0));
	/* With the partition it goes as well. */
	mapped(vp);
	EXPECT_EQ(HV_SUCCESS, call(CALL_FINALIZE_PARTITION, id, 0, 0));
	EXPECT_EQ(0, live[LIVE_STATE_PAGES]);
}

static void refused(void)
{
	struct vp *vp = machine_vp();
	u64 id = vp->partition->id;

	EXPECT_EQ(HV_INVALID_PARAMETER, call(CALL_MAP_VP_STATE_PAGE, id, 0, 1));
	EXPECT_EQ(HV_INVALID_PARAMETER, call(CALL_MAP_VP_STATE_PAGE, id, 0, BIT(16)));
	EXPECT_EQ(HV_INVALID_VP_INDEX, call(CALL_MAP_VP_STATE_PAGE, id, 1, 0));
	EXPECT_EQ(HV_INVALID_PARTITION_ID, call(CALL_MAP_VP_STATE_PAGE, 0x1234, 0, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, call(CALL_MAP_VP_STATE_PAGE, ROOT_PARTITION_ID, 0, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, call(CALL_UNMAP_VP_STATE_PAGE, ROOT_PARTITION_ID, 0, 0));
	while (vp->partition->pool.free)
		pool_alloc(&vp->partition->pool);
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, call(CALL_MAP_VP_STATE_PAGE, id, 0, 0));
	EXPECT_EQ(0, live[LIVE_STATE_PAGES]);
}

static void contents(void)
{
	struct vp *vp = machine_vp();
	const struct register_page *page;

	for (u32 i = 0; i < 16; i++)
		register_set(vp, REG_RAX + i, &(struct register_value){ .low = 0x100 + i });
	for (u32 i = 0; i < 6; i++)
		register_set(vp, REG_XMM0 + i, &(struct register_value){ 0x200 + i, 0x300 + i });
	vp->vmcb->ds.selector = 0x1234;
	page = mapped(vp);
	EXPECT_EQ(1, page->version);
	EXPECT_EQ(1, page->is_valid);
	EXPECT_EQ(0, page->dirty);
	for (u32 i = 0; i < 16; i++)
		EXPECT_EQ(0x100 + i, page->gpr[i]);
	for (u32 i = 0; i < 6; i++) {
		EXPECT_EQ(0x200 + i, page->xmm[i][0]);
		EXPECT_EQ(0x300 + i, page->xmm[i][1]);
	}
	EXPECT_EQ(0xfff0, page->rip);
	EXPECT_EQ(2, page->rflags);
	EXPECT_EQ(0xffff0000, page->segment[1][0]);
	EXPECT_EQ(0x1234, (page->segment[3][1] >> 32) & 0xffff);
	EXPECT_EQ(0x60000010, page->cr0);
	EXPECT_EQ(0x400, page->dr7);
	EXPECT_EQ(1, page->xfem);
}

static void runs(struct vp *vp)
{
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_EXPLICIT_SUSPEND, 0));
}

/* Each class is taken over only if its bit is set. */
static void dirty_classes(void)
{
	for (u32 dirty = 0; dirty < 32; dirty++) {
		struct register_page *page;
		struct vp *vp;

		machine_reset();
		vp = machine_vp();
		page = mapped(vp);
		page->gpr[3] = 0x33;
		page->rip = 0x1000;
		page->xmm[5][1] = 0x55;
		page->segment[0][0] = 0x66;
		page->rflags = 0x202;
		page->cr3 = 0x77000;
		page->dirty = dirty;
		about("dirty", dirty);
		runs(vp);
		EXPECT_EQ(0, page->is_valid);
		EXPECT_EQ(dirty & 1 ? 0x33 : 0, vp->gprs.rbx);
		EXPECT_EQ(dirty & 2 ? 0x1000 : 0xfff0, vp->vmcb->rip);
		EXPECT_EQ(dirty & 4 ? 0x55 : 0, ((u64 *)vp->ext.fp)[20 + 11]);
		EXPECT_EQ(dirty & 8 ? 0x66 : 0, vp->vmcb->es.base);
		EXPECT_EQ(dirty & 16 ? 0x202 : 2, vp->vmcb->rflags);
		EXPECT_EQ(0, vp->vmcb->cr3);
	}
}

/* Hypercalls and page see each other's values. */
static void coherent(void)
{
	struct vp *vp = machine_vp();
	struct register_page *page = mapped(vp);

	page->gpr[0] = 0xaaaa;
	page->dirty = DIRTY_GENERAL;
	EXPECT_EQ(0xaaaa, get_register(vp, REG_RAX));
	EXPECT_EQ(0, page->dirty);
	page->rip = 0x2000;
	page->dirty = DIRTY_IP;
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_RAX + 1, 0xcccc));
	EXPECT_EQ(0xcccc, page->gpr[1]);
	EXPECT_EQ(0xaaaa, page->gpr[0]);
	EXPECT_EQ(0x2000, page->rip);
	EXPECT_EQ(0x2000, vp->vmcb->rip);
	EXPECT_EQ(0, page->dirty);
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_CR3, 0x5000));
	EXPECT_EQ(0x5000, page->cr3);
}

/* While the VP runs the page means nothing, whatever the root writes there. */
static void not_while_it_runs(void)
{
	struct vp *vp = machine_vp();
	struct register_page *page = mapped(vp);

	runs(vp);
	page->is_valid = 1;
	page->gpr[0] = 0xbad;
	page->dirty = DIRTY_GENERAL;
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_EXPLICIT_SUSPEND, 1));
	EXPECT_EQ(0, vp->vmcb->rax);
	EXPECT_EQ(0, page->gpr[0]);
	EXPECT_EQ(0, page->dirty);
	EXPECT_EQ(1, page->is_valid);
	/* Suspending it once more loses nothing. */
	page->gpr[0] = 0x600d;
	page->dirty = DIRTY_GENERAL;
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_EXPLICIT_SUSPEND, 1));
	runs(vp);
	EXPECT_EQ(0x600d, vp->vmcb->rax);
}

static void filled_by_an_intercept(void)
{
	struct vp *vp = machine_vp();
	struct register_page *page = mapped(vp);

	runs(vp);
	vp->vmcb->rax = 0x4321;
	vp->vmcb->exitcode = EXIT_HLT;
	serve_child_exit(&cpus[0], vp);
	EXPECT_EQ(1, page->is_valid);
	EXPECT_EQ(0x4321, page->gpr[0]);
	page->rip = 0xfff1;
	page->dirty = DIRTY_IP;
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_INTERCEPT_SUSPEND, 0));
	EXPECT_EQ(0xfff1, vp->vmcb->rip);
	EXPECT_EQ(0, page->is_valid);
}

static u16 try_get(const struct vp *vp, u32 name)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, vp->partition->id);
	hypercall_input32(16, name);
	return hypercall(CALL_GET_VP_REGISTERS | REPS(1), NULL);
}

static void expect_invalid(const struct vp *vp, const struct register_page *page, u32 marks)
{
	EXPECT_EQ(MESSAGE_INVALID_VP_REGISTER, *(u32 *)vp->message);
	EXPECT(vp->intercept_suspend);
	EXPECT_EQ(1, page->is_valid);
	EXPECT_EQ(marks, page->dirty);
}

/* Marked classes that are legal are the VP's, in whatever order they come; the other one stays. */
static void illegal_value(void)
{
	struct vp *vp = machine_vp();
	struct register_page *page = mapped(vp);

	page->gpr[3] = 0x33;
	page->segment[0][0] = 0x66;
	page->segment[4][1] = BIT(56);
	page->rflags = 0x202;
	page->dirty = DIRTY_GENERAL | DIRTY_SEGMENT | DIRTY_FLAGS;
	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, try_get(vp, REG_RAX));
	EXPECT_EQ(1, get_register(vp, REG_EXPLICIT_SUSPEND));
	EXPECT_EQ(DIRTY_SEGMENT, page->dirty);
	page->rip = 0x1000;
	page->dirty |= DIRTY_IP | BIT(31);
	runs(vp);
	expect_invalid(vp, page, DIRTY_SEGMENT);
	EXPECT_EQ(0x33, vp->gprs.rbx);
	EXPECT_EQ(0x1000, vp->vmcb->rip);
	EXPECT_EQ(0x202, vp->vmcb->rflags);
	EXPECT_EQ(0x33, page->gpr[3]);
	EXPECT_EQ(0x1000, page->rip);
	EXPECT_EQ(0x202, page->rflags);
	EXPECT_EQ(0x66, page->segment[0][0]);
	EXPECT_EQ(BIT(56), page->segment[4][1]);
	/* Of a class nothing is taken, or all. */
	EXPECT_EQ(0, vp->vmcb->es.base);
	page->segment[4][1] = 0;
	EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_INTERCEPT_SUSPEND, 0));
	EXPECT_EQ(0, page->is_valid);
	EXPECT_EQ(0, page->dirty);
	EXPECT_EQ(0x66, vp->vmcb->es.base);
	EXPECT_EQ(0, vp->vmcb->fs.limit);
}

/* Each class beside one that isn't legal; without its mark the VP goes on as it was. */
static void mark_withdrawn(void)
{
	for (u32 dirty = 0; dirty < 16; dirty++) {
		struct register_page *page;
		struct vp *vp;

		machine_reset();
		vp = machine_vp();
		page = mapped(vp);
		page->gpr[3] = 0x33;
		page->rip = 0x1000;
		page->xmm[5][1] = 0x55;
		page->segment[0][0] = 0x66;
		page->rflags = BIT(40);
		page->dirty = dirty | DIRTY_FLAGS;
		about("dirty", dirty);
		runs(vp);
		expect_invalid(vp, page, DIRTY_FLAGS);
		EXPECT_EQ(BIT(40), page->rflags);
		page->dirty = 0;
		EXPECT_EQ(HV_SUCCESS, set_register(vp, REG_INTERCEPT_SUSPEND, 0));
		EXPECT_EQ(dirty & 1 ? 0x33 : 0, vp->gprs.rbx);
		EXPECT_EQ(dirty & 2 ? 0x1000 : 0xfff0, vp->vmcb->rip);
		EXPECT_EQ(dirty & 4 ? 0x55 : 0, ((u64 *)vp->ext.fp)[20 + 11]);
		EXPECT_EQ(dirty & 8 ? 0x66 : 0, vp->vmcb->es.base);
		EXPECT_EQ(2, vp->vmcb->rflags);
	}
}

const struct test state_page_tests[] = {
	{ "register page: life", life },
	{ "register page: refused", refused },
	{ "register page: contents", contents },
	{ "register page: dirty classes", dirty_classes },
	{ "register page: coherent with hypercalls", coherent },
	{ "register page: not while it runs", not_while_it_runs },
	{ "register page: filled by an intercept", filled_by_an_intercept },
	{ "register page: a value that isn't legal", illegal_value },
	{ "register page: without the mark of one", mark_withdrawn },
	{ }
};

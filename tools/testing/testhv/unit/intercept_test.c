// SPDX-License-Identifier: GPL-2.0
/* INSTALL_INTERCEPT, and the messages that come of it. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/codes.h"
#include "../vm/status.h"
#include "machine.h"
#include "unit.h"

#define RW	(INTERCEPT_READ | INTERCEPT_WRITE)
#define X	INTERCEPT_EXECUTE

static u16 install(u64 id, u32 mask, u32 type, u64 parameter)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, id);
	hypercall_input32(8, mask);
	hypercall_input32(12, type);
	hypercall_input(16, parameter);
	return hypercall(CALL_INSTALL_INTERCEPT, NULL);
}

/* Each type takes one mask, and 0. */
static void masks(void)
{
	static const u32 want[] = { RW, RW, X, X, 0, 0, X, 0, 0, X, INTERCEPT_READ, 0, 0 };
	struct partition *p = machine_partition(0);

	for (u32 type = 0; type < ARRAY_SIZE(want); type++) {
		for (u32 mask = 0; mask < 16; mask++) {
			bool good = want[type] && (!mask || mask == want[type]);

			about("type and mask", type << 8 | mask);
			EXPECT_EQ(good ? HV_SUCCESS : HV_INVALID_PARAMETER,
				  install(p->id, mask, type, 0));
		}
	}
	EXPECT_EQ(HV_INVALID_PARAMETER, install(p->id, X | BIT(31), INTERCEPT_CPUID, 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, install(p->id, X, ~0u, 0));
}

static void refused(void)
{
	u64 id;

	EXPECT_EQ(HV_INVALID_PARTITION_ID, install(0x1234, X, INTERCEPT_CPUID, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, install(ROOT_PARTITION_ID, X, INTERCEPT_CPUID, 0));
	deposit(ROOT_PARTITION_ID, 8, 1);
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, PARTITION_FLAG_EXO);
	hypercall_input32(16, 0x607);
	hypercall(CALL_CREATE_PARTITION, NULL);
	id = hypercall_output(0);
	EXPECT_EQ(HV_INVALID_PARTITION_STATE, install(id, X, INTERCEPT_CPUID, 0));
}

static void vectors(void)
{
	struct partition *p = machine_partition(0);

	for (u32 v = 0; v < 40; v++) {
		about("vector", v);
		EXPECT_EQ(v < 32 && v != 2 ? HV_SUCCESS : HV_INVALID_PARAMETER,
			  install(p->id, X, INTERCEPT_EXCEPTION, v));
	}
	EXPECT_EQ(0xfffffffb, p->intercepts.exceptions);
	/* What lies above the vector is nobody's. */
	EXPECT_EQ(HV_SUCCESS, install(p->id, 0, INTERCEPT_EXCEPTION, 0xdead00000006));
	EXPECT_EQ(0xffffffbb, p->intercepts.exceptions);
}

/* Leaves are kept in a page of the partition's pool, as many as it holds. */
static void leaves(void)
{
	struct partition *p = machine_partition(0);
	u64 free = p->pool.free;

	EXPECT_EQ(HV_SUCCESS, install(p->id, 0, INTERCEPT_CPUID, 7));
	EXPECT_EQ(free, p->pool.free);
	while (p->pool.free)
		pool_alloc(&p->pool);
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, install(p->id, X, INTERCEPT_CPUID, 7));
	deposit(p->id, 60, 1);
	for (u32 leaf = 0; leaf < 1024; leaf++)
		EXPECT_EQ(HV_SUCCESS, install(p->id, X, INTERCEPT_CPUID, leaf));
	EXPECT_EQ(HV_SUCCESS, install(p->id, X, INTERCEPT_CPUID, 1023));
	EXPECT_EQ(HV_NO_RESOURCES, install(p->id, X, INTERCEPT_CPUID, 1024));
	EXPECT_EQ(HV_SUCCESS, install(p->id, 0, INTERCEPT_CPUID, 500));
	EXPECT(!intercepts_cpuid(p, 500));
	EXPECT(intercepts_cpuid(p, 499) && intercepts_cpuid(p, 1023));
	EXPECT_EQ(HV_SUCCESS, install(p->id, X, INTERCEPT_CPUID, 1024));
	hypercall(CALL_FINALIZE_PARTITION, NULL);
	EXPECT(!intercepts_cpuid(p, 7));
	EXPECT(p->pool.free);
}

static const void *exits(struct vp *vp, u64 code, u64 info1, u64 info2)
{
	vp->explicit_suspend = false;
	vp->intercept_suspend = false;
	vp->vmcb->cs.base = 0;
	vp->vmcb->rip = 0x10;
	vp->vmcb->eventinj = 0;
	vp->vmcb->exitcode = code;
	vp->vmcb->exitinfo1 = info1;
	vp->vmcb->exitinfo2 = info2;
	posted = 0;
	serve_child_exit(&cpus[0], vp);
	return vp->message + sizeof(struct message_head);
}

static void expect_message(const struct vp *vp, u32 type, u8 size)
{
	const struct message_head *h = (const void *)vp->message;
	const struct intercept_head *i = (const void *)(h + 1);

	EXPECT_EQ(1, posted);
	EXPECT_EQ(type, h->type);
	EXPECT_EQ(size, h->payload_size);
	EXPECT_EQ(vp->partition->id, h->sender);
	EXPECT_EQ(vp->index, i->vp_index);
	EXPECT_EQ(0x10, i->rip);
	EXPECT_EQ(0x10, vp->vmcb->rip);
	EXPECT_EQ(0, vp->vmcb->eventinj);
	EXPECT(vp->intercept_suspend);
}

static void msr_message(void)
{
	struct vp *vp = machine_vp();
	const struct msr_intercept *m;

	vp->gprs.rcx = 0xc0ffee;
	exits(vp, EXIT_MSR, 1, 0);
	EXPECT_EQ(0, posted);
	EXPECT(vp->vmcb->eventinj & EVENTINJ_VALID);
	install(vp->partition->id, RW, INTERCEPT_MSR, 0);
	vp->vmcb->rax = 0x1122334455667788;
	vp->gprs.rdx = 0x99aabbcc;
	m = exits(vp, EXIT_MSR, 1, 0);
	expect_message(vp, MESSAGE_MSR, 64);
	EXPECT_EQ(ACCESS_WRITE, m->head.access);
	EXPECT_EQ(2, m->head.length_cr8 & 0xf);
	EXPECT_EQ(0xc0ffee, m->msr);
	EXPECT_EQ(0x1122334455667788, m->rax);
	EXPECT_EQ(0x99aabbcc, m->rdx);
	m = exits(vp, EXIT_MSR, 0, 0);
	EXPECT_EQ(ACCESS_READ, m->head.access);
	/* Synthetic ones, as far as no feature opens them */
	vp->gprs.rcx = 0x40000080;
	m = exits(vp, EXIT_MSR, 0, 0);
	expect_message(vp, MESSAGE_MSR, 64);
	EXPECT_EQ(0x40000080, m->msr);
	/* Those that testhv has stay its own, the patch level unless that is asked for. */
	vp->gprs.rcx = MSR_EFER;
	exits(vp, EXIT_MSR, 0, 0);
	EXPECT_EQ(0, posted);
	vp->gprs.rcx = 0x8b;
	exits(vp, EXIT_MSR, 0, 0);
	EXPECT_EQ(0, posted);
	install(vp->partition->id, INTERCEPT_READ, INTERCEPT_PATCH_LEVEL, 0);
	exits(vp, EXIT_MSR, 1, 0);
	EXPECT_EQ(0, posted);
	m = exits(vp, EXIT_MSR, 0, 0);
	expect_message(vp, MESSAGE_MSR, 64);
	EXPECT_EQ(0x8b, m->msr);
}

static void cpuid_message(void)
{
	const struct cpuid_intercept *m;
	struct vp *vp;

	machine_features = 0xffb;
	vp = machine_vp();
	install(vp->partition->id, X, INTERCEPT_CPUID, 0x40000000);
	vp->vmcb->rax = 0x40000001;
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0, posted);
	vp->vmcb->rax = 0x40000000;
	vp->gprs.rbx = 2;
	vp->gprs.rcx = 3;
	vp->gprs.rdx = 4;
	m = exits(vp, EXIT_CPUID, 0, 0);
	expect_message(vp, MESSAGE_CPUID, 104);
	EXPECT_EQ(2, m->head.length_cr8 & 0xf);
	EXPECT_EQ(ACCESS_EXECUTE, m->head.access);
	EXPECT_EQ(0x40000000, m->rax);
	EXPECT_EQ(2, m->rbx);
	EXPECT_EQ(3, m->rcx);
	EXPECT_EQ(4, m->rdx);
	EXPECT_EQ(0x40000006, m->default_rax);
	EXPECT_EQ(0x7263694d, m->default_rbx);
	EXPECT_EQ(0x666f736f, m->default_rcx);
	EXPECT_EQ(0x76482074, m->default_rdx);
	/* Registers are as they were: the parent gives the result. */
	EXPECT_EQ(2, vp->gprs.rbx);
	install(vp->partition->id, 0, INTERCEPT_CPUID, 0x40000000);
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0, posted);
	install(vp->partition->id, X, INTERCEPT_GLOBAL_CPUID, 0);
	vp->vmcb->rax = 1;
	m = exits(vp, EXIT_CPUID, 0, 0);
	expect_message(vp, MESSAGE_CPUID, 104);
}

static void exception_message(void)
{
	struct vp *vp = machine_vp();
	const struct exception_intercept *m;

	install(vp->partition->id, X, INTERCEPT_EXCEPTION, 14);
	memcpy(machine_page(40) + 0x10, "\x8b\x07", 2);
	vp->vmcb->cr2 = 0x77;
	vp->vmcb->dr6 = 0xffff4ff0;
	vp->vmcb->rsp = 0x1000;
	vp->gprs.r15 = 15;
	vp->vmcb->ss.selector = 0x18;
	vp->vmcb->ds.selector = 0x20;
	m = exits(vp, EXIT_EXCEPTION + 14, 6, 0xdeadbeef000);
	expect_message(vp, MESSAGE_EXCEPTION, 240);
	EXPECT_EQ(ACCESS_EXECUTE, m->head.access);
	EXPECT_EQ(14, m->vector);
	EXPECT_EQ(EXCEPTION_ERROR_CODE, m->info);
	EXPECT_EQ(6, m->error_code);
	EXPECT_EQ(0xdeadbeef000, m->parameter);
	EXPECT_EQ(16, m->byte_count);
	EXPECT_EQ(0x8b, m->bytes[0]);
	EXPECT_EQ(0x20, m->ds.selector);
	EXPECT_EQ(0x18, m->ss.selector);
	EXPECT_EQ(0x1000, m->gpr[4]);
	EXPECT_EQ(15, m->gpr[15]);
	EXPECT_EQ(0x77, vp->vmcb->cr2);
	m = exits(vp, EXIT_EXCEPTION + 1, 0, 0);
	EXPECT_EQ(0, m->info);
	EXPECT_EQ(0xffff4ff0, m->parameter);
	m = exits(vp, EXIT_EXCEPTION + 6, 0, 0);
	EXPECT_EQ(0, m->info);
	EXPECT_EQ(0, m->parameter);
}

static void breakpoints(void)
{
	struct vp *vp = machine_vp();
	const struct exception_intercept *m;

	memcpy(machine_page(40) + 0x10, "\xcc\xcd\x03", 3);
	install(vp->partition->id, X, INTERCEPT_EXCEPTION, 3);
	m = exits(vp, EXIT_SWINT, 0, 0);
	expect_message(vp, MESSAGE_EXCEPTION, 240);
	EXPECT_EQ(3, m->vector);
	EXPECT_EQ(EXCEPTION_SOFTWARE, m->info);
	EXPECT_EQ(1, m->head.length_cr8 & 0xf);
	/* INT 3 in two bytes isn't the same, and INTO nobody asked for. */
	memcpy(machine_page(40) + 0x10, "\xcd\x03", 2);
	exits(vp, EXIT_SWINT, 0, 0);
	EXPECT_EQ(0, posted);
	EXPECT_EQ(3 | 4 << 8 | EVENTINJ_VALID, vp->vmcb->eventinj);
	EXPECT_EQ(0x12, vp->vmcb->rip);
	/* Its delivery met a page that isn't there: back to the instruction. */
	vp->vmcb->exitintinfo = vp->vmcb->eventinj;
	vp->vmcb->exitcode = EXIT_NPF;
	vp->vmcb->exitinfo2 = 0x9000;
	serve_child_exit(&cpus[0], vp);
	EXPECT_EQ(0x10, vp->vmcb->rip);
	EXPECT_EQ(0, vp->vmcb->eventinj);
	intercepts_arm(vp);
	EXPECT_EQ(0, vp->soft_length);
	EXPECT_EQ(8, vp->vmcb->intercept_exceptions);
	EXPECT(vp->vmcb->intercept1 & INTERCEPT1_SWINT);
	vp->vmcb->exitintinfo = 0;
	memcpy(machine_page(40) + 0x10, "\xce", 1);
	exits(vp, EXIT_SWINT, 0, 0);
	EXPECT_EQ(0x11, vp->vmcb->rip);
	install(vp->partition->id, 0, INTERCEPT_EXCEPTION, 3);
	intercepts_arm(vp);
	EXPECT(vp->vmcb->intercept1 & INTERCEPT1_SWINT);
}

/* Exceptions that testhv raises count as the processor's do. */
static void injected(void)
{
	struct vp *vp = machine_vp();
	const struct exception_intercept *m;

	install(vp->partition->id, X, INTERCEPT_EXCEPTION, 13);
	install(vp->partition->id, X, INTERCEPT_EXCEPTION, 1);
	vp->gprs.rcx = 0xc0ffee;
	m = exits(vp, EXIT_MSR, 0, 0x123);
	expect_message(vp, MESSAGE_EXCEPTION, 240);
	EXPECT_EQ(13, m->vector);
	EXPECT_EQ(EXCEPTION_ERROR_CODE, m->info);
	EXPECT_EQ(0, m->error_code);
	/* A single step over an instruction that testhv carries out */
	vp->vmcb->rflags |= BIT(8);
	m = exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(1, posted);
	EXPECT_EQ(1, m->vector);
	EXPECT_EQ(0x12, m->head.rip);
	EXPECT(m->parameter & BIT(14));
	/* #UD nobody asked for. */
	vp->vmcb->rflags &= ~BIT(8);
	exits(vp, EXIT_MONITOR, 0, 0);
	EXPECT_EQ(0, posted);
	EXPECT(vp->vmcb->eventinj & EVENTINJ_VALID);
}

static void unsupported(void)
{
	struct vp *vp = machine_vp();
	const struct unsupported_intercept *m = exits(vp, EXIT_TASK_SWITCH, 0x28, 0);

	EXPECT_EQ(MESSAGE_UNSUPPORTED_FEATURE, *(u32 *)vp->message);
	EXPECT_EQ(16, vp->message[4]);
	EXPECT_EQ(UNSUPPORTED_TASK_SWITCH, m->feature);
	EXPECT_EQ(0x28, m->parameter);
	exits(vp, 0x7e, 0, 0);
	EXPECT_EQ(UNSUPPORTED_INTERCEPT, m->feature);
	EXPECT_EQ(0x7e, m->parameter);
}

static u64 next_random(u64 *seed)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return *seed >> 16;
}

static void random_state(struct vp *vp, u64 *seed)
{
	struct vmcb *c = vp->vmcb;

	for (unsigned int i = 0; i < 512; i++)
		((u64 *)machine_page(40))[i] = next_random(seed) << 16 ^ next_random(seed);
	for (unsigned int i = 0; i < sizeof(vp->gprs) / 8; i++)
		((u64 *)&vp->gprs)[i] = next_random(seed) >> next_random(seed) % 48;
	c->rax = next_random(seed) >> next_random(seed) % 48;
	c->rip = next_random(seed) & 0xfff;
	c->cs.base = 0;
	c->cs.attrib = next_random(seed) & 0xfff;
	c->cr0 = CR0_PE * (next_random(seed) & 1) | CR0_PG * (next_random(seed) & 1);
	c->cr3 = next_random(seed) & 0xfff;
	c->cr4 = next_random(seed) & 0x30;
	c->efer = EFER_SVME | EFER_LMA * (next_random(seed) & 1);
	c->cpl = next_random(seed) & 3;
	c->rflags = next_random(seed) & 0x3f7fd7;
	c->eventinj = 0;
	c->exitintinfo = next_random(seed) % 4 ? 0 : EVENTINJ_VALID | (next_random(seed) & 0x7ff);
	c->exitinfo1 = next_random(seed) >> next_random(seed) % 48;
	c->exitinfo2 = next_random(seed) >> next_random(seed) % 48;
}

/* Whatever the guest does, and whatever it was asked to tell, testhv stays whole. */
static void random_exits(void)
{
	static const u64 codes[] = { EXIT_SWINT, EXIT_CPUID, EXIT_HLT, EXIT_IOIO, EXIT_MSR,
				     EXIT_SHUTDOWN, EXIT_VMMCALL, EXIT_NPF, EXIT_INVALID,
				     EXIT_MONITOR, EXIT_TASK_SWITCH };
	struct vp *vp = machine_vp();
	u64 seed = 54321;

	vp->partition->synthetic_features = 0xffb;
	for (unsigned int i = 0; i < 20000; i++) {
		u64 choice = next_random(&seed) % 32;

		random_state(vp, &seed);
		if (!(i % 16))
			intercepts_set(vp->partition, next_random(&seed) % 12,
				       next_random(&seed) % 8, next_random(&seed) % 32);
		vp->vmcb->exitcode = choice < ARRAY_SIZE(codes) ? codes[choice] :
								  EXIT_EXCEPTION + choice;
		vp->explicit_suspend = false;
		vp->intercept_suspend = false;
		vp->halted = false;
		posted = 0;
		serve_child_exit(&cpus[0], vp);
		EXPECT(posted <= 1);
		EXPECT(!posted || vp->message[4] <= 240);
	}
}

const struct test intercept_tests[] = {
	{ "intercepts: types and masks", masks },
	{ "intercepts: refused", refused },
	{ "intercepts: vectors", vectors },
	{ "intercepts: CPUID leaves", leaves },
	{ "intercepts: MSR", msr_message },
	{ "intercepts: CPUID", cpuid_message },
	{ "intercepts: exception", exception_message },
	{ "intercepts: INT3 and INTO", breakpoints },
	{ "intercepts: exceptions that testhv injects", injected },
	{ "intercepts: what isn't supported", unsupported },
	{ "intercepts: at random", random_exits },
	{ }
};

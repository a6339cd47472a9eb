// SPDX-License-Identifier: GPL-2.0
/* A child's exits and what becomes of them. */
#include <string.h>

#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/registers.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

/* A VP in real mode at 0:0 of the page at GPA 0, which holds @code. */
static struct vp *at_code(const void *code, size_t size)
{
	struct vp *vp = machine_vp();

	memcpy(machine_page(40), code, size);
	vp->vmcb->cs.base = 0;
	vp->vmcb->cs.selector = 0;
	vp->vmcb->rip = 0;
	vp->explicit_suspend = false;
	return vp;
}

static const void *payload(void)
{
	return posted_vp->message + sizeof(struct message_head);
}

static void exits(struct vp *vp, u64 code, u64 info1, u64 info2)
{
	vp->vmcb->exitcode = code;
	vp->vmcb->exitinfo1 = info1;
	vp->vmcb->exitinfo2 = info2;
	serve_child_exit(&cpus[0], vp);
}

static void port(void)
{
	struct vp *vp = at_code("\x66\xef", 2);		/* outl %eax, %dx */
	const struct io_intercept *io;

	vp->vmcb->rax = 0x12345678;
	exits(vp, EXIT_IOIO, 0x3f8UL << 16 | 4 << 4, 2);
	EXPECT_EQ(1, posted);
	EXPECT_EQ(MESSAGE_IO_PORT, *(u32 *)vp->message);
	EXPECT_EQ(128, vp->message[4]);
	EXPECT_EQ(vp->partition->id, *(u64 *)(vp->message + 8));
	io = payload();
	EXPECT_EQ(0x3f8, io->port);
	EXPECT_EQ(4, io->info);
	EXPECT_EQ(2, io->head.length_cr8);
	EXPECT_EQ(ACCESS_WRITE, io->head.access);
	EXPECT_EQ(2, io->byte_count);
	EXPECT_EQ(0x66, io->bytes[0]);
	EXPECT_EQ(0x12345678, io->rax);
	EXPECT(vp->intercept_suspend);
	EXPECT_EQ(1, counters[CNT_INTERCEPTS]);
}

static void string_port(void)
{
	struct vp *vp = at_code("\x26\xf3\x6e", 3);	/* rep outsb %es:(%si) */
	const struct io_intercept *io;

	vp->vmcb->es.selector = 0x1234;
	vp->gprs.rcx = 5;
	exits(vp, EXIT_IOIO, 0x3f8UL << 16 | 1 << 4 | IOIO_STR | IOIO_REP, 3);
	io = payload();
	EXPECT_EQ(1 | IO_STRING | IO_REP, io->info);
	EXPECT_EQ(0x1234, io->ds.selector);
	EXPECT_EQ(5, io->rcx);
}

static void memory(void)
{
	struct vp *vp = at_code("\x89\x07", 2);		/* mov %ax, (%bx) */
	const struct memory_intercept *m;

	vp->gprs.rbx = 0x5678;
	vp->vmcb->int_ctl |= 9;
	exits(vp, EXIT_NPF, NPF_WRITE | NPF_FINAL, 0x5678);
	m = payload();
	EXPECT_EQ(MESSAGE_UNMAPPED_GPA, *(u32 *)vp->message);
	EXPECT_EQ(ACCESS_WRITE, m->head.access);
	EXPECT_EQ(MEMORY_GVA_VALID | MEMORY_GVA_GPA_VALID, m->info);
	EXPECT_EQ(0x5678, m->gva);
	EXPECT_EQ(0x5678, m->gpa);
	EXPECT_EQ(6, m->cache_type);
	EXPECT_EQ(9, m->tpr);
	EXPECT_EQ(2, m->head.length_cr8 & 0xf);
	EXPECT_EQ(16, m->byte_count);
	EXPECT_EQ(0x89, m->bytes[0]);
}

/* The operand straddles: the page that isn't there is the second one. */
static void memory_across_pages(void)
{
	struct vp *vp = at_code("\x66\x8b\x07", 3);	/* mov (%bx), %eax */
	const struct memory_intercept *m;

	vp->gprs.rbx = 0xffe;
	exits(vp, EXIT_NPF, NPF_FINAL, 0x1000);
	m = payload();
	EXPECT_EQ(0x1000, m->gva);
	EXPECT_EQ(MEMORY_GVA_VALID | MEMORY_GVA_GPA_VALID, m->info);
}

static void fetch(void)
{
	struct vp *vp = at_code("", 0);
	const struct memory_intercept *m;

	vp->vmcb->rip = 0x9abc;
	exits(vp, EXIT_NPF, NPF_FETCH | NPF_FINAL, 0x9abc);
	m = payload();
	EXPECT_EQ(ACCESS_EXECUTE, m->head.access);
	EXPECT_EQ(0, m->byte_count);
	EXPECT_EQ(0x9abc, m->gva);
}

/* The page came while the exit was on its way: the guest tries again. */
static void mapped_meanwhile(void)
{
	struct vp *vp = at_code("\x8b\x07", 2);

	exits(vp, EXIT_NPF, NPF_FINAL, 0x100);
	EXPECT_EQ(0, posted);
	EXPECT(!vp->intercept_suspend);
}

/* The guest's page tables are in memory that it may only read, which a walk doesn't put up with. */
static void read_only_tables(void)
{
	struct vp *vp = at_code("\x8b\x07", 2);
	const struct memory_intercept *m;
	bool replaced;

	slat_map(vp->partition, 5, machine_pfn(50), MAP_READ, &replaced);
	exits(vp, EXIT_NPF, NPF_WALK | NPF_PRESENT, 0x5008);
	m = payload();
	EXPECT_EQ(MESSAGE_GPA_INTERCEPT, *(u32 *)vp->message);
	EXPECT_EQ(ACCESS_WRITE, m->head.access);
	EXPECT_EQ(0, m->info & MEMORY_GVA_GPA_VALID);
}

static void halt(void)
{
	struct vp *vp = at_code("\xf4", 1);

	exits(vp, EXIT_HLT, 0, 0);
	EXPECT_EQ(MESSAGE_HALT, *(u32 *)vp->message);
	EXPECT_EQ(40, vp->message[4]);
	EXPECT_EQ(0, vp->vmcb->rip);
	vp->partition->flags |= PARTITION_FLAG_LAPIC_ENABLED;
	vp->intercept_suspend = false;
	exits(vp, EXIT_HLT, 0, 0);
	EXPECT_EQ(1, posted);
	EXPECT_EQ(1, vp->vmcb->rip);
	EXPECT(vp->halted && !vp_runnable(vp));
}

static void triple_fault(void)
{
	struct vp *vp = at_code("\x0f\x0b", 2);

	vp->vmcb->eventinj = EVENTINJ_VALID | 6;
	exits(vp, EXIT_SHUTDOWN, 0, 0);
	EXPECT_EQ(MESSAGE_UNRECOVERABLE, *(u32 *)vp->message);
	EXPECT_EQ(0, vp->vmcb->eventinj);
}

static void svm_instructions(void)
{
	struct vp *vp = at_code("\x0f\x01\xd9", 3);

	exits(vp, EXIT_VMMCALL, 0, 0);
	EXPECT_EQ(6 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID, vp->vmcb->eventinj);
	EXPECT_EQ(0, vp->vmcb->rip);
	EXPECT_EQ(0, posted);
}

static void cpuid_exit(void)
{
	struct vp *vp = at_code("\x0f\xa2", 2);

	vp->vmcb->rax = 0x40000001;
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0, vp->vmcb->rax);
	EXPECT_EQ(2, vp->vmcb->rip);
	machine_reset();
	machine_features = 0xffb;
	vp = at_code("\x0f\xa2", 2);
	vp->vmcb->rax = 0x40000001;
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0x31237648, vp->vmcb->rax);
	vp->vmcb->rax = 0x40000003;
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0xe7e, vp->vmcb->rax);
	EXPECT_EQ(0x120, vp->gprs.rdx);
	vp->vmcb->rax = 0x80000001;
	exits(vp, EXIT_CPUID, 0, 0);
	EXPECT_EQ(0, vp->gprs.rcx & BIT(2));
	EXPECT_EQ(0, posted);
}

static void msr_exit(void)
{
	struct vp *vp = at_code("\x0f\x30", 2);

	vp->gprs.rcx = MSR_EFER;
	vp->gprs.rdx = 0;
	vp->vmcb->rax = EFER_NXE;
	exits(vp, EXIT_MSR, 1, 0);
	EXPECT_EQ(EFER_NXE | EFER_SVME, vp->vmcb->efer);
	exits(vp, EXIT_MSR, 0, 0);
	EXPECT_EQ(EFER_NXE, vp->vmcb->rax);
	EXPECT_EQ(0, vp->vmcb->eventinj);
	vp->vmcb->rax = EFER_SVME;
	exits(vp, EXIT_MSR, 1, 0);
	EXPECT_EQ(13 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_ERROR | EVENTINJ_VALID,
		  vp->vmcb->eventinj);
	vp->vmcb->eventinj = 0;
	vp->gprs.rcx = 0x12345;
	exits(vp, EXIT_MSR, 0, 0);
	EXPECT(vp->vmcb->eventinj & EVENTINJ_VALID);
	EXPECT_EQ(4, vp->vmcb->rip);
}

/* QEMU reports a MOV to CR4 with reserved bits as if VMRUN had failed. */
static void invalid(void)
{
	struct vp *vp = at_code("\x0f\x22\xe0", 3);

	exits(vp, EXIT_INVALID, 0, 0);
	EXPECT_EQ(0, posted);
	EXPECT(vp->vmcb->eventinj & EVENTINJ_VALID);
	vp = (machine_reset(), at_code("\x90", 1));
	exits(vp, EXIT_INVALID, 0, 0);
	EXPECT_EQ(MESSAGE_INVALID_VP_REGISTER, *(u32 *)vp->message);
	EXPECT_EQ(8, vp->message[4]);
}

static void software_interrupt(void)
{
	struct vp *vp = at_code("\xcd\x40", 2);

	vp->vmcb->exitintinfo = 0x40 | 4 << 8 | EVENTINJ_VALID;
	vp->vmcb->eventinj = vp->vmcb->exitintinfo;
	exits(vp, EXIT_NPF, NPF_WRITE | NPF_FINAL, 0x5000);
	EXPECT_EQ(0, vp->vmcb->eventinj);
}

const struct test exit_tests[] = {
	{ "exits: port", port },
	{ "exits: string port", string_port },
	{ "exits: memory", memory },
	{ "exits: memory across pages", memory_across_pages },
	{ "exits: fetch", fetch },
	{ "exits: page mapped meanwhile", mapped_meanwhile },
	{ "exits: read-only page tables", read_only_tables },
	{ "exits: halt", halt },
	{ "exits: triple fault", triple_fault },
	{ "exits: SVM instructions", svm_instructions },
	{ "exits: CPUID", cpuid_exit },
	{ "exits: MSR", msr_exit },
	{ "exits: invalid state", invalid },
	{ "exits: INT n is executed again", software_interrupt },
	{ }
};

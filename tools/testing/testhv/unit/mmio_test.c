// SPDX-License-Identifier: GPL-2.0
/* Accesses to the local APIC's page, carried out by testhv. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/serve.h"
#include "../vm/lapic.h"
#include "../vm/partition.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

#define TPR	0xfee00080ul
#define RAX	0x1122334455667788ul
#define SVR	0xfee000f0ul
#define ARITHMETIC 0x8d5ul	/* the six flags */

enum mode { BITS16, BITS32, BITS64 };

/*
 * The register at the operand holds 0x35 (TPR), RAX as above, RBX the address, RCX 0x7f. What is
 * there afterwards; the flags too if the row names them (bit 1 is always set).
 */
static const struct row {
	enum mode mode;
	u8 length;
	u8 code[15];
	u64 rax;
	u8 tpr;
	u16 flags;
} rows[] = {
	{ BITS32, 2, "\x8b\x03", 0x35, 0x35, 0 },			/* mov (%ebx), %eax */
	{ BITS64, 2, "\x8b\x03", 0x35, 0x35, 0 },
	{ BITS64, 3, "\x48\x8b\x03", 0x35, 0x35, 0 },
	{ BITS64, 3, "\x66\x8b\x03", 0x1122334455660035, 0x35, 0 },
	{ BITS64, 2, "\x8a\x03", 0x1122334455667735, 0x35, 0 },
	{ BITS64, 2, "\x8a\x23", 0x1122334455663588, 0x35, 0 },		/* mov (%rbx), %ah */
	{ BITS64, 2, "\x89\x03", RAX, 0x88, 0 },
	{ BITS64, 3, "\x48\x89\x03", RAX, 0x35, 0 },			/* not four bytes */
	{ BITS64, 3, "\x66\x89\x03", RAX, 0x35, 0 },
	{ BITS64, 2, "\x88\x03", RAX, 0x35, 0 },
	{ BITS64, 6, "\xc7\x03\x40\x00\x00\x00", RAX, 0x40, 0 },
	{ BITS64, 3, "\x0f\xb6\x03", 0x35, 0x35, 0 },			/* movzbl */
	{ BITS64, 3, "\x0f\xbf\x03", 0x35, 0x35, 0 },			/* movswl */
	{ BITS64, 4, "\x48\x0f\xb7\x03", 0x35, 0x35, 0 },
	{ BITS64, 2, "\x87\x03", 0x35, 0x88, 0 },			/* xchg */
	{ BITS64, 2, "\x0b\x03", 0x556677bd, 0x35, 0x2 | 0x4 },		/* or (%rbx), %eax */
	{ BITS64, 3, "\x83\x0b\x40", RAX, 0x75, 0x2 },			/* orl $0x40, (%rbx) */
	{ BITS64, 3, "\x83\x23\x0f", RAX, 0x05, 0x2 | 0x4 },		/* andl $0xf, (%rbx) */
	{ BITS64, 3, "\x83\x3b\x35", RAX, 0x35, 0x2 | 0x40 | 0x4 },	/* cmpl $0x35, (%rbx) */
	{ BITS64, 3, "\x83\x3b\x36", RAX, 0x35, 0x2 | 0x80 | 0x10 | 0x4 | 0x1 },
	{ BITS64, 6, "\xf7\x03\x00\x10\x00\x00", RAX, 0x35, 0x2 | 0x40 | 0x4 },	/* testl */
	{ BITS64, 2, "\x01\x0b", RAX, 0xb4, 0x2 | 0x10 | 0x4 },		/* addl %ecx, (%rbx) */
	{ BITS64, 3, "\x83\x2b\x05", RAX, 0x30, 0x2 | 0x4 },		/* subl $5, (%rbx) */
	{ BITS64, 9, "\xa1\x80\x00\xe0\xfe\x00\x00\x00\x00", 0x35, 0x35, 0 },
	{ BITS64, 9, "\xa3\x80\x00\xe0\xfe\x00\x00\x00\x00", RAX, 0x88, 0 },
	{ BITS32, 5, "\xa1\x80\x00\xe0\xfe", 0x35, 0x35, 0 },
	{ BITS16, 3, "\x66\x8b\x07", 0x35, 0x35, 0 },			/* mov (%bx), %eax */
	{ BITS16, 4, "\x67\x66\x89\x03", RAX, 0x88, 0 },		/* mov %eax, (%ebx) */
};

static struct vp *at_row(const struct row *r)
{
	struct vp *vp;
	struct vmcb *c;

	machine_reset();
	vp = partition_vp(machine_partition(PARTITION_FLAG_LAPIC_ENABLED), 0);
	c = vp->vmcb;
	memcpy(machine_page(40), r->code, sizeof(r->code));
	c->cs.base = 0;
	c->rip = 0;
	c->rax = RAX;
	vp->gprs.rbx = TPR;
	vp->gprs.rcx = 0x7f;
	if (r->mode == BITS64) {
		c->efer |= EFER_LMA | EFER_LME;
		c->cs.attrib |= SEG_L;
	} else if (r->mode == BITS32) {
		c->cs.attrib |= SEG_DB;
	}
	vp->explicit_suspend = false;
	lapic_write(vp, LAPIC_SVR, 0x1ff);
	lapic_set_tpr(vp, 0x35);
	return vp;
}

static void access(struct vp *vp, u64 gpa, u64 info)
{
	vp->vmcb->eventinj = 0;
	vp->vmcb->exitcode = EXIT_NPF;
	vp->vmcb->exitinfo1 = info;
	vp->vmcb->exitinfo2 = gpa;
	serve_child_exit(&cpus[0], vp);
}

static void forms(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vp *vp = at_row(&rows[i]);

		about("row", i);
		access(vp, TPR, NPF_FINAL);
		EXPECT_EQ(0, posted);
		EXPECT_EQ(0, vp->vmcb->eventinj);
		EXPECT_EQ(rows[i].length, vp->vmcb->rip);
		EXPECT_EQ(rows[i].rax, vp->vmcb->rax);
		EXPECT_EQ(rows[i].tpr, lapic_tpr(vp));
		if (rows[i].flags)
			EXPECT_EQ(rows[i].flags, vp->vmcb->rflags & (ARITHMETIC | 2));
	}
}

/* Parts of a register's first four bytes, and what lies behind them. */
static void parts(void)
{
	static const struct row byte = { BITS64, 3, "\x0f\xb6\x03", 0, 0, 0 };
	static const u64 bytes[] = { 0xff, 0x01, 0, 0, 0, 0, 0, 0 };

	for (unsigned int i = 0; i < ARRAY_SIZE(bytes); i++) {
		struct vp *vp = at_row(&byte);

		about("byte", i);
		access(vp, SVR + i, NPF_FINAL);
		EXPECT_EQ(bytes[i], vp->vmcb->rax);
	}
}

/* Nothing that happens there becomes a message. */
static void no_messages(void)
{
	static const struct row fpu = { BITS64, 2, "\xd9\x03", 0, 0, 0 }, mov = rows[0];
	struct vp *vp = at_row(&fpu);

	access(vp, TPR, NPF_FINAL);
	EXPECT_EQ(6 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID, vp->vmcb->eventinj);
	EXPECT_EQ(0, posted);
	vp = at_row(&mov);
	access(vp, TPR, NPF_FINAL | NPF_FETCH);
	EXPECT(vp->vmcb->eventinj & EVENTINJ_VALID);
	EXPECT_EQ(0, posted);
	/* Where it isn't, or is no more, there is nothing. */
	vp = at_row(&mov);
	access(vp, TPR + 0x1000, NPF_FINAL);
	EXPECT_EQ(1, posted);
	vp = at_row(&mov);
	EXPECT(lapic_set_base(vp, 0xfee00100));
	access(vp, TPR, NPF_FINAL);
	EXPECT_EQ(1, posted);
}

/* What the parent maps there the guest doesn't get, in pages of either size. */
static void mapped_over(void)
{
	struct vp *vp = at_row(&rows[1]);
	bool replaced = false;
	unsigned int level;

	EXPECT_EQ(HV_SUCCESS, slat_map(vp->partition, TPR >> PAGE_SHIFT, machine_pfn(50), MAP_READ,
				       &replaced));
	EXPECT(!(*npt_lookup(&vp->partition->npt, TPR, &level) & NPT_P));
	access(vp, TPR, NPF_FINAL);
	EXPECT_EQ(0x35, vp->vmcb->rax);
	EXPECT(slat_unmap(vp->partition, TPR >> PAGE_SHIFT, &replaced) == HV_SUCCESS);
	EXPECT_EQ(SLAT_UNMAPPED, slat_check(vp->partition, TPR, SLAT_READ));
}

static void single_step(void)
{
	struct vp *vp = at_row(&rows[1]);

	vp->vmcb->rflags |= BIT(8);
	vp->vmcb->int_state = INT_STATE_SHADOW;
	access(vp, TPR, NPF_FINAL);
	EXPECT_EQ(1 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID, vp->vmcb->eventinj);
	EXPECT(vp->vmcb->dr6 & BIT(14));
	EXPECT_EQ(0, vp->vmcb->int_state);
}

const struct test mmio_tests[] = {
	{ "mmio: forms", forms },
	{ "mmio: parts of registers", parts },
	{ "mmio: no messages", no_messages },
	{ "mmio: something mapped there", mapped_over },
	{ "mmio: single step", single_step },
	{ }
};

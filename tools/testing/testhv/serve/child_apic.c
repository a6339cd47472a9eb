// SPDX-License-Identifier: GPL-2.0
/*
 * A child's accesses to its local APIC that exit: the page at APIC_BASE, which is never mapped, and
 * MOV to CR8 when something waits for it.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../vm/insn.h"
#include "../vm/lapic.h"
#include "../vm/mmio.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "serve.h"

#define VECTOR_UD	6
#define SLOT		16u		/* a register's bytes; the first four are it */
#define CR8_MAX		15u
#define PREFIX_LOCK	0xf0
#define REX_B		1u
#define REX_R		4u

static u64 read_bytes(struct vp *vp, u32 offset)
{
	u32 in_slot = offset % SLOT;

	if (in_slot >= sizeof(u32))
		return 0;
	return lapic_read(vp, offset - in_slot) >> (8 * in_slot);
}

/* Only aligned stores of four bytes count (APM 2, 16.3.2). */
static void write_bytes(struct vp *vp, u32 offset, u64 value, u8 size)
{
	if (!(offset % SLOT) && size == sizeof(u32))
		lapic_write(vp, offset, (u32)value);
}

static void carry_out(struct vp *vp, const struct mmio_insn *insn, u32 offset)
{
	u64 *reg = guest_register(vp, insn->reg), memory = 0, result;
	u64 other = insn->immediate ? insn->value : mmio_register(insn, *reg);

	if (mmio_reads(insn))
		memory = read_bytes(vp, offset);
	if (insn->op == MMIO_LOAD) {
		*reg = mmio_merge(insn, *reg, memory);
		return;
	}
	if (insn->op == MMIO_EXCHANGE)
		*reg = mmio_merge(insn, *reg, memory);
	if (insn->to_register)
		result = mmio_compute(insn, other, memory, &vp->vmcb->rflags);
	else
		result = mmio_compute(insn, memory, other, &vp->vmcb->rflags);
	if (insn->to_register && insn->op < MMIO_CMP)
		*reg = mmio_merge(insn, *reg, result);
	else if (mmio_writes(insn))
		write_bytes(vp, offset, result, insn->size);
}

bool child_apic_page(struct vp *vp)
{
	u64 gpa = vp->vmcb->exitinfo2;
	struct insn_context context;
	u8 bytes[INSN_MAX_LENGTH];
	struct mmio_insn mmio;
	struct insn insn;
	u8 count;

	if (!lapic_enabled(vp) || (gpa & PAGE_MASK) != (vp->lapic->base & PAGE_MASK))
		return false;
	/* Neither code nor page tables can be there. */
	if (vp->vmcb->exitinfo1 & (NPF_FETCH | NPF_WALK)) {
		inject_gp(vp);
		return true;
	}
	count = guest_fetch(vp, bytes, sizeof(bytes));
	guest_insn_context(vp, &context, bytes, count);
	if (!insn_decode(&context, &insn)) {
		/* Without its bytes it is tried again, and faults where it must. */
		if (count == sizeof(bytes))
			inject_exception(vp, VECTOR_UD);
		return true;
	}
	if (!mmio_decode(&context, insn.length, &mmio)) {
		inject_exception(vp, VECTOR_UD);
		return true;
	}
	carry_out(vp, &mmio, gpa & ~PAGE_MASK);
	child_skip(vp, insn.length);
	return true;
}

/* MOV to CR8: 44 0F 22, or with LOCK for REX.R (APM 3, MOV CRn). */
void child_cr8_write(struct vp *vp)
{
	u8 bytes[5] = { 0 }, count = guest_fetch(vp, bytes, sizeof(bytes)), at = 0, rex = 0;
	u64 value;

	while (at < count && (bytes[at] == PREFIX_LOCK || bytes[at] == 0x66))
		at++;
	if ((bytes[at] & 0xf0) == 0x40)
		rex = bytes[at++];
	if (at + 3 > count || bytes[at] != 0x0f || bytes[at + 1] != 0x22) {
		inject_exception(vp, VECTOR_UD);
		return;
	}
	value = *guest_register(vp, (bytes[at + 2] & 7) | (rex & REX_B ? 8 : 0));
	if (value > CR8_MAX) {
		inject_gp(vp);
		return;
	}
	vp->vmcb->int_ctl = (vp->vmcb->int_ctl & ~INT_CTL_V_TPR) | value;
	if (vp->lapic)
		lapic_tpr(vp);
	child_skip(vp, at + 3);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * INT n, INT3 and INTO, which are all VMEXIT_SWINT to QEMU (APM 2, 15.12.4: INT3 and INTO are
 * exceptions).
 *
 * Every guest exits for them, whether anybody wants to know or not, because what was executed may
 * not be what is there. QEMU before 8.1 (its commit deba78709ae8) doesn't lock a page while it
 * translates code: what another processor stores meanwhile goes unnoticed, and the old code is
 * run until the next store. A kernel patches code that others run by an INT3 which it then takes
 * away (Linux: text_poke_bp()), and one that stays is the end of it. So if something else is at
 * RIP a store makes QEMU forget, and it is executed again, as if the guest had come later.
 */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/partition.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

#define VECTOR_BP	3
#define VECTOR_OF	4
#define OPCODE_INT3	0xcc
#define OPCODE_INT	0xcd
#define OPCODE_INTO	0xce
#define RFLAGS_VM	BIT(17)
/* A gate's byte with its type; a trap gate's kind differs in bit 0, a 16-bit one's in bit 3. */
#define GATE_TYPE	5
#define GATE_PRESENT	BIT(7)
#define GATE_DPL(type)	((type) >> 5 & 3)
#define GATE_KIND	0x16
#define GATE_INTERRUPT	0x06

enum code { CODE_UNREADABLE, CODE_OTHER, CODE_SOFTWARE };

struct software_interrupt {
	u8 vector, length;
	bool exception;		/* #BP or #OF by an instruction of their own */
};

static bool is_prefix(const struct vmcb *c, u8 byte)
{
	static const u8 prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3 };

	for (unsigned int i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (byte == prefixes[i])
			return true;
	return (byte & 0xf0) == 0x40 && c->efer & EFER_LMA && c->cs.attrib & SEG_L;
}

/* What the @count bytes at RIP are; of a software interrupt what it raises. */
static enum code decode(const struct vmcb *c, const u8 *bytes, u8 count,
			struct software_interrupt *s)
{
	u8 i = 0;

	while (i < count && is_prefix(c, bytes[i]))
		i++;
	if (i >= count || (bytes[i] == OPCODE_INT && i + 1 == count))
		return CODE_UNREADABLE;
	switch (bytes[i]) {
	case OPCODE_INT3:
		*s = (struct software_interrupt){ VECTOR_BP, i + 1, true };
		return CODE_SOFTWARE;
	case OPCODE_INTO:
		*s = (struct software_interrupt){ VECTOR_OF, i + 1, true };
		return CODE_SOFTWARE;
	case OPCODE_INT:
		*s = (struct software_interrupt){ bytes[i + 1], i + 2, false };
		return CODE_SOFTWARE;
	}
	return CODE_OTHER;
}

static void forget_translation(const void *code)
{
	counters[CNT_STALE_CODE]++;
	/* Atomic, and of nothing: others may be storing there. */
	asm volatile("lock orb $0, %0" : "+m"(*(u8 *)code));
}

static void inject_software(struct vp *vp, const struct software_interrupt *s)
{
	struct vmcb *c = vp->vmcb;

	c->eventinj = s->vector | EVENTINJ_SOFTWARE << 8 | EVENTINJ_VALID;
	c->rip += s->length;
	c->int_state &= ~INT_STATE_SHADOW;
	vp->soft_length = s->length;
}

static const void *code_at(struct vp *vp, u64 gva)
{
	u64 gpa;

	return guest_translate(vp, gva, &gpa) ? slat_read_pointer(vp->partition, gpa) : NULL;
}

/*
 * Whether the interrupt gets through its gate (APM 2, 8.7.4). If not, the fault has RIP at the
 * instruction, which only the processor itself does. Known only of children in protected mode; in
 * others a kernel is trusted to have a gate for its INT3.
 */
static bool gate_allows(struct vp *vp, u8 vector)
{
	const struct vmcb *c = vp->vmcb;
	u64 size = c->efer & EFER_LMA ? 16 : 8;
	const u8 *type;

	if (vp->partition == &root_partition || !(c->cr0 & CR0_PE) || c->rflags & RFLAGS_VM)
		return vector == VECTOR_BP && !c->cpl;
	if ((vector + 1) * size - 1 > c->idtr.limit)
		return false;
	type = code_at(vp, c->idtr.base + vector * size + GATE_TYPE);
	return type && *type & GATE_PRESENT && GATE_DPL(*type) >= c->cpl &&
	       (*type & GATE_KIND) == GATE_INTERRUPT;
}

/*
 * Nobody has asked. What can be is injected, so that none of those that may follow is missed; the
 * rest is executed without the intercept, which is back at the next entry.
 */
static void go_on(struct vp *vp, enum code what, const struct software_interrupt *s)
{
	if (what == CODE_SOFTWARE && gate_allows(vp, s->vector))
		inject_software(vp, s);
	else
		vp->software_passes = true;
}

void intercept_software(struct vp *vp)
{
	u32 exceptions = vp->partition->intercepts.exceptions;
	const void *code = code_at(vp, guest_code_address(vp));
	u8 bytes[INSTRUCTION_BYTES];
	u8 count = guest_fetch(vp, bytes, sizeof(bytes));
	struct software_interrupt s = { 0 };
	enum code what = decode(vp->vmcb, bytes, count, &s);

	if (what == CODE_OTHER && code)
		forget_translation(code);
	else if (what == CODE_SOFTWARE && s.exception && exceptions & BIT(s.vector))
		intercept_breakpoint(vp, s.vector, s.length);
	else if (what == CODE_SOFTWARE && exceptions & SOFTWARE_VECTORS)
		inject_software(vp, &s);
	else
		go_on(vp, what, &s);
}

void serve_root_software(struct vp *vp, const u8 *code)
{
	struct software_interrupt s = { 0 };
	u64 left = PAGE_SIZE - ((u64)code & ~PAGE_MASK);
	enum code what = CODE_UNREADABLE;

	if (code)
		what = decode(vp->vmcb, code, MIN(left, (u64)INSTRUCTION_BYTES), &s);
	if (what == CODE_OTHER)
		forget_translation(code);
	else
		go_on(vp, what, &s);
}

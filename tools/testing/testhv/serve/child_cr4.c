// SPDX-License-Identifier: GPL-2.0
/*
 * MOV to CR4 in a child. It exits, since bits of features that the child hasn't got are reserved
 * for it though the processor has them. QEMU offers no decode assists.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../vm/features.h"
#include "../vm/insn.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "serve.h"

#define VECTOR_UD	6
#define CR4_PCIDE	BIT(17)
#define CR3_PCID	0xfffULL
#define REX_B		1
#define REX_R		4

static bool is_prefix(u8 byte)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64 ... 0x67:
	case 0xf2:
	case 0xf3:
		return true;
	}
	return false;
}

/* The length of "mov %reg, %cr4" and the number of the register; 0: it isn't one. */
static u8 decode(const u8 *bytes, u8 count, bool long_mode, u8 *reg)
{
	u8 n = 0, rex = 0;

	while (n < count && is_prefix(bytes[n]))
		n++;
	if (n < count && long_mode && (bytes[n] & 0xf0) == 0x40)
		rex = bytes[n++];
	if (n + 3 > count || bytes[n] != 0x0f || bytes[n + 1] != 0x22)
		return 0;
	if (rex & REX_R || ((bytes[n + 2] >> 3) & 7) != 4)
		return 0;
	*reg = (bytes[n + 2] & 7) | (rex & REX_B ? 8 : 0);
	return n + 3;
}

/* APM 2, 3.1.3 and 5.5.1 */
static bool is_legal(const struct vp *vp, u64 value)
{
	const struct vmcb *c = vp->vmcb;

	if (value & ~features_cr4(vp->partition))
		return false;
	if (c->efer & EFER_LMA)
		return value & CR4_PAE &&
		       !(value & ~c->cr4 & CR4_PCIDE && c->cr3 & CR3_PCID);
	return !(value & CR4_PCIDE);
}

void child_write_cr4(struct vp *vp)
{
	struct insn_context c;
	u8 bytes[INSN_MAX_LENGTH], count, length, reg = 0;
	u64 value;

	count = guest_fetch(vp, bytes, sizeof(bytes));
	guest_insn_context(vp, &c, bytes, count);
	length = decode(bytes, count, c.bits == 64, &reg);
	if (!length) {
		inject_exception(vp, VECTOR_UD);
		return;
	}
	value = c.bits == 64 ? c.gpr[reg] : (u32)c.gpr[reg];
	if (!is_legal(vp, value)) {
		inject_gp(vp);
		return;
	}
	vp->vmcb->cr4 = value;
	vp->flush = true;
	child_skip(vp, length);
}

// SPDX-License-Identifier: GPL-2.0
/* A child's memory and code as the child itself sees them. */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../vm/features.h"
#include "../vm/insn.h"
#include "../vm/partition.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "../vm/walk.h"
#include "guest.h"

#define CPUID_HUGE_PAGES	BIT(26)

static enum walk_code read_gpa(void *ctx, u64 gpa, const void **p)
{
	*p = slat_read_pointer(((struct vp *)ctx)->partition, gpa);
	return *p ? WALK_SUCCESS : WALK_GPA_UNMAPPED;
}

void guest_walk(struct vp *vp, struct walk *w)
{
	const struct vmcb *c = vp->vmcb;

	*w = (struct walk){
		.cr0 = c->cr0,
		.cr3 = c->cr3,
		.cr4 = c->cr4,
		.efer = c->efer,
		.rflags = c->rflags,
		.pat = c->g_pat,
		.cpl = c->cpl,
		.physical_mask = features_physical_mask(),
		.huge_pages = features_cpuid(vp->partition, 0x80000001, 0).edx & CPUID_HUGE_PAGES,
		.read = read_gpa,
		.ctx = vp,
	};
}

bool guest_translate(struct vp *vp, u64 gva, u64 *gpa)
{
	struct walk w;

	guest_walk(vp, &w);
	return walk_translate(&w, gva, gpa);
}

static u8 code_bits(const struct vmcb *c)
{
	if (c->efer & EFER_LMA && c->cs.attrib & SEG_L)
		return 64;
	return c->cs.attrib & SEG_DB ? 32 : 16;
}

u8 guest_cache_type(struct vp *vp, u64 gva)
{
	struct walk_result r;
	struct walk w;

	guest_walk(vp, &w);
	walk_gva(&w, gva, 0, &r);
	return r.cache_type;
}

u64 guest_code_address(const struct vp *vp)
{
	const struct vmcb *c = vp->vmcb;

	return code_bits(c) == 64 ? c->rip : (u32)(c->cs.base + c->rip);
}

u64 *guest_register(struct vp *vp, u8 n)
{
	u64 * const regs[16] = {
		&vp->vmcb->rax, &vp->gprs.rcx, &vp->gprs.rdx, &vp->gprs.rbx, &vp->vmcb->rsp,
		&vp->gprs.rbp, &vp->gprs.rsi, &vp->gprs.rdi, &vp->gprs.r8, &vp->gprs.r9,
		&vp->gprs.r10, &vp->gprs.r11, &vp->gprs.r12, &vp->gprs.r13, &vp->gprs.r14,
		&vp->gprs.r15,
	};

	return regs[n];
}

u8 guest_fetch(struct vp *vp, u8 *bytes, u8 count)
{
	u64 gva = guest_code_address(vp), gpa;
	u8 done = 0;

	while (done < count) {
		u64 left = PAGE_SIZE - ((gva + done) & ~PAGE_MASK);
		u8 part = MIN(left, (u64)(count - done));
		const void *p = NULL;

		if (guest_translate(vp, gva + done, &gpa))
			p = slat_read_pointer(vp->partition, gpa);
		if (!p)
			break;
		memcpy(bytes + done, p, part);
		done += part;
	}
	return done;
}

void guest_insn_context(const struct vp *vp, struct insn_context *c, const u8 *bytes, u8 count)
{
	const struct vmcb *v = vp->vmcb;
	const struct gprs *g = &vp->gprs;

	*c = (struct insn_context){
		.bits = code_bits(v),
		.stack_bits = v->ss.attrib & SEG_DB ? 32 : 16,
		.count = count,
		.bytes = bytes,
		.rip = v->rip,
		.gpr = { v->rax, g->rcx, g->rdx, g->rbx, v->rsp, g->rbp, g->rsi, g->rdi,
			 g->r8, g->r9, g->r10, g->r11, g->r12, g->r13, g->r14, g->r15 },
	};
	for (int i = 0; i < SEG_COUNT; i++)
		c->base[i] = (&v->es + i)->base;
}

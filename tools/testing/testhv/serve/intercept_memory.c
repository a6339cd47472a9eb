// SPDX-License-Identifier: GPL-2.0
/* Nested page faults of children as memory intercept messages (TLFS, 11.11.5). */
#include "../lib/lib.h"
#include "../svm/svm.h"
#include "../vm/insn.h"
#include "../vm/overlay.h"
#include "../vm/partition.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

/* No access is longer than this, so none reaches beyond the next page. */
#define ACCESS_MAX	64

static enum slat_access access_of(u64 info)
{
	if (info & NPF_FETCH && !(info & NPF_WALK))
		return SLAT_EXECUTE;
	return info & NPF_WRITE ? SLAT_WRITE : SLAT_READ;
}

/* An access that begins at @start touches the page of @gpa: the GVA of @gpa is then *@gva. */
static bool touches(struct vp *vp, u64 start, u64 gpa, u64 *gva)
{
	u64 pages[] = { start & PAGE_MASK, (start + ACCESS_MAX - 1) & PAGE_MASK };
	u64 page;

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		if (!guest_translate(vp, pages[i], &page) || page != (gpa & PAGE_MASK))
			continue;
		*gva = pages[i] | (gpa & ~PAGE_MASK);
		return true;
	}
	return false;
}

/* Which of the instruction's operands was it? */
static bool find_gva(struct vp *vp, const struct insn *insn, u64 gpa, u64 *gva)
{
	for (unsigned int i = 0; i < insn->operands; i++)
		if (touches(vp, insn->linear[i], gpa, gva))
			return true;
	return false;
}

static void locate_data(struct vp *vp, struct memory_intercept *m, const struct insn *insn)
{
	/* A fault in the guest's page tables: the GPA is not that of the GVA. */
	if (vp->vmcb->exitinfo1 & NPF_WALK) {
		if (!insn->operands)
			return;
		m->gva = insn->linear[0];
		m->info = MEMORY_GVA_VALID;
		return;
	}
	if (find_gva(vp, insn, m->gpa, &m->gva))
		m->info = MEMORY_GVA_VALID | MEMORY_GVA_GPA_VALID;
}

/* The fetch may have begun on the page before. */
static void locate_code(struct vp *vp, struct memory_intercept *m)
{
	u64 start = guest_code_address(vp);

	if (vp->vmcb->exitinfo1 & NPF_WALK) {
		m->gva = start;
		m->info = MEMORY_GVA_VALID;
	} else if (touches(vp, start, m->gpa, &m->gva)) {
		m->info = MEMORY_GVA_VALID | MEMORY_GVA_GPA_VALID;
	}
}

void intercept_memory(struct vp *vp)
{
	struct memory_intercept *m = (void *)(vp->message + sizeof(struct message_head));
	enum slat_access access = access_of(vp->vmcb->exitinfo1);
	u64 gpa = vp->vmcb->exitinfo2;
	enum slat_state state = slat_check(vp->partition, gpa, access);
	struct insn_context context;
	u8 bytes[INSTRUCTION_BYTES];
	struct insn insn = { 0 };
	u8 count = 0;

	/* Walks of the guest's tables are writes (APM 2, 15.25.5), whatever EXITINFO1 says. */
	if (state == SLAT_ALLOWED && vp->vmcb->exitinfo1 & NPF_WALK) {
		access = SLAT_WRITE;
		state = slat_check(vp->partition, gpa, access);
	}
	/* Mapped meanwhile: once more. */
	if (state == SLAT_ALLOWED)
		return;
	/* The guest may not do that to a page of the hypervisor (TLFS, 3.13). */
	if (state == SLAT_DENIED && overlay_under(vp->partition, gpa >> PAGE_SHIFT)) {
		inject_gp(vp);
		return;
	}
	if (!(vp->vmcb->exitinfo1 & NPF_FETCH)) {
		count = guest_fetch(vp, bytes, sizeof(bytes));
		guest_insn_context(vp, &context, bytes, count);
		if (!insn_decode(&context, &insn))
			insn = (struct insn){ 0 };
	}
	intercept_header(vp, insn.length, (u8)access);
	m->byte_count = count;
	memcpy(m->bytes, bytes, count);
	m->gpa = gpa;
	if (vp->vmcb->exitinfo1 & NPF_FETCH)
		locate_code(vp, m);
	else
		locate_data(vp, m, &insn);
	m->cache_type = MEMORY_WRITE_BACK;
	if (m->info & MEMORY_GVA_VALID)
		m->cache_type = guest_cache_type(vp, m->gva);
	m->tpr = m->head.length_cr8 >> 4;
	intercept_raise(vp, state == SLAT_UNMAPPED ? MESSAGE_UNMAPPED_GPA : MESSAGE_GPA_INTERCEPT,
			sizeof(*m));
}

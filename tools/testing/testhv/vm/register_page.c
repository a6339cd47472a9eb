// SPDX-License-Identifier: GPL-2.0
/* Register pages. Their contents are the root's to write, so each value is read once. */
#include "../lib/lib.h"
#include "register_page.h"
#include "registers.h"
#include "vp.h"

#define SEGMENTS	6u
#define XMMS		6u
#define GPRS		16u
#define REG_EMULATION_HINTS	0x00000002u

static void get(struct vp *vp, u32 name, u64 *at, unsigned int qwords)
{
	struct register_value v;

	register_get(vp, name, &v);
	memcpy(at, &v, 8 * qwords);
}

static void fill(struct vp *vp)
{
	struct register_page *page = vp->page;

	for (u32 i = 0; i < GPRS; i++)
		get(vp, REG_RAX + i, &page->gpr[i], 1);
	for (u32 i = 0; i < XMMS; i++)
		get(vp, REG_XMM0 + i, page->xmm[i], 2);
	for (u32 i = 0; i < SEGMENTS; i++)
		get(vp, REG_ES + i, page->segment[i], 2);
	get(vp, REG_RIP, &page->rip, 1);
	get(vp, REG_RFLAGS, &page->rflags, 1);
	get(vp, REG_CR0, &page->cr0, 1);
	get(vp, REG_CR3, &page->cr3, 1);
	get(vp, REG_CR4, &page->cr4, 1);
	get(vp, REG_CR8, &page->cr8, 1);
	get(vp, REG_EFER, &page->efer, 1);
	get(vp, REG_DR7, &page->dr7, 1);
	get(vp, REG_PENDING_INTERRUPTION, &page->pending_interruption, 1);
	get(vp, REG_INTERRUPT_STATE, &page->interrupt_state, 1);
	get(vp, REG_EMULATION_HINTS, &page->emulation_hints, 1);
	get(vp, REG_XFEM, &page->xfem, 1);
	page->version = REGISTER_PAGE_VERSION;
	page->reserved3 = 0;
	page->reserved152 = 0;
	WRITE_ONCE(page->dirty, 0);
}

void register_page_show(struct vp *vp)
{
	if (!vp->page || vp->page_valid)
		return;
	fill(vp);
	vp->page_valid = true;
	WRITE_ONCE(vp->page->is_valid, 1);
}

/* A class: all of it, or, if a value isn't legal, nothing. */
static hv_status set(struct vp *vp, u32 name, u32 count, const u64 *at, unsigned int qwords)
{
	struct register_value old[GPRS];

	for (u32 i = 0; i < count; i++) {
		struct register_value v = { 0 };
		hv_status status;

		memcpy(&v, at + qwords * i, 8 * qwords);
		register_get(vp, name + i, &old[i]);
		status = register_set(vp, name + i, &v);
		if (!status)
			continue;
		while (i--)
			register_set(vp, name + i, &old[i]);
		return status;
	}
	return HV_SUCCESS;
}

static hv_status take_class(struct vp *vp, u32 class)
{
	const struct register_page *page = vp->page;

	switch (class) {
	case DIRTY_GENERAL:
		return set(vp, REG_RAX, GPRS, page->gpr, 1);
	case DIRTY_IP:
		return set(vp, REG_RIP, 1, &page->rip, 1);
	case DIRTY_XMM:
		return set(vp, REG_XMM0, XMMS, page->xmm[0], 2);
	case DIRTY_SEGMENT:
		return set(vp, REG_ES, SEGMENTS, page->segment[0], 2);
	default:
		return set(vp, REG_RFLAGS, 1, &page->rflags, 1);
	}
}

hv_status register_page_sync(struct vp *vp)
{
	hv_status status = HV_SUCCESS;
	u32 dirty, left = 0;

	if (!vp->page || !vp->page_valid)
		return HV_SUCCESS;
	dirty = READ_ONCE(vp->page->dirty);
	if (!dirty)
		return HV_SUCCESS;
	for (u32 class = DIRTY_GENERAL; class <= DIRTY_FLAGS; class <<= 1) {
		hv_status refused = dirty & class ? take_class(vp, class) : HV_SUCCESS;

		if (!refused)
			continue;
		left |= class;
		status = refused;
	}
	WRITE_ONCE(vp->page->dirty, left);
	return status;
}

void register_page_refresh(struct vp *vp)
{
	if (vp->page && vp->page_valid && !register_page_sync(vp))
		fill(vp);
}

void register_page_hide(struct vp *vp)
{
	if (!vp->page)
		return;
	vp->page_valid = false;
	WRITE_ONCE(vp->page->is_valid, 0);
}

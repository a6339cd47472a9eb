/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The register page of a VP (HV_VP_REGISTER_PAGE): a page of the partition's deposit that the root
 * may read and write while the VP is suspended. testhv fills it when the VP stops, and takes over
 * what is marked dirty when it goes on or when somebody asks for registers. Nothing the root writes
 * there counts at other times.
 */
#ifndef TESTHV_REGISTER_PAGE_H
#define TESTHV_REGISTER_PAGE_H

#include "status.h"

struct vp;

#define REGISTER_PAGE_VERSION	1

/* register_page.dirty: a bit a class */
#define DIRTY_GENERAL		BIT(0)
#define DIRTY_IP		BIT(1)
#define DIRTY_XMM		BIT(2)
#define DIRTY_SEGMENT		BIT(3)
#define DIRTY_FLAGS		BIT(4)

struct register_page {
	u16 version;
	u8 is_valid, reserved3;
	u32 dirty;
	u64 gpr[16];			/* RAX RCX RDX RBX RSP RBP RSI RDI R8 ... */
	u64 rip, rflags, reserved152;
	u64 xmm[6][2];
	u64 segment[6][2];		/* ES CS SS DS FS GS */
	/* read only */
	u64 cr0, cr3, cr4, cr8, efer, dr7;
	u64 pending_interruption, interrupt_state, emulation_hints, xfem;
};

static_assert(offsetof(struct register_page, dirty) == 4, "register page");
static_assert(offsetof(struct register_page, gpr) == 8, "register page");
static_assert(offsetof(struct register_page, rip) == 136, "register page");
static_assert(offsetof(struct register_page, rflags) == 144, "register page");
static_assert(offsetof(struct register_page, xmm) == 160, "register page");
static_assert(offsetof(struct register_page, segment) == 256, "register page");
static_assert(offsetof(struct register_page, cr0) == 352, "register page");
static_assert(offsetof(struct register_page, efer) == 384, "register page");
static_assert(offsetof(struct register_page, pending_interruption) == 400, "register page");
static_assert(offsetof(struct register_page, xfem) == 424, "register page");
static_assert(sizeof(struct register_page) == 432, "register page");

/* The VP has stopped: show its registers, unless they are shown already. */
void register_page_show(struct vp *vp);
/*
 * Take over what the root has marked dirty. Anything but HV_SUCCESS: a value isn't legal; its class
 * stays as it is in the page, and marked, the others are taken.
 */
hv_status register_page_sync(struct vp *vp);
/* The registers may have been changed otherwise: show the new ones. */
void register_page_refresh(struct vp *vp);
/* The VP goes on. */
void register_page_hide(struct vp *vp);

#endif

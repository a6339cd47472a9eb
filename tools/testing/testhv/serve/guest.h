/* SPDX-License-Identifier: GPL-2.0 */
/* Looking into a child: its addresses, its code. */
#ifndef TESTHV_GUEST_H
#define TESTHV_GUEST_H

#include "../lib/types.h"

struct insn_context;
struct vp;
struct walk;

/* The walk of the tables that  has now; whoever wants to set bits adds a write. */
void guest_walk(struct vp *vp, struct walk *w);
bool guest_translate(struct vp *vp, u64 gva, u64 *gpa);
/* HV_CACHE_TYPE by the PAT; write-back where nothing is mapped. */
u8 guest_cache_type(struct vp *vp, u64 gva);
/* Bytes from CS:RIP on; returns how many there are, up to @count. */
/* General registers by number: RAX RCX RDX RBX RSP RBP RSI RDI R8 ... */
u64 *guest_register(struct vp *vp, u8 n);
u8 guest_fetch(struct vp *vp, u8 *bytes, u8 count);
/* The linear address of CS:RIP. */
u64 guest_code_address(const struct vp *vp);
void guest_insn_context(const struct vp *vp, struct insn_context *c, const u8 *bytes, u8 count);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the dispatcher gives a hypercall's handler: copies of its input and a page for its output,
 * which the root can't touch meanwhile.
 */
#ifndef TESTHV_HYPERCALL_H
#define TESTHV_HYPERCALL_H

#include "../vm/decode.h"

struct cpu;
struct vp;

struct call {
	struct cpu *cpu;
	u16 code;
	struct call_layout layout;
	const u8 *in;
	u8 *out;
	u64 out_gpa;		/* where the root wants it */
	u32 done;		/* reps completed, from rep 0 on; the handler advances it */
};

static inline u64 call_u64(const struct call *c, u32 offset)
{
	return *(const u64 *)(c->in + offset);
}

static inline u32 call_u32(const struct call *c, u32 offset)
{
	return *(const u32 *)(c->in + offset);
}

static inline void call_return_u64(struct call *c, u32 offset, u64 value)
{
	*(u64 *)(c->out + offset) = value;
}

/* call_vp.c: the VP that the first 12 bytes of the input name, of an active child. */
hv_status call_find_vp(const struct call *c, struct vp **vp);

/* hypercall.c: the output of a simple call whose size only its input tells. */
hv_status call_wants_output(struct call *c, u32 size);

/* call_partition.c */
hv_status call_get_partition_id(struct call *c);
hv_status call_create_partition(struct call *c);
hv_status call_initialize_partition(struct call *c);
hv_status call_finalize_partition(struct call *c);
hv_status call_delete_partition(struct call *c);
/* call_property.c */
hv_status call_get_partition_property(struct call *c);
hv_status call_set_partition_property(struct call *c);
/* call_memory.c */
hv_status call_deposit_memory(struct call *c);
hv_status call_withdraw_memory(struct call *c);
hv_status call_map_gpa_pages(struct call *c);
hv_status call_unmap_gpa_pages(struct call *c);
/* call_intercept.c */
hv_status call_install_intercept(struct call *c);
/* call_interrupt.c */
hv_status call_assert_virtual_interrupt(struct call *c);
hv_status call_clear_virtual_interrupt(struct call *c);
/* call_port.c */
hv_status call_create_port(struct call *c);
hv_status call_delete_port(struct call *c);
hv_status call_connect_port(struct call *c);
hv_status call_disconnect_port(struct call *c);
hv_status call_notify_port_ring_empty(struct call *c);
/* call_vp.c */
hv_status call_create_vp(struct call *c);
hv_status call_get_vp_registers(struct call *c);
hv_status call_set_vp_registers(struct call *c);
/* call_state.c */
hv_status call_get_vp_state(struct call *c);
hv_status call_set_vp_state(struct call *c);
/* call_state_page.c */
hv_status call_map_vp_state_page(struct call *c);
hv_status call_unmap_vp_state_page(struct call *c);
/* call_translate.c */
hv_status call_translate_virtual_address(struct call *c);
/* call_device.c */
hv_status call_add_logical_processor(struct call *c);
hv_status call_map_device_interrupt(struct call *c);
hv_status call_unmap_device_interrupt(struct call *c);

#endif

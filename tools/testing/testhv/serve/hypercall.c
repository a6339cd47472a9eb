// SPDX-License-Identifier: GPL-2.0
/* The root's hypercalls: from VMMCALL to the handler and back (TLFS, chapter 3). */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../svm/svm.h"
#include "../vm/codes.h"
#include "../vm/reserved.h"
#include "../vm/vp.h"
#include "hypercall.h"
#include "root.h"
#include "serve.h"
#include "window.h"

#define VMMCALL_LENGTH	3
#define VECTOR_UD	6
#define RESULT_REPS	32

struct call_row {
	u16 code;
	struct call_shape shape;
	u16 (*handler)(struct call *c);
	const char *name;
};

#define REP	SHAPE_REP
#define VAR	SHAPE_VARIABLE

/* flags, fixed input, input a rep, fixed output, output a rep */
static const struct call_row rows[] = {
	{ CALL_CREATE_PARTITION, { 0, 56, 0, 8, 0 }, call_create_partition,
	  "HvCallCreatePartition" },
	{ CALL_INITIALIZE_PARTITION, { 0, 8, 0, 0, 0 }, call_initialize_partition,
	  "HvCallInitializePartition" },
	{ CALL_FINALIZE_PARTITION, { 0, 8, 0, 0, 0 }, call_finalize_partition,
	  "HvCallFinalizePartition" },
	{ CALL_DELETE_PARTITION, { 0, 8, 0, 0, 0 }, call_delete_partition,
	  "HvCallDeletePartition" },
	{ CALL_GET_PARTITION_PROPERTY, { 0, 16, 0, 8, 0 }, call_get_partition_property,
	  "HvCallGetPartitionProperty" },
	{ CALL_SET_PARTITION_PROPERTY, { 0, 24, 0, 0, 0 }, call_set_partition_property,
	  "HvCallSetPartitionProperty" },
	{ CALL_GET_PARTITION_ID, { 0, 0, 0, 8, 0 }, call_get_partition_id,
	  "HvCallGetPartitionId" },
	{ CALL_DEPOSIT_MEMORY, { REP, 8, 8, 0, 0 }, call_deposit_memory,
	  "HvCallDepositMemory" },
	{ CALL_WITHDRAW_MEMORY, { REP, 16, 0, 0, 8 }, call_withdraw_memory,
	  "HvCallWithdrawMemory" },
	{ CALL_MAP_GPA_PAGES, { REP, 24, 8, 0, 0 }, call_map_gpa_pages,
	  "HvCallMapGpaPages" },
	{ CALL_UNMAP_GPA_PAGES, { REP, 24, 0, 0, 0 }, call_unmap_gpa_pages,
	  "HvCallUnmapGpaPages" },
	{ CALL_INSTALL_INTERCEPT, { 0, 24, 0, 0, 0 }, call_install_intercept,
	  "HvCallInstallIntercept" },
	{ CALL_CREATE_VP, { 0, 40, 0, 0, 0 }, call_create_vp,
	  "HvCallCreateVp" },
	{ CALL_GET_VP_REGISTERS, { REP, 16, 4, 0, 16 }, call_get_vp_registers,
	  "HvCallGetVpRegisters" },
	{ CALL_SET_VP_REGISTERS, { REP, 16, 32, 0, 0 }, call_set_vp_registers,
	  "HvCallSetVpRegisters" },
	{ CALL_TRANSLATE_VIRTUAL_ADDRESS, { 0, 32, 0, 16, 0 }, call_translate_virtual_address,
	  "HvCallTranslateVirtualAddress" },
	{ CALL_CLEAR_VIRTUAL_INTERRUPT, { 0, 8, 0, 0, 0 }, call_clear_virtual_interrupt,
	  "HvCallClearVirtualInterrupt" },
	{ CALL_CREATE_PORT, { 0, 56, 0, 0, 0 }, call_create_port,
	  "HvCallCreatePort" },
	{ CALL_DELETE_PORT, { 0, 16, 0, 0, 0 }, call_delete_port,
	  "HvCallDeletePort" },
	{ CALL_CONNECT_PORT, { 0, 72, 0, 0, 0 }, call_connect_port,
	  "HvCallConnectPort" },
	{ CALL_DISCONNECT_PORT, { 0, 16, 0, 0, 0 }, call_disconnect_port,
	  "HvCallDisconnectPort" },
	{ CALL_NOTIFY_PORT_RING_EMPTY, { 0, 8, 0, 0, 0 }, call_notify_port_ring_empty,
	  "HvCallNotifyPortRingEmpty" },
	{ CALL_ASSERT_VIRTUAL_INTERRUPT, { 0, 32, 0, 0, 0 }, call_assert_virtual_interrupt,
	  "HvCallAssertVirtualInterrupt" },
	{ CALL_ADD_LOGICAL_PROCESSOR, { 0, 16, 0, 56, 0 }, call_add_logical_processor,
	  "HvCallAddLogicalProcessor" },
	{ CALL_MAP_DEVICE_INTERRUPT, { VAR, 72, 0, 16, 0 }, call_map_device_interrupt,
	  "HvCallMapDeviceInterrupt" },
	{ CALL_UNMAP_DEVICE_INTERRUPT, { 0, 32, 0, 0, 0 }, call_unmap_device_interrupt,
	  "HvCallUnmapDeviceInterrupt" },
	{ CALL_MAP_VP_STATE_PAGE, { 0, 16, 0, 8, 0 }, call_map_vp_state_page,
	  "HvCallMapVpStatePage" },
	{ CALL_UNMAP_VP_STATE_PAGE, { 0, 16, 0, 0, 0 }, call_unmap_vp_state_page,
	  "HvCallUnmapVpStatePage" },
	{ CALL_GET_VP_STATE, { VAR, 40, 0, 0, 0 }, call_get_vp_state,
	  "HvCallGetVpState" },
	{ CALL_SET_VP_STATE, { VAR, 40, 0, 0, 0 }, call_set_vp_state,
	  "HvCallSetVpState" },
};

static const struct call_row *find(u16 code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const char *call_name(u16 code)
{
	const struct call_row *row = find(code);

	return row ? row->name : NULL;
}

/* Whether a page may hold the root's parameters. */
static bool is_root_memory(u64 gpa)
{
	const struct frame *f = memory_frame(gpa >> PAGE_SHIFT);

	return f && (f->owner == FRAME_ROOT || f->owner == FRAME_STATE ||
		     f->owner == FRAME_OVERLAY);
}

static hv_status fetch_input(struct call *c, const struct vp *vp)
{
	u8 *in = c->cpu->hypercall_in;

	if (c->layout.fast) {
		memcpy(in, &vp->gprs.rdx, 8);
		memcpy(in + 8, &vp->gprs.r8, 8);
		return HV_SUCCESS;
	}
	if (c->layout.in && !is_root_memory(vp->gprs.rdx))
		return HV_INVALID_HYPERCALL_INPUT;
	if (c->layout.out && !is_root_memory(vp->gprs.r8))
		return HV_INVALID_HYPERCALL_INPUT;
	memcpy(in, spa_to_virt(vp->gprs.rdx), c->layout.in);
	return HV_SUCCESS;
}

/* What a call gives back is written in any case but failure of a simple call. */
static void write_output(const struct call *c, const struct vp *vp, hv_status status)
{
	u32 size = c->layout.out;

	if (c->layout.rep_count)
		size = size / c->layout.rep_count * c->done;
	else if (status)
		return;
	/* A flush may have dropped the lock, and the page may have changed hands meanwhile. */
	if (size && is_root_memory(vp->gprs.r8))
		memcpy(spa_to_virt(vp->gprs.r8), c->out, size);
}

hv_status call_wants_output(struct call *c, u32 size)
{
	hv_status status = c->layout.fast ? HV_INVALID_HYPERCALL_INPUT :
					    decode_pointer(c->out_gpa, size);

	if (!status && !is_root_memory(c->out_gpa))
		status = HV_INVALID_HYPERCALL_INPUT;
	if (status) {
		counters[CNT_MALFORMED]++;
		return status;
	}
	memset(c->out, 0, size);
	c->layout.out = size;
	return HV_SUCCESS;
}

static hv_status serve(struct call *c, const struct call_row *row, const struct vp *vp)
{
	struct fault_order order;
	hv_status status = fetch_input(c, vp);

	if (status) {
		counters[CNT_MALFORMED]++;
		return status;
	}
	memset(c->out, 0, c->layout.out);
	c->done = c->layout.rep_start;
	if (!window_take_order(c->code, &order)) {
		status = reserved_check(c->code, c->in);
		return status ? status : row->handler(c);
	}
	if (!c->layout.rep_count || !order.reps)
		return order.status;
	/* So many reps go well first. */
	c->layout.rep_count = MIN(c->layout.rep_count, c->done + order.reps);
	status = row->handler(c);
	if (!status)
		return order.status;
	window_return_order(c->code, &order);
	return status;
}

void serve_hypercall(struct cpu *cpu, struct vp *vp)
{
	u64 control = vp->gprs.rcx;
	struct call c = { .cpu = cpu, .code = CALL_CODE(control), .in = cpu->hypercall_in,
			  .out = cpu->hypercall_out, .out_gpa = vp->gprs.r8 };
	const struct call_row *row = find(c.code);
	hv_status status;

	if (!root_hypercalls_enabled() || vp->vmcb->cpl || !(vp->vmcb->efer & EFER_LMA) ||
	    !(vp->vmcb->cs.attrib & SEG_L)) {
		inject_exception(vp, VECTOR_UD);
		return;
	}
	vp->vmcb->rip += VMMCALL_LENGTH;
	vp->vmcb->int_state &= ~INT_STATE_SHADOW;
	counters[CNT_HYPERCALLS]++;
	window_count_call(c.code);
	status = decode_call(control, vp->gprs.rdx, vp->gprs.r8, row ? &row->shape : NULL,
			     &c.layout);
	if (status) {
		counters[CNT_MALFORMED]++;
	} else {
		u32 reps = c.layout.rep_count;

		status = serve(&c, row, vp);
		c.layout.out = reps ? c.layout.out / reps * c.layout.rep_count : c.layout.out;
		write_output(&c, vp, status);
	}
	vp->vmcb->rax = status | (u64)c.done << RESULT_REPS;
}

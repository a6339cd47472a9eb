// SPDX-License-Identifier: GPL-2.0
/* Hypercalls for ports of the root partition, and for doorbells that ring them. */
#include <linux/errno.h>
#include <asm/mshyperv.h>

#include "hvcall_port.h"
#include "args.h"
#include "deposit.h"
#include "hvcall.h"
#include "io_match.h"
#include "status.h"
#include "tlfs.h"

static u64 create_port(u64 partition_id, u32 port_id)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_create_port *in = args.in;

	*in = (struct mshv_hvin_create_port){
		.port_partition_id = hv_current_partition_id,
		.port_id = port_id,
		.connection_partition_id = partition_id,
		.port_type = MSHV_PORT_TYPE_DOORBELL,
		.target_sint = MSHV_DOORBELL_SINT,
		.target_vp = MSHV_VP_ANY,
	};
	return hv_do_hypercall(HVCALL_CREATE_PORT, in, NULL);
}

int mshv_hvcall_create_port(u64 partition_id, u32 port_id)
{
	u64 status;
	int ret;

	for (;;) {
		status = create_port(partition_id, port_id);
		if (hv_result(status) != HV_STATUS_INSUFFICIENT_MEMORY)
			return mshv_status_errno(status);
		ret = mshv_deposit_add_to_root();
		if (ret)
			return ret;
	}
}

int mshv_hvcall_delete_port(u32 port_id)
{
	u64 status = hv_do_fast_hypercall16(HVCALL_DELETE_PORT,
					    hv_current_partition_id, port_id);

	return mshv_status_errno(status);
}

/* As the hypervisor numbers them: 0 any, then 1, 2, 4 and 8 bytes. */
static u32 doorbell_flags(const struct mshv_io_match *match)
{
	u32 flags = match->len ? ilog2(match->len) + 1 : 0;

	return flags | (match->wildcard ? MSHV_DOORBELL_ANY_VALUE : 0);
}

static u64 connect_port(u64 partition_id, u32 port_id,
			const struct mshv_io_match *match)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_connect_port *in = args.in;

	*in = (struct mshv_hvin_connect_port){
		.connection_partition_id = partition_id,
		.connection_id = port_id,
		.port_partition_id = hv_current_partition_id,
		.port_id = port_id,
		.port_type = MSHV_PORT_TYPE_DOORBELL,
		.gpa = match->addr,
		.trigger_value = match->wildcard ? 0 : match->value,
		.flags = doorbell_flags(match),
	};
	return hv_do_hypercall(HVCALL_CONNECT_PORT, in, NULL);
}

int mshv_hvcall_connect_port(struct mshv_deposit *pool, u32 port_id,
			     const struct mshv_io_match *match)
{
	u64 status;
	int ret;

	do {
		status = connect_port(pool->partition_id, port_id, match);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

int mshv_hvcall_disconnect_port(u64 partition_id, u32 port_id)
{
	const u64 connection = port_id | MSHV_DISCONNECT_DOORBELL;

	return mshv_status_errno(hv_do_fast_hypercall16(HVCALL_DISCONNECT_PORT,
							partition_id,
							connection));
}

void mshv_hvcall_notify_port_ring_empty(u32 sint)
{
	hv_do_fast_hypercall8(HVCALL_NOTIFY_PORT_RING_EMPTY, sint);
}

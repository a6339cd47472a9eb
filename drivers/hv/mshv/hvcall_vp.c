// SPDX-License-Identifier: GPL-2.0
/* Hypercalls for virtual processors (TLFS, virtual processor management). */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <asm/mshyperv.h>
#include <linux/mshv.h>

#include "hvcall_vp.h"
#include "args.h"
#include "deposit.h"
#include "hvcall.h"
#include "status.h"
#include "tlfs.h"

/* 127: a list of MSHV_VP_MAX_REGISTERS takes two calls. */
#define SET_BATCH ((HV_HYP_PAGE_SIZE - sizeof(struct mshv_hvin_vp_registers)) / \
		   sizeof(struct mshv_hv_register_assoc))

/* One page holds the names, one the values. */
static_assert(MSHV_VP_MAX_REGISTERS * sizeof(union mshv_hv_register_value) <=
	      HV_HYP_PAGE_SIZE);
static_assert(sizeof(struct mshv_hvin_vp_registers) +
	      MSHV_VP_MAX_REGISTERS * sizeof(u32) <= HV_HYP_PAGE_SIZE);

static u64 create_vp(u64 partition_id, u32 vp_index)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_create_vp *in = args.in;

	*in = (struct mshv_hvin_create_vp){
		.partition_id = partition_id,
		.vp_index = vp_index,
	};
	return hv_do_hypercall(HVCALL_CREATE_VP, in, NULL);
}

int mshv_hvcall_create_vp(struct mshv_deposit *pool, u32 vp_index)
{
	u64 status;
	int ret;

	do {
		status = create_vp(pool->partition_id, vp_index);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

int mshv_hvcall_get_vp_registers(u64 partition_id, u32 vp_index,
				 struct mshv_hv_register_assoc *regs,
				 unsigned int count)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_vp_registers *in = args.in;
	const union mshv_hv_register_value *values = args.out;
	u32 *names = (u32 *)(in + 1);
	unsigned int i;
	u64 status;

	*in = (struct mshv_hvin_vp_registers){
		.partition_id = partition_id,
		.vp_index = vp_index,
	};
	for (i = 0; i < count; i++)
		names[i] = regs[i].name;
	status = hv_do_rep_hypercall(HVCALL_GET_VP_REGISTERS, count, 0, in,
				     args.out);
	if (!hv_result_success(status))
		return mshv_status_errno(status);
	for (i = 0; i < count; i++)
		regs[i].value = values[i];
	return 0;
}

static u64 set_vp_registers(struct mshv_hvin_vp_registers head,
			    const struct mshv_hv_register_assoc *regs,
			    unsigned int count)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_vp_registers *in = args.in;
	struct mshv_hv_register_assoc *assoc = (void *)(in + 1);
	unsigned int i;

	*in = head;
	for (i = 0; i < count; i++)
		assoc[i] = (struct mshv_hv_register_assoc){
			.name = regs[i].name,
			.value = regs[i].value,
		};
	return hv_do_rep_hypercall(HVCALL_SET_VP_REGISTERS, count, 0, in, NULL);
}

int mshv_hvcall_set_vp_registers(u64 partition_id, u32 vp_index,
				 const struct mshv_hv_register_assoc *regs,
				 unsigned int *count)
{
	const struct mshv_hvin_vp_registers head = {
		.partition_id = partition_id,
		.vp_index = vp_index,
	};
	unsigned int total = *count, batch;
	u64 status;

	for (*count = 0; *count < total;) {
		batch = min(total - *count, SET_BATCH);
		status = set_vp_registers(head, regs + *count, batch);
		*count += mshv_status_reps(status, batch);
		if (!hv_result_success(status))
			return mshv_status_errno(status);
	}
	return 0;
}

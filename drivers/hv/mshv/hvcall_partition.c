// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that make and unmake partitions (TLFS, partition management). */
#include <linux/errno.h>
#include <asm/mshyperv.h>

#include "hvcall_partition.h"
#include "args.h"
#include "deposit.h"
#include "hvcall.h"
#include "status.h"
#include "tlfs.h"

static u64 create_partition(const struct mshv_partition_spec *spec,
			    u64 *partition_id)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_create_partition *in = args.in;
	struct mshv_hvout_create_partition *out = args.out;
	u64 status;

	*in = (struct mshv_hvin_create_partition){
		.flags = spec->flags,
		.compatibility_version = HV_COMPATIBILITY_20_H1,
		.creation_properties = spec->properties,
	};
	status = hv_do_hypercall(HVCALL_CREATE_PARTITION, in, out);
	*partition_id = out->partition_id;
	return status;
}

int mshv_hvcall_create_partition(const struct mshv_partition_spec *spec,
				 u64 *partition_id)
{
	u64 status;
	int ret;

	for (;;) {
		status = create_partition(spec, partition_id);
		if (hv_result(status) != HV_STATUS_INSUFFICIENT_MEMORY)
			return mshv_status_errno(status);
		ret = mshv_deposit_add_to_root();
		if (ret)
			return ret;
	}
}

int mshv_hvcall_set_partition_property(u64 partition_id, u32 code, u64 value)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_set_partition_property *in = args.in;

	*in = (struct mshv_hvin_set_partition_property){
		.partition_id = partition_id,
		.property_code = code,
		.property_value = value,
	};
	return mshv_status_errno(hv_do_hypercall(HVCALL_SET_PARTITION_PROPERTY,
						 in, NULL));
}

int mshv_hvcall_initialize_partition(struct mshv_deposit *pool)
{
	u64 status;
	int ret;

	do {
		status = hv_do_fast_hypercall8(HVCALL_INITIALIZE_PARTITION,
					       pool->partition_id);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

u64 mshv_hvcall_finalize_partition(u64 partition_id)
{
	return hv_do_fast_hypercall8(HVCALL_FINALIZE_PARTITION, partition_id);
}

u64 mshv_hvcall_delete_partition(u64 partition_id)
{
	return hv_do_fast_hypercall8(HVCALL_DELETE_PARTITION, partition_id);
}

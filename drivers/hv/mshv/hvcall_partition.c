// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that make and unmake partitions (TLFS, partition management). */
#include <linux/errno.h>
#include <asm/mshyperv.h>
#include <linux/mshv.h>

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

int mshv_hvcall_get_partition_property(u64 partition_id, u32 code, u64 *value)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_get_partition_property *in = args.in;
	const u64 *out = args.out;
	u64 status;

	*in = (struct mshv_hvin_get_partition_property){
		.partition_id = partition_id,
		.property_code = code,
	};
	status = hv_do_hypercall(HVCALL_GET_PARTITION_PROPERTY, in, args.out);
	if (hv_result_success(status))
		*value = *out;
	return mshv_status_errno(status);
}

static u64 install_intercept(struct mshv_hvin_install_intercept call)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_install_intercept *in = args.in;

	*in = call;
	return hv_do_hypercall(HVCALL_INSTALL_INTERCEPT, in, NULL);
}

int mshv_hvcall_install_intercept(struct mshv_deposit *pool,
				  const struct mshv_install_intercept *what)
{
	const struct mshv_hvin_install_intercept call = {
		.partition_id = pool->partition_id,
		.access_type = what->access_type_mask,
		.intercept_type = what->intercept_type,
		.intercept_parameter = what->intercept_parameter,
	};
	int ret;

	do {
		ret = mshv_hvcall_settle(install_intercept(call), pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

int mshv_hvcall_assert_interrupt(u64 partition_id,
				 const struct mshv_assert_interrupt *what)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_assert_interrupt *in = args.in;

	*in = (struct mshv_hvin_assert_interrupt){
		.partition_id = partition_id,
		.interrupt_type = what->interrupt_type,
		.flags = what->flags,
		.dest_addr = what->dest_addr,
		.vector = what->vector,
	};
	return mshv_status_errno(hv_do_hypercall(HVCALL_ASSERT_VIRTUAL_INTERRUPT,
						 in, NULL));
}

int mshv_hvcall_clear_interrupt(u64 partition_id)
{
	u64 status;

	status = hv_do_fast_hypercall8(HVCALL_CLEAR_VIRTUAL_INTERRUPT,
				       partition_id);
	return mshv_status_errno(status);
}

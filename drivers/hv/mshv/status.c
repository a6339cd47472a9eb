// SPDX-License-Identifier: GPL-2.0
/* Statuses of hypercalls: one table, for the errno and for the name. */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <asm/mshyperv.h>

#include "status.h"
#include "tlfs.h"

static const struct {
	u16 status;
	s16 error;
	const char *name;
} statuses[] = {
#define STATUS(name, error) { HV_STATUS_##name, error, #name }
	STATUS(SUCCESS, 0),
	STATUS(INVALID_HYPERCALL_CODE, -EOPNOTSUPP),
	STATUS(INVALID_HYPERCALL_INPUT, -ENOTRECOVERABLE),
	STATUS(INVALID_ALIGNMENT, -ENOTRECOVERABLE),
	STATUS(INVALID_PARAMETER, -EINVAL),
	STATUS(ACCESS_DENIED, -EACCES),
	STATUS(INVALID_PARTITION_STATE, -EBADFD),
	STATUS(OPERATION_DENIED, -EACCES),
	STATUS(UNKNOWN_PROPERTY, -EINVAL),
	STATUS(PROPERTY_VALUE_OUT_OF_RANGE, -EINVAL),
	STATUS(INSUFFICIENT_MEMORY, -ENOMEM),
	STATUS(INVALID_PARTITION_ID, -ENOTRECOVERABLE),
	STATUS(INVALID_VP_INDEX, -EINVAL),
	STATUS(NOT_FOUND, -ENOTRECOVERABLE),
	STATUS(INVALID_PORT_ID, -ENOTRECOVERABLE),
	STATUS(INVALID_CONNECTION_ID, -ENOTRECOVERABLE),
	STATUS(INSUFFICIENT_BUFFERS, -ENOTRECOVERABLE),
	STATUS(NOT_ACKNOWLEDGED, -EBADFD),
	STATUS(INVALID_VP_STATE, -EBADFD),
	STATUS(NO_RESOURCES, -ENOTRECOVERABLE),
	STATUS(INVALID_LP_INDEX, -EINVAL),
	STATUS(INVALID_REGISTER_VALUE, -EINVAL),
#undef STATUS
};

int mshv_status_errno(u64 result)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == hv_result(result))
			return statuses[i].error;
	return -ENOTRECOVERABLE;
}

const char *mshv_status_name(u64 result)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == hv_result(result))
			return statuses[i].name;
	return "unknown";
}

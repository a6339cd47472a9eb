// SPDX-License-Identifier: GPL-2.0
/* Statuses of hypercalls: one table, for the errno and for the name. */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <asm/mshyperv.h>

#include "status.h"

static const struct {
	u16 status;
	s16 error;
	const char *name;
} statuses[] = {
#define MSHV_STATUS(name, value, errno) { value, -(errno), #name }
#include "status.tbl"
#undef MSHV_STATUS
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

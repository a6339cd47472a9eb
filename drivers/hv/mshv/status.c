// SPDX-License-Identifier: GPL-2.0
/* Statuses of hypercalls: one table, for the errno and for the name. */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
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

/* Without a hypercall page the result is all ones, which is no number of any. */
unsigned int mshv_status_reps(u64 result, unsigned int most)
{
	return result == U64_MAX ? 0 : min(hv_repcomp(result), most);
}

const char *mshv_status_name(u64 result)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == hv_result(result))
			return statuses[i].name;
	return "unknown";
}

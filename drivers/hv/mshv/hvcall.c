// SPDX-License-Identifier: GPL-2.0
/* The loop that gives the hypervisor memory as it asks for it. */
#include <linux/errno.h>
#include <asm/mshyperv.h>

#include "hvcall.h"
#include "deposit.h"
#include "status.h"
#include "tlfs.h"

int mshv_hvcall_settle(u64 result, struct mshv_deposit *pool,
		       unsigned int pages)
{
	int ret;

	if (hv_result(result) != HV_STATUS_INSUFFICIENT_MEMORY)
		return mshv_status_errno(result);
	ret = mshv_deposit_add(pool, pages);
	return ret ?: -EAGAIN;
}

// SPDX-License-Identifier: GPL-2.0
/* The registers and the other state of a VP that does not run. */
#include <linux/errno.h>

#include "vp_state.h"
#include "hvcall_state.h"
#include "hvcall_vp.h"
#include "lock.h"
#include "partition.h"
#include "vp.h"

/*
 * The run protocol lives by these. INTERNAL_ACTIVITY_STATE is not among them:
 * it is part of what a VMM saves and restores.
 */
static bool is_suspend_register(u32 name)
{
	return name == HV_REGISTER_EXPLICIT_SUSPEND ||
	       name == HV_REGISTER_INTERCEPT_SUSPEND ||
	       name == HV_REGISTER_DISPATCH_SUSPEND;
}

static int check_accessible(const struct mshv_vp *vp)
{
	lockdep_assert_held(&vp->mutex);
	if (vp->dead)
		return -EIO;
	return vp->runner || vp->draining ? -EBUSY : 0;
}

int mshv_vp_get_registers(struct mshv_vp *vp,
			  struct mshv_hv_register_assoc *regs,
			  unsigned int count)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		ret = check_accessible(vp);
		if (!ret && count)
			ret = mshv_hvcall_get_vp_registers(vp->partition_id,
							   vp->index, regs,
							   count);
	}
	return ret;
}

int mshv_vp_set_registers(struct mshv_vp *vp,
			  const struct mshv_hv_register_assoc *regs,
			  unsigned int count)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < count; i++)
		if (is_suspend_register(regs[i].name))
			return -EINVAL;

	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		ret = check_accessible(vp);
		if (!ret)
			ret = mshv_hvcall_set_vp_registers(vp->partition_id,
							   vp->index, regs,
							   &count);
	}
	return ret;
}

int mshv_vp_get_state(struct mshv_partition *partition, struct mshv_vp *vp,
		      const struct mshv_state_transfer *transfer)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		ret = check_accessible(vp);
		if (!ret)
			ret = mshv_hvcall_get_vp_state(&partition->pool,
						       transfer);
	}
	return ret;
}

int mshv_vp_set_state(struct mshv_partition *partition, struct mshv_vp *vp,
		      const struct mshv_state_transfer *transfer)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		ret = check_accessible(vp);
		if (!ret)
			ret = mshv_hvcall_set_vp_state(&partition->pool,
						       transfer);
	}
	return ret;
}

int mshv_vp_translate(struct mshv_vp *vp, struct mshv_translation *translation)
{
	int ret = 0;

	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		ret = check_accessible(vp);
		if (!ret)
			ret = mshv_hvcall_translate(vp->partition_id, vp->index,
						    translation);
	}
	return ret;
}

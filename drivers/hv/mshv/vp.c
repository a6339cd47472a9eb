// SPDX-License-Identifier: GPL-2.0
/* Virtual processors: their creation, and their two suspend bits. */
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "vp.h"
#include "hvcall_vp.h"

struct mshv_vp *mshv_vp_alloc(u64 partition_id, u32 index)
{
	struct mshv_vp *vp = kzalloc(sizeof(*vp), GFP_KERNEL_ACCOUNT);

	if (!vp)
		return NULL;
	vp->partition_id = partition_id;
	vp->index = index;
	vp->expl = true;
	mutex_init(&vp->mutex);
	mshv_register_page_init(&vp->page);
	mshv_events_init(&vp->events);
	return vp;
}

void mshv_vp_free(struct mshv_vp *vp)
{
	if (!vp)
		return;
	mutex_destroy(&vp->page.lock);
	mutex_destroy(&vp->mutex);
	kfree(vp);
}

static int set_explicit_suspend(struct mshv_vp *vp)
{
	const struct mshv_hv_register_assoc reg = {
		.name = HV_REGISTER_EXPLICIT_SUSPEND,
		.value.reg64 = 1,
	};
	unsigned int count = 1;

	return mshv_hvcall_set_vp_registers(vp->partition_id, vp->index, &reg,
					    &count);
}

static int get_intercept_suspend(struct mshv_vp *vp, bool *set)
{
	struct mshv_hv_register_assoc reg = {
		.name = HV_REGISTER_INTERCEPT_SUSPEND,
	};
	int ret;

	ret = mshv_hvcall_get_vp_registers(vp->partition_id, vp->index, &reg,
					   1);
	*set = reg.value.reg64 & 1;
	return ret;
}

int mshv_vp_suspend(struct mshv_vp *vp, bool *intercepted)
{
	int ret;

	lockdep_assert_held(&vp->mutex);
	ret = set_explicit_suspend(vp);
	if (!ret) {
		vp->expl = true;
		ret = get_intercept_suspend(vp, intercepted);
	}
	if (ret)
		WRITE_ONCE(vp->dead, true);
	return ret;
}

int mshv_vp_resume(struct mshv_vp *vp)
{
	struct mshv_hv_register_assoc regs[2] = {};
	unsigned int count = 0;
	bool intercepted;
	int ret;

	lockdep_assert_held(&vp->mutex);
	if (vp->icpt)
		regs[count++].name = HV_REGISTER_INTERCEPT_SUSPEND;
	if (vp->expl)
		regs[count++].name = HV_REGISTER_EXPLICIT_SUSPEND;
	ret = mshv_hvcall_set_vp_registers(vp->partition_id, vp->index, regs,
					   &count);
	if (!ret) {
		vp->icpt = false;
		vp->expl = false;
		return 0;
	}

	if (count)
		vp->icpt = false;
	if (!mshv_vp_suspend(vp, &intercepted))
		vp->draining = intercepted && !vp->icpt;
	return ret;
}

int mshv_vp_set_rip(struct mshv_vp *vp, u64 rip)
{
	const struct mshv_hv_register_assoc reg = {
		.name = HV_X64_REGISTER_RIP,
		.value.reg64 = rip,
	};
	unsigned int count = 1;

	lockdep_assert_held(&vp->mutex);
	if (vp->dead)
		return -EIO;
	return mshv_hvcall_set_vp_registers(vp->partition_id, vp->index, &reg,
					    &count);
}

void mshv_vp_stop(struct mshv_vp *vp)
{
	guard(mutex)(&vp->mutex);
	if (!vp->expl && !set_explicit_suspend(vp))
		vp->expl = true;
	WRITE_ONCE(vp->dead, true);
}

// SPDX-License-Identifier: GPL-2.0
/* The VP fd's ioctls for state that is no register: copy in and out, pin. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <linux/mshv.h>

#include "state_door.h"
#include "hvcall_state.h"
#include "translation.h"
#include "user_pages.h"
#include "vp.h"
#include "vp_state.h"

#define LAPIC	HV_GET_SET_VP_STATE_LOCAL_INTERRUPT_CONTROLLER_STATE
#define XSAVE	HV_GET_SET_VP_STATE_XSAVE

#define LAPIC_SIZE sizeof(struct mshv_hv_local_interrupt_controller_state)

static_assert(LAPIC_SIZE == 176);

static int copy_args_in(struct mshv_vp_state *args, const void __user *user)
{
	if (copy_from_user(args, user, sizeof(*args)))
		return -EFAULT;
	switch (args->type) {
	case LAPIC:
		return args->buf_size < LAPIC_SIZE ? -EINVAL : 0;
	case XSAVE:
		if (!args->buf_size || !PAGE_ALIGNED(args->buf_size) ||
		    !PAGE_ALIGNED(args->buf_ptr) ||
		    args->buf_size >> PAGE_SHIFT > MSHV_VP_STATE_MAX_PAGES)
			return -EINVAL;
		return access_ok((void __user *)args->buf_ptr,
				 args->buf_size) ? 0 : -EFAULT;
	default:
		return -EINVAL;
	}
}

static struct mshv_state_transfer transfer_of(const struct mshv_vp *vp,
					      const struct mshv_vp_state *args)
{
	return (struct mshv_state_transfer){
		.vp_index = vp->index,
		.type = args->type,
	};
}

static int get_lapic(struct mshv_partition *partition, struct mshv_vp *vp,
		     const struct mshv_vp_state *args)
{
	struct mshv_state_transfer transfer = transfer_of(vp, args);
	struct mshv_hv_local_interrupt_controller_state state;
	int ret;

	transfer.data = &state;
	transfer.size = sizeof(state);
	ret = mshv_vp_get_state(partition, vp, &transfer);
	if (ret)
		return ret;
	if (copy_to_user((void __user *)args->buf_ptr, &state, sizeof(state)))
		return -EFAULT;
	return 0;
}

static int set_lapic(struct mshv_partition *partition, struct mshv_vp *vp,
		     const struct mshv_vp_state *args)
{
	struct mshv_state_transfer transfer = transfer_of(vp, args);
	struct mshv_hv_local_interrupt_controller_state state;

	if (copy_from_user(&state, (void __user *)args->buf_ptr, sizeof(state)))
		return -EFAULT;
	transfer.data = &state;
	transfer.size = sizeof(state);
	return mshv_vp_set_state(partition, vp, &transfer);
}

/* Before the VP's mutex is taken: pinning may wait for whom this is no matter. */
static int pin_xsave(struct mshv_user_pages *pages,
		     struct mshv_state_transfer *transfer,
		     const struct mshv_vp_state *args, unsigned int gup_flags)
{
	int ret;

	ret = mshv_user_pages_pin(pages, args->buf_ptr,
				  args->buf_size >> PAGE_SHIFT, gup_flags);
	transfer->pages = pages->pages;
	transfer->nr_pages = pages->count;
	transfer->xsave_flags = args->xsave_flags;
	transfer->xsave_states = args->xsave_states;
	return ret;
}

static int get_xsave(struct mshv_partition *partition, struct mshv_vp *vp,
		     const struct mshv_vp_state *args)
{
	CLASS(mshv_user_pages, pages)();
	struct mshv_state_transfer transfer = transfer_of(vp, args);
	int ret;

	ret = pin_xsave(&pages, &transfer, args, FOLL_WRITE);
	return ret ?: mshv_vp_get_state(partition, vp, &transfer);
}

static int set_xsave(struct mshv_partition *partition, struct mshv_vp *vp,
		     const struct mshv_vp_state *args)
{
	CLASS(mshv_user_pages, pages)();
	struct mshv_state_transfer transfer = transfer_of(vp, args);
	int ret;

	ret = pin_xsave(&pages, &transfer, args, 0);
	return ret ?: mshv_vp_set_state(partition, vp, &transfer);
}

int mshv_state_door_get(struct mshv_partition *partition, struct mshv_vp *vp,
			const void __user *user)
{
	struct mshv_vp_state args;
	int ret = copy_args_in(&args, user);

	if (ret)
		return ret;
	return args.type == LAPIC ? get_lapic(partition, vp, &args) :
				    get_xsave(partition, vp, &args);
}

int mshv_state_door_set(struct mshv_partition *partition, struct mshv_vp *vp,
			const void __user *user)
{
	struct mshv_vp_state args;
	int ret = copy_args_in(&args, user);

	if (ret)
		return ret;
	return args.type == LAPIC ? set_lapic(partition, vp, &args) :
				    set_xsave(partition, vp, &args);
}

int mshv_state_door_translate(struct mshv_vp *vp, const void __user *user)
{
	struct mshv_translation translation = {};
	struct mshv_translate_gva args;
	u64 gpa;
	int ret;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~HV_TRANSLATE_GVA_CONTROL_MASK)
		return -EINVAL;
	translation.gva_page = args.gva >> HV_HYP_PAGE_SHIFT;
	translation.flags = args.flags;
	ret = mshv_vp_translate(vp, &translation);
	if (ret)
		return ret;
	gpa = mshv_translation_gpa(&translation, args.gva);
	if (put_user(translation.result, (u64 __user *)args.result) ||
	    put_user(gpa, (u64 __user *)args.gpa))
		return -EFAULT;
	return 0;
}

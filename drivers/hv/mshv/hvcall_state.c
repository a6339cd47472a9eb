// SPDX-License-Identifier: GPL-2.0
/* Hypercalls for the state of a VP that is no register, and for its addresses. */
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/mshyperv.h>
#include <linux/mshv.h>

#include "hvcall_state.h"
#include "args.h"
#include "deposit.h"
#include "hvcall.h"
#include "status.h"
#include "tlfs.h"
#include "translation.h"

static_assert(struct_size_t(struct mshv_hvin_vp_state, data,
			    MSHV_VP_STATE_MAX_PAGES) == HV_HYP_PAGE_SIZE);

static void put_head(struct mshv_hvin_vp_state *in, u64 partition_id,
		     const struct mshv_state_transfer *transfer)
{
	unsigned int i;

	*in = (struct mshv_hvin_vp_state){
		.partition_id = partition_id,
		.vp_index = transfer->vp_index,
		.type = transfer->type,
		.xsave_flags = transfer->xsave_flags,
		.xsave_states = transfer->xsave_states,
	};
	for (i = 0; i < transfer->nr_pages; i++)
		in->data[i] = page_to_pfn(transfer->pages[i]);
}

/* One call without repetitions, whose variable head has @qwords quadwords. */
static u64 call(u16 code, unsigned int qwords, const struct mshv_args *args)
{
	return hv_do_rep_hypercall(code, 0, qwords, args->in, args->out);
}

static u64 get_vp_state(u64 partition_id,
			const struct mshv_state_transfer *transfer)
{
	CLASS(mshv_args, args)();
	u64 status;

	put_head(args.in, partition_id, transfer);
	/* What the last call left there is nobody's business. */
	memset(args.out, 0, transfer->size);
	status = call(HVCALL_GET_VP_STATE, transfer->nr_pages, &args);
	if (hv_result_success(status) && transfer->size)
		memcpy(transfer->data, args.out, transfer->size);
	return status;
}

static u64 set_vp_state(u64 partition_id,
			const struct mshv_state_transfer *transfer)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_vp_state *in = args.in;
	unsigned int qwords = transfer->nr_pages;

	put_head(in, partition_id, transfer);
	if (transfer->size) {
		memcpy(in->data, transfer->data, transfer->size);
		qwords = DIV_ROUND_UP(transfer->size, sizeof(u64));
	}
	args.out = NULL;
	return call(HVCALL_SET_VP_STATE, qwords, &args);
}

int mshv_hvcall_get_vp_state(struct mshv_deposit *pool,
			     const struct mshv_state_transfer *transfer)
{
	u64 status;
	int ret;

	do {
		status = get_vp_state(pool->partition_id, transfer);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

int mshv_hvcall_set_vp_state(struct mshv_deposit *pool,
			     const struct mshv_state_transfer *transfer)
{
	u64 status;
	int ret;

	do {
		status = set_vp_state(pool->partition_id, transfer);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

static u64 map_register_page(u64 partition_id, u32 vp_index, u64 *pfn)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_vp_state_page *in = args.in;
	const u64 *out = args.out;
	u64 status;

	*in = (struct mshv_hvin_vp_state_page){
		.partition_id = partition_id,
		.vp_index = vp_index,
		.type = HV_VP_STATE_PAGE_REGISTERS,
	};
	status = hv_do_hypercall(HVCALL_MAP_VP_STATE_PAGE, in, args.out);
	*pfn = *out;
	return status;
}

int mshv_hvcall_map_register_page(struct mshv_deposit *pool, u32 vp_index,
				  u64 *pfn)
{
	u64 status;
	int ret;

	do {
		status = map_register_page(pool->partition_id, vp_index, pfn);
		ret = mshv_hvcall_settle(status, pool, 1);
	} while (ret == -EAGAIN);
	return ret;
}

u64 mshv_hvcall_unmap_register_page(u64 partition_id, u32 vp_index)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_vp_state_page *in = args.in;

	*in = (struct mshv_hvin_vp_state_page){
		.partition_id = partition_id,
		.vp_index = vp_index,
		.type = HV_VP_STATE_PAGE_REGISTERS,
	};
	return hv_do_hypercall(HVCALL_UNMAP_VP_STATE_PAGE, in, NULL);
}

int mshv_hvcall_translate(u64 partition_id, u32 vp_index,
			  struct mshv_translation *translation)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_translate *in = args.in;
	const struct mshv_hvout_translate *out = args.out;
	u64 status;

	*in = (struct mshv_hvin_translate){
		.partition_id = partition_id,
		.vp_index = vp_index,
		.control_flags = translation->flags,
		.gva_page = translation->gva_page,
	};
	status = hv_do_hypercall(HVCALL_TRANSLATE_VIRTUAL_ADDRESS, in, args.out);
	if (hv_result_success(status)) {
		translation->result = out->result;
		translation->gpa_page = out->gpa_page;
	}
	return mshv_status_errno(status);
}

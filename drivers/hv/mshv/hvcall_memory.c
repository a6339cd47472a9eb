// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that map memory into a partition (TLFS, memory management). */
#include <linux/mm.h>
#include <asm/mshyperv.h>

#include "hvcall_memory.h"
#include "args.h"
#include "deposit.h"
#include "hvcall.h"
#include "status.h"
#include "tlfs.h"

/*
 * What a batch can need: a page of entries for it, one more if it straddles,
 * and the upper levels. Less traffic than page by page, and little to spare.
 */
#define MAP_DEPOSIT_PAGES	4

static_assert(sizeof(struct mshv_hvin_map_gpa_pages) +
	      MSHV_MAP_GPA_MAX * sizeof(u64) <= HV_HYP_PAGE_SIZE);

static u64 map_gpa_pages(const struct mshv_hvin_map_gpa_pages *head,
			 struct page **pages, unsigned int count)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_map_gpa_pages *in = args.in;
	unsigned int i;

	*in = *head;
	for (i = 0; i < count; i++)
		in->source_gpa_page_list[i] = page_to_pfn(pages[i]);
	return hv_do_rep_hypercall(HVCALL_MAP_GPA_PAGES, count, 0, in, NULL);
}

int mshv_hvcall_map_gpa_pages(struct mshv_deposit *pool, u64 gfn, u32 flags,
			      struct page **pages, unsigned int *count)
{
	const struct mshv_hvin_map_gpa_pages head = {
		.partition_id = pool->partition_id,
		.target_gpa_base = gfn,
		.map_flags = flags,
	};
	u64 status = map_gpa_pages(&head, pages, *count);

	*count = min(hv_repcomp(status), *count);
	return mshv_hvcall_settle(status, pool, MAP_DEPOSIT_PAGES);
}

int mshv_hvcall_unmap_gpa_pages(u64 partition_id, u64 gfn,
				unsigned int *count)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_unmap_gpa_pages *in = args.in;
	u64 status;

	*in = (struct mshv_hvin_unmap_gpa_pages){
		.partition_id = partition_id,
		.target_gpa_base = gfn,
	};
	status = hv_do_rep_hypercall(HVCALL_UNMAP_GPA_PAGES, *count, 0, in,
				     NULL);
	*count = min(hv_repcomp(status), *count);
	return mshv_status_errno(status);
}

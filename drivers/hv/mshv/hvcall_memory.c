// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that map memory into a partition (TLFS, memory management). */
#include <linux/mm.h>
#include <asm/mshyperv.h>

#include "hvcall_memory.h"
#include "args.h"
#include "chunk.h"
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
	      MSHV_CHUNK_MAX * sizeof(u64) <= HV_HYP_PAGE_SIZE);

static unsigned long pages_done(u64 status, const struct mshv_chunk *chunk)
{
	unsigned long reps = mshv_status_reps(status, chunk->reps);

	return reps << chunk->shift;
}

static u64 map_gpa_pages(const struct mshv_hvin_map_gpa_pages *head,
			 const struct mshv_chunk *chunk)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_map_gpa_pages *in = args.in;
	unsigned int i;

	*in = *head;
	for (i = 0; i < chunk->reps; i++)
		in->source_gpa_page_list[i] =
			page_to_pfn(chunk->pages[(size_t)i << chunk->shift]);
	return hv_do_rep_hypercall(HVCALL_MAP_GPA_PAGES, chunk->reps, 0, in,
				   NULL);
}

int mshv_hvcall_map_gpa_pages(struct mshv_deposit *pool,
			      const struct mshv_chunk *chunk, u32 flags,
			      unsigned long *done)
{
	const struct mshv_hvin_map_gpa_pages head = {
		.partition_id = pool->partition_id,
		.target_gpa_base = chunk->gfn,
		.map_flags = flags | (chunk->shift ? HV_MAP_GPA_LARGE_PAGE : 0),
	};
	u64 status = map_gpa_pages(&head, chunk);

	*done = pages_done(status, chunk);
	return mshv_hvcall_settle(status, pool, MAP_DEPOSIT_PAGES);
}

int mshv_hvcall_unmap_gpa_pages(u64 partition_id,
				const struct mshv_chunk *chunk,
				unsigned long *done)
{
	CLASS(mshv_args, args)();
	struct mshv_hvin_unmap_gpa_pages *in = args.in;
	u64 status;

	*in = (struct mshv_hvin_unmap_gpa_pages){
		.partition_id = partition_id,
		.target_gpa_base = chunk->gfn,
		.unmap_flags = chunk->shift ? HV_UNMAP_GPA_LARGE_PAGE : 0,
	};
	status = hv_do_rep_hypercall(HVCALL_UNMAP_GPA_PAGES, chunk->reps, 0, in,
				     NULL);
	*done = pages_done(status, chunk);
	return mshv_status_errno(status);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls that map memory into a partition. */
#ifndef _MSHV_HVCALL_MEMORY_H
#define _MSHV_HVCALL_MEMORY_H

#include <linux/types.h>

struct mshv_deposit;
struct page;

/* Pages that one call maps (an input page's worth), and as many one unmaps. */
#define MSHV_MAP_GPA_MAX	509

/**
 * mshv_hvcall_map_gpa_pages - HvCallMapGpaPages
 * @pool: the partition's pool; it names the partition
 * @gfn: guest page number of the first page
 * @flags: HV_MAP_GPA_*
 * @pages: what to map
 * @count: in: how many, at most MSHV_MAP_GPA_MAX; out: how many were mapped,
 *	whatever is returned
 *
 * Context: may sleep.
 * Return: 0 if all were mapped; -EAGAIN if some were and memory was deposited
 * for the rest; a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_map_gpa_pages(struct mshv_deposit *pool, u64 gfn, u32 flags,
			      struct page **pages, unsigned int *count);

/**
 * mshv_hvcall_unmap_gpa_pages - HvCallUnmapGpaPages
 * @partition_id: partition
 * @gfn: guest page number of the first page
 * @count: in: how many, at most MSHV_MAP_GPA_MAX; out: how many were unmapped,
 *	whatever is returned
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_unmap_gpa_pages(u64 partition_id, u64 gfn,
				unsigned int *count);

#endif /* _MSHV_HVCALL_MEMORY_H */

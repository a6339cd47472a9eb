/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls that map memory into a partition. */
#ifndef _MSHV_HVCALL_MEMORY_H
#define _MSHV_HVCALL_MEMORY_H

#include <linux/types.h>

struct mshv_chunk;
struct mshv_deposit;

/**
 * mshv_hvcall_map_gpa_pages - HvCallMapGpaPages
 * @pool: the partition's pool; it names the partition
 * @chunk: what to map, and where
 * @flags: HV_MAP_GPA_*, permissions
 * @done: 4 KiB pages that were mapped, whatever is returned
 *
 * Context: may sleep.
 * Return: 0 if all were mapped; -EAGAIN if some were and memory was deposited
 * for the rest; a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_map_gpa_pages(struct mshv_deposit *pool,
			      const struct mshv_chunk *chunk, u32 flags,
			      unsigned long *done);

/**
 * mshv_hvcall_unmap_gpa_pages - HvCallUnmapGpaPages
 * @partition_id: partition
 * @chunk: what to unmap, as it was mapped
 * @done: 4 KiB pages that were unmapped, whatever is returned
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_unmap_gpa_pages(u64 partition_id,
				const struct mshv_chunk *chunk,
				unsigned long *done);

#endif /* _MSHV_HVCALL_MEMORY_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls for the state of a VP that is no register, and for its addresses. */
#ifndef _MSHV_HVCALL_STATE_H
#define _MSHV_HVCALL_STATE_H

#include <linux/types.h>

struct mshv_deposit;
struct mshv_translation;
struct page;

/**
 * struct mshv_state_transfer - what state goes to or comes from where
 * @vp_index: VP
 * @type: HV_GET_SET_VP_STATE_*
 * @xsave_flags: HV_XSAVE_DATA_*
 * @xsave_states: HV_XSAVE_STATE_*
 * @pages: for types with bit 31: pages that the hypervisor reads or writes
 * @nr_pages: how many, at most MSHV_VP_STATE_MAX_PAGES
 * @data: for the other types: the state
 * @size: its size in bytes, a multiple of 8
 */
struct mshv_state_transfer {
	u32 vp_index;
	u32 type;
	u64 xsave_flags;
	u64 xsave_states;
	struct page **pages;
	unsigned int nr_pages;
	void *data;
	size_t size;
};

/**
 * mshv_hvcall_get_vp_state - HvCallGetVpState
 * @pool: the partition's pool; it names the partition
 * @transfer: what, and where to
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_get_vp_state(struct mshv_deposit *pool,
			     const struct mshv_state_transfer *transfer);

/**
 * mshv_hvcall_set_vp_state - HvCallSetVpState
 * @pool: the partition's pool; it names the partition
 * @transfer: what, and where from
 *
 * Context: may sleep.
 * Return: as mshv_hvcall_get_vp_state().
 */
int mshv_hvcall_set_vp_state(struct mshv_deposit *pool,
			     const struct mshv_state_transfer *transfer);

/**
 * mshv_hvcall_map_register_page - HvCallMapVpStatePage
 * @pool: the partition's pool; it names the partition, and the page is of it
 * @vp_index: VP
 * @pfn: number of the page that VP and root share from now on
 *
 * Context: may sleep.
 * Return: as mshv_hvcall_get_vp_state().
 */
int mshv_hvcall_map_register_page(struct mshv_deposit *pool, u32 vp_index,
				  u64 *pfn);

/**
 * mshv_hvcall_unmap_register_page - HvCallUnmapVpStatePage
 * @partition_id: partition
 * @vp_index: VP
 *
 * The page is the hypervisor's again, to be withdrawn.
 *
 * Context: any.
 * Return: result word.
 */
u64 mshv_hvcall_unmap_register_page(u64 partition_id, u32 vp_index);

/**
 * mshv_hvcall_translate - HvCallTranslateVirtualAddress
 * @partition_id: partition
 * @vp_index: VP whose page tables and mode count
 * @translation: what; @result and @gpa_page are written on success
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_translate(u64 partition_id, u32 vp_index,
			  struct mshv_translation *translation);

#endif /* _MSHV_HVCALL_STATE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls that make virtual processors and access their registers. */
#ifndef _MSHV_HVCALL_VP_H
#define _MSHV_HVCALL_VP_H

#include <linux/types.h>

struct mshv_deposit;
struct mshv_hv_register_assoc;

/**
 * mshv_hvcall_create_vp - HvCallCreateVp
 * @pool: the partition's pool; it names the partition
 * @vp_index: VP
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_create_vp(struct mshv_deposit *pool, u32 vp_index);

/**
 * mshv_hvcall_get_vp_registers - HvCallGetVpRegisters
 * @partition_id: partition
 * @vp_index: VP
 * @regs: names in, values out
 * @count: how many, at most MSHV_VP_MAX_REGISTERS
 *
 * Context: any.
 * Return: 0 or a status's errno; then no value has been changed.
 */
int mshv_hvcall_get_vp_registers(u64 partition_id, u32 vp_index,
				 struct mshv_hv_register_assoc *regs,
				 unsigned int count);

/**
 * mshv_hvcall_set_vp_registers - HvCallSetVpRegisters
 * @partition_id: partition
 * @vp_index: VP
 * @regs: names and values; set one by one, in this order
 * @count: in: how many; out: how many were set, whatever is returned
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_set_vp_registers(u64 partition_id, u32 vp_index,
				 const struct mshv_hv_register_assoc *regs,
				 unsigned int *count);

#endif /* _MSHV_HVCALL_VP_H */

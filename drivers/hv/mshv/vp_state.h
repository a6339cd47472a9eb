/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a VP that does not run: its registers. */
#ifndef _MSHV_VP_STATE_H
#define _MSHV_VP_STATE_H

struct mshv_hv_register_assoc;
struct mshv_vp;

/**
 * mshv_vp_get_registers - read registers
 * @vp: VP
 * @regs: names in, values out
 * @count: how many, at most MSHV_VP_MAX_REGISTERS
 *
 * Context: may sleep.
 * Return: 0; -EBUSY while the VP runs or has a message coming, -EIO if it is
 * dead, -EINTR on a fatal signal, or a status's errno.
 */
int mshv_vp_get_registers(struct mshv_vp *vp,
			  struct mshv_hv_register_assoc *regs,
			  unsigned int count);

/**
 * mshv_vp_set_registers - write registers, in their order
 * @vp: VP
 * @regs: names and values
 * @count: how many
 *
 * Context: may sleep.
 * Return: as mshv_vp_get_registers(); -EINVAL, and nothing is written, if one
 * of them is for the driver alone.
 */
int mshv_vp_set_registers(struct mshv_vp *vp,
			  const struct mshv_hv_register_assoc *regs,
			  unsigned int count);

#endif /* _MSHV_VP_STATE_H */

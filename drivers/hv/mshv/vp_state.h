/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a VP that does not run: its registers, and what is none. */
#ifndef _MSHV_VP_STATE_H
#define _MSHV_VP_STATE_H

struct mshv_hv_register_assoc;
struct mshv_partition;
struct mshv_state_transfer;
struct mshv_translation;
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

/**
 * mshv_vp_get_state - read state that is no register
 * @partition: the VP's; memory that the hypervisor asks for comes from its pool
 * @vp: VP
 * @transfer: what, and where to
 *
 * Context: may sleep.
 * Return: as mshv_vp_get_registers(), or -ENOMEM.
 */
int mshv_vp_get_state(struct mshv_partition *partition, struct mshv_vp *vp,
		      const struct mshv_state_transfer *transfer);

/**
 * mshv_vp_set_state - write state that is no register
 * @partition: the VP's; memory that the hypervisor asks for comes from its pool
 * @vp: VP
 * @transfer: what, and where from
 *
 * Context: may sleep.
 * Return: as mshv_vp_get_state().
 */
int mshv_vp_set_state(struct mshv_partition *partition, struct mshv_vp *vp,
		      const struct mshv_state_transfer *transfer);

/**
 * mshv_vp_translate - translate an address as the VP would
 * @vp: VP
 * @translation: what; the result is written on success
 *
 * Context: may sleep.
 * Return: as mshv_vp_get_registers().
 */
int mshv_vp_translate(struct mshv_vp *vp, struct mshv_translation *translation);

#endif /* _MSHV_VP_STATE_H */

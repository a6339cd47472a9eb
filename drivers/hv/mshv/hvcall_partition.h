/* SPDX-License-Identifier: GPL-2.0 */
/* Hypercalls that make and unmake partitions. */
#ifndef _MSHV_HVCALL_PARTITION_H
#define _MSHV_HVCALL_PARTITION_H

#include <linux/types.h>
#include <asm/mshv.h>

struct mshv_assert_interrupt;
struct mshv_deposit;
struct mshv_install_intercept;

/**
 * struct mshv_partition_spec - what a partition shall be
 * @flags: HV_PARTITION_CREATION_FLAG_*
 * @properties: processor features that it shall lack
 * @synthetic_features: HV_SYNTHETIC_PROC_FEATURE_*
 */
struct mshv_partition_spec {
	u64 flags;
	struct mshv_hv_partition_creation_properties properties;
	u64 synthetic_features;
};

/**
 * mshv_hvcall_create_partition - HvCallCreatePartition
 * @spec: what it shall be; its synthetic features are set later
 * @partition_id: its id, on success
 *
 * Memory comes from the root's own pool.
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_create_partition(const struct mshv_partition_spec *spec,
				 u64 *partition_id);

/**
 * mshv_hvcall_set_partition_property - HvCallSetPartitionProperty
 * @partition_id: partition
 * @code: HV_PARTITION_PROPERTY_*
 * @value: value
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_set_partition_property(u64 partition_id, u32 code, u64 value);

/**
 * mshv_hvcall_get_partition_property - HvCallGetPartitionProperty
 * @partition_id: partition
 * @code: HV_PARTITION_PROPERTY_*
 * @value: value, on success
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_get_partition_property(u64 partition_id, u32 code, u64 *value);

/**
 * mshv_hvcall_install_intercept - HvCallInstallIntercept
 * @pool: the partition's pool; it names the partition
 * @what: which intercept, and for which accesses
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_install_intercept(struct mshv_deposit *pool,
				  const struct mshv_install_intercept *what);

/**
 * mshv_hvcall_assert_interrupt - HvCallAssertVirtualInterrupt
 * @partition_id: partition
 * @what: the interrupt
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_assert_interrupt(u64 partition_id,
				 const struct mshv_assert_interrupt *what);

/**
 * mshv_hvcall_clear_interrupt - HvCallClearVirtualInterrupt
 * @partition_id: partition
 *
 * Lowers the line of its external interrupt, which is not raised any more.
 *
 * Context: any.
 * Return: 0 or a status's errno.
 */
int mshv_hvcall_clear_interrupt(u64 partition_id);

/**
 * mshv_hvcall_initialize_partition - HvCallInitializePartition
 * @pool: the partition's pool; it names the partition
 *
 * Context: may sleep.
 * Return: 0, a status's errno, -ENOMEM, or -EINTR on a fatal signal.
 */
int mshv_hvcall_initialize_partition(struct mshv_deposit *pool);

/**
 * mshv_hvcall_finalize_partition - HvCallFinalizePartition
 * @partition_id: partition
 *
 * On success its VPs and mappings are gone and its pages can be withdrawn.
 *
 * Context: any.
 * Return: result word.
 */
u64 mshv_hvcall_finalize_partition(u64 partition_id);

/**
 * mshv_hvcall_delete_partition - HvCallDeletePartition
 * @partition_id: partition
 *
 * Context: any.
 * Return: result word.
 */
u64 mshv_hvcall_delete_partition(u64 partition_id);

#endif /* _MSHV_HVCALL_PARTITION_H */

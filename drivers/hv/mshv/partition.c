// SPDX-License-Identifier: GPL-2.0
/* Partitions: creating, finding and destroying them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <asm/mshyperv.h>
#include <linux/mshv.h>

#include "partition.h"
#include "hvcall_partition.h"
#include "hvcall_vp.h"
#include "status.h"
#include "tlfs.h"
#include "vp.h"

/* Readers, among them the ISR, use RCU; writers take the mutex. */
static DEFINE_HASHTABLE(partitions, 10);
static DEFINE_MUTEX(partitions_lock);

static void publish(struct mshv_partition *partition)
{
	guard(mutex)(&partitions_lock);
	hash_add_rcu(partitions, &partition->node, partition->id);
}

static void unpublish(struct mshv_partition *partition)
{
	guard(mutex)(&partitions_lock);
	hash_del_rcu(&partition->node);
}

struct mshv_partition *mshv_partition_find(u64 id)
{
	struct mshv_partition *partition;

	hash_for_each_possible_rcu(partitions, partition, node, id) {
		if (partition->id == id)
			return partition;
	}
	return NULL;
}

struct mshv_vp *mshv_partition_find_vp(struct mshv_partition *partition,
				       u32 index)
{
	return index < MSHV_MAX_VPS ? xa_load(&partition->vps, index) : NULL;
}

void mshv_partition_visit_vps(void (*fn)(struct mshv_vp *vp))
{
	struct mshv_partition *partition;
	struct mshv_vp *vp;
	unsigned long index;
	int bucket;

	guard(mutex)(&partitions_lock);
	hash_for_each(partitions, bucket, partition, node) {
		xa_for_each(&partition->vps, index, vp)
			fn(vp);
	}
}

/* A VP that does not stop is stopped by FINALIZE. */
static void stop_vps(struct mshv_partition *partition)
{
	struct mshv_vp *vp;
	unsigned long index;

	xa_for_each(&partition->vps, index, vp) {
		mshv_vp_stop(vp);
		cond_resched();
	}
}

static void release_register_pages(struct mshv_partition *partition)
{
	struct mshv_vp *vp;
	unsigned long index;

	xa_for_each(&partition->vps, index, vp) {
		mshv_register_page_release(&vp->page, partition->id, index);
		cond_resched();
	}
}

static void free_vps(struct mshv_partition *partition)
{
	struct mshv_vp *vp;
	unsigned long index;

	xa_for_each(&partition->vps, index, vp)
		mshv_vp_free(vp);
	xa_destroy(&partition->vps);
}

/* False if the guest may still run and write to its memory. */
static bool finalize(struct mshv_partition *partition)
{
	u64 status;

	if (!partition->initialized)
		return true;
	status = mshv_hvcall_finalize_partition(partition->id);
	if (hv_result_success(status))
		return true;
	pr_err_ratelimited("partition %llu: FINALIZE_PARTITION: %s; its memory is lost\n",
			   partition->id, mshv_status_name(status));
	return false;
}

/* The hypervisor deletes only a partition whose memory is withdrawn. */
static void withdraw_and_delete(struct mshv_partition *partition)
{
	u64 status;

	if (!partition->created || !mshv_deposit_withdraw(&partition->pool))
		return;
	status = mshv_hvcall_delete_partition(partition->id);
	if (!hv_result_success(status))
		pr_err_ratelimited("partition %llu: DELETE_PARTITION: %s\n",
				   partition->id, mshv_status_name(status));
}

/*
 * Accepts a half-built partition. The reverse of its creation: nobody runs it,
 * as each ioctl holds a file and each file a reference.
 */
static void partition_destroy(struct mshv_partition *partition)
{
	bool finalized;

	stop_vps(partition);
	release_register_pages(partition);
	finalized = finalize(partition);

	/* Messages until here found it; none is looked at after this. */
	if (!hlist_unhashed(&partition->node)) {
		unpublish(partition);
		synchronize_rcu();
	}

	mshv_irqfds_destroy(&partition->irqfds);
	mshv_routing_destroy(&partition->routing);

	if (finalized)
		withdraw_and_delete(partition);

	free_vps(partition);
	mshv_regions_destroy(&partition->regions, finalized);
	mshv_ioeventfds_destroy(&partition->ioeventfds);
	mshv_deposit_destroy(&partition->pool);
	kfree(partition);
}

static struct mshv_partition *
partition_alloc(const struct mshv_partition_spec *spec)
{
	struct mshv_partition *partition;

	partition = kzalloc(sizeof(*partition), GFP_KERNEL_ACCOUNT);
	if (!partition)
		return NULL;
	refcount_set(&partition->refs, 1);
	INIT_HLIST_NODE(&partition->node);
	xa_init(&partition->vps);
	mshv_regions_init(&partition->regions,
			  !(spec->flags & MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED));
	mshv_deposit_init(&partition->pool, 0);
	mshv_irqfds_init(&partition->irqfds, &partition->pool,
			 &partition->routing);
	mshv_ioeventfds_init(&partition->ioeventfds, &partition->pool);
	return partition;
}

static int set_synthetic_features(u64 partition_id, u64 features)
{
	const u32 code = HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES;

	return mshv_hvcall_set_partition_property(partition_id, code, features);
}

static int partition_build(struct mshv_partition *partition,
			   const struct mshv_partition_spec *spec)
{
	int ret;

	ret = mshv_hvcall_create_partition(spec, &partition->id);
	if (ret)
		return ret;
	partition->created = true;
	partition->pool.partition_id = partition->id;

	ret = set_synthetic_features(partition->id, spec->synthetic_features);
	if (ret)
		return ret;

	ret = mshv_hvcall_initialize_partition(&partition->pool);
	if (ret)
		return ret;
	partition->initialized = true;
	publish(partition);
	return 0;
}

struct mshv_partition *
mshv_partition_create(const struct mshv_partition_spec *spec)
{
	struct mshv_partition *partition = partition_alloc(spec);
	int ret;

	if (!partition)
		return ERR_PTR(-ENOMEM);
	ret = partition_build(partition, spec);
	if (!ret)
		return partition;
	partition_destroy(partition);
	return ERR_PTR(ret);
}

void mshv_partition_get(struct mshv_partition *partition)
{
	refcount_inc(&partition->refs);
}

void mshv_partition_put(struct mshv_partition *partition)
{
	if (refcount_dec_and_test(&partition->refs))
		partition_destroy(partition);
}

int mshv_partition_reserve_vp(struct mshv_partition *partition, u32 index)
{
	int ret;

	if (index >= MSHV_MAX_VPS)
		return -EINVAL;
	ret = xa_insert(&partition->vps, index, NULL, GFP_KERNEL_ACCOUNT);
	return ret == -EBUSY ? -EEXIST : ret;
}

void mshv_partition_release_vp(struct mshv_partition *partition, u32 index)
{
	xa_release(&partition->vps, index);
}

struct mshv_vp *mshv_partition_create_vp(struct mshv_partition *partition,
					 u32 index)
{
	struct mshv_vp *vp = mshv_vp_alloc(partition->id, index);
	int ret;

	if (!vp)
		return ERR_PTR(-ENOMEM);
	ret = mshv_hvcall_create_vp(&partition->pool, index);
	if (ret) {
		mshv_vp_free(vp);
		return ERR_PTR(ret);
	}
	/* The index is reserved: this cannot fail. */
	WARN_ON_ONCE(xa_err(xa_store(&partition->vps, index, vp, GFP_KERNEL)));
	return vp;
}

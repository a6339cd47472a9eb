/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A partition: an id, the pages deposited for it, its VPs and its GPA space. The root partition
 * (id 1) always exists, its VPs are bound to the processors. Children come from CREATE_PARTITION
 * and live in a page of the root's pool. Protected by the big lock.
 */
#ifndef TESTHV_PARTITION_H
#define TESTHV_PARTITION_H

#include "../lib/list.h"
#include "../svm/npt.h"
#include "intercepts.h"
#include "properties.h"
#include "slab.h"

struct partition_hv;
struct vp;

#define ROOT_PARTITION_ID	1ULL
#define PARTITION_MAX_VPS	2048u
#define VP_TABLE_ENTRIES	512u
#define CONNECTION_BUCKETS	64u

enum partition_state {
	PARTITION_CREATED,	/* not yet initialized: early properties */
	PARTITION_ACTIVE,
	PARTITION_FINALIZED,	/* only WITHDRAW and DELETE */
};

/* Pages deposited and not in use; each is linked through its own first bytes. */
struct pool {
	u64 free_head;		/* SPA of the first free page, 0: none */
	u64 free;		/* pages in the list */
	u64 total;		/* deposited and not withdrawn: free, in use or handed out */
};

struct partition {
	u64 id;
	enum partition_state state;
	struct list all;	/* in partitions */
	struct pool pool;

	/* creation properties, as given */
	u64 flags;
	u64 disabled_features[2];
	u64 disabled_xsave;
	u64 synthetic_features;
	u32 compatibility_version;
	u64 privileges;

	struct properties properties;
	struct intercepts intercepts;

	struct npt npt;
	struct partition_hv *hv;	/* children: from INITIALIZE to FINALIZE */
	struct vp **vp_table[PARTITION_MAX_VPS / VP_TABLE_ENTRIES];
	u32 vp_count;
	u32 last_lowest;	/* VP that got the last interrupt of lowest priority */

	struct list connections[CONNECTION_BUCKETS];	/* port.h, by GPA */
	struct slab connection_slab;
};

#define PARTITION_FLAG_SMT		BIT(0)
#define PARTITION_FLAG_NO_LARGE		BIT(3)
#define PARTITION_FLAG_SUPER		BIT(4)
#define PARTITION_FLAG_EXO		BIT(8)
#define PARTITION_FLAG_LAPIC_ENABLED	BIT(13)

extern struct partition root_partition;
extern struct list partitions;		/* the children */

struct partition *partition_find(u64 id);	/* root, child or NULL */
/* A new partition in a page of the root's pool, or NULL; its end, when nothing is left in it. */
struct partition *partition_create(void);
void partition_delete(struct partition *p);
struct vp *partition_vp(struct partition *p, u32 index);

/* The pool: pages in and out. pool_alloc() gives a zeroed page or NULL. */
void pool_put(struct pool *pool, void *page);
void *pool_alloc(struct pool *pool);

/*
 * A page of the pool that the root may use as well (NULL: none), and its end in two steps: the root
 * sees zeros there, and when no processor of it knows better (sched_flush_root()), it goes back.
 */
void *partition_lend_page(struct partition *p);
void partition_hide_page(const void *page);
void partition_return_page(struct partition *p, void *page);

/*
 * Hand a page over to the pool (FRAME_DEPOSITED already): the root now sees a read-only page of
 * zeros there, and when no processor of it knows better (sched_flush_root() after a batch), it can
 * be used. The partition stays meanwhile, as it has that page already.
 */
void partition_hide_deposit(struct partition *p, u64 pfn);
void partition_use_deposit(struct partition *p, u64 pfn);
/* And back: sched_flush_root() after a batch. */
bool partition_withdraw_page(struct partition *p, u64 *pfn);

#endif

// SPDX-License-Identifier: GPL-2.0
/* Partitions by id, and the pages deposited for them. */
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "partition.h"
#include "port.h"
#include "run.h"

#define PARTITION_ID_SELF	(~0ULL)

struct partition root_partition;
struct list partitions = LIST_INIT(partitions);

struct partition *partition_find(u64 id)
{
	struct list *l;

	if (id == ROOT_PARTITION_ID || id == PARTITION_ID_SELF)
		return &root_partition;
	list_for_each(l, &partitions) {
		struct partition *p = list_entry(l, struct partition, all);

		if (p->id == id)
			return p;
	}
	return NULL;
}

struct partition *partition_create(void)
{
	static u64 last_id = ROOT_PARTITION_ID;
	struct partition *p;

	static_assert(sizeof(*p) <= PAGE_SIZE, "a partition is a page");
	p = pool_alloc(&root_partition.pool);
	if (!p)
		return NULL;
	p->id = ++last_id;
	p->state = PARTITION_CREATED;
	properties_init(p);
	connections_init(p);
	list_add_tail(&p->all, &partitions);
	live[LIVE_PARTITIONS]++;
	return p;
}

void partition_delete(struct partition *p)
{
	list_del(&p->all);
	pool_put(&root_partition.pool, p);
	live[LIVE_PARTITIONS]--;
}

struct vp *partition_vp(struct partition *p, u32 index)
{
	struct vp **table;

	if (index >= PARTITION_MAX_VPS)
		return NULL;
	table = p->vp_table[index / VP_TABLE_ENTRIES];
	return table ? table[index % VP_TABLE_ENTRIES] : NULL;
}

void pool_put(struct pool *pool, void *page)
{
	*(u64 *)page = pool->free_head;
	pool->free_head = virt_to_spa(page);
	pool->free++;
}

static u64 *pool_take(struct pool *pool)
{
	u64 *page;

	if (!pool->free)
		return NULL;
	page = spa_to_virt(pool->free_head);
	pool->free_head = *page;
	pool->free--;
	return page;
}

void *pool_alloc(struct pool *pool)
{
	void *page = pool_take(pool);

	if (page)
		memset(page, 0, PAGE_SIZE);
	return page;
}

static u64 *deposit_gauge(const struct partition *p)
{
	return &live[p == &root_partition ? LIVE_ROOT_POOL : LIVE_DEPOSITED];
}

static void show_to_root(u64 spa)
{
	*npt_entry(&root_partition.npt, spa, 1, true) = spa | NPT_P | NPT_W | NPT_U;
}

void *partition_lend_page(struct partition *p)
{
	void *page = pool_alloc(&p->pool);

	if (!page)
		return NULL;
	memory_frame(virt_to_spa(page) >> PAGE_SHIFT)->owner = FRAME_STATE;
	show_to_root(virt_to_spa(page));
	live[LIVE_STATE_PAGES]++;
	return page;
}

void partition_hide_page(const void *page)
{
	memory_frame(virt_to_spa(page) >> PAGE_SHIFT)->owner = FRAME_DEPOSITED;
	run_show_zeros(virt_to_spa(page));
}

void partition_return_page(struct partition *p, void *page)
{
	pool_put(&p->pool, page);
	live[LIVE_STATE_PAGES]--;
}

void partition_hide_deposit(struct partition *p, u64 pfn)
{
	run_show_zeros(pfn << PAGE_SHIFT);
	p->pool.total++;
	++*deposit_gauge(p);
}

void partition_use_deposit(struct partition *p, u64 pfn)
{
	pool_put(&p->pool, spa_to_virt(pfn << PAGE_SHIFT));
}

bool partition_withdraw_page(struct partition *p, u64 *pfn)
{
	u64 *page = pool_take(&p->pool);
	u64 spa = virt_to_spa(page);

	if (!page)
		return false;
	/* What it was used for is nobody's business. */
	memset(page, 0, PAGE_SIZE);
	*pfn = spa >> PAGE_SHIFT;
	memory_frame(*pfn)->owner = FRAME_ROOT;
	show_to_root(spa);
	p->pool.total--;
	--*deposit_gauge(p);
	return true;
}

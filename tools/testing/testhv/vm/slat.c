// SPDX-License-Identifier: GPL-2.0
/* GPA spaces of child partitions. */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "overlay.h"
#include "partition.h"
#include "slat.h"

#define ENTRIES		512u
#define LEVELS		4u
#define MAX_MAPPED	0xffff		/* frame.mapped is 16 bits wide */

static void *table_page(void *ctx)
{
	return pool_alloc(&((struct partition *)ctx)->pool);
}

bool slat_init(struct partition *p)
{
	p->npt = (struct npt){ .root = pool_alloc(&p->pool), .alloc = table_page, .ctx = p };
	return p->npt.root;
}

bool slat_flags_valid(u32 flags)
{
	u32 execute = flags & MAP_EXECUTE;

	if (flags & ~(MAP_READ | MAP_WRITE | MAP_EXECUTE))
		return false;
	/* One NX bit, and no entry without reading (APM 2, 15.25.5). */
	if (execute && execute != MAP_EXECUTE)
		return false;
	return flags & MAP_READ || !flags;
}

u64 slat_gfn_end(void)
{
	static u64 end;

	if (!end)
		end = 1ULL << ((cpuid(0x80000008, 0).eax & 0xff) - PAGE_SHIFT);
	return end;
}

static u64 leaf(u64 pfn, u32 flags)
{
	u64 entry = pfn << PAGE_SHIFT | NPT_U | NPT_SW_MAPPED;

	if (flags & MAP_READ)
		entry |= NPT_P;
	if (flags & MAP_WRITE)
		entry |= NPT_W;
	if (!(flags & MAP_EXECUTE))
		entry |= NPT_NX;
	return entry;
}

u64 *slat_npt_entry(struct partition *p, u64 gfn)
{
	return npt_entry(&p->npt, gfn << PAGE_SHIFT, 1, true);
}

void slat_npt_refresh(struct partition *p, u64 gfn, u64 mapping)
{
	u64 spa;
	u32 rights;

	if (overlay_find(p, gfn, &spa, &rights))
		mapping = leaf(spa >> PAGE_SHIFT, rights);
	*slat_npt_entry(p, gfn) = mapping;
}

/* Where the mapping of a page is recorded: in its overlay, if there is one. */
static u64 *mapping_of(struct partition *p, u64 gfn, bool create)
{
	u64 *under = overlay_under(p, gfn);

	return under ? under : npt_entry(&p->npt, gfn << PAGE_SHIFT, 1, create);
}

static void drop(u64 *entry)
{
	memory_frame((*entry & NPT_ADDR) >> PAGE_SHIFT)->mapped--;
	live[LIVE_MAPPED]--;
	*entry = 0;
}

hv_status slat_map(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced)
{
	struct frame *f = memory_frame(pfn);
	u64 *entry;

	if (gfn >= slat_gfn_end() || !f || f->owner != FRAME_ROOT || f->mapped == MAX_MAPPED)
		return HV_INVALID_PARAMETER;
	entry = mapping_of(p, gfn, true);
	if (!entry)
		return HV_INSUFFICIENT_MEMORY;
	if (*entry) {
		drop(entry);
		*replaced = true;
	}
	*entry = leaf(pfn, flags);
	f->mapped++;
	live[LIVE_MAPPED]++;
	return HV_SUCCESS;
}

bool slat_unmap(struct partition *p, u64 gfn)
{
	u64 *entry = mapping_of(p, gfn, false);

	if (!entry || !*entry)
		return false;
	drop(entry);
	return true;
}

enum slat_state slat_check(struct partition *p, u64 gpa, enum slat_access access)
{
	u64 *entry = npt_entry(&p->npt, gpa, 1, false);

	if (!entry || !*entry)
		return SLAT_UNMAPPED;
	if (!(*entry & NPT_P) || (access == SLAT_WRITE && !(*entry & NPT_W)) ||
	    (access == SLAT_EXECUTE && *entry & NPT_NX))
		return SLAT_DENIED;
	return SLAT_ALLOWED;
}

bool slat_is_overlay(struct partition *p, u64 gpa)
{
	(void)p;
	(void)gpa;
	return false;
}

const void *slat_read_pointer(struct partition *p, u64 gpa)
{
	u64 *entry;

	if (gpa >> PAGE_SHIFT >= slat_gfn_end())
		return NULL;
	entry = npt_entry(&p->npt, gpa, 1, false);
	if (!entry || !*entry)
		return NULL;
	return spa_to_virt((*entry & NPT_ADDR) | (gpa & ~PAGE_MASK));
}

static void free_table(struct partition *p, u64 *table, unsigned int level)
{
	for (unsigned int i = 0; i < ENTRIES; i++) {
		if (!table[i])
			continue;
		if (level == 1)
			drop(&table[i]);
		else
			free_table(p, spa_to_virt(table[i] & NPT_ADDR), level - 1);
	}
	pool_put(&p->pool, table);
}

void slat_destroy(struct partition *p)
{
	if (p->npt.root)
		free_table(p, p->npt.root, LEVELS);
	p->npt.root = NULL;
}

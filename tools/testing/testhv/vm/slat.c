// SPDX-License-Identifier: GPL-2.0
/* GPA spaces of child partitions. */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "overlay.h"
#include "partition.h"
#include "slat.h"

#define LAPIC_GFN	0xfee00ULL
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

/* An entry and the frames that it maps. */
static void drop(u64 *entry, u64 pages)
{
	u64 pfn = (*entry & NPT_ADDR) >> PAGE_SHIFT;

	for (u64 i = 0; i < pages; i++)
		memory_frame(pfn + i)->mapped--;
	live[LIVE_MAPPED] -= pages;
	*entry = 0;
}

static void put(u64 *entry, u64 pfn, u64 bits, u64 pages)
{
	for (u64 i = 0; i < pages; i++)
		memory_frame(pfn + i)->mapped++;
	live[LIVE_MAPPED] += pages;
	*entry = bits;
}

static bool may_be_mapped(u64 pfn, u64 pages)
{
	for (u64 i = 0; i < pages; i++) {
		const struct frame *f = memory_frame(pfn + i);

		if (!f || f->owner != FRAME_ROOT || f->mapped == MAX_MAPPED)
			return false;
	}
	return true;
}

/* The local APIC's page lies over whatever is mapped there: the guest never sees that. */
bool slat_is_lapic(const struct partition *p, u64 gfn)
{
	return p->flags & PARTITION_FLAG_LAPIC_ENABLED && gfn == LAPIC_GFN;
}

static hv_status map_small(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced)
{
	u64 *entry = mapping_of(p, gfn, true);

	if (!entry)
		return HV_INSUFFICIENT_MEMORY;
	if (*entry) {
		drop(entry, 1);
		*replaced = true;
	}
	put(entry, pfn, leaf(pfn, slat_is_lapic(p, gfn) ? 0 : flags), 1);
	return HV_SUCCESS;
}

hv_status slat_map(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced)
{
	if (gfn >= slat_gfn_end() || !may_be_mapped(pfn, 1))
		return HV_INVALID_PARAMETER;
	return map_small(p, gfn, pfn, flags, replaced);
}

static bool is_large(u64 entry)
{
	return entry & NPT_SW_MAPPED;
}

/* Get rid of a table that maps nothing. False: it does, perhaps through an overlay. */
static bool drop_table(struct partition *p, u64 *entry)
{
	u64 *table = spa_to_virt(*entry & NPT_ADDR);

	for (unsigned int i = 0; i < ENTRIES; i++)
		if (table[i])
			return false;
	*entry = 0;
	pool_put(&p->pool, table);
	return true;
}

/* One table holds them all: only the first can fail. */
static hv_status map_each(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced)
{
	for (u64 i = 0; i < SLAT_LARGE; i++)
		if (map_small(p, gfn + i, pfn + i, flags, replaced))
			return HV_INSUFFICIENT_MEMORY;
	return HV_SUCCESS;
}

hv_status slat_map_large(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced)
{
	u64 *entry;

	if (gfn % SLAT_LARGE || pfn % SLAT_LARGE || gfn >= slat_gfn_end() ||
	    !may_be_mapped(pfn, SLAT_LARGE))
		return HV_INVALID_PARAMETER;
	if (slat_is_lapic(p, gfn + LAPIC_GFN % SLAT_LARGE))
		return map_each(p, gfn, pfn, flags, replaced);
	entry = npt_entry(&p->npt, gfn << PAGE_SHIFT, 2, true);
	if (!entry)
		return HV_INSUFFICIENT_MEMORY;
	if (is_large(*entry)) {
		drop(entry, SLAT_LARGE);
		*replaced = true;
	} else if (*entry) {
		*replaced = true;
		if (!drop_table(p, entry))
			return map_each(p, gfn, pfn, flags, replaced);
	}
	put(entry, pfn, leaf(pfn, flags) | NPT_PS, SLAT_LARGE);
	return HV_SUCCESS;
}

hv_status slat_unmap(struct partition *p, u64 gfn, bool *any)
{
	unsigned int level;
	const u64 *large = npt_lookup(&p->npt, gfn << PAGE_SHIFT, &level);
	u64 *entry;

	/* A large one is split, which takes a table. */
	if (level == 1)
		large = NULL;
	entry = mapping_of(p, gfn, large);
	if (!entry)
		return large ? HV_INSUFFICIENT_MEMORY : HV_SUCCESS;
	if (*entry) {
		drop(entry, 1);
		*any = true;
	}
	return HV_SUCCESS;
}

bool slat_unmap_large(struct partition *p, u64 gfn)
{
	u64 *entry = npt_entry(&p->npt, gfn << PAGE_SHIFT, 2, false);

	if (!entry || !is_large(*entry))
		return false;
	drop(entry, SLAT_LARGE);
	return true;
}

enum slat_state slat_check(struct partition *p, u64 gpa, enum slat_access access)
{
	unsigned int level;
	const u64 *entry;

	if (gpa >> PAGE_SHIFT >= slat_gfn_end())
		return SLAT_UNMAPPED;
	entry = npt_lookup(&p->npt, gpa, &level);
	if (!entry)
		return SLAT_UNMAPPED;
	if (!(*entry & NPT_P) || (access == SLAT_WRITE && !(*entry & NPT_W)) ||
	    (access == SLAT_EXECUTE && *entry & NPT_NX))
		return SLAT_DENIED;
	return SLAT_ALLOWED;
}

bool slat_is_overlay(struct partition *p, u64 gpa)
{
	return overlay_under(p, gpa >> PAGE_SHIFT);
}

const void *slat_read_pointer(struct partition *p, u64 gpa)
{
	unsigned int level;
	const u64 *entry;
	u64 offset;

	if (gpa >> PAGE_SHIFT >= slat_gfn_end())
		return NULL;
	entry = npt_lookup(&p->npt, gpa, &level);
	if (!entry)
		return NULL;
	offset = BIT(PAGE_SHIFT + 9 * (level - 1)) - 1;
	return spa_to_virt((*entry & NPT_ADDR & ~offset) | (gpa & offset));
}

static void free_table(struct partition *p, u64 *table, unsigned int level)
{
	for (unsigned int i = 0; i < ENTRIES; i++) {
		if (!table[i])
			continue;
		if (is_large(table[i]))
			drop(&table[i], level == 1 ? 1 : SLAT_LARGE);
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

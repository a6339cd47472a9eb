// SPDX-License-Identifier: GPL-2.0
/* Nested page tables: finding, making and splitting entries. */
#include "../hw/memory.h"
#include "../lib/lib.h"
#include "npt.h"

#define ENTRIES		512
#define LINK		(NPT_P | NPT_W | NPT_U | NPT_A)

static unsigned int index_of(u64 gpa, unsigned int level)
{
	return (gpa >> (PAGE_SHIFT + 9 * (level - 1))) & (ENTRIES - 1);
}

static u64 *table_of(u64 entry)
{
	return spa_to_virt(entry & NPT_ADDR);
}

/* Put a table of smaller entries with the same meaning in the place of a large entry. */
static bool split(struct npt *npt, u64 *entry, unsigned int level)
{
	u64 size = PAGE_SIZE << (9 * (level - 2));
	u64 flags = *entry & ~NPT_ADDR;
	u64 base = *entry & NPT_ADDR;
	u64 *table = npt->alloc(npt->ctx);

	if (!table)
		return false;
	if (level == 2)
		flags &= ~NPT_PS;
	for (unsigned int i = 0; i < ENTRIES; i++)
		table[i] = (base + i * size) | flags;
	*entry = virt_to_spa(table) | LINK;
	return true;
}

/* True if @entry at @level leads to a table. */
static bool is_link(u64 entry, unsigned int level)
{
	return level > 1 && (entry & NPT_P) && !(entry & NPT_PS);
}

u64 *npt_entry(struct npt *npt, u64 gpa, unsigned int level, bool create)
{
	u64 *table = npt->root;

	for (unsigned int l = 4; l > level; l--) {
		u64 *entry = &table[index_of(gpa, l)];

		if (!is_link(*entry, l)) {
			if (!create)
				return NULL;
			if (*entry) {
				if (!split(npt, entry, l))
					return NULL;
			} else {
				u64 *next = npt->alloc(npt->ctx);

				if (!next)
					return NULL;
				*entry = virt_to_spa(next) | LINK;
			}
		}
		table = table_of(*entry);
	}
	return &table[index_of(gpa, level)];
}

u64 *npt_lookup(struct npt *npt, u64 gpa, unsigned int *level)
{
	u64 *table = npt->root;

	for (unsigned int l = 4; l; l--) {
		u64 *entry = &table[index_of(gpa, l)];

		if (!is_link(*entry, l)) {
			*level = l;
			return *entry ? entry : NULL;
		}
		table = table_of(*entry);
	}
	return NULL;
}

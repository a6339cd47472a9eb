// SPDX-License-Identifier: GPL-2.0
/* The walk of a guest's page tables (AMD APM volume 2, chapter 5). */
#include <asm/mshv.h>
#include <string.h>

#include "linear.h"

#define CR0_WP		0x10000
#define CR0_PG		0x80000000
#define CR4_PSE		0x10
#define CR4_PAE		0x20
#define CR4_LA57	0x1000
#define EFER_LMA	0x400

#define PTE_PRESENT	0x01
#define PTE_WRITABLE	0x02
#define PTE_USER	0x04
#define PTE_ACCESSED	0x20
#define PTE_DIRTY	0x40
#define PTE_LARGE	0x80
#define PTE_ADDRESS	0x000ffffffffff000ull

enum format { LEGACY, PAE, LONG };

struct walk {
	enum format format;
	unsigned int levels, bits, entry_size;
	uint8_t *entry[5];		/* the path taken, by level */
	uint64_t rights;
};

static void walk_begin(struct walk *walk, const struct linear *linear)
{
	*walk = (struct walk){ LEGACY, 2, 10, 4, { NULL }, PTE_WRITABLE | PTE_USER };
	if (linear->efer & EFER_LMA)
		*walk = (struct walk){ LONG, linear->cr4 & CR4_LA57 ? 5 : 4, 9, 8, { NULL },
				       PTE_WRITABLE | PTE_USER };
	else if (linear->cr4 & CR4_PAE)
		*walk = (struct walk){ PAE, 3, 9, 8, { NULL }, PTE_WRITABLE | PTE_USER };
}

static bool canonical(const struct walk *walk, uint64_t address)
{
	unsigned int unused = 64 - 12 - walk->levels * walk->bits;

	return walk->format != LONG || (int64_t)(address << unused) >> unused == (int64_t)address;
}

/* Has the PAE format's top level, whose entries have neither rights nor an accessed bit. */
static bool is_pdpte(const struct walk *walk, unsigned int level)
{
	return walk->format == PAE && level == 2;
}

static bool is_large(const struct walk *walk, unsigned int level, uint64_t cr4, uint64_t entry)
{
	if (!(entry & PTE_LARGE))
		return false;
	return (level == 1 && (walk->format != LEGACY || cr4 & CR4_PSE)) ||
	       (level == 2 && walk->format == LONG);
}

static uint64_t page_address(const struct walk *walk, unsigned int level, uint64_t entry,
			     uint64_t address)
{
	uint64_t offset = (1ull << (12 + walk->bits * level)) - 1;
	uint64_t page = entry & PTE_ADDRESS & ~offset;

	if (walk->format == LEGACY && level == 1)	/* bits 39:32 of a 4 MiB page */
		page |= (entry >> 13 & 0xff) << 32;
	return page | (address & offset);
}

static bool allowed(const struct linear *linear, const struct walk *walk,
		    enum linear_access access)
{
	if (linear->user && !(walk->rights & PTE_USER))
		return false;
	return access == LINEAR_READ || walk->rights & PTE_WRITABLE ||
	       !(linear->user || linear->cr0 & CR0_WP);
}

static void mark(const struct walk *walk, unsigned int level, enum linear_access access)
{
	unsigned int i;

	for (i = level; i < walk->levels; i++) {
		if (!is_pdpte(walk, i))
			*walk->entry[i] |= PTE_ACCESSED;
	}
	if (access == LINEAR_WRITE)
		*walk->entry[level] |= PTE_DIRTY;
}

int linear_translate(const struct linear *linear, uint64_t address, enum linear_access access,
		     uint64_t *gpa)
{
	uint64_t table, entry = 0;
	struct walk walk;
	unsigned int level;

	if (!(linear->efer & EFER_LMA))
		address &= 0xffffffff;
	*gpa = address;
	if (!(linear->cr0 & CR0_PG))
		return 0;
	walk_begin(&walk, linear);
	if (!canonical(&walk, address))
		return -1;

	table = linear->cr3 & (walk.format == PAE ? 0xffffffe0 : PTE_ADDRESS);
	level = walk.levels;
	do {
		uint64_t index = address >> (12 + walk.bits * --level) & ((1u << walk.bits) - 1);

		walk.entry[level] = memory_at(linear->memory, table + index * walk.entry_size,
					      walk.entry_size);
		if (!walk.entry[level])
			return -1;
		entry = 0;
		memcpy(&entry, walk.entry[level], walk.entry_size);
		if (!(entry & PTE_PRESENT))
			return -1;
		if (!is_pdpte(&walk, level))
			walk.rights &= entry;
		table = entry & PTE_ADDRESS;
	} while (level && !is_large(&walk, level, linear->cr4, entry));

	if (!allowed(linear, &walk, access))
		return -1;
	mark(&walk, level, access);
	*gpa = page_address(&walk, level, entry, address);
	return 0;
}

int linear_read(const struct linear *linear, uint64_t address, void *to, unsigned int size)
{
	const uint8_t *from;
	uint8_t *byte = to;
	uint64_t gpa;

	while (size--) {
		if (linear_translate(linear, address++, LINEAR_READ, &gpa))
			return -1;
		from = memory_at(linear->memory, gpa, 1);
		if (!from)
			return -1;
		*byte++ = *from;
	}
	return 0;
}

int linear_write(const struct linear *linear, uint64_t address, const void *from,
		 unsigned int size)
{
	const struct memory_region *region;
	const uint8_t *byte = from;
	uint64_t gpa;

	while (size--) {
		if (linear_translate(linear, address++, LINEAR_WRITE, &gpa))
			return -1;
		region = memory_region(linear->memory, gpa);
		if (!region || !(region->flags & HV_MAP_GPA_WRITABLE))
			return -1;
		region->host[gpa - region->gpa] = *byte++;
	}
	return 0;
}

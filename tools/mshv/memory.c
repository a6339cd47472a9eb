// SPDX-License-Identifier: GPL-2.0
/* Guest memory; and the walk of a guest's page tables (AMD APM volume 2, chapter 5). */
#include <asm/processor-flags.h>
#include <err.h>
#include <string.h>
#include <sys/mman.h>

#include "memory.h"
#include "status.h"

#define EFER_LMA	0x400

#define PTE_PRESENT	0x01
#define PTE_WRITABLE	0x02
#define PTE_USER	0x04
#define PTE_ACCESSED	0x20
#define PTE_DIRTY	0x40
#define PTE_LARGE	0x80
#define PTE_ADDRESS	0x000ffffffffff000ull

/* How many address bits are below an entry's index tells its level. */
#define SHIFT_PDPT	30
#define SHIFT_PD	21
#define SHIFT_LEGACY_PD	22

void *memory_add(struct memory *memory, uint64_t gpa, uint64_t size, uint32_t flags)
{
	void *host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory->count == MEMORY_REGIONS)
		errx(STATUS_FAILED, "too many memory regions");
	if (host == MAP_FAILED)
		err(STATUS_FAILED, "%llu bytes of guest memory", (unsigned long long)size);
	memory->region[memory->count++] = (struct mshv_user_mem_region){
		size, gpa / MEMORY_PAGE, (uintptr_t)host, flags
	};
	return host;
}

static const struct mshv_user_mem_region *find(const struct memory *memory, uint64_t gpa)
{
	const struct mshv_user_mem_region *region = memory->region;

	for (; region < memory->region + memory->count; region++) {
		if (gpa - region->guest_pfn * MEMORY_PAGE < region->size)
			return region;
	}
	return NULL;
}

void *memory_at(const struct memory *memory, uint64_t gpa, uint64_t size)
{
	const struct mshv_user_mem_region *region = find(memory, gpa);
	uint64_t offset;

	if (!region)
		return NULL;
	offset = gpa - region->guest_pfn * MEMORY_PAGE;
	return size > region->size - offset ? NULL : (void *)(region->userspace_addr + offset);
}

static bool is_large(const struct linear *linear, uint64_t entry, unsigned int shift)
{
	return entry & PTE_LARGE &&
	       (shift == SHIFT_PD || (shift == SHIFT_PDPT && linear->efer & EFER_LMA) ||
		(shift == SHIFT_LEGACY_PD && linear->cr4 & X86_CR4_PSE));
}

static bool allowed(const struct linear *linear, uint64_t rights, enum linear_access access)
{
	if (linear->user && !(rights & PTE_USER))
		return false;
	return access == LINEAR_READ || rights & PTE_WRITABLE ||
	       !(linear->user || linear->cr0 & X86_CR0_WP);
}

int linear_translate(const struct linear *linear, uint64_t address, enum linear_access access,
		     uint64_t *gpa)
{
	bool is_long = linear->efer & EFER_LMA, pae = linear->cr4 & X86_CR4_PAE;
	unsigned int levels = !pae ? 2 : !is_long ? 3 : linear->cr4 & X86_CR4_LA57 ? 5 : 4;
	unsigned int bits = pae ? 9 : 10, size = pae ? 8 : 4, shift = 12 + levels * bits;
	uint64_t entry = 0, rights = PTE_WRITABLE | PTE_USER, table, offset;
	uint8_t *at;

	if (!is_long)
		address = (uint32_t)address;
	*gpa = address;
	if (!(linear->cr0 & X86_CR0_PG))
		return 0;
	if (is_long && (int64_t)(address << (64 - shift)) >> (64 - shift) != (int64_t)address)
		return -1;
	table = linear->cr3 & (pae && !is_long ? 0xffffffe0 : PTE_ADDRESS);
	do {
		shift -= bits;
		at = memory_at(linear->memory,
			       table + (address >> shift & ((1u << bits) - 1)) * size, size);
		if (!at)
			return -1;
		memcpy(&entry, at, size);
		if (!(entry & PTE_PRESENT))
			return -1;
		/* The PAE format's top level has neither rights nor an accessed bit. */
		if (shift != SHIFT_PDPT || is_long) {
			rights &= entry;
			*at |= PTE_ACCESSED;
		}
		table = entry & PTE_ADDRESS;
	} while (shift > 12 && !is_large(linear, entry, shift));

	if (!allowed(linear, rights, access))
		return -1;
	if (access == LINEAR_WRITE)
		*at |= PTE_DIRTY;
	if (shift == SHIFT_LEGACY_PD)	/* bits 39:32 of a 4 MiB page */
		table |= (entry >> 13 & 0xff) << 32;
	offset = (1ull << shift) - 1;
	*gpa = (table & ~offset) | (address & offset);
	return 0;
}

int linear_copy(const struct linear *linear, uint64_t address, void *data, unsigned int size,
		enum linear_access access)
{
	uint8_t *byte = data, *at;
	uint64_t gpa;

	address += linear->base;
	for (; size--; address++, byte++) {
		if (linear_translate(linear, address, access, &gpa))
			return -1;
		at = memory_at(linear->memory, gpa, 1);
		if (!at)
			return -1;
		if (access == LINEAR_READ)
			*byte = *at;
		else if (find(linear->memory, gpa)->flags & HV_MAP_GPA_WRITABLE)
			*at = *byte;
		else
			return -1;
	}
	return 0;
}

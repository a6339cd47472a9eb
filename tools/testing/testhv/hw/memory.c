// SPDX-License-Identifier: GPL-2.0
/* The physical memory: the loader's map, testhv's heap, the frame table, the map for the root. */
#include "../lib/lib.h"
#include "memory.h"
#include "multiboot.h"

#define MAX_REGIONS	32
#define E820_RAM	1
#define E820_RESERVED	2
#define GIB4		0x100000000ULL

static struct e820_entry regions[MAX_REGIONS];
static unsigned int region_count;
static u64 low_end;		/* end of the root's RAM below 4 GiB; then the frame table */
static u64 low_top;		/* end of all RAM there */
static u64 heap_next;
static struct frame *frames;
static u64 frame_count;

static void read_map(const struct multiboot_info *mbi)
{
	u64 at = mbi->mmap_addr, end = at + mbi->mmap_length;

	if (!(mbi->flags & MULTIBOOT_MMAP))
		panic("the loader gave no memory map");
	while (at < end && region_count < MAX_REGIONS) {
		const struct multiboot_mmap *m = spa_to_virt(at);

		regions[region_count++] = (struct e820_entry){ m->base, m->length, m->type };
		at += m->size + sizeof(m->size);
	}
}

/*
 * The table needs one struct frame for each page up to the highest RAM; its place is the top of
 * the low RAM.
 */
static void place_frames(void)
{
	u64 highest = 0;

	for (unsigned int i = 0; i < region_count; i++) {
		u64 end = regions[i].base + regions[i].size;

		if (regions[i].type != E820_RAM)
			continue;
		highest = MAX(highest, end);
		if (end <= GIB4)
			low_top = MAX(low_top, end);
	}
	if (low_top < 4 * TESTHV_END)
		panic("too little memory: RAM ends at %lx", low_top);
	frame_count = highest >> PAGE_SHIFT;
	low_end = ALIGN_DOWN(low_top - frame_count * sizeof(struct frame), 0x200000ULL);
	frames = spa_to_virt(low_end);
}

/*
 * The frame table's memory may still hold modules: it is cleared and filled only when they have
 * been moved away (memory_init_frames).
 */
void memory_init(const struct multiboot_info *mbi)
{
	read_map(mbi);
	place_frames();
	heap_next = virt_to_spa(image_end);
}

void memory_init_frames(void)
{
	struct e820_entry map[MAX_REGIONS];
	unsigned int n = memory_root_e820(map, MAX_REGIONS);

	memset(frames, 0, frame_count * sizeof(struct frame));
	for (unsigned int i = 0; i < n; i++) {
		u64 pfn = ALIGN_UP(map[i].base, PAGE_SIZE) >> PAGE_SHIFT;
		u64 end = (map[i].base + map[i].size) >> PAGE_SHIFT;

		if (map[i].type != E820_RAM)
			continue;
		for (; pfn < end; pfn++)
			frames[pfn].owner = FRAME_ROOT;
	}
}

void *memory_pages(unsigned int count)
{
	void *p = spa_to_virt(heap_next);

	if (heap_next + count * PAGE_SIZE > TESTHV_END)
		panic("heap exhausted");
	heap_next += count * PAGE_SIZE;
	memset(p, 0, count * PAGE_SIZE);
	return p;
}

void *memory_page(void)
{
	return memory_pages(1);
}

void *memory_overlay_page(void)
{
	void *p = memory_page();

	frames[virt_to_spa(p) >> PAGE_SHIFT].owner = FRAME_OVERLAY;
	return p;
}

struct frame *memory_frame(u64 pfn)
{
	return pfn < frame_count ? &frames[pfn] : NULL;
}

u64 memory_low_end(void)
{
	return low_end;
}

u64 memory_low_top(void)
{
	return low_top;
}

static void add(struct e820_entry *map, unsigned int *n, unsigned int max, struct e820_entry e)
{
	if (!e.size)
		return;
	if (*n == max)
		panic("too many memory regions");
	map[(*n)++] = e;
}

unsigned int memory_root_e820(struct e820_entry *map, unsigned int max)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < region_count; i++) {
		struct e820_entry e = regions[i];
		u64 end = e.base + e.size;

		if (e.type != E820_RAM || e.base > TESTHV_BASE || end < TESTHV_END) {
			add(map, &n, max, e);
			continue;
		}
		/* The region that testhv lives in: cut its own range and the frame table out. */
		add(map, &n, max, (struct e820_entry){ e.base, TESTHV_BASE - e.base, E820_RAM });
		add(map, &n, max,
		    (struct e820_entry){ TESTHV_BASE, TESTHV_END - TESTHV_BASE, E820_RESERVED });
		add(map, &n, max,
		    (struct e820_entry){ TESTHV_END, low_end - TESTHV_END, E820_RAM });
		add(map, &n, max,
		    (struct e820_entry){ low_end, low_top - low_end, E820_RESERVED });
	}
	return n;
}

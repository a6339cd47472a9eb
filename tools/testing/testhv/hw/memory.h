/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Physical memory: what there is, what testhv keeps for itself, and who owns each 4 KiB frame.
 *
 *   0      640K  1M                 16M                 top of low RAM   4G
 *   | root | ROM | testhv: image   | root: kernel and   | frame |  I/O  | root
 *   |      |     | and heap        | the rest of RAM    | table |       | (high RAM)
 *
 * testhv maps all of it one to one, so a system physical address (SPA) is a pointer. The root
 * partition's GPA equals the SPA; testhv's own parts are absent from its nested table, but for the
 * overlay pages (hypercall page, VP assist, SynIC).
 */
#ifndef TESTHV_MEMORY_H
#define TESTHV_MEMORY_H

#include "../lib/types.h"

struct multiboot_info;

/* Owner of a frame; everything that is not RAM of the root is FRAME_NONE. */
enum frame_owner {
	FRAME_NONE,		/* not RAM, or testhv's own */
	FRAME_ROOT,		/* RAM of the root partition */
	FRAME_DEPOSITED,	/* handed to testhv by DEPOSIT_MEMORY */
	FRAME_STATE,		/* handed out again as a VP state page: the root may use it */
	FRAME_OVERLAY,		/* testhv's, visible to the root */
};

struct frame {
	u8 owner;
	u8 reserved;
	u16 mapped;		/* how many GPAs of child partitions it backs */
};

struct e820_entry {
	u64 base, size;
	u32 type;		/* 1 RAM, 2 reserved */
} __packed;

/* The end of the image (testhv.lds). */
extern u8 image_end[];

/* Read the multiboot map, set up the heap and the frame table. */
void memory_init(const struct multiboot_info *mbi);

/* Once the modules are out of the way: fill the frame table. The heap may be used from then on. */
void memory_init_frames(void);

/* A zeroed page of testhv's own heap; never fails (panics), never freed. */
void *memory_page(void);
/* As above, @count contiguous pages. */
void *memory_pages(unsigned int count);
/* A page of the heap that the root may see (overlay). */
void *memory_overlay_page(void);

/* The frame of a page number, or NULL when it is beyond RAM. */
struct frame *memory_frame(u64 pfn);

/* The map to give to the root; returns the number of entries. */
unsigned int memory_root_e820(struct e820_entry *map, unsigned int max);
/* End of the root's RAM below 4 GiB (exclusive): where the initrd goes. */
u64 memory_low_end(void);
/* End of all RAM below 4 GiB: from memory_low_end() to here lies the frame table. */
u64 memory_low_top(void);

/* testhv's own range at 1 MiB: [start, end). */
#define TESTHV_BASE	0x100000ULL
#define TESTHV_END	0x1000000ULL

static inline u64 virt_to_spa(const void *p)
{
	return (u64)p;
}

static inline void *spa_to_virt(u64 spa)
{
	return (void *)spa;
}

#endif

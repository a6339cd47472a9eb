/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The GPA space of a child partition: which of the root's pages lies where, and what the guest may
 * do to it. Table pages come from the partition's pool.
 */
#ifndef TESTHV_SLAT_H
#define TESTHV_SLAT_H

#include "status.h"

struct partition;

/* HV_MAP_GPA_* */
#define MAP_READ		0x1u
#define MAP_WRITE		0x2u
#define MAP_KERNEL_EXECUTE	0x4u
#define MAP_USER_EXECUTE	0x8u
#define MAP_EXECUTE		0xcu
#define MAP_LARGE		0x80000000u	/* each rep is a page of 2 MiB */
#define UNMAP_LARGE		0x2u

#define SLAT_LARGE		512ULL		/* pages of 4 KiB in a large one */

enum slat_access { SLAT_READ, SLAT_WRITE, SLAT_EXECUTE };

/* What is at a GPA for an access. */
enum slat_state { SLAT_UNMAPPED, SLAT_DENIED, SLAT_ALLOWED };

/* The root table, and the end of all: mappings dropped, tables back in the pool. */
bool slat_init(struct partition *p);
void slat_destroy(struct partition *p);

/* Whether @flags can be expressed. */
bool slat_flags_valid(u32 flags);
/* First guest page number that no processor can address. */
u64 slat_gfn_end(void);

/*
 * Map one page of the root's RAM, or SLAT_LARGE of them by one entry: all or none. @replaced is set
 * if translations were taken away (the caller runs sched_flush_partition() after the batch).
 */
hv_status slat_map(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced);
hv_status slat_map_large(struct partition *p, u64 gfn, u64 pfn, u32 flags, bool *replaced);
/* @any is set if there was a mapping. A part of a large one needs memory for a table. */
hv_status slat_unmap(struct partition *p, u64 gfn, bool *any);
/* True if there was a large entry at @gfn. */
bool slat_unmap_large(struct partition *p, u64 gfn);

/* The nested entry of a page, with the tables above it; NULL: no memory for them. */
u64 *slat_npt_entry(struct partition *p, u64 gfn);
/*
 * Put the nested entry of a page in place, which slat_npt_entry() has made: its overlay's if it has
 * one, else @mapping.
 */
void slat_npt_refresh(struct partition *p, u64 gfn, u64 mapping);

enum slat_state slat_check(struct partition *p, u64 gpa, enum slat_access access);
bool slat_is_overlay(struct partition *p, u64 gpa);
/* Whether accesses of the guest to  are to its local APIC (while that is enabled). */
bool slat_is_lapic(const struct partition *p, u64 gfn);
/* Where @gpa is, for testhv's own reading: NULL if unmapped. */
const void *slat_read_pointer(struct partition *p, u64 gpa);

#endif

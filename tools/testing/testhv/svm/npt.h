/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nested page tables: four levels, entries of 4 KiB, 2 MiB and 1 GiB. Knows tables and entries,
 * not who owns the pages: table pages come from the caller's allocator.
 */
#ifndef TESTHV_NPT_H
#define TESTHV_NPT_H

#include "../lib/types.h"

#define NPT_P		BIT(0)
#define NPT_W		BIT(1)
#define NPT_U		BIT(2)		/* nested walks are user accesses: always set */
#define NPT_A		BIT(5)
#define NPT_D		BIT(6)
#define NPT_PS		BIT(7)
#define NPT_SW_MAPPED	BIT(9)		/* ours: stands for a mapping, also where not present */
#define NPT_NX		BIT(63)
#define NPT_ADDR	GENMASK(51, 12)

struct npt {
	u64 *root;			/* the level-4 table */
	void *(*alloc)(void *ctx);	/* a zeroed page, or NULL */
	void *ctx;
};

/*
 * The entry of level @level (1 = 4 KiB, 2 = 2 MiB, 3 = 1 GiB) that translates @gpa. Missing tables
 * are made and larger entries split on the way when @create. NULL: not there, or no memory for a
 * table, or (without @create) a larger entry stands above it.
 */
u64 *npt_entry(struct npt *npt, u64 gpa, unsigned int level, bool create);

/* Look @gpa up: the leaf entry and its level in *@level, or NULL where no table leads to it. */
u64 *npt_lookup(struct npt *npt, u64 gpa, unsigned int *level);

#endif

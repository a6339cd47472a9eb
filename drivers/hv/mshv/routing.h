/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table that says, for each number (GSI), what interrupt it stands for.
 *
 * Each partition has one, empty at first. It is replaced as a whole, and who
 * looks at it, in whatever context, is an SRCU reader: once the replacement has
 * returned, nobody raises what the old table said.
 */
#ifndef _MSHV_ROUTING_H
#define _MSHV_ROUTING_H

#include <linux/srcu.h>
#include <linux/types.h>

#include "msi.h"

struct mshv_routes;

/* All partitions share it: readers wait for nothing; in a long walk they give way. */
extern struct srcu_struct mshv_routing_srcu;

/**
 * struct mshv_routing - a partition's table
 * @routes: the table, NULL for none; written by exchange, read under
 *	mshv_routing_srcu
 */
struct mshv_routing {
	struct mshv_routes __rcu *routes;
};

/**
 * mshv_routing_set - replace the table
 * @routing: a partition's
 * @entries: in any order
 * @nr: how many, 0 to MSHV_MAX_GSIS
 *
 * Context: may sleep.
 * Return: 0, -EINVAL and nothing has changed, or -ENOMEM.
 */
int mshv_routing_set(struct mshv_routing *routing,
		     const struct mshv_msi_routing_entry *entries,
		     unsigned int nr);

/**
 * mshv_routing_find - the route of a number
 * @routing: a partition's
 * @gsi: any number
 *
 * Context: any, as a reader of mshv_routing_srcu; the route is there as long as
 * the reader.
 * Return: a valid route, or NULL.
 */
const struct mshv_route *mshv_routing_find(const struct mshv_routing *routing,
					   u32 gsi);

/**
 * mshv_routing_destroy - free the table
 * @routing: one that has no readers any more
 */
void mshv_routing_destroy(struct mshv_routing *routing);

#endif /* _MSHV_ROUTING_H */

// SPDX-License-Identifier: GPL-2.0
/* The table that says, for each number (GSI), what interrupt it stands for. */
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "routing.h"

DEFINE_SRCU(mshv_routing_srcu);

/**
 * struct mshv_routes - one table, constant once it is published
 * @nr: numbers from here on have no route
 * @by_gsi: routes
 */
struct mshv_routes {
	u32 nr;
	struct mshv_route by_gsi[] __counted_by(nr);
};

static struct mshv_routes *
routes_alloc(const struct mshv_msi_routing_entry *entries, unsigned int nr)
{
	struct mshv_routes *routes;
	u32 end = 0;

	while (nr--)
		end = max(end, entries[nr].gsi + 1);
	routes = kvzalloc(struct_size(routes, by_gsi, end), GFP_KERNEL_ACCOUNT);
	if (routes)
		routes->nr = end;
	return routes;
}

static int routes_fill(struct mshv_routes *routes,
		       const struct mshv_msi_routing_entry *entries,
		       unsigned int nr)
{
	struct mshv_route *route;

	for (; nr--; entries++) {
		route = &routes->by_gsi[entries->gsi];
		if (route->given)
			return -EINVAL;
		*route = mshv_msi_decode(entries->address_lo, entries->data);
	}
	return 0;
}

static int check(const struct mshv_msi_routing_entry *entries, unsigned int nr)
{
	if (nr > MSHV_MAX_GSIS)
		return -EINVAL;
	for (; nr--; entries++)
		if (entries->gsi >= MSHV_MAX_GSIS || entries->address_hi)
			return -EINVAL;
	return 0;
}

int mshv_routing_set(struct mshv_routing *routing,
		     const struct mshv_msi_routing_entry *entries,
		     unsigned int nr)
{
	struct mshv_routes *routes __free(kvfree) = NULL;
	int ret;

	ret = check(entries, nr);
	if (ret)
		return ret;
	routes = routes_alloc(entries, nr);
	if (!routes)
		return -ENOMEM;
	ret = routes_fill(routes, entries, nr);
	if (ret)
		return ret;

	/* Each of several callers waits for the readers of what it replaced. */
	routes = unrcu_pointer(xchg(&routing->routes, RCU_INITIALIZER(routes)));
	synchronize_srcu_expedited(&mshv_routing_srcu);
	return 0;
}

const struct mshv_route *mshv_routing_find(const struct mshv_routing *routing,
					   u32 gsi)
{
	const struct mshv_routes *routes;
	const struct mshv_route *route;

	routes = srcu_dereference(routing->routes, &mshv_routing_srcu);
	if (!routes || gsi >= routes->nr)
		return NULL;
	route = &routes->by_gsi[gsi];
	return route->valid ? route : NULL;
}

void mshv_routing_destroy(struct mshv_routing *routing)
{
	kvfree(rcu_dereference_protected(routing->routes, true));
}

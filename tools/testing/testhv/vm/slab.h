/* SPDX-License-Identifier: GPL-2.0 */
/* Small objects of one size, in pages of a partition's deposit. Protected by the big lock. */
#ifndef TESTHV_SLAB_H
#define TESTHV_SLAB_H

#include "../lib/list.h"

struct pool;

struct slab {
	struct list pages;	/* those with room */
	u32 size;		/* of an object, a multiple of 8 */
};

void slab_init(struct slab *s, u32 size);
/* A zeroed object, or NULL: it takes a page of @pool, and there is none. */
void *slab_alloc(struct slab *s, struct pool *pool);
/* A page without objects goes back into @pool. */
void slab_free(struct slab *s, struct pool *pool, void *object);

#endif

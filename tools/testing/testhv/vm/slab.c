// SPDX-License-Identifier: GPL-2.0
/* Small objects in pages. */
#include "../lib/lib.h"
#include "partition.h"
#include "slab.h"

struct slab_page {
	struct list link;	/* in slab.pages, while it has room */
	void *free;		/* the first of them; each names the next in its first bytes */
	u32 used;
};

void slab_init(struct slab *s, u32 size)
{
	list_init(&s->pages);
	s->size = size;
}

static struct slab_page *add_page(struct slab *s, struct pool *pool)
{
	struct slab_page *page = pool_alloc(pool);

	if (!page)
		return NULL;
	for (u32 at = sizeof(*page); at + s->size <= PAGE_SIZE; at += s->size) {
		void *object = (u8 *)page + at;

		*(void **)object = page->free;
		page->free = object;
	}
	list_add_tail(&page->link, &s->pages);
	return page;
}

void *slab_alloc(struct slab *s, struct pool *pool)
{
	struct slab_page *page;
	void *object;

	if (list_empty(&s->pages) && !add_page(s, pool))
		return NULL;
	page = list_entry(s->pages.next, struct slab_page, link);
	object = page->free;
	page->free = *(void **)object;
	page->used++;
	if (!page->free)
		list_del(&page->link);
	return memset(object, 0, s->size);
}

void slab_free(struct slab *s, struct pool *pool, void *object)
{
	struct slab_page *page = (void *)((u64)object & PAGE_MASK);

	if (!page->free)
		list_add_tail(&page->link, &s->pages);
	*(void **)object = page->free;
	page->free = object;
	if (--page->used)
		return;
	list_del(&page->link);
	pool_put(pool, page);
}

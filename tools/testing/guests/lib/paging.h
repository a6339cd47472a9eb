/* SPDX-License-Identifier: GPL-2.0 */
/* Page tables: 4 GiB as they are, and a window of 512 pages for tests. */
#ifndef GUESTS_PAGING_H
#define GUESTS_PAGING_H

#include <stdint.h>

#define PTE_PRESENT	0x1ull
#define PTE_WRITE	0x2ull
#define PTE_USER	0x4ull
#define PTE_LARGE	0x80ull

#define PAGING_WINDOW	0x8000000000ull		/* where the window is */

/* Builds them, once, and loads them on this processor. */
void paging_init(void);
void paging_load(void);

/* Maps page @slot of the window; flags 0: nothing is there. Returns: its address. */
void *paging_window(unsigned int slot, uint64_t physical, uint64_t flags);

/* A zeroed page of memory that nobody else uses, below 4 GiB. There is no free. */
void *page_alloc(void);

#endif

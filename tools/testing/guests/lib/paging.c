// SPDX-License-Identifier: GPL-2.0
/* Page tables. */
#include "cpu.h"
#include "paging.h"

#define POOL		0x600000ull	/* above every image */

static uint64_t root[512] __attribute__((aligned(4096)));
static uint64_t third[2][512] __attribute__((aligned(4096)));
static uint64_t second[5][512] __attribute__((aligned(4096)));
static uint64_t window[512] __attribute__((aligned(4096)));
static uint64_t pool = POOL;

void paging_init(void)
{
	const uint64_t table = PTE_PRESENT | PTE_WRITE | PTE_USER;
	uint64_t i;

	root[0] = (uint64_t)third[0] | table;
	root[1] = (uint64_t)third[1] | table;
	for (i = 0; i < 4; i++)
		third[0][i] = (uint64_t)second[i] | table;
	for (i = 0; i < 4 * 512; i++)
		second[i / 512][i % 512] = i << 21 | PTE_LARGE | PTE_PRESENT | PTE_WRITE;
	third[1][0] = (uint64_t)second[4] | table;
	second[4][0] = (uint64_t)window | table;
}

void paging_load(void)
{
	asm volatile("mov %0, %%cr3" : : "r"((uint64_t)root) : "memory");
}

void *paging_window(unsigned int slot, uint64_t physical, uint64_t flags)
{
	void *at = (void *)(PAGING_WINDOW + slot * PAGE_SIZE);

	*(volatile uint64_t *)&window[slot] = flags ? physical | flags : 0;
	asm volatile("invlpg %0" : : "m"(*(char *)at) : "memory");
	return at;
}

void *page_alloc(void)
{
	uint64_t *page = (uint64_t *)pool;
	unsigned int i;

	pool += PAGE_SIZE;
	for (i = 0; i < 512; i++)
		page[i] = 0;
	return page;
}

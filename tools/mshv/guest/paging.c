// SPDX-License-Identifier: GPL-2.0
/* guest64's own page tables: the first 16 MiB as they are, and 4 KiB windows at 1 GiB. */
#include <stdalign.h>

#include "challenge_abi.h"
#include "guest64.h"

#define PRESENT		0x1
#define WRITABLE	0x2
#define LARGE		0x80
#define PAGE		0x1000

static alignas(PAGE) uint64_t pml4[512];
static alignas(PAGE) uint64_t pdpt[512];
static alignas(PAGE) uint64_t identity[512];
static alignas(PAGE) uint64_t windows[512];
static alignas(PAGE) uint64_t window[512];
static alignas(PAGE) uint8_t buffer[2][PAGE];
static alignas(PAGE) uint8_t readonly[PAGE];

static uint64_t *entry(uint64_t address)
{
	return &window[(address >> 12) & 511];
}

uint64_t paging_init(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		identity[i] = ((uint64_t)i << 21) | LARGE | WRITABLE | PRESENT;
	for (i = 0; i < CHALLENGE_MMIO_SIZE / PAGE; i++)
		entry(CHALLENGE_MMIO_GVA)[i] = (CHALLENGE_MMIO_GPA + i * PAGE) | WRITABLE | PRESENT;
	*entry(CHALLENGE_ROM_GVA) = CHALLENGE_ROM_GPA | WRITABLE | PRESENT;
	*entry(GUEST_BUFFER) = (uint64_t)buffer[1] | WRITABLE | PRESENT;
	*entry(GUEST_BUFFER + PAGE) = (uint64_t)buffer[0] | WRITABLE | PRESENT;
	*entry(GUEST_READONLY) = (uint64_t)readonly | PRESENT;

	pml4[0] = (uint64_t)pdpt | WRITABLE | PRESENT;
	pdpt[0] = (uint64_t)identity | WRITABLE | PRESENT;
	pdpt[1] = (uint64_t)windows | WRITABLE | PRESENT;
	windows[0] = (uint64_t)window | WRITABLE | PRESENT;
	return (uint64_t)pml4;
}

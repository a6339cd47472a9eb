// SPDX-License-Identifier: GPL-2.0
/* Tests of PCI and of the disk, as a driver would use them. */
#include <asm/mshv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_disk.h"
#include "expect.h"
#include "pc/disk.h"

#define BAR		0xe0000000u
#define TABLE		0x1000
#define AVAILABLE	0x2000
#define USED		0x3000
#define HEAD		0x4000
#define STATUS		0x4100
#define DATA		0x5000
#define SIZE		8

static unsigned int interrupts, doorbells;

struct piece {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

static void see_interrupt(void *context, unsigned int number, const struct disk_vector *vector)
{
	interrupts += number == 1 && vector->address == 0xfee00000 && vector->data == 0x51;
}

static void see_ring(void *context, uint64_t gpa, bool on)
{
	CHECK(gpa == BAR + 0x3000 && on != !!doorbells);
	doorbells += on ? 1 : -1;
}

static uint32_t config(struct pci *pci, uint32_t address)
{
	pci_write(pci, 0, 4, 0x80000000 | address);
	return pci_read(pci, 4, 4);
}

static void check_pci(struct disk *disk)
{
	struct pci pci = { .device = &disk->pci };
	uint32_t offset;

	CHECK(config(&pci, 0) == 0x00081b36 && config(&pci, 8) == 0x06000000);
	CHECK(config(&pci, 0x800) == 0x10421af4 && config(&pci, 0x1000) == 0xffffffff);
	CHECK(config(&pci, 0x10800) == 0xffffffff && config(&pci, 0x900) == 0xffffffff);
	CHECK(!disk_claims(disk, BAR, &offset));	/* memory is off */
	CHECK(config(&pci, 0x810) == BAR);
	pci_write(&pci, 4, 4, 0xffffffff);
	CHECK(pci_read(&pci, 4, 4) == 0xffff8000);
	pci_write(&pci, 4, 4, BAR);
	config(&pci, 0x804);
	pci_write(&pci, 4, 2, 0xffff);
	CHECK((pci_read(&pci, 4, 2) & 0xffff) == 0x0407);
	CHECK(disk_claims(disk, BAR + 0x7fff, &offset) && offset == 0x7fff);
	CHECK(!disk_claims(disk, BAR + 0x8000, &offset));
	config(&pci, 0x8a0);			/* MSI-X on */
	pci_write(&pci, 6, 2, 0x8000);
	CHECK(pci_read(&pci, 4, 4) == 0x80010011);
	pci_write(&pci, 0, 4, 0);		/* not enabled */
	CHECK(pci_read(&pci, 4, 4) == 0xffffffff);
}

static void start_queue(struct disk *disk)
{
	static const struct { uint32_t at, size, value; } words[] = {
		{ 0x14, 1, 3 }, { 0x08, 4, 1 }, { 0x0c, 4, 1 }, { 0x14, 1, 11 },
		{ 0x16, 2, 0 }, { 0x18, 2, SIZE }, { 0x1a, 2, 1 }, { 0x20, 4, TABLE },
		{ 0x28, 4, AVAILABLE }, { 0x30, 4, USED }, { 0x1c, 2, 1 }, { 0x14, 1, 15 },
		{ 0x4010, 4, 0xfee00000 }, { 0x4018, 4, 0x51 }, { 0x401c, 4, 0 },
	};
	unsigned int i;

	disk_write(disk, 0x14, 1, 0);
	CHECK(!doorbells && disk_read(disk, 0x12, 2) == 1);
	disk_write(disk, 0, 4, 1);
	CHECK(disk_read(disk, 4, 4) == 1);	/* VERSION_1 */
	CHECK(disk_read(disk, 0x18, 2) == DISK_QUEUE_SIZE);
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		disk_write(disk, words[i].at, words[i].size, words[i].value);
	CHECK(doorbells == 1);
	CHECK(disk_read(disk, 0x1a, 2) == 1 && disk_read(disk, 0x1c, 2) == 1);
	disk_write(disk, 0x18, 2, 4);		/* too late */
	CHECK(disk_read(disk, 0x18, 2) == SIZE);
	disk_write(disk, 0x16, 2, 1);
	CHECK(!disk_read(disk, 0x18, 2));	/* no such queue */
	disk_write(disk, 0x16, 2, 0);
}

/* Puts a request of @type into the queue and rings. Returns: its status, or 0xff if none came. */
static uint8_t request(struct disk *disk, uint32_t type, uint64_t sector, uint32_t length)
{
	struct piece *piece = memory_at(disk->memory, TABLE, 64);
	uint16_t *available = memory_at(disk->memory, AVAILABLE, 64);
	uint8_t *status = memory_at(disk->memory, STATUS, 1);
	uint64_t head[] = { type, sector };

	memcpy(memory_at(disk->memory, HEAD, 16), head, 16);
	*status = 0xff;
	piece[0] = (struct piece){ HEAD, 16, 1, 1 };
	piece[1] = (struct piece){ DATA, length, type ? 1 : 3, 2 };
	piece[2] = (struct piece){ STATUS, 1, 2, 0 };
	available[2 + available[1] % SIZE] = 0;
	available[1]++;
	disk_write(disk, 0x3000, 2, 0);
	return *status;
}

static void check_requests(struct disk *disk)
{
	uint8_t *data = memory_at(disk->memory, DATA, 1024), back[1024];
	const uint16_t *used = memory_at(disk->memory, USED, 64);
	unsigned int i;

	for (i = 0; i < 1024; i++)
		data[i] = i * 7;
	memcpy(back, data, 1024);
	CHECK(!request(disk, 1, 2, 1024) && interrupts == 1 && used[1] == 1);
	memset(data, 0, 1024);
	CHECK(!request(disk, 0, 2, 1024) && !memcmp(data, back, 1024) && used[1] == 2);
	CHECK(request(disk, 0, 7, 1024) == 1);		/* beyond the end */
	CHECK(request(disk, 0, ~0ull, 512) == 1);
	CHECK(request(disk, 0, 0, 100) == 1);
	CHECK(request(disk, 77, 0, 512) == 2);
	CHECK(interrupts == 6 && disk_read(disk, 0x1000, 1) == 1);

	*(uint16_t *)memory_at(disk->memory, AVAILABLE, 2) = 1;
	disk_write(disk, 0x401c, 4, 1);
	CHECK(!request(disk, 0, 2, 512) && interrupts == 6);	/* not wanted */
	*(uint16_t *)memory_at(disk->memory, AVAILABLE, 2) = 0;
	CHECK(!request(disk, 0, 2, 512) && interrupts == 6);	/* masked, so kept */
	disk_write(disk, 0x401c, 4, 0);
	CHECK(interrupts == 7);
}

/* What is no request makes the device stop, not the VMM. */
static void check_nonsense(struct disk *disk)
{
	struct piece *piece = memory_at(disk->memory, TABLE, 64);
	uint16_t *available = memory_at(disk->memory, AVAILABLE, 64);

	piece[0] = (struct piece){ HEAD, 16, 1, 0 };	/* a ring */
	available[2 + available[1] % SIZE] = 0;
	available[1]++;
	disk_serve(disk);
	CHECK(disk_read(disk, 0x14, 1) & 0x40 && !disk_read(disk, 0x1c, 2));
	disk_write(disk, 0x14, 1, 0);
	CHECK(!disk_read(disk, 0x14, 1));

	start_queue(disk);
	disk->next = available[1];
	CHECK(request(disk, 0, 0, 0xffffffff) == 0xff);	/* memory that isn't there */
	start_queue(disk);
	disk->next = available[1];
	available[2 + available[1] % SIZE] = SIZE;	/* no descriptor */
	available[1]++;
	disk_serve(disk);
	CHECK(disk_read(disk, 0x14, 1) & 0x40);
}

void check_disk(void)
{
	struct memory memory = { 0 };
	FILE *file = tmpfile();
	struct disk disk;

	CHECK(file && !ftruncate(fileno(file), 8 * 512));
	memory_add(&memory, 0, 0x10000, HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE);
	disk_init(&disk, &memory, fileno(file), BAR);
	disk.ring = see_ring;
	disk.interrupt = see_interrupt;
	CHECK(disk_read(&disk, 0x2000, 4) == 8);
	check_pci(&disk);
	start_queue(&disk);
	check_requests(&disk);
	check_nonsense(&disk);
	fclose(file);
}

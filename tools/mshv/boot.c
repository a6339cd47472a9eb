// SPDX-License-Identifier: GPL-2.0
/* From an image file to a VP that is about to execute it. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "boot.h"
#include "status.h"

#define TABLES		0x1000ull	/* first, second, four third-level ones */
#define LEGACY_END	0x100000ull
#define LEGACY_MAX	0x20000ull
#define FIRMWARE_END	0x100000000ull
#define FIRMWARE_MAX	0x1000000ull

#define PTE_TABLE	0x3		/* present, writable */
#define PTE_LARGE	0x83

#define CR0_PE		0x1ull
#define CR0_ET		0x10ull
#define CR0_PG		0x80000000ull
#define CR4_PAE		0x20ull
#define EFER_LONG	0x500ull	/* LME, LMA */

static uint64_t file_size(const char *file)
{
	struct stat status;

	if (stat(file, &status))
		err(STATUS_FAILED, "%s", file);
	if (!S_ISREG(status.st_mode) || !status.st_size)
		errx(STATUS_FAILED, "%s: not a file, or empty", file);
	return status.st_size;
}

void boot_load(struct memory *memory, const char *file, uint64_t gpa)
{
	uint64_t size = file_size(file);
	void *to = memory_at(memory, gpa, size);
	FILE *from;

	if (!to)
		errx(STATUS_FAILED, "%s: %llu bytes don't fit into memory at 0x%llx", file,
		     (unsigned long long)size, (unsigned long long)gpa);
	from = fopen(file, "r");
	if (!from || fread(to, 1, size, from) != size)
		err(STATUS_FAILED, "%s", file);
	fclose(from);
}

void boot_firmware(struct memory *memory, const char *file)
{
	uint64_t size = file_size(file), legacy = size < LEGACY_MAX ? size : LEGACY_MAX;
	struct memory_region *rom;
	void *copy;

	if (size % MEMORY_PAGE || size > FIRMWARE_MAX)
		errx(STATUS_FAILED, "%s: firmware has whole pages, and at most 16 MiB", file);
	rom = memory_add(memory, FIRMWARE_END - size, size,
			 HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE);
	boot_load(memory, file, rom->gpa);
	copy = memory_at(memory, LEGACY_END - legacy, legacy);
	memcpy(copy, rom->host + size - legacy, legacy);
}

void boot_tables(struct memory *memory)
{
	uint64_t *tables = memory_at(memory, TABLES, 6 * MEMORY_PAGE);
	uint64_t i;

	tables[0] = (TABLES + MEMORY_PAGE) | PTE_TABLE;
	for (i = 0; i < 4; i++)
		tables[512 + i] = (TABLES + (2 + i) * MEMORY_PAGE) | PTE_TABLE;
	for (i = 0; i < 4 * 512; i++)
		tables[1024 + i] = i << 21 | PTE_LARGE;
}

static struct mshv_hv_register_assoc reg64(__u32 name, uint64_t value)
{
	return (struct mshv_hv_register_assoc){ .name = name, .value.reg64 = value };
}

static struct mshv_hv_register_assoc segment(__u32 name, __u16 selector, __u16 attributes,
					     unsigned int bits)
{
	return (struct mshv_hv_register_assoc){
		.name = name,
		.value.segment = { .limit = bits == 16 ? 0xffff : 0xffffffff,
				   .selector = selector, .attributes = attributes },
	};
}

void boot_registers(const struct vp *vp, unsigned int bits, uint64_t address)
{
	/* Accessed code and data, present; flat ones have G, and L or D. */
	__u16 code = bits == 16 ? 0x9b : bits == 32 ? 0xc09b : 0xa09b;
	__u16 data = bits == 16 ? 0x93 : 0xc093;
	__u16 selector = bits == 16 ? 0 : 8, data_selector = bits == 16 ? 0 : 16;
	struct mshv_hv_register_assoc registers[17];
	unsigned int count = 0;
	__u32 name;

	if (bits == 64) {
		registers[count++] = reg64(HV_X64_REGISTER_CR4, CR4_PAE);
		registers[count++] = reg64(HV_X64_REGISTER_CR3, TABLES);
		registers[count++] = reg64(HV_X64_REGISTER_EFER, EFER_LONG);
		registers[count++] = reg64(HV_X64_REGISTER_CR0, CR0_PG | CR0_ET | CR0_PE);
	} else {
		registers[count++] = reg64(HV_X64_REGISTER_CR0,
					   bits == 32 ? CR0_ET | CR0_PE : CR0_ET);
	}
	for (name = HV_X64_REGISTER_ES; name <= HV_X64_REGISTER_GS; name++) {
		if (name == HV_X64_REGISTER_CS)
			registers[count++] = segment(name, selector, code, bits);
		else
			registers[count++] = segment(name, data_selector, data, bits);
	}
	registers[count++] = reg64(HV_X64_REGISTER_RSP, address);
	registers[count++] = reg64(HV_X64_REGISTER_RIP, address);
	registers[count++] = reg64(HV_X64_REGISTER_RFLAGS, 2);
	registers[count++] = reg64(HV_X64_REGISTER_RDI, vp->index);
	partition_set(vp, registers, count);
}

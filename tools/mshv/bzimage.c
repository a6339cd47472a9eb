// SPDX-License-Identifier: GPL-2.0
/* A Linux kernel by its 64-bit boot protocol (Documentation/arch/x86/boot.rst). */
#include <asm/bootparam.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "boot.h"
#include "bzimage.h"
#include "status.h"

#define DESCRIPTORS	0x800ull	/* below the page tables of boot_tables() */
#define PARAMETERS	0x10000ull
#define STACK		0x20000ull	/* its end */
#define CMDLINE		0x20000ull
#define CMDLINE_SIZE	0x10000ull
#define LOW_END		0x9fc00ull
#define HIGH		0x100000ull

#define MAGIC		0x53726448u	/* "HdrS" */
#define VERSION		0x020c		/* the first with xloadflags */
#define SECTOR		512
#define SETUP_MIN	4		/* sectors, when the header has 0 */
#define ENTRY_64	0x200
#define LOADER_OTHER	0xff

#define CODE		0x10		/* __BOOT_CS, __BOOT_DS */
#define DATA		0x18

static void *read_file(const char *name, uint64_t *size)
{
	struct stat status;
	FILE *from = fopen(name, "r");
	void *bytes;

	if (!from || fstat(fileno(from), &status))
		err(STATUS_FAILED, "%s", name);
	*size = status.st_size;
	bytes = malloc(*size);
	if (!bytes || fread(bytes, 1, *size, from) != *size)
		err(STATUS_FAILED, "%s", name);
	fclose(from);
	return bytes;
}

static const struct setup_header *header(const uint8_t *file, uint64_t size, const char *name)
{
	const struct setup_header *setup = (const void *)(file + 0x1f1);

	if (size < 0x1000 || setup->header != MAGIC || setup->version < VERSION ||
	    !(setup->xloadflags & XLF_KERNEL_64))
		errx(STATUS_FAILED, "%s: no 64-bit Linux kernel", name);
	return setup;
}

static void add_range(struct boot_params *params, uint64_t from, uint64_t end, uint32_t type)
{
	params->e820_table[params->e820_entries++] =
		(struct boot_e820_entry){ from, end - from, type };
}

/* The end of memory, whole pages, is the furthest from whatever the kernel does first. */
static void load_initrd(struct memory *memory, const char *name, struct setup_header *setup)
{
	uint64_t end = memory->region[0].size, size, at;
	void *file = read_file(name, &size);

	if (end > setup->initrd_addr_max)
		end = setup->initrd_addr_max;
	at = (end - size) & ~(MEMORY_PAGE - 1);
	if (size > end / 2)
		errx(STATUS_FAILED, "%s: too large for this memory", name);
	memcpy(memory_at(memory, at, size), file, size);
	setup->ramdisk_image = at;
	setup->ramdisk_size = size;
	free(file);
}

static void load_cmdline(struct memory *memory, const char *cmdline, struct setup_header *setup)
{
	size_t size = strlen(cmdline) + 1;

	if (size > CMDLINE_SIZE || size > setup->cmdline_size)
		errx(STATUS_FAILED, "the kernel's command line is too long");
	memcpy(memory_at(memory, CMDLINE, size), cmdline, size);
	setup->cmd_line_ptr = CMDLINE;
}

uint64_t bzimage_load(struct memory *memory, const struct bzimage *image)
{
	struct boot_params *params = memory_at(memory, PARAMETERS, sizeof(*params));
	uint64_t *descriptors = memory_at(memory, DESCRIPTORS, 32);
	uint64_t size, skip, entry;
	uint8_t *file = read_file(image->kernel, &size);
	const struct setup_header *setup = header(file, size, image->kernel);
	void *to;

	skip = ((setup->setup_sects ? setup->setup_sects : SETUP_MIN) + 1) * SECTOR;
	entry = setup->pref_address;
	/* It unpacks itself in place and needs more than its file has. */
	to = memory_at(memory, entry, setup->init_size);
	if (!to || skip > size || size - skip > setup->init_size)
		errx(STATUS_FAILED, "%s needs memory up to 0x%llx", image->kernel,
		     (unsigned long long)(entry + setup->init_size));
	memcpy(to, file + skip, size - skip);

	params->hdr = *setup;
	params->hdr.type_of_loader = LOADER_OTHER;
	params->acpi_rsdp_addr = image->rsdp;
	load_cmdline(memory, image->cmdline, &params->hdr);
	if (image->initrd)
		load_initrd(memory, image->initrd, &params->hdr);
	add_range(params, 0, LOW_END, 1);
	add_range(params, LOW_END, HIGH, 2);
	add_range(params, HIGH, memory->region[0].size, 1);

	descriptors[CODE / 8] = 0x00af9b000000ffff;
	descriptors[DATA / 8] = 0x00cf93000000ffff;
	boot_tables(memory);
	free(file);
	return entry + ENTRY_64;
}

static struct mshv_hv_register_assoc segment(__u32 name, __u16 selector, __u16 attributes)
{
	return (struct mshv_hv_register_assoc){
		.name = name,
		.value.segment = { .limit = 0xffffffff, .selector = selector,
				   .attributes = attributes },
	};
}

void bzimage_registers(const struct vp *vp, uint64_t entry)
{
	struct mshv_hv_register_assoc registers[] = {
		segment(HV_X64_REGISTER_CS, CODE, 0xa09b),
		segment(HV_X64_REGISTER_DS, DATA, 0xc093),
		segment(HV_X64_REGISTER_ES, DATA, 0xc093),
		segment(HV_X64_REGISTER_SS, DATA, 0xc093),
		{ .name = HV_X64_REGISTER_GDTR,
		  .value.table = { .limit = 31, .base = DESCRIPTORS } },
		{ .name = HV_X64_REGISTER_RSI, .value.reg64 = PARAMETERS },
	};

	boot_registers(vp, 64, entry);
	partition_set(vp, registers, sizeof(registers) / sizeof(*registers));
}

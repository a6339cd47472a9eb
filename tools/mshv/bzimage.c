// SPDX-License-Identifier: GPL-2.0
/* A Linux kernel by its 64-bit boot protocol (Documentation/arch/x86/boot.rst). */
#include <asm/bootparam.h>
#include <err.h>
#include <string.h>
#include <sys/param.h>

#include "boot.h"
#include "pc/acpi.h"
#include "status.h"

#define DESCRIPTORS	0x800ull	/* below the page tables of boot_tables() */
#define PARAMETERS	0x10000ull
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

#define CODE		0x10		/* __BOOT_CS; __BOOT_DS is the next */

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
	uint64_t end = MIN(memory->region[0].size, setup->initrd_addr_max), size, at;
	const void *file = boot_open(name, &size);

	if (size > end / 2)
		errx(STATUS_FAILED, "%s: too large for this memory", name);
	at = (end - size) & ~(MEMORY_PAGE - 1);
	memcpy(memory_at(memory, at, size), file, size);
	setup->ramdisk_image = at;
	setup->ramdisk_size = size;
}

static void load_cmdline(struct memory *memory, const char *cmdline, struct setup_header *setup)
{
	size_t size = strlen(cmdline) + 1;

	if (size > CMDLINE_SIZE || size > setup->cmdline_size)
		errx(STATUS_FAILED, "the kernel's command line is too long");
	memcpy(memory_at(memory, CMDLINE, size), cmdline, size);
	setup->cmd_line_ptr = CMDLINE;
}

uint64_t boot_linux(struct memory *memory, const struct options *options)
{
	struct boot_params *params = memory_at(memory, PARAMETERS, sizeof(*params));
	uint64_t *descriptors = memory_at(memory, DESCRIPTORS, 32);
	uint64_t size, skip, entry;
	const uint8_t *file = boot_open(options->kernel, &size);
	const struct setup_header *setup = header(file, size, options->kernel);
	void *to;

	skip = ((setup->setup_sects ? setup->setup_sects : SETUP_MIN) + 1) * SECTOR;
	entry = setup->pref_address;
	/* It unpacks itself in place and needs more than its file has. */
	to = memory_at(memory, entry, setup->init_size);
	if (!to || skip > size || size - skip > setup->init_size)
		errx(STATUS_FAILED, "%s needs memory up to 0x%llx", options->kernel,
		     (unsigned long long)(entry + setup->init_size));
	memcpy(to, file + skip, size - skip);

	params->hdr = *setup;
	params->hdr.type_of_loader = LOADER_OTHER;
	params->acpi_rsdp_addr = ACPI_GPA;
	load_cmdline(memory, options->cmdline ? options->cmdline : "", &params->hdr);
	if (options->initrd)
		load_initrd(memory, options->initrd, &params->hdr);
	add_range(params, 0, LOW_END, 1);
	add_range(params, LOW_END, HIGH, 2);
	add_range(params, HIGH, memory->region[0].size, 1);

	descriptors[CODE / 8] = 0x00af9b000000ffff;
	descriptors[CODE / 8 + 1] = 0x00cf93000000ffff;
	boot_tables(memory);
	return entry + ENTRY_64;
}

void boot_linux_registers(const struct vp *vp, uint64_t entry)
{
	boot_registers(vp, 64, CODE, entry);
	partition_set64(vp, HV_X64_REGISTER_RSI, PARAMETERS);
	partition_set(vp, HV_X64_REGISTER_GDTR, (union mshv_hv_register_value){
		.table = { .limit = 31, .base = DESCRIPTORS } });
}

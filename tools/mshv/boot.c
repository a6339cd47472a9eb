// SPDX-License-Identifier: GPL-2.0
/*
 * From an image file to a VP that is about to execute it; a Linux kernel by its 64-bit boot
 * protocol (Documentation/arch/x86/boot.rst).
 */
#include <asm/bootparam.h>
#include <asm/processor-flags.h>
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot.h"
#include "pc/acpi.h"
#include "status.h"

#define TABLES		0x1000ull	/* first, second, four third-level ones */
#define LEGACY_END	0x100000ull
#define LEGACY_MAX	0x20000ull
#define FIRMWARE_END	0x100000000ull
#define FIRMWARE_MAX	0x1000000ull

#define PTE_TABLE	0x3		/* present, writable */
#define PTE_LARGE	0x83

#define EFER_LONG	0x500ull	/* LME, LMA */

#define DESCRIPTORS	0x800ull	/* below the page tables of write_tables() */
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

static const void *read_file(const char *file, uint64_t *size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *bytes;

	if (fd < 0 || fstat(fd, &status))
		err(STATUS_FAILED, "%s", file);
	if (!S_ISREG(status.st_mode) || !status.st_size)
		errx(STATUS_FAILED, "%s: not a file, or empty", file);
	*size = status.st_size;
	bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		err(STATUS_FAILED, "%s", file);
	close(fd);
	return bytes;
}

static void load_image(struct memory *memory, const char *file, uint64_t gpa)
{
	uint64_t size;
	const void *bytes = read_file(file, &size);
	void *to = memory_at(memory, gpa, size);

	if (!to)
		errx(STATUS_FAILED, "%s: %llu bytes don't fit into memory at 0x%llx", file,
		     (unsigned long long)size, (unsigned long long)gpa);
	memcpy(to, bytes, size);
}

/*
 * Firmware is read-only and ends at 4 GiB; there is a copy of its last 128 KiB in RAM, ending at
 * 1 MiB: there a PC's reset vector leads.
 */
static void load_firmware(struct memory *memory, const char *file)
{
	uint64_t size, legacy;
	const uint8_t *bytes = read_file(file, &size);

	if (size % MEMORY_PAGE || size > FIRMWARE_MAX)
		errx(STATUS_FAILED, "%s: firmware has whole pages, and at most 16 MiB", file);
	memcpy(memory_add(memory, FIRMWARE_END - size, size,
			  HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE), bytes, size);
	legacy = MIN(size, LEGACY_MAX);
	memcpy(memory_at(memory, LEGACY_END - legacy, legacy), bytes + size - legacy, legacy);
}

/* Page tables for 64-bit code below its image: 4 GiB as they are. */
static void write_tables(struct memory *memory)
{
	uint64_t *tables = memory_at(memory, TABLES, 6 * MEMORY_PAGE);
	uint64_t i;

	tables[0] = (TABLES + MEMORY_PAGE) | PTE_TABLE;
	for (i = 0; i < 4; i++)
		tables[512 + i] = (TABLES + (2 + i) * MEMORY_PAGE) | PTE_TABLE;
	for (i = 0; i < 4 * 512; i++)
		tables[1024 + i] = i << 21 | PTE_LARGE;
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
	uint64_t end = MIN(memory->region[0].size, setup->initrd_addr_max), size, at;
	const void *file = read_file(name, &size);

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

static uint64_t load_linux(struct memory *memory, const struct options *options)
{
	struct boot_params *params = memory_at(memory, PARAMETERS, sizeof(*params));
	uint64_t *descriptors = memory_at(memory, DESCRIPTORS, 32);
	uint64_t size, skip, entry;
	const uint8_t *file = read_file(options->kernel, &size);
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
	acpi_write(memory_at(memory, ACPI_GPA, ACPI_SIZE), options->cpus,
		   options->features && !options->legacy);
	load_cmdline(memory, options->cmdline ? options->cmdline : "", &params->hdr);
	if (options->initrd)
		load_initrd(memory, options->initrd, &params->hdr);
	add_range(params, 0, LOW_END, 1);
	add_range(params, LOW_END, HIGH, 2);
	add_range(params, HIGH, memory->region[0].size, 1);

	descriptors[CODE / 8] = 0x00af9b000000ffff;
	descriptors[CODE / 8 + 1] = 0x00cf93000000ffff;
	return entry + ENTRY_64;
}

uint64_t boot_load(struct memory *memory, const struct options *options)
{
	memory_add(memory, 0, options->memory, MEMORY_RAM);
	if (options->kernel || options->bits == 64)
		write_tables(memory);
	if (options->kernel)
		return load_linux(memory, options);
	if (options->firmware)
		load_firmware(memory, options->firmware);
	else
		load_image(memory, options->image, options->load_address);
	return options->load_address;
}

void boot_registers(const struct vp *vp, const struct options *options, uint64_t entry)
{
	unsigned int bits = options->kernel ? 64 : options->bits;
	unsigned int selector = options->kernel ? CODE : bits == 16 ? 0 : 8;
	/* Accessed code and data, present; flat ones have G, and L or D. */
	union mshv_hv_register_value code = { .segment = {
		.limit = bits == 16 ? 0xffff : 0xffffffff, .selector = selector,
		.attributes = bits == 16 ? 0x9b : bits == 32 ? 0xc09b : 0xa09b,
	} };
	union mshv_hv_register_value data = code;
	__u32 name;

	data.segment.selector = selector ? selector + 8 : 0;
	data.segment.attributes = bits == 16 ? 0x93 : 0xc093;
	if (bits == 64) {
		partition_set64(vp, HV_X64_REGISTER_CR4, X86_CR4_PAE);
		partition_set64(vp, HV_X64_REGISTER_CR3, TABLES);
		partition_set64(vp, HV_X64_REGISTER_EFER, EFER_LONG);
	}
	partition_set64(vp, HV_X64_REGISTER_CR0, X86_CR0_ET | (bits > 16 ? X86_CR0_PE : 0) |
			(bits == 64 ? X86_CR0_PG : 0));
	for (name = HV_X64_REGISTER_ES; name <= HV_X64_REGISTER_GS; name++)
		partition_set(vp, name, name == HV_X64_REGISTER_CS ? code : data);
	partition_set64(vp, HV_X64_REGISTER_RSP, entry);
	partition_set64(vp, HV_X64_REGISTER_RIP, entry);
	partition_set64(vp, HV_X64_REGISTER_RFLAGS, X86_EFLAGS_FIXED);
	partition_set64(vp, HV_X64_REGISTER_RDI, vp->index);
	if (options->kernel) {
		partition_set64(vp, HV_X64_REGISTER_RSI, PARAMETERS);
		partition_set(vp, HV_X64_REGISTER_GDTR, (union mshv_hv_register_value){
			.table = { .limit = 31, .base = DESCRIPTORS } });
	}
}

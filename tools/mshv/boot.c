// SPDX-License-Identifier: GPL-2.0
/* From an image file to a VP that is about to execute it. */
#include <asm/processor-flags.h>
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot.h"
#include "status.h"

#define TABLES		0x1000ull	/* first, second, four third-level ones */
#define LEGACY_END	0x100000ull
#define LEGACY_MAX	0x20000ull
#define FIRMWARE_END	0x100000000ull
#define FIRMWARE_MAX	0x1000000ull

#define PTE_TABLE	0x3		/* present, writable */
#define PTE_LARGE	0x83

#define EFER_LONG	0x500ull	/* LME, LMA */

const void *boot_open(const char *file, uint64_t *size)
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

void boot_image(struct memory *memory, const char *file, uint64_t gpa)
{
	uint64_t size;
	const void *bytes = boot_open(file, &size);
	void *to = memory_at(memory, gpa, size);

	if (!to)
		errx(STATUS_FAILED, "%s: %llu bytes don't fit into memory at 0x%llx", file,
		     (unsigned long long)size, (unsigned long long)gpa);
	memcpy(to, bytes, size);
}

void boot_firmware(struct memory *memory, const char *file)
{
	uint64_t size, legacy;
	const uint8_t *bytes = boot_open(file, &size);

	if (size % MEMORY_PAGE || size > FIRMWARE_MAX)
		errx(STATUS_FAILED, "%s: firmware has whole pages, and at most 16 MiB", file);
	memcpy(memory_add(memory, FIRMWARE_END - size, size,
			  HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE), bytes, size);
	legacy = MIN(size, LEGACY_MAX);
	memcpy(memory_at(memory, LEGACY_END - legacy, legacy), bytes + size - legacy, legacy);
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

void boot_registers(const struct vp *vp, unsigned int bits, uint16_t selector, uint64_t address)
{
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
	partition_set64(vp, HV_X64_REGISTER_RSP, address);
	partition_set64(vp, HV_X64_REGISTER_RIP, address);
	partition_set64(vp, HV_X64_REGISTER_RFLAGS, X86_EFLAGS_FIXED);
	partition_set64(vp, HV_X64_REGISTER_RDI, vp->index);
}

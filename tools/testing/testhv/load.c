// SPDX-License-Identifier: GPL-2.0
/*
 * Loading Linux by its boot protocol (Documentation/arch/x86/boot.rst in the kernel): modules are
 * "bzImage CMDLINE" and, if there is one, the initrd.
 */
#include "hw/cpu.h"
#include "hw/memory.h"
#include "hw/multiboot.h"
#include "lib/lib.h"
#include "load.h"
#include "svm/svm.h"
#include "vm/run.h"
#include "vm/vp.h"

/* Where the root finds them; Linux has copied all three before it uses this memory. */
#define BOOT_PARAMS	0x10000ULL
#define CMDLINE		0x20000ULL
#define CMDLINE_SIZE	4096

/* offsets in boot_params and in the image */
#define BP_E820_ENTRIES		0x1e8
#define BP_SETUP_HEADER		0x1f1
#define BP_JUMP			0x200
#define BP_MAGIC		0x202
#define BP_TYPE_OF_LOADER	0x210
#define BP_CODE32_START		0x214
#define BP_RAMDISK_IMAGE	0x218
#define BP_RAMDISK_SIZE		0x21c
#define BP_CMD_LINE_PTR		0x228
#define BP_RELOCATABLE		0x234
#define BP_PREF_ADDRESS		0x258
#define BP_E820_TABLE		0x2d0
#define BP_E820_MAX		128
#define BP_SIZE			0x1000
#define HEADER_MAGIC		0x53726448u	/* "HdrS" */

#define MADT_ENTRIES		44
#define MADT_LOCAL_APIC		0

static u8 header[0x300];
static char cmdline[CMDLINE_SIZE];
static u64 kernel_at;
static u32 initrd_at, initrd_size;

static void keep_cmdline(u32 string)
{
	const char *s = spa_to_virt(string);
	size_t n;

	/* The module's string begins with its file name. */
	while (*s && *s != ' ')
		s++;
	while (*s == ' ')
		s++;
	n = strlen(s);
	if (n >= CMDLINE_SIZE)
		panic("the kernel's command line is too long");
	memcpy(cmdline, s, n);
}

static void move_kernel(const struct multiboot_module *m)
{
	const u8 *image = spa_to_virt(m->start);
	u32 setup, size = m->end - m->start;

	memcpy(header, image, sizeof(header));
	if (size < sizeof(header) || *(u32 *)(header + BP_MAGIC) != HEADER_MAGIC)
		panic("the first module is no bzImage");
	setup = ((header[BP_SETUP_HEADER] ? header[BP_SETUP_HEADER] : 4) + 1) * 512;
	kernel_at = *(u64 *)(header + BP_PREF_ADDRESS);
	if (kernel_at < TESTHV_END) {
		if (!header[BP_RELOCATABLE])
			panic("a kernel for address %lx that can't be relocated", kernel_at);
		kernel_at = TESTHV_END;
	}
	memmove(spa_to_virt(kernel_at), image + setup, size - setup);
}

void load_modules(const struct multiboot_info *mbi)
{
	struct multiboot_module m[2] = { 0 };

	if (!(mbi->flags & MULTIBOOT_MODULES) || !mbi->mods_count)
		panic("no kernel: use -initrd \"bzImage CMDLINE,initrd\"");
	memcpy(m, spa_to_virt(mbi->mods_addr), MIN(mbi->mods_count, 2) * sizeof(m[0]));
	keep_cmdline(m[0].string);
	/* The initrd first: the kernel's place may reach into it. */
	if (mbi->mods_count > 1) {
		initrd_size = m[1].end - m[1].start;
		initrd_at = ALIGN_DOWN(memory_low_end() - initrd_size, PAGE_SIZE);
		memmove(spa_to_virt(initrd_at), spa_to_virt(m[1].start), initrd_size);
	}
	move_kernel(&m[0]);
}

static void write_boot_params(void)
{
	u8 *bp = spa_to_virt(BOOT_PARAMS);
	struct e820_entry map[BP_E820_MAX];
	u32 header_end = BP_JUMP + 2 + header[BP_JUMP + 1];

	memset(bp, 0, BP_SIZE);
	memcpy(bp + BP_SETUP_HEADER, header + BP_SETUP_HEADER, header_end - BP_SETUP_HEADER);
	bp[BP_TYPE_OF_LOADER] = 0xff;
	*(u32 *)(bp + BP_CODE32_START) = (u32)kernel_at;
	*(u32 *)(bp + BP_RAMDISK_IMAGE) = initrd_at;
	*(u32 *)(bp + BP_RAMDISK_SIZE) = initrd_size;
	*(u32 *)(bp + BP_CMD_LINE_PTR) = CMDLINE;
	bp[BP_E820_ENTRIES] = memory_root_e820(map, BP_E820_MAX);
	memcpy(bp + BP_E820_TABLE, map, bp[BP_E820_ENTRIES] * sizeof(map[0]));
	memcpy(spa_to_virt(CMDLINE), cmdline, CMDLINE_SIZE);
}

void load_boot_vp(struct cpu *cpu)
{
	const struct vmcb_segment data = { 0x18, SEG_G | SEG_DB | 0x93, ~0u, 0 };
	struct vmcb *c;

	write_boot_params();
	run_start_root(cpu, 0);
	cpu->activity = ROOT_RUNNING;
	c = cpu->root->vmcb;
	c->cs = (struct vmcb_segment){ 0x10, SEG_G | SEG_DB | 0x9b, ~0u, 0 };
	c->ds = data;
	c->es = data;
	c->ss = data;
	c->fs = data;
	c->gs = data;
	c->cr0 = 0x11;
	c->rip = kernel_at;
	cpu->root->gprs.rsi = BOOT_PARAMS;
}

static u8 sum(const u8 *p, u32 n)
{
	u8 s = 0;

	while (n--)
		s += *p++;
	return s;
}

/* The root must not use testhv's clock: the table gets a signature that nobody looks for. */
static void hide_hpet(u8 *table)
{
	memcpy(table, "XPET", 4);
}

/* Nor its boot processor, APIC id 0 (ACPI 6.5, 5.2.12.2; id 0xff is none). */
static void hide_boot_processor(u8 *table)
{
	u32 length = *(u32 *)(table + 4);

	for (u32 i = MADT_ENTRIES; i + 1 < length && table[i + 1]; i += table[i + 1]) {
		if (table[i] != MADT_LOCAL_APIC || table[i + 3])
			continue;
		table[i + 3] = 0xff;
		*(u32 *)(table + i + 4) = 0;
	}
}

static void edit_table(u8 *table)
{
	if (!memcmp(table, "HPET", 4))
		hide_hpet(table);
	else if (!memcmp(table, "APIC", 4))
		hide_boot_processor(table);
	else
		return;
	table[9] -= sum(table, *(u32 *)(table + 4));
}

void load_edit_acpi(void)
{
	for (u64 at = 0xe0000; at < 0x100000; at += 16) {
		const u8 *rsdp = spa_to_virt(at);
		const u32 *rsdt;

		if (memcmp(rsdp, "RSD PTR ", 8) || sum(rsdp, 20))
			continue;
		rsdt = spa_to_virt(*(u32 *)(rsdp + 16));
		for (u32 i = 9; i < rsdt[1] / 4; i++)
			edit_table(spa_to_virt(rsdt[i]));
		return;
	}
}

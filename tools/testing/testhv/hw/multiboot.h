/* SPDX-License-Identifier: GPL-2.0 */
/* What the multiboot loader leaves behind (Multiboot specification 0.6.96, section 3.3). */
#ifndef TESTHV_MULTIBOOT_H
#define TESTHV_MULTIBOOT_H

#include "../lib/types.h"

struct multiboot_info {
	u32 flags;
	u32 mem_lower, mem_upper, boot_device;
	u32 cmdline;
	u32 mods_count, mods_addr;
	u32 syms[4];
	u32 mmap_length, mmap_addr;
} __packed;

struct multiboot_module {
	u32 start, end, string, reserved;
} __packed;

struct multiboot_mmap {
	u32 size;		/* of the rest */
	u64 base, length;
	u32 type;
} __packed;

#define MULTIBOOT_CMDLINE	BIT(2)
#define MULTIBOOT_MODULES	BIT(3)
#define MULTIBOOT_MMAP		BIT(6)

#endif

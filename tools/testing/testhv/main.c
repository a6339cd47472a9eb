// SPDX-License-Identifier: GPL-2.0
/* testhv: the boot, as a story. */
#include "exit.h"
#include "hw/clock.h"
#include "hw/cpu.h"
#include "hw/hpet.h"
#include "hw/memory.h"
#include "hw/multiboot.h"
#include "hw/smp.h"
#include "lib/lib.h"
#include "load.h"
#include "serve/intercept.h"
#include "serve/root.h"
#include "serve/serve.h"
#include "svm/svm.h"
#include "vm/lapic.h"
#include "vm/port.h"
#include "vm/run.h"
#include "vm/synic.h"

static bool start_root;

static void read_options(const struct multiboot_info *mbi)
{
	static const struct { const char *word; bool *given; } options[] = {
		{ "test", &window_enabled },
		{ "guest", &root_as_guest },
		{ "nested", &root_as_nested },
	};
	const char *s = mbi->flags & MULTIBOOT_CMDLINE ? spa_to_virt(mbi->cmdline) : "";

	/* The first word is the image's name. */
	for (; *s; s++) {
		for (unsigned int i = 0; *s == ' ' && i < ARRAY_SIZE(options); i++) {
			size_t n = strlen(options[i].word);

			if (!strncmp(s + 1, options[i].word, n) && (!s[n + 1] || s[n + 1] == ' '))
				*options[i].given = true;
		}
	}
}

static void init_cpu(struct cpu *cpu)
{
	svm_init_cpu(memory_page());
	cpu->hypercall_in = memory_page();
	cpu->hypercall_out = memory_page();
	run_init_root_vp(cpu);
	synic_init_cpu(cpu);
}

/* A processor of the root partition: all but the first wait there for their root VP's SIPI. */
void ap_main(unsigned int apic_id)
{
	struct cpu *cpu = &cpus[apic_id - 1];

	smp_init_cpu(apic_id - 1);
	if (READ_ONCE(cpu->online))
		panic("processor %u was started twice", apic_id);
	init_cpu(cpu);
	WRITE_ONCE(cpu->online, true);
	while (!READ_ONCE(start_root))
		cpu_relax();
	exit_loop(cpu);
}

void main(const struct multiboot_info *mbi)
{
	smp_init_boot_cpu();
	read_options(mbi);
	memory_init(mbi);
	ports_init();
	load_modules(mbi);
	memory_init_frames();
	clock_init();
	run_init_root_partition();
	lapic_sipi_callback = child_sipi;
	root_msr_init();
	smp_start_cpus();
	hpet_init();
	load_edit_acpi();
	load_boot_vp(&cpus[0]);
	log_line("%u processors, TSC %lu kHz, root RAM below 4G ends at %lx%s%s%s", cpu_count,
		 tsc_hz / 1000, memory_low_end(), window_enabled ? ", test window on" : "",
		 root_as_guest ? ", as a guest" : "", root_as_nested ? ", as nested" : "");
	WRITE_ONCE(start_root, true);
	smp_retire();
}

// SPDX-License-Identifier: GPL-2.0
/* mshv-vmm: a small VMM over /dev/mshv. What it can run, README.md says. */
#include <err.h>
#include <stdio.h>

#include "boot.h"
#include "bzimage.h"
#include "loop.h"
#include "options.h"
#include "pc.h"
#include "pc/acpi.h"
#include "run.h"
#include "status.h"

static struct machine machine = { .lock = PTHREAD_MUTEX_INITIALIZER };
static struct pc pc;
static struct loop loop;
static struct challenge challenge;

static void set_up_linux(const struct options *options)
{
	const struct bzimage image = {
		options->kernel, options->initrd, options->cmdline ? options->cmdline : "", ACPI_GPA
	};
	const struct partition *partition = &machine.partition;
	uint64_t entry;

	ports_init(&machine.ports);
	memory_add(&machine.memory, 0, options->memory,
		   HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE);
	entry = bzimage_load(&machine.memory, &image);
	acpi_write(memory_at(&machine.memory, ACPI_GPA, ACPI_SIZE), options->cpus,
		   options->features && !options->legacy);
	machine.trace = options->trace;
	partition_open(&machine.partition, options->cpus, true, options->features);
	partition_map(partition, &machine.memory.region[0]);
	pc_init(&pc, partition, &machine.ports, &machine.mmio);
	if (options->disk)
		pc_add_disk(&pc, &machine.mmio, &machine.memory, options->disk);
	bzimage_registers(&partition->vp[0], entry);
	loop_start(&loop, &pc, &machine.lock);
}

static void set_up(const struct options *options)
{
	unsigned int i;

	ports_init(&machine.ports);
	ports_add_simple(&machine.ports);
	info_init(&machine.info, &machine.ports, &machine.partition);
	memory_add(&machine.memory, 0, options->memory,
		   HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE);
	if (options->firmware)
		boot_firmware(&machine.memory, options->firmware);
	else
		boot_load(&machine.memory, options->image, options->load_address);
	if (options->bits == 64)
		boot_tables(&machine.memory);
	if (options->challenge) {
		challenge_init(&challenge, options->challenge, &machine.memory, &machine.ports);
		machine.challenge = &challenge;
	}
	if (options->lazy)
		info_lazy(&machine.info, &machine.memory);
	/* Firmware looks for devices. */
	machine.empty_reads = options->firmware || options->holes;
	machine.trace = options->trace;

	partition_open(&machine.partition, options->cpus, options->lapic, options->features);
	for (i = 0; i < machine.memory.count; i++)
		partition_map(&machine.partition, &machine.memory.region[i]);
	machine.info.features = options->features;
	machine.info.lapic = options->lapic;
	machine.info.memory = options->memory;
	/* With local APICs the others wait for a SIPI, which gives them registers. */
	for (i = 0; options->image && i < (options->lapic ? 1 : options->cpus); i++)
		boot_registers(&machine.partition.vp[i], options->bits,
			       options->load_address);
}

int main(int argc, char **argv)
{
	struct options options;
	const char *error = options_parse(argc, argv, &options);
	int status;

	if (error) {
		warnx("%s", error);
		fputs(options_usage, stderr);
		return STATUS_FAILED;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (options.kernel) {
		setvbuf(stdout, NULL, _IONBF, 0);
		set_up_linux(&options);
	} else {
		set_up(&options);
	}
	machine.spread = options.spread;
	status = run(&machine, options.timeout);
	if (options.kernel)
		loop_stop(&loop);
	fflush(stdout);
	if (machine.challenge)
		status = challenge_result(&challenge, status);
	if (status == STATUS_INTERRUPTED)
		warnx("interrupted after %lu exits", machine.exits);
	partition_close(&machine.partition);
	memory_free(&machine.memory);
	return status;
}

// SPDX-License-Identifier: GPL-2.0
/* mshv-vmm: a small VMM over /dev/mshv. What it can run, README.md says. */
#include <err.h>
#include <stdio.h>

#include "boot.h"
#include "machine.h"
#include "pc.h"
#include "pc/acpi.h"
#include "status.h"

static struct options options;
static struct machine machine = {
	.options = &options, .lock = PTHREAD_MUTEX_INITIALIZER, .ports.exit_code = STATUS_GO_ON,
};
static struct pc pc;

/* Returns: the entry of a Linux kernel. */
static uint64_t load(struct memory *memory)
{
	memory_add(memory, 0, options.memory, MEMORY_RAM);
	if (options.kernel) {
		acpi_write(memory_at(memory, ACPI_GPA, ACPI_SIZE), options.cpus,
			   options.features && !options.legacy);
		return boot_linux(memory, &options);
	}
	if (options.firmware)
		boot_firmware(memory, options.firmware);
	else
		boot_image(memory, options.image, options.load_address);
	if (options.bits == 64)
		boot_tables(memory);
	return 0;
}

static void add_small_devices(void)
{
	info_init(&machine);
	if (options.challenge)
		challenge_init(&machine.challenge, options.challenge, &machine.memory,
			       &machine.ports, &machine.mmio);
}

static void set_up(void)
{
	uint64_t entry = load(&machine.memory);
	unsigned int i;

	if (!options.kernel)
		add_small_devices();
	partition_open(&machine.partition, options.cpus, options.lapic, options.features);
	for (i = 0; i < machine.memory.count; i++)
		partition_map(&machine.partition, &machine.memory.region[i]);
	/* With local APICs the others wait for a SIPI, which gives them registers. */
	for (i = 0; options.image && i < (options.lapic ? 1 : options.cpus); i++)
		boot_registers(&machine.partition.vp[i], options.bits, options.bits == 16 ? 0 : 8,
			       options.load_address);
	if (options.kernel) {
		boot_linux_registers(&machine.partition.vp[0], entry);
		pc_init(&pc, &machine.partition, &machine.ports, &machine.mmio);
		if (options.disk)
			pc_add_disk(&pc, &machine.mmio, &machine.memory, options.disk);
		loop_start(&pc, &machine.lock);
	}
}

int main(int argc, char **argv)
{
	const char *error = options_parse(argc, argv, &options);
	int status;

	if (error) {
		warnx("%s", error);
		fputs(options_usage, stderr);
		return STATUS_FAILED;
	}
	setvbuf(stdout, NULL, options.kernel ? _IONBF : _IOLBF, 0);
	sigemptyset(&machine.ends);
	sigaddset(&machine.ends, SIGINT);
	sigaddset(&machine.ends, SIGTERM);
	sigaddset(&machine.ends, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &machine.ends, NULL);
	set_up();
	status = run(&machine);
	/* The devices' thread stops too. What there is of a partition ends with the program. */
	pthread_mutex_lock(&machine.lock);
	return options.challenge ? challenge_result(&machine.challenge, status) : status;
}

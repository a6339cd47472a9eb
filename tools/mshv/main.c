// SPDX-License-Identifier: GPL-2.0
/* mshv-vmm: a small VMM over /dev/mshv. What it can run, README.md says. */
#include <err.h>
#include <stdio.h>

#include "boot.h"
#include "machine.h"
#include "pc.h"
#include "status.h"

static struct options options;
static struct pc pc;
static struct machine machine = {
	.options = &options, .lock = PTHREAD_MUTEX_INITIALIZER, .ports.exit_code = STATUS_GO_ON,
};

static void set_up(void)
{
	struct memory *memory = &machine.memory;
	uint64_t entry = boot_load(memory, &options);
	unsigned int i;

	if (!options.kernel)
		info_init(&machine);
	if (options.challenge)
		challenge_init(&machine.challenge, options.challenge, memory, &machine.ports,
			       &machine.mmio);
	partition_open(&machine.partition, options.cpus, options.lapic, options.features);
	for (i = 0; i < memory->count; i++)
		partition_map(&machine.partition, &memory->region[i]);
	/* With local APICs the others wait for a SIPI, which gives them registers. */
	for (i = 0; !options.firmware && i < (options.lapic ? 1 : options.cpus); i++)
		boot_registers(&machine.partition.vp[i], &options, entry);
	if (options.kernel) {
		pc_init(&pc, &machine.partition, &machine.ports, &machine.mmio);
		if (options.disk)
			pc_add_disk(&pc, &machine.mmio, memory, options.disk);
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

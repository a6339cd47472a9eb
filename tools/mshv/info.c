// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest may ask of us: a long word written to the port selects, reads give the answer, low
 * half first. And lazy pages: the guest says when one leaves the map; the first access brings it
 * back.
 */
#include "machine.h"
#include "pc.h"

#define INFO_PORT	0xe4
#define INFO_LAZY	0xd0000000ull
#define INFO_FORGET	0x100		/* and a lazy page's number */

static uint64_t answer(const struct machine *machine, uint32_t question)
{
	switch (question) {
	case 0: return machine->options->cpus;
	case 1: return machine->options->lapic;
	case 2: return machine->options->features;
	case 3: return machine->options->memory;
	case 4: return pc_now() / 1000;	/* microseconds */
	case 5: return machine->info.asked;
	default: return 0;
	}
}

static void info_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct machine *machine = context;
	uint32_t page = value - INFO_FORGET;

	machine->info.high = false;
	machine->info.answer = answer(machine, value);
	if (page < MACHINE_LAZY_PAGES && machine->info.mapped[page]) {
		partition_unmap(&machine->partition, &machine->info.page[page]);
		machine->info.mapped[page] = false;
	}
}

static uint32_t info_read(void *context, uint16_t port, unsigned int size)
{
	struct machine *machine = context;

	machine->info.high = !machine->info.high;
	return machine->info.high ? machine->info.answer : machine->info.answer >> 32;
}

void info_init(struct machine *machine)
{
	struct memory *memory = &machine->memory;
	unsigned int i;

	ports_add(&machine->ports, &(struct port_device){
		INFO_PORT, 1, info_read, info_write, machine });
	if (!machine->options->lazy)
		return;
	machine->info.page = &memory->region[memory->count];
	for (i = 0; i < MACHINE_LAZY_PAGES; i++) {
		memory_add(memory, INFO_LAZY + i * MEMORY_PAGE, MEMORY_PAGE, MEMORY_RAM);
		machine->info.mapped[i] = true;
	}
}

bool info_bring(struct machine *machine, uint64_t gpa)
{
	uint64_t page = (gpa - INFO_LAZY) / MEMORY_PAGE;

	if (page >= MACHINE_LAZY_PAGES || !machine->info.page)
		return false;
	/* Another VP may have been quicker. */
	if (!machine->info.mapped[page]) {
		partition_map(&machine->partition, &machine->info.page[page]);
		machine->info.mapped[page] = true;
		machine->info.asked++;
	}
	return true;
}

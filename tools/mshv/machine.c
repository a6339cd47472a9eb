// SPDX-License-Identifier: GPL-2.0
/* How each kind of exit is handled. */
#include <err.h>
#include <string.h>

#include "instruction.h"
#include "machine.h"
#include "status.h"

static int unhandled(const struct machine *machine, const struct mshv_hv_message *message,
		     const char *why)
{
	fflush(stdout);
	warnx("exit %lu, %s:", machine->exits, why);
	exits_print(stderr, message);
	exits_print_registers(stderr, machine->vp);
	return STATUS_UNHANDLED;
}

/* How the guest's linear addresses translate now, at first those in CS. */
static struct linear linear_now(const struct machine *machine,
				const struct mshv_hv_x64_intercept_message_header *header)
{
	return (struct linear){
		.memory = &machine->memory,
		.cr0 = partition_get(machine->vp, HV_X64_REGISTER_CR0).reg64,
		.cr3 = partition_get(machine->vp, HV_X64_REGISTER_CR3).reg64,
		.cr4 = partition_get(machine->vp, HV_X64_REGISTER_CR4).reg64,
		.efer = partition_get(machine->vp, HV_X64_REGISTER_EFER).reg64,
		.user = header->execution_state.cpl == 3,
		.base = header->cs_segment._long ? 0 : header->cs_segment.base,
	};
}

/* The instruction's bytes are the message's or, where that has none, in the guest's memory. */
static int decode(const struct machine *machine,
		  const struct mshv_hv_x64_intercept_message_header *header,
		  const uint8_t *bytes, unsigned int count, struct instruction *found)
{
	const struct mshv_hv_x64_segment_register *cs = &header->cs_segment;
	uint8_t fetched[15];
	struct linear linear;

	if (!count) {
		bytes = fetched;
		linear = linear_now(machine, header);
		while (count < sizeof(fetched) && !linear_copy(&linear, header->rip + count,
							       &fetched[count], 1, LINEAR_READ))
			count++;
	}
	return instruction_decode(bytes, count, cs->_long ? 64 : cs->_default ? 32 : 16, found);
}

static int string_io(struct machine *machine, const struct mshv_hv_message *message)
{
	struct mshv_hv_x64_io_port_intercept_message io;
	struct instruction found;
	struct linear linear;
	int error;

	memcpy(&io, message->payload, sizeof(io));
	if (decode(machine, &io.header, io.instruction_bytes, io.instruction_byte_count, &found) ||
	    !found.string)
		return unhandled(machine, message, "no INS or OUTS");
	linear = linear_now(machine, &io.header);
	/* In 64-bit code only FS and GS have a base. */
	if (!io.header.cs_segment._long || found.segment >= HV_X64_REGISTER_FS)
		linear.base = partition_get(machine->vp, found.segment).segment.base;
	error = instruction_string(&io, found.address_size, &linear, &machine->ports);

	partition_set64(machine->vp, HV_X64_REGISTER_RSI, io.rsi);
	partition_set64(machine->vp, HV_X64_REGISTER_RDI, io.rdi);
	partition_set64(machine->vp, HV_X64_REGISTER_RCX, io.rcx);
	if (error)
		return unhandled(machine, message, "string I/O with memory out of reach");
	partition_set64(machine->vp, HV_X64_REGISTER_RIP,
			io.header.rip + io.header.instruction_length);
	return STATUS_GO_ON;
}

static int port_io(struct machine *machine, const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)message->payload;
	unsigned int size = io->access_info.access_size;
	uint32_t value;

	if (!io->header.instruction_length || (size != 1 && size != 2 && size != 4))
		return unhandled(machine, message, "no instruction length, or a strange size");
	if (io->access_info.string_op)
		return string_io(machine, message);

	if (io->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE) {
		ports_write(&machine->ports, io->port_number, size, io->rax);
	} else {
		value = ports_read(&machine->ports, io->port_number, size);
		partition_set64(machine->vp, HV_X64_REGISTER_RAX,
				ports_merge(io->rax, value, size));
	}
	partition_set64(machine->vp, HV_X64_REGISTER_RIP,
			io->header.rip + io->header.instruction_length);
	return STATUS_GO_ON;
}

/*
 * A store to read-only memory does nothing; to firmware, which looks for devices, what isn't there
 * reads 0. Nothing else is expected.
 */
static int memory_access(struct machine *machine, const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_memory_intercept_message *memory = (const void *)message->payload;
	bool rom = message->header.message_type == MSHV_HVMSG_GPA_INTERCEPT;
	bool empty_reads = machine->options->firmware || machine->options->holes;
	uint64_t gpa = memory->guest_physical_address, reg, value = 0;
	const struct mmio_device *device;
	struct instruction mov;
	uint32_t offset;

	if (!rom && info_bring(machine, gpa))
		return STATUS_GO_ON;
	device = mmio_find(&machine->mmio, gpa, &offset);
	if (!rom && !device && !empty_reads)
		return unhandled(machine, message, "no memory there");
	if (decode(machine, &memory->header, memory->instruction_bytes,
		   memory->instruction_byte_count, &mov) || mov.string || (rom && !mov.store))
		return unhandled(machine, message, "an instruction that this VMM doesn't emulate");

	reg = partition_get(machine->vp, HV_X64_REGISTER_RAX + mov.reg).reg64;
	if (mov.store) {
		if (device)
			device->write(device->context, offset, mov.size, ports_cut(reg, mov.size));
	} else {
		if (device)
			value = device->read(device->context, offset, mov.size);
		partition_set64(machine->vp, HV_X64_REGISTER_RAX + mov.reg,
				ports_merge(reg, value, mov.size));
	}
	partition_set64(machine->vp, HV_X64_REGISTER_RIP, memory->header.rip + mov.length);
	return STATUS_GO_ON;
}

/* guest64 goes on after a HLT, where it says. */
static int halt(struct machine *machine)
{
	if (machine->options->challenge) {
		partition_set64(machine->vp, HV_X64_REGISTER_RIP,
				partition_get(machine->vp, HV_X64_REGISTER_RBX).reg64);
		return STATUS_GO_ON;
	}
	fflush(stdout);
	warnx("the guest halted after %lu exits", machine->exits);
	return 0;
}

static int handle(struct machine *machine, const struct mshv_hv_message *message)
{
	switch (message->header.message_type) {
	case MSHV_HVMSG_X64_IO_PORT_INTERCEPT: return port_io(machine, message);
	case MSHV_HVMSG_UNMAPPED_GPA:
	case MSHV_HVMSG_GPA_INTERCEPT: return memory_access(machine, message);
	case MSHV_HVMSG_X64_HALT: return halt(machine);
	default: return unhandled(machine, message, "not handled");
	}
}

int machine_handle(struct machine *machine, const struct vp *vp,
		   const struct mshv_hv_message *message)
{
	struct challenge *challenge = &machine->challenge;
	bool numbered = false;
	int status;

	machine->vp = vp;
	machine->exits++;
	if (machine->options->trace)
		exits_print(stdout, message);
	if (machine->options->challenge)
		numbered = challenge_exit_begin(challenge, message,
						partition_get(vp, HV_X64_REGISTER_RAX).reg64);
	status = handle(machine, message);
	if (status != STATUS_GO_ON)
		return status;
	challenge->sequence += numbered;
	/* After the first wrong answer the two don't agree on anything any more. */
	return challenge->wrong ? STATUS_WRONG : machine->ports.exit_code;
}

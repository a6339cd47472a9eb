// SPDX-License-Identifier: GPL-2.0
/* The run loop, and how each kind of exit is handled. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "guest/challenge_abi.h"
#include "linear.h"
#include "mov.h"
#include "run.h"
#include "status.h"
#include "string_io.h"

#define GO_ON	-1

struct runner {
	struct machine *machine;
	const struct vp *vp;
	pthread_t thread;
};

static atomic_bool stopped, timed_out;
static const struct partition *running;

/* A cancel that comes just before MSHV_RUN_VP isn't lost: it waits for that call. */
static void stop_all(void)
{
	unsigned int i;

	stopped = true;
	for (i = 0; i < running->count; i++)
		partition_cancel(&running->vp[i]);
}

static void on_signal(int signal)
{
	int saved = errno;

	if (signal == SIGALRM)
		timed_out = true;
	stop_all();
	errno = saved;
}

static void catch_signals(const struct partition *partition)
{
	struct sigaction action = { .sa_handler = on_signal };

	running = partition;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
}

static struct mshv_hv_register_assoc reg64(__u32 name, uint64_t value)
{
	return (struct mshv_hv_register_assoc){ .name = name, .value.reg64 = value };
}

/* How the guest's linear addresses translate now; and in @segment->value one of its segments. */
static struct linear linear_now(const struct machine *machine,
				const struct mshv_hv_x64_intercept_message_header *header,
				struct mshv_hv_register_assoc *segment)
{
	struct mshv_hv_register_assoc regs[] = {
		reg64(HV_X64_REGISTER_CR0, 0), reg64(HV_X64_REGISTER_CR3, 0),
		reg64(HV_X64_REGISTER_CR4, 0), reg64(HV_X64_REGISTER_EFER, 0), *segment
	};

	partition_get(machine->vp, regs, 5);
	*segment = regs[4];
	return (struct linear){
		.memory = &machine->memory, .cr0 = regs[0].value.reg64, .cr3 = regs[1].value.reg64,
		.cr4 = regs[2].value.reg64, .efer = regs[3].value.reg64,
		.user = header->execution_state.cpl == 3,
	};
}

/* In 64-bit code only FS and GS have a base. */
static uint64_t segment_base(const struct mshv_hv_x64_intercept_message_header *header,
			     const struct mshv_hv_register_assoc *segment)
{
	if (header->cs_segment._long && segment->name != HV_X64_REGISTER_FS &&
	    segment->name != HV_X64_REGISTER_GS)
		return 0;
	return segment->value.segment.base;
}

/*
 * Takes the instruction's bytes from the message, or, where that has none, from the guest's memory.
 * Returns: how many there are.
 */
static unsigned int fetch(const struct machine *machine,
			  const struct mshv_hv_x64_intercept_message_header *header,
			  unsigned int count, uint8_t bytes[16])
{
	struct mshv_hv_register_assoc cs = reg64(HV_X64_REGISTER_CS, 0);
	struct linear linear;

	if (count)
		return count;
	linear = linear_now(machine, header, &cs);
	while (count < 15 && !linear_read(&linear, segment_base(header, &cs) + header->rip + count,
					  &bytes[count], 1))
		count++;
	return count;
}

static void print_registers(const struct vp *vp)
{
	struct mshv_hv_register_assoc regs[32];
	unsigned int count = 0, i;
	__u32 name;

	for (name = HV_X64_REGISTER_RAX; name <= HV_X64_REGISTER_RFLAGS; name++)
		regs[count++] = reg64(name, 0);
	for (name = HV_X64_REGISTER_CR0; name <= HV_X64_REGISTER_CR4; name++)
		regs[count++] = reg64(name, 0);
	regs[count++] = reg64(HV_X64_REGISTER_EFER, 0);
	for (name = HV_X64_REGISTER_ES; name <= HV_X64_REGISTER_DS; name++)
		regs[count++] = reg64(name, 0);
	partition_get(vp, regs, count);
	for (i = 0; i < count; i++) {
		if (i % 6 == 0)
			fputs(i ? "\n   " : "   ", stderr);
		exits_print_register(stderr, &regs[i]);
	}
	fputc('\n', stderr);
}

static int unhandled(const struct machine *machine, const struct mshv_hv_message *message,
		     const char *why)
{
	fflush(stdout);
	warnx("exit %lu, %s:", machine->exits, why);
	exits_print(stderr, message);
	print_registers(machine->vp);
	return STATUS_UNHANDLED;
}

static int string_io(struct machine *machine, const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)message->payload;
	uint8_t bytes[16];
	struct mshv_hv_register_assoc segment, regs[4];
	struct linear linear;
	struct string_io string;
	unsigned int count;
	int error;

	memcpy(bytes, io->instruction_bytes, sizeof(bytes));
	count = fetch(machine, &io->header, io->instruction_byte_count, bytes);
	if (string_io_decode(io, bytes, count, &string))
		return unhandled(machine, message, "no INS or OUTS");
	segment = reg64(string.segment, 0);
	linear = linear_now(machine, &io->header, &segment);
	string.base = segment_base(&io->header, &segment);
	error = string_io_run(io, &linear, &machine->ports, &string);

	regs[0] = reg64(HV_X64_REGISTER_RSI, string.rsi);
	regs[1] = reg64(HV_X64_REGISTER_RDI, string.rdi);
	regs[2] = reg64(HV_X64_REGISTER_RCX, string.rcx);
	regs[3] = reg64(HV_X64_REGISTER_RIP, io->header.rip + io->header.instruction_length);
	partition_set(machine->vp, regs, error ? 3 : 4);
	return error ? unhandled(machine, message, "string I/O with memory out of reach") : GO_ON;
}

static int port_io(struct machine *machine, const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)message->payload;
	unsigned int size = io->access_info.access_size, count = 1;
	struct mshv_hv_register_assoc regs[2];

	if (!io->header.instruction_length || (size != 1 && size != 2 && size != 4))
		return unhandled(machine, message, "no instruction length, or a strange size");
	if (io->access_info.string_op)
		return string_io(machine, message);

	regs[0] = reg64(HV_X64_REGISTER_RIP, io->header.rip + io->header.instruction_length);
	if (io->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE)
		ports_write(&machine->ports, io->port_number, size, io->rax);
	else
		regs[count++] = reg64(HV_X64_REGISTER_RAX,
				      ports_merge(io->rax, ports_read(&machine->ports,
								      io->port_number, size),
						  size));
	partition_set(machine->vp, regs, count);
	return GO_ON;
}

/*
 * A store to read-only memory does nothing; guest64 has a window; to firmware, what isn't there
 * reads 0. Nothing else is expected.
 */
static int memory_access(struct machine *machine, const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_memory_intercept_message *memory = (const void *)message->payload;
	const struct mshv_hv_x64_segment_register *cs = &memory->header.cs_segment;
	uint64_t gpa = memory->guest_physical_address, value;
	bool window = machine->challenge && gpa - CHALLENGE_MMIO_GPA < CHALLENGE_MMIO_SIZE;
	bool rom = message->header.message_type == MSHV_HVMSG_GPA_INTERCEPT;
	uint32_t offset;
	const struct mmio_device *device = mmio_find(&machine->mmio, gpa, &offset);
	struct mshv_hv_register_assoc regs[2];
	uint8_t bytes[16];
	struct mov mov;
	unsigned int count;

	if (!rom && info_bring(&machine->info, gpa))
		return GO_ON;
	if (!window && !rom && !device && !machine->empty_reads)
		return unhandled(machine, message, "no memory there");
	memcpy(bytes, memory->instruction_bytes, sizeof(bytes));
	count = fetch(machine, &memory->header, memory->instruction_byte_count, bytes);
	if (mov_decode(bytes, count, cs->_long ? 64 : cs->_default ? 32 : 16, &mov) ||
	    (rom && !mov.store))
		return unhandled(machine, message, "an instruction that this VMM doesn't emulate");

	regs[0] = reg64(HV_X64_REGISTER_RIP, memory->header.rip + mov.length);
	regs[1] = reg64(HV_X64_REGISTER_RAX + mov.reg, 0);
	partition_get(machine->vp, &regs[1], 1);
	if (!mov.store) {
		value = window ? challenge_load(machine->challenge) : 0;
		if (device)
			value = device->read(device->context, offset, mov.size);
		regs[1].value.reg64 = ports_merge(regs[1].value.reg64, value, mov.size);
	} else {
		value = mov.size == 8 ? ~0ull : (1ull << (8 * mov.size)) - 1;
		value &= regs[1].value.reg64;
		if (device)
			device->write(device->context, offset, mov.size, value);
		else if (window)
			challenge_store(machine->challenge, value, mov.size);
	}
	partition_set(machine->vp, regs, mov.store ? 1 : 2);
	return GO_ON;
}

/* guest64 goes on after a HLT, where it says. */
static int halt(struct machine *machine)
{
	struct mshv_hv_register_assoc reg = reg64(HV_X64_REGISTER_RBX, 0);

	if (!machine->challenge) {
		fflush(stdout);
		warnx("the guest halted after %lu exits", machine->exits);
		return 0;
	}
	partition_get(machine->vp, &reg, 1);
	reg.name = HV_X64_REGISTER_RIP;
	partition_set(machine->vp, &reg, 1);
	return GO_ON;
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

static uint64_t rax_of(const struct machine *machine, const struct mshv_hv_message *message)
{
	struct mshv_hv_register_assoc rax = reg64(HV_X64_REGISTER_RAX, 0);
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)message->payload;

	if (message->header.message_type == MSHV_HVMSG_X64_IO_PORT_INTERCEPT)
		return io->rax;
	partition_get(machine->vp, &rax, 1);
	return rax.value.reg64;
}

static int handle_checked(struct machine *machine, const struct mshv_hv_message *message)
{
	bool numbered = machine->challenge &&
			challenge_exit_begin(machine->challenge, message,
					     rax_of(machine, message));
	int status = handle(machine, message);

	if (numbered && status == GO_ON)
		challenge_exit_end(machine->challenge);
	/* After the first wrong answer the two don't agree on anything any more. */
	if (status == GO_ON && machine->challenge && machine->challenge->wrong)
		return STATUS_WRONG;
	return status == GO_ON ? machine->ports.exit_code : status;
}

/* A VP's thread. The first exit that ends the run tells the others. */
static void *run_vp(void *argument)
{
	struct runner *runner = argument;
	struct machine *machine = runner->machine;
	struct mshv_hv_message message;
	int status;

	while (!stopped) {
		status = GO_ON;
		if (partition_run(runner->vp, &message)) {
			if (errno == EINTR || errno == EAGAIN)
				continue;
			warn("MSHV_RUN_VP");
			status = STATUS_FAILED;
		}
		pthread_mutex_lock(&machine->lock);
		machine->vp = runner->vp;
		if (status == GO_ON && machine->status == GO_ON) {
			machine->exits++;
			if (machine->trace)
				exits_print(stdout, &message);
			status = handle_checked(machine, &message);
		}
		if (status != GO_ON && machine->status == GO_ON) {
			machine->status = status;
			stop_all();
		}
		pthread_mutex_unlock(&machine->lock);
	}
	return NULL;
}

static int interrupted(const struct machine *machine)
{
	unsigned int i;

	if (!timed_out)
		return STATUS_INTERRUPTED;
	fflush(stdout);
	warnx("time-out after %lu exits", machine->exits);
	for (i = 0; i < machine->partition.count; i++)
		print_registers(&machine->partition.vp[i]);
	return STATUS_TIMEOUT;
}

/*
 * A thread in MSHV_RUN_VP sleeps, so that its processor looks idle to the scheduler, and another
 * VP's thread may come there: then they take turns. Where it is from its beginning counts, as it
 * may be long in its first MSHV_RUN_VP.
 */
static void spread(pthread_attr_t *attributes, unsigned int vp)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(vp % sysconf(_SC_NPROCESSORS_ONLN), &one);
	errno = pthread_attr_setaffinity_np(attributes, sizeof(one), &one);
	if (errno)
		err(STATUS_FAILED, "a processor for VP %u", vp);
}

static void start_vp(struct runner *runner)
{
	unsigned int vp = runner->vp->index;
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	if (runner->machine->spread)
		spread(&attributes, vp);
	errno = pthread_create(&runner->thread, &attributes, run_vp, runner);
	if (errno)
		err(STATUS_FAILED, "a thread for VP %u", vp);
	pthread_attr_destroy(&attributes);
}

int run(struct machine *machine, unsigned int timeout)
{
	struct runner runner[PARTITION_VPS];
	unsigned int i, count = machine->partition.count;

	machine->status = GO_ON;
	catch_signals(&machine->partition);
	alarm(timeout);
	for (i = 0; i < count; i++) {
		runner[i] = (struct runner){ machine, &machine->partition.vp[i], 0 };
		start_vp(&runner[i]);
	}
	for (i = 0; i < count; i++)
		pthread_join(runner[i].thread, NULL);
	return machine->status == GO_ON ? interrupted(machine) : machine->status;
}

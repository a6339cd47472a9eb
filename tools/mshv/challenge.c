// SPDX-License-Identifier: GPL-2.0
/* Asks guest64, and checks its answers. */
#include <err.h>
#include <stdio.h>
#include <sys/random.h>

#include "challenge.h"
#include "guest/challenge_abi.h"
#include "status.h"

#define SHOW_WRONG	10

static const char * const kinds[CHALLENGE_KINDS] = {
	"in", "out", "string in", "string out", "load", "store", "read-only store", "halt"
};

static void expect(struct challenge *challenge, const char *what,
		   unsigned long long got, unsigned long long want)
{
	if (got == want || challenge->wrong++ >= SHOW_WRONG)
		return;
	printf("guest64: exit %llu: %s is 0x%llx, not 0x%llx\n",
	       challenge->sequence, what, got, want);
}

/* An element of the guest's data, or with @number complemented of ours. */
static uint64_t element(struct challenge *challenge, uint64_t number)
{
	return challenge_answer(number, challenge->sequence | challenge->element++ << 32);
}

static uint32_t port_read(void *context, uint16_t port, unsigned int size)
{
	struct challenge *challenge = context;

	switch (challenge->sequence) {
	case 0: return challenge->number;
	case 1: return challenge->number >> 32;
	case 2: return challenge->rounds;
	default: return element(challenge, ~challenge->number);
	}
}

static void port_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct challenge *challenge = context;

	expect(challenge, "the data written", value,
	       ports_cut(element(challenge, challenge->number), size));
}

/* The guest has found something itself. */
static void fail_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct challenge *challenge = context;

	challenge->wrong++;
	if (value >> 16)
		printf("guest64: exit %llu: unexpected exception %u in the guest\n",
		       challenge->sequence, value & 0xffff);
	else
		printf("guest64: exit %llu: the guest's own check in line %u failed\n",
		       challenge->sequence, value);
}

static bool window_claims(void *context, uint64_t gpa, uint32_t *offset)
{
	*offset = gpa - CHALLENGE_MMIO_GPA;
	return gpa - CHALLENGE_MMIO_GPA < CHALLENGE_MMIO_SIZE;
}

static uint64_t window_read(void *context, uint32_t offset, unsigned int size)
{
	struct challenge *challenge = context;

	return element(challenge, ~challenge->number);
}

static void window_write(void *context, uint32_t offset, unsigned int size, uint64_t value)
{
	struct challenge *challenge = context;

	expect(challenge, "the data stored", value,
	       ports_cut(element(challenge, challenge->number), size));
}

void challenge_init(struct challenge *challenge, uint32_t rounds, struct memory *memory,
		    struct ports *ports, struct mmio *mmio)
{
	uint64_t *word = memory_add(memory, CHALLENGE_ROM_GPA, CHALLENGE_ROM_SIZE,
				    HV_MAP_GPA_READABLE), i;

	*challenge = (struct challenge){ .rounds = rounds };
	if (getrandom(&challenge->number, sizeof(challenge->number), 0) !=
	    sizeof(challenge->number))
		err(STATUS_FAILED, "getrandom");
	for (i = 0; i < CHALLENGE_ROM_SIZE / 8; i++)
		word[i] = challenge_answer(~challenge->number, i << 32);
	ports_add(ports, &(struct port_device){
		CHALLENGE_PORT, 1, port_read, port_write, challenge });
	ports_add(ports, &(struct port_device){
		CHALLENGE_FAIL_PORT, 1, NULL, fail_write, challenge });
	mmio_add(mmio, &(struct mmio_device){
		window_claims, window_read, window_write, challenge });
	printf("guest64: random number 0x%016llx, %u rounds\n", challenge->number, rounds);
}

static enum challenge_kind check_memory(struct challenge *challenge,
					const struct mshv_hv_message *message)
{
	const struct mshv_hv_x64_memory_intercept_message *memory = (const void *)message->payload;
	unsigned int access = memory->header.intercept_access_type;
	bool rom = memory->guest_physical_address - CHALLENGE_ROM_GPA < CHALLENGE_ROM_SIZE;
	uint64_t answer = challenge_answer(challenge->number, challenge->sequence);
	uint64_t offset = answer & (rom ? CHALLENGE_ROM_MASK : CHALLENGE_MMIO_MASK);

	expect(challenge, "the message type", message->header.message_type,
	       rom ? MSHV_HVMSG_GPA_INTERCEPT : MSHV_HVMSG_UNMAPPED_GPA);
	expect(challenge, "the physical address", memory->guest_physical_address,
	       (rom ? CHALLENGE_ROM_GPA : CHALLENGE_MMIO_GPA) + offset);
	if (memory->memory_access_info.gva_valid)
		expect(challenge, "the virtual address", memory->guest_virtual_address,
		       (rom ? CHALLENGE_ROM_GVA : CHALLENGE_MMIO_GVA) + offset);
	if (!rom && access == HV_INTERCEPT_ACCESS_READ)
		return CHALLENGE_LOAD;
	expect(challenge, "the access type", access, HV_INTERCEPT_ACCESS_WRITE);
	return rom ? CHALLENGE_ROM : CHALLENGE_STORE;
}

bool challenge_exit_begin(struct challenge *challenge, const struct mshv_hv_message *message,
			  uint64_t rax)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)message->payload;
	enum challenge_kind kind;

	switch (message->header.message_type) {
	case MSHV_HVMSG_X64_IO_PORT_INTERCEPT:
		if (io->port_number != CHALLENGE_PORT)
			return false;
		kind = io->access_info.string_op ? CHALLENGE_STRING_IN : CHALLENGE_IN;
		kind += io->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE;
		rax = io->rax;
		break;
	case MSHV_HVMSG_UNMAPPED_GPA:
	case MSHV_HVMSG_GPA_INTERCEPT:
		kind = check_memory(challenge, message);
		break;
	case MSHV_HVMSG_X64_HALT:
		kind = CHALLENGE_HALT;
		break;
	default:
		return false;
	}
	if (challenge->sequence >= CHALLENGE_FIRST)
		expect(challenge, "RAX", rax,
		       challenge_answer(challenge->number, challenge->sequence));
	challenge->element = 0;
	challenge->seen[kind]++;
	return true;
}

int challenge_result(const struct challenge *challenge, int status)
{
	unsigned int kind;

	printf("guest64:");
	for (kind = 0; kind < CHALLENGE_KINDS; kind++) {
		printf("%s %lu %s", kind ? "," : "", challenge->seen[kind], kinds[kind]);
		if (challenge->seen[kind] < challenge->rounds && !status)
			status = STATUS_WRONG;
	}
	putchar('\n');
	if (challenge->wrong)
		status = STATUS_WRONG;
	if (status)
		printf("guest64: FAILED after %llu exits, %u wrong answers, status %d\n",
		       challenge->sequence, challenge->wrong, status);
	else
		printf("guest64: %llu exits checked\n", challenge->sequence);
	return status;
}

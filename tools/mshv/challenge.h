/* SPDX-License-Identifier: GPL-2.0 */
/* The VMM's half of guest/challenge_abi.h: it asks guest64 and checks each of its exits. */
#ifndef TOOLS_MSHV_CHALLENGE_H
#define TOOLS_MSHV_CHALLENGE_H

#include "memory.h"
#include "ports.h"

enum challenge_kind {
	CHALLENGE_IN, CHALLENGE_OUT, CHALLENGE_STRING_IN, CHALLENGE_STRING_OUT,
	CHALLENGE_LOAD, CHALLENGE_STORE, CHALLENGE_ROM, CHALLENGE_HALT, CHALLENGE_KINDS
};

struct challenge {
	unsigned long long number;
	unsigned long long sequence;
	uint64_t element;		/* how many data elements this exit has moved */
	uint32_t rounds;
	unsigned int wrong;
	unsigned long seen[CHALLENGE_KINDS];
};

/*
 * Draws the number, fills the read-only page and adds what the guest asks. @challenge must not
 * move.
 */
void challenge_init(struct challenge *challenge, uint32_t rounds, struct memory *memory,
		    struct ports *ports, struct mmio *mmio);

/*
 * Checks an exit before it is emulated; @rax is the VP's. Returns: whether it has a number, so
 * that @sequence is to be counted up once it is emulated.
 */
bool challenge_exit_begin(struct challenge *challenge, const struct mshv_hv_message *message,
			  uint64_t rax);

/* Prints what was checked. Returns: the status to end with, when the guest ended with @status. */
int challenge_result(const struct challenge *challenge, int status);

#endif

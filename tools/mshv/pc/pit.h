/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interval timer: counter 0 interrupts, counter 2 is for whoever polls it. Times are
 * nanoseconds of any clock that doesn't go back, and come from the caller.
 */
#ifndef TOOLS_MSHV_PC_PIT_H
#define TOOLS_MSHV_PC_PIT_H

#include <stdbool.h>
#include <stdint.h>

#define PIT_NEVER	(~0ull)

struct pit_counter {
	uint64_t begun;			/* when it was loaded */
	uint64_t deadline;		/* of the next rise of its output, or PIT_NEVER */
	uint32_t reload;		/* 1 to 65536 */
	uint16_t latch;
	uint8_t mode, access, status, low;
	bool latched, status_latched, high_next, loaded;
};

struct pit {
	struct pit_counter counter[3];
	bool gate;			/* of counter 2, and the speaker: port 0x61 */
	bool speaker;
};

/* @port: 0 to 3, from 0x40 on. */
uint8_t pit_read(struct pit *pit, unsigned int port, uint64_t now);
void pit_write(struct pit *pit, unsigned int port, uint8_t value, uint64_t now);

/* Port 0x61: gate and output of counter 2. */
uint8_t pit_control_read(const struct pit *pit, uint64_t now);
void pit_control_write(struct pit *pit, uint8_t value, uint64_t now);

/* Returns: when counter 0 interrupts next, or PIT_NEVER. */
uint64_t pit_deadline(const struct pit *pit);

/* Returns: whether it interrupts now; then the deadline is the next one's. */
bool pit_expire(struct pit *pit, uint64_t now);

#endif

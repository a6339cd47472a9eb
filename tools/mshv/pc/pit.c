// SPDX-License-Identifier: GPL-2.0
/* The interval timer (Intel 8254): no BCD, no gate but counter 2's, counts of two bytes only. */
#include "devices.h"

#define HERTZ		1193182ull
#define LATE		(NSEC_PER_SEC / 10)	/* what is later than that is dropped */

#define COMMAND		3			/* the port */
#define READ_BACK	3
#define NO_COUNT	0x20
#define NO_STATUS	0x10
#define STATUS_OUT	0x80
#define STATUS_NULL	0x40
#define COUNT_OF_TWO_BYTES	0x30

#define CONTROL_GATE	0x01
#define CONTROL_BITS	0x03		/* with the speaker's */
#define CONTROL_OUT	0x20

static uint64_t duration(uint64_t count)
{
	return (count * NSEC_PER_SEC + HERTZ - 1) / HERTZ;
}

/* Mode 3 differs from 2 in nothing that matters here; 6 and 7 are the same. */
static bool is_periodic(const struct pit_counter *counter)
{
	return counter->mode & 2 && counter->reload;
}

static uint16_t count_now(const struct pit_counter *counter, uint64_t now)
{
	uint64_t gone = ticks(now - counter->begun, HERTZ);

	return counter->reload - (is_periodic(counter) ? gone % counter->reload : gone);
}

static bool output(const struct pit_counter *counter, uint64_t now)
{
	uint64_t gone = ticks(now - counter->begun, HERTZ);

	return is_periodic(counter) || (counter->reload ? gone >= counter->reload : counter->mode);
}

/* When counter 0 interrupts next. */
static void arm(struct pit *pit, uint64_t deadline)
{
	pit->deadline = deadline;
	pit->arm(pit->irq.context, deadline);
}

static void load(struct pit *pit, struct pit_counter *counter, uint16_t value)
{
	counter->reload = value ? value : 0x10000;
	counter->begun = pit->now();
	if (counter == &pit->counter[0])
		arm(pit, counter->begun + duration(counter->reload));
}

/* What is there already is kept until it is read. */
static void latch(struct pit_counter *counter, uint8_t without, uint64_t now)
{
	if (!(without & NO_COUNT) && !counter->latched) {
		counter->latch = count_now(counter, now);
		counter->latched = true;
	}
	if (!(without & NO_STATUS) && !counter->status_latched) {
		counter->status = (output(counter, now) ? STATUS_OUT : 0) |
				  (counter->reload ? 0 : STATUS_NULL) |
				  COUNT_OF_TWO_BYTES | counter->mode << 1;
		counter->status_latched = true;
	}
}

static void command(struct pit *pit, uint8_t value)
{
	unsigned int number = value >> 6, i;
	struct pit_counter *counter = &pit->counter[number % 3];

	if (number == READ_BACK) {
		for (i = 0; i < 3; i++) {
			if (value >> (i + 1) & 1)
				latch(&pit->counter[i], value, pit->now());
		}
	} else if (!(value & COUNT_OF_TWO_BYTES)) {
		latch(counter, NO_STATUS, pit->now());
	} else {
		*counter = (struct pit_counter){ .mode = value >> 1 & 7 };
		if (number == 0)
			arm(pit, PIT_NEVER);
	}
}

uint32_t pit_read(void *context, uint16_t port, unsigned int size)
{
	struct pit *pit = context;
	struct pit_counter *counter = &pit->counter[port % 3];
	uint16_t count = counter->latch;

	if (port == COMMAND)
		return 0;
	if (counter->status_latched) {
		counter->status_latched = false;
		return counter->status;
	}
	if (!counter->latched)
		count = count_now(counter, pit->now());
	counter->high_next = !counter->high_next;
	if (counter->high_next)
		return count & 0xff;
	counter->latched = false;
	return count >> 8;
}

void pit_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pit *pit = context;
	struct pit_counter *counter = &pit->counter[port % 3];

	if (port == COMMAND) {
		command(pit, value);
		return;
	}
	if (counter->high_next)
		load(pit, counter, value << 8 | counter->low);
	counter->low = value;
	counter->high_next = !counter->high_next;
}

uint32_t pit_control_read(void *context, uint16_t port, unsigned int size)
{
	struct pit *pit = context;

	return pit->control | (output(&pit->counter[2], pit->now()) ? CONTROL_OUT : 0);
}

void pit_control_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pit *pit = context;

	if (value & ~pit->control & CONTROL_GATE)	/* counting begins anew with the gate */
		pit->counter[2].begun = pit->now();
	pit->control = value & CONTROL_BITS;
}

void pit_tick(struct pit *pit)
{
	const struct pit_counter *counter = &pit->counter[0];
	uint64_t now = pit->now(), next = pit->deadline + duration(counter->reload);

	if (!counter->reload || now < pit->deadline)
		return;
	if (next + LATE < now)
		next = now + duration(counter->reload);
	arm(pit, is_periodic(counter) ? next : PIT_NEVER);
	wire_set(&pit->irq, true);
	wire_set(&pit->irq, false);
}

// SPDX-License-Identifier: GPL-2.0
/* The interval timer (Intel 8254), without BCD and without the gates of counters 0 and 1. */
#include "pit.h"

#define HERTZ		1193182ull
#define SECOND		1000000000ull
#define LATE		(SECOND / 10)	/* what is later than that is dropped */

#define CONTROL		3
#define ACCESS_LOW	1
#define ACCESS_HIGH	2
#define ACCESS_BOTH	3
#define READ_BACK	3
#define STATUS_OUT	0x80
#define STATUS_NULL	0x40

#define CONTROL_GATE	0x01
#define CONTROL_SPEAKER	0x02
#define CONTROL_REFRESH	0x10
#define CONTROL_OUT	0x20

static uint64_t ticks(uint64_t time)
{
	return time / SECOND * HERTZ + time % SECOND * HERTZ / SECOND;
}

static uint64_t duration(uint64_t count)
{
	return (count * SECOND + HERTZ - 1) / HERTZ;
}

static bool is_periodic(const struct pit_counter *counter)
{
	return counter->mode == 2 || counter->mode == 3;
}

static uint16_t count_now(const struct pit_counter *counter, uint64_t now)
{
	uint64_t gone = ticks(now - counter->begun);

	if (!counter->loaded)
		return 0;
	if (counter->mode == 3)
		return counter->reload - 2 * gone % counter->reload;
	if (counter->mode == 2)
		return counter->reload - gone % counter->reload;
	return counter->reload - gone;
}

static bool output(const struct pit_counter *counter, uint64_t now)
{
	uint64_t gone = ticks(now - counter->begun);

	if (!counter->loaded)
		return counter->mode != 0;
	if (counter->mode == 3)
		return gone % counter->reload < (counter->reload + 1) / 2;
	return counter->mode == 2 || gone >= counter->reload;
}

static void load(struct pit_counter *counter, uint16_t value, uint64_t now)
{
	counter->reload = value ? value : 0x10000;
	counter->begun = now;
	counter->loaded = true;
	counter->deadline = now + duration(counter->reload);
}

static void latch(struct pit_counter *counter, uint64_t now)
{
	if (!counter->latched)
		counter->latch = count_now(counter, now);
	counter->latched = true;
}

static void read_back(struct pit *pit, uint8_t value, uint64_t now)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct pit_counter *counter = &pit->counter[i];

		if (!(value >> (i + 1) & 1))
			continue;
		if (!(value & 0x20))
			latch(counter, now);
		if (!(value & 0x10)) {
			counter->status = counter->access << 4 | counter->mode << 1 |
					  (output(counter, now) ? STATUS_OUT : 0) |
					  (counter->loaded ? 0 : STATUS_NULL);
			counter->status_latched = true;
		}
	}
}

static void control(struct pit *pit, uint8_t value, uint64_t now)
{
	struct pit_counter *counter = &pit->counter[value >> 6 & 3];
	uint8_t mode = value >> 1 & 7;

	if (value >> 6 == READ_BACK) {
		read_back(pit, value, now);
	} else if (!(value & 0x30)) {
		latch(counter, now);
	} else {
		*counter = (struct pit_counter){
			.mode = mode > 5 ? mode - 4 : mode, .access = value >> 4 & 3,
			.deadline = PIT_NEVER,
		};
	}
}

uint8_t pit_read(struct pit *pit, unsigned int port, uint64_t now)
{
	struct pit_counter *counter = &pit->counter[port % 3];
	uint16_t count;
	bool high;

	if (port == CONTROL)
		return 0;
	if (counter->status_latched) {
		counter->status_latched = false;
		return counter->status;
	}
	count = counter->latched ? counter->latch : count_now(counter, now);
	high = counter->access == ACCESS_HIGH || counter->high_next;
	if (counter->access == ACCESS_BOTH)
		counter->high_next = !counter->high_next;
	if (!counter->high_next)
		counter->latched = false;
	return high ? count >> 8 : count;
}

void pit_write(struct pit *pit, unsigned int port, uint8_t value, uint64_t now)
{
	struct pit_counter *counter = &pit->counter[port % 3];

	if (port == CONTROL) {
		control(pit, value, now);
	} else if (counter->access == ACCESS_LOW) {
		load(counter, value, now);
	} else if (counter->access == ACCESS_HIGH) {
		load(counter, value << 8, now);
	} else if (!counter->high_next) {
		counter->low = value;
		counter->high_next = true;
	} else {
		counter->high_next = false;
		load(counter, value << 8 | counter->low, now);
	}
}

uint8_t pit_control_read(const struct pit *pit, uint64_t now)
{
	return (pit->gate ? CONTROL_GATE : 0) | (pit->speaker ? CONTROL_SPEAKER : 0) |
	       (now / 15000 & 1 ? CONTROL_REFRESH : 0) |
	       (output(&pit->counter[2], now) ? CONTROL_OUT : 0);
}

void pit_control_write(struct pit *pit, uint8_t value, uint64_t now)
{
	bool gate = value & CONTROL_GATE;

	if (gate && !pit->gate)		/* counting begins anew with the gate */
		pit->counter[2].begun = now;
	pit->gate = gate;
	pit->speaker = value & CONTROL_SPEAKER;
}

uint64_t pit_deadline(const struct pit *pit)
{
	return pit->counter[0].loaded ? pit->counter[0].deadline : PIT_NEVER;
}

bool pit_expire(struct pit *pit, uint64_t now)
{
	struct pit_counter *counter = &pit->counter[0];

	if (now < pit_deadline(pit))
		return false;
	if (!is_periodic(counter)) {
		counter->deadline = PIT_NEVER;
		return true;
	}
	counter->deadline += duration(counter->reload);
	if (counter->deadline + LATE < now)
		counter->deadline = now + duration(counter->reload);
	return true;
}

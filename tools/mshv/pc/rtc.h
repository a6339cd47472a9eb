/* SPDX-License-Identifier: GPL-2.0 */
/* The clock and its memory behind ports 0x70 and 0x71; it never interrupts. */
#ifndef TOOLS_MSHV_PC_RTC_H
#define TOOLS_MSHV_PC_RTC_H

#include <stdint.h>
#include <time.h>

struct rtc {
	uint8_t index;
	uint8_t memory[128];
};

/* @port: 0 selects, 1 is the data. @now: the time, in seconds; the clock is in UTC. */
uint8_t rtc_read(const struct rtc *rtc, unsigned int port, time_t now);
void rtc_write(struct rtc *rtc, unsigned int port, uint8_t value);

#endif

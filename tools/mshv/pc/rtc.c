// SPDX-License-Identifier: GPL-2.0
/* The clock and its memory (Motorola MC146818A); it is in UTC. */
#include "devices.h"

enum {
	SECONDS = 0x00, MINUTES = 0x02, HOURS = 0x04, WEEKDAY = 0x06, DAY, MONTH, YEAR,
	STATUS_A, STATUS_B, STATUS_C, STATUS_D, CENTURY = 0x32,
};

#define B_24_HOURS	0x02
#define B_BINARY	0x04

static uint8_t clock_format(const struct rtc *rtc, int value)
{
	return rtc->memory[STATUS_B] & B_BINARY ? value : value / 10 << 4 | value % 10;
}

uint32_t rtc_read(void *context, uint16_t port, unsigned int size)
{
	struct rtc *rtc = context;
	time_t now = rtc->now(NULL);
	struct tm tm;

	if (!port)
		return rtc->index;
	gmtime_r(&now, &tm);
	switch (rtc->index) {
	case SECONDS: return clock_format(rtc, tm.tm_sec);
	case MINUTES: return clock_format(rtc, tm.tm_min);
	case HOURS: return clock_format(rtc, tm.tm_hour);
	case WEEKDAY: return clock_format(rtc, tm.tm_wday + 1);
	case DAY: return clock_format(rtc, tm.tm_mday);
	case MONTH: return clock_format(rtc, tm.tm_mon + 1);
	case YEAR: return clock_format(rtc, tm.tm_year % 100);
	case CENTURY: return clock_format(rtc, 19 + tm.tm_year / 100);
	case STATUS_A: return 0x26;	/* a clock of 32 kHz */
	case STATUS_B: return rtc->memory[STATUS_B] | B_24_HOURS;
	case STATUS_C: return 0;
	case STATUS_D: return 0x80;	/* valid */
	default: return rtc->memory[rtc->index];
	}
}

void rtc_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct rtc *rtc = context;

	if (!port)
		rtc->index = value & 0x7f;
	else
		rtc->memory[rtc->index] = value;
}

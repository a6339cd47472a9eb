// SPDX-License-Identifier: GPL-2.0
/* The clock and its memory (Motorola MC146818A). */
#include "rtc.h"

#define SECONDS		0x00
#define MINUTES		0x02
#define HOURS		0x04
#define WEEKDAY		0x06
#define DAY		0x07
#define MONTH		0x08
#define YEAR		0x09
#define STATUS_A	0x0a
#define STATUS_B	0x0b
#define STATUS_C	0x0c
#define STATUS_D	0x0d
#define CENTURY		0x32

#define A_32_KHZ	0x26
#define B_24_HOURS	0x02
#define B_BINARY	0x04
#define D_VALID		0x80

static uint8_t clock_format(const struct rtc *rtc, int value)
{
	return rtc->memory[STATUS_B] & B_BINARY ? value : value / 10 << 4 | value % 10;
}

uint8_t rtc_read(const struct rtc *rtc, unsigned int port, time_t now)
{
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
	case STATUS_A: return A_32_KHZ;
	case STATUS_B: return rtc->memory[STATUS_B] | B_24_HOURS;
	case STATUS_C: return 0;
	case STATUS_D: return D_VALID;
	default: return rtc->memory[rtc->index];
	}
}

void rtc_write(struct rtc *rtc, unsigned int port, uint8_t value)
{
	if (!port)
		rtc->index = value & 0x7f;
	else
		rtc->memory[rtc->index] = value;
}

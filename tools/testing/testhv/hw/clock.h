/* SPDX-License-Identifier: GPL-2.0 */
/* The TSC's frequency, and short waits. */
#ifndef TESTHV_CLOCK_H
#define TESTHV_CLOCK_H

#include "../lib/types.h"

void clock_init(void);		/* sets tsc_hz */
void delay_us(u64 us);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Time by the TSC, measured against the VMM's clock. */
#ifndef GUESTS_CLOCK_H
#define GUESTS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* What has to come comes within this time, whatever else the host has to do. */
#define CLOCK_PATIENCE	20000000

/* Measures the TSC, on the first processor, to a per cent. */
void clock_init(void);

/* TSC cycles a second. */
uint64_t clock_hz(void);

/* Microseconds since some moment, by the TSC. */
uint64_t clock_us(void);

void clock_wait(uint64_t microseconds);

/* Waits until *@at is at least @value, @microseconds at most. Returns: whether it is. */
bool clock_wait_for(const volatile uint32_t *at, uint32_t value, uint64_t microseconds);

#endif

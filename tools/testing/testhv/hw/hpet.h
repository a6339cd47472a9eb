/* SPDX-License-Identifier: GPL-2.0 */
/*
 * testhv's own clock: the HPET, hidden from the root. One comparator a processor, one-shot, that
 * sends the processor an NMI by MSI, so that neither the root's timer nor its interrupt flag
 * matters.
 */
#ifndef TESTHV_HPET_H
#define TESTHV_HPET_H

#include "../lib/types.h"

#define HPET_SPA	0xfed00000ULL

struct cpu;

void hpet_init(void);
u64 hpet_now(void);
/* Send @cpu an NMI in @us microseconds; returns the count at which it comes. */
u64 hpet_arm(const struct cpu *cpu, u32 us);

#endif

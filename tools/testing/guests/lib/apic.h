/* SPDX-License-Identifier: GPL-2.0 */
/* The local APIC by its page (xAPIC), and where offered by the synthetic MSRs. */
#ifndef GUESTS_APIC_H
#define GUESTS_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"

#define APIC_BASE	0xfee00000ull

#define APIC_ID		0x20
#define APIC_VERSION	0x30
#define APIC_TPR	0x80
#define APIC_APR	0x90
#define APIC_PPR	0xa0
#define APIC_EOI	0xb0
#define APIC_RRD	0xc0
#define APIC_LDR	0xd0
#define APIC_DFR	0xe0
#define APIC_SVR	0xf0
#define APIC_ISR	0x100
#define APIC_TMR	0x180
#define APIC_IRR	0x200
#define APIC_ESR	0x280
#define APIC_ICR	0x300
#define APIC_ICR2	0x310
#define APIC_LVT_TIMER	0x320
#define APIC_LVT_THERMAL 0x330
#define APIC_LVT_PERF	0x340
#define APIC_LVT_LINT0	0x350
#define APIC_LVT_LINT1	0x360
#define APIC_LVT_ERROR	0x370
#define APIC_TMICT	0x380
#define APIC_TMCCT	0x390
#define APIC_TDCR	0x3e0

#define APIC_BASE_BSP	BIT_ULL(8)
#define APIC_BASE_EXTD	BIT_ULL(10)
#define APIC_BASE_EN	BIT_ULL(11)

#define APIC_SVR_ENABLE	0x100
#define APIC_MASKED	0x10000
#define APIC_PERIODIC	0x20000

#define APIC_DM_FIXED	0x000
#define APIC_DM_LOWEST	0x100
#define APIC_DM_NMI	0x400
#define APIC_DM_INIT	0x500
#define APIC_DM_SIPI	0x600
#define APIC_LOGICAL	0x800
#define APIC_ASSERT	0x4000
#define APIC_LEVEL	0x8000
#define APIC_SELF	0x40000
#define APIC_ALL	0x80000
#define APIC_OTHERS	0xc0000

#define APIC_SPURIOUS	0xff

static inline uint32_t apic_read(uint32_t offset)
{
	return *(volatile uint32_t *)(APIC_BASE + offset);
}

static inline void apic_write(uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(APIC_BASE + offset) = value;
}

static inline void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/* Enables this processor's by software, with spurious vector 0xff. */
void apic_enable(void);

/* Writes ICR2 and ICR; @low is mode, shorthand and vector. */
void apic_ipi(uint32_t low, uint8_t destination);

/* Is @vector's bit set in the IRR, ISR or TMR (@base)? */
bool apic_bit(uint32_t base, uint8_t vector);

/* EOI until nothing is in service, at most 256 times. */
void apic_drain(void);

#endif

// SPDX-License-Identifier: GPL-2.0
/* The local APIC. */
#include "apic.h"

void apic_enable(void)
{
	apic_write(APIC_SVR, APIC_SVR_ENABLE | APIC_SPURIOUS);
}

void apic_ipi(uint32_t low, uint8_t destination)
{
	apic_write(APIC_ICR2, (uint32_t)destination << 24);
	apic_write(APIC_ICR, low);
}

bool apic_bit(uint32_t base, uint8_t vector)
{
	return apic_read(base + vector / 32 * 16) >> vector % 32 & 1;
}

void apic_drain(void)
{
	unsigned int count, i;
	uint32_t any;

	for (count = 0; count < 256; count++) {
		any = 0;
		for (i = 0; i < 8; i++)
			any |= apic_read(APIC_ISR + 16 * i);
		if (!any)
			return;
		apic_eoi();
	}
}

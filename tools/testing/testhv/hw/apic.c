// SPDX-License-Identifier: GPL-2.0
/* The physical local APIC in xAPIC mode (APM 2, chapter 16). */
#include "../lib/counters.h"
#include "apic.h"
#include "cpu.h"

#define APIC_ID		0x020
#define APIC_TPR	0x080
#define APIC_EOI	0x0b0
#define APIC_ISR	0x100
#define APIC_IRR	0x200
#define APIC_ICR	0x300
#define APIC_ICR2	0x310
#define APIC_SVR	0x0f0
#define APIC_LVT0	0x350
#define APIC_LVT1	0x360
#define LVT_MASKED	0x10000u
#define SVR_OFF		0xffu
#define ICR_BUSY	BIT(12)

static u32 firmware_svr, firmware_lvt0, firmware_lvt1;

u32 apic_read(u32 reg)
{
	return mmio_read(APIC_BASE_SPA + reg);
}

static void apic_write(u32 reg, u32 v)
{
	mmio_write(APIC_BASE_SPA + reg, v);
}

void apic_keep_firmware(void)
{
	firmware_svr = apic_read(APIC_SVR);
	firmware_lvt0 = apic_read(APIC_LVT0);
	firmware_lvt1 = apic_read(APIC_LVT1);
}

void apic_restore_firmware(void)
{
	apic_write(APIC_SVR, firmware_svr);
	apic_write(APIC_LVT0, firmware_lvt0);
	apic_write(APIC_LVT1, firmware_lvt1);
}

void apic_disable(void)
{
	apic_write(APIC_LVT0, LVT_MASKED);
	apic_write(APIC_LVT1, LVT_MASKED);
	apic_write(APIC_SVR, SVR_OFF);
}

/* The register of ISR that holds the highest vector in service; *value is 0 if none is. */
static u32 highest_isr(u32 *value)
{
	u32 reg = APIC_ISR + 0x70;

	while (!(*value = apic_read(reg)) && reg > APIC_ISR)
		reg -= 0x10;
	return reg;
}

/*
 * An EOI takes the highest vector out of ISR. With GIF 0 nothing new gets in, so a store that got
 * lost shows. Unrepeated, it would keep all interrupts of that priority and below away for ever.
 */
void apic_write_eoi(void)
{
	u32 before, reg = highest_isr(&before);

	apic_write(APIC_EOI, 0);
	while (before && apic_read(reg) == before) {
		counters[CNT_APIC_RETRIES]++;
		apic_write(APIC_EOI, 0);
	}
}

void apic_write_tpr(u8 tpr)
{
	apic_write(APIC_TPR, tpr);
}

void apic_look_again(void)
{
	apic_write_tpr((u8)apic_read(APIC_TPR));
}

u64 apic_read_icr(void)
{
	return apic_read(APIC_ICR) | (u64)apic_read(APIC_ICR2) << 32;
}

static void wait_idle(void)
{
	while (apic_read(APIC_ICR) & ICR_BUSY)
		cpu_relax();
}

/*
 * The root may have been stopped between its stores to ICR2 and ICR: what it put in ICR2 must
 * still be there after us.
 */
void apic_send(u32 dest, u32 icr_low)
{
	u32 icr2;

	wait_idle();
	icr2 = apic_read(APIC_ICR2);
	apic_write(APIC_ICR2, dest << 24);
	apic_write(APIC_ICR, icr_low);
	wait_idle();
	apic_write(APIC_ICR2, icr2);
}

void apic_write_icr(u64 icr)
{
	wait_idle();
	apic_write(APIC_ICR2, icr >> 32);
	apic_write(APIC_ICR, (u32)icr);
}

static bool vector_bit(u32 base, u8 vector)
{
	return apic_read(base + vector / 32 * 16) & (1u << vector % 32);
}

bool apic_vector_busy(u8 vector)
{
	return vector_bit(APIC_IRR, vector) || vector_bit(APIC_ISR, vector);
}

/*
 * GIF is 0, so the request stays in IRR until the root runs: a store that QEMU lost (seen with
 * several emulation threads) shows, and is repeated.
 */
void apic_self_interrupt(u8 vector)
{
	u32 self = apic_read(APIC_ID) >> 24;

	apic_send(self, APIC_ASSERT | vector);
	for (unsigned int try = 0; try < 1000 && !vector_bit(APIC_IRR, vector); try++) {
		counters[CNT_APIC_RETRIES]++;
		apic_send(self, APIC_ASSERT | vector);
	}
}

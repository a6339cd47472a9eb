/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The physical local APIC, which belongs to the root: testhv only sends interrupts and
 * acknowledges for it.
 */
#ifndef TESTHV_APIC_H
#define TESTHV_APIC_H

#include "../lib/types.h"

#define APIC_BASE_SPA		0xfee00000ULL

#define APIC_DELIVERY(icr)	(((icr) >> 8) & 7)
#define APIC_FIXED		0u
#define APIC_NMI		4u
#define APIC_INIT		5u
#define APIC_SIPI		6u
#define APIC_ASSERT		0x4000u

/*
 * The root's first processor finds its LAPIC as the firmware left that of the boot processor: kept
 * there, restored here, and off where it was.
 */
void apic_keep_firmware(void);
void apic_restore_firmware(void);
void apic_disable(void);

u32 apic_read(u32 reg);
void apic_write_eoi(void);
void apic_write_tpr(u8 tpr);
/*
 * QEMU's VMRUN with V_IRQ sets a bit in the word of the processor's requests without a lock. An
 * interrupt that another thread requests at that moment gets lost: it stays in IRR, and nobody
 * looks there before the next one comes. A store to TPR makes QEMU look.
 */
void apic_look_again(void);
u64 apic_read_icr(void);

/* Send an IPI: xAPIC destination id and the low half of ICR. The root's ICR2 is left as it was. */
void apic_send(u32 dest, u32 icr_low);
/* The root's own write to ICR (both halves): ICR2 stays as written. */
void apic_write_icr(u64 icr);

/* A fixed interrupt for this processor, seen to have arrived in IRR. */
void apic_self_interrupt(u8 vector);
/* Whether @vector is requested or in service on this processor. */
bool apic_vector_busy(u8 vector);

#endif

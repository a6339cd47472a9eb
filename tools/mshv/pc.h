/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PC: its devices, wired together and to the machine's ports, memory and interrupts. All of
 * it is protected by the machine's lock.
 */
#ifndef TOOLS_MSHV_PC_H
#define TOOLS_MSHV_PC_H

#include "partition.h"
#include "pc/devices.h"
#include "pc/disk.h"
#include "ports.h"

struct pc {
	struct serial serial;
	struct ioapic ioapic;
	struct pic pic[2];
	struct pit pit;
	struct rtc rtc;
	struct pm pm;
	struct pci pci;
	struct disk disk;
	const struct partition *partition;
	int timer;			/* timerfd: the PIT's deadline */
	int kick;			/* eventfd: the disk has work */
	int interrupt[DISK_VECTORS];	/* eventfds: the disk's interrupts */
	struct mshv_msi_routing_entry route[DISK_VECTORS];
};

/* Adds a PC's devices; @pc must not move. */
void pc_init(struct pc *pc, const struct partition *partition, struct ports *ports,
	     struct mmio *mmio);
void pc_add_disk(struct pc *pc, struct mmio *mmio, const struct memory *memory,
		 const char *file);

/* The PIT's deadline has come. */
void pc_tick(struct pc *pc);

/* Nanoseconds of the monotonic clock. */
uint64_t pc_now(void);

#endif

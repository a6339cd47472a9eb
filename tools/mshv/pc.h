/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PC: its devices, wired together and to the machine's ports, memory and interrupts. All of
 * it is protected by the machine's lock.
 */
#ifndef TOOLS_MSHV_PC_H
#define TOOLS_MSHV_PC_H

#include "partition.h"
#include "pc/disk.h"
#include "pc/ioapic.h"
#include "pc/pci.h"
#include "pc/pic.h"
#include "pc/pit.h"
#include "pc/pm.h"
#include "pc/rtc.h"
#include "pc/serial.h"
#include "ports.h"

/* Which of the PICs' ports a port device has. */
struct pc_pic_port {
	struct pc *pc;
	uint16_t base;
};

struct pc {
	struct serial serial;
	struct ioapic ioapic;
	struct pic pic;
	struct pc_pic_port pic_port[3];
	struct pit pit;
	struct rtc rtc;
	struct pm pm;
	struct pci pci;
	struct disk disk;
	const struct partition *partition;
	struct ports *ports;
	int timer;			/* timerfd: the PIT's deadline */
	int kick;			/* eventfd: the disk has work */
	int interrupt[VIRTIO_PCI_VECTORS];	/* eventfds: the disk's interrupts */
	struct mshv_msi_routing_entry route[VIRTIO_PCI_VECTORS];
};

/* The time that all devices share, in nanoseconds. */
uint64_t pc_now(void);

/* Adds a PC's devices; @pc must not move. */
void pc_init(struct pc *pc, const struct partition *partition, struct ports *ports,
	     struct mmio *mmio);
void pc_add_disk(struct pc *pc, struct mmio *mmio, const struct memory *memory,
		 const char *file);

/* The PIT's deadline has come. */
void pc_tick(struct pc *pc);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtio block device (virtio 1.2, chapter 5.2) on a file; on PCI (4.1): modern, with one split
 * queue and MSI-X. virtio_pci.c has its registers, disk.c its queue. The guest is not trusted.
 */
#ifndef TOOLS_MSHV_PC_DISK_H
#define TOOLS_MSHV_PC_DISK_H

#include <linux/virtio_blk.h>
#include <linux/virtio_pci.h>
#include <stdbool.h>

#include "../memory.h"
#include "pci.h"

#define DISK_BAR_SIZE	0x8000u
#define DISK_VECTORS	2
#define DISK_SECTOR	512
#define DISK_ISR_QUEUE	0x01
#define DISK_QUEUE_SIZE	128		/* and as many pieces has a request at most */

/* The message that an interrupt is, as the guest has written it. */
struct disk_vector {
	uint32_t address, address_high, data, control;
};

/*
 * The first three come from the caller, after disk_init(). @ring: from now on, or no more, a write
 * to @gpa need not come to disk_write() if it makes somebody call disk_serve(). @interrupt: send.
 */
struct disk {
	void (*ring)(void *context, uint64_t gpa, bool on);
	void (*interrupt)(void *context, unsigned int number, const struct disk_vector *vector);
	void *context;
	const struct memory *memory;
	int file;
	struct pci_device pci;
	struct virtio_pci_common_cfg common;
	struct virtio_blk_config config;
	struct disk_vector vector[DISK_VECTORS];
	uint64_t pending;		/* vectors that are masked and due */
	uint64_t doorbell;		/* where there is one, or 0 */
	uint16_t next;			/* of the queue's available ring */
	uint8_t isr;
};

/* @file is open for both. @gpa: where the BAR is at first. */
void disk_init(struct disk *disk, const struct memory *memory, int file, uint32_t gpa);

/* Serves what is in the queue. */
void disk_serve(struct disk *disk);

/* The BAR, as struct mmio_device wants it: @context is the disk. */
bool disk_claims(void *context, uint64_t gpa, uint32_t *offset);
uint64_t disk_read(void *context, uint32_t offset, unsigned int size);
void disk_write(void *context, uint32_t offset, unsigned int size, uint64_t value);

/* @why: DISK_ISR_QUEUE or VIRTIO_PCI_ISR_CONFIG. */
void disk_interrupt(struct disk *disk, uint8_t why);

#endif

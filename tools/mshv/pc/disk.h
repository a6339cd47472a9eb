/* SPDX-License-Identifier: GPL-2.0 */
/* A virtio block device (virtio 1.2, chapter 5.2) on a file. */
#ifndef TOOLS_MSHV_PC_DISK_H
#define TOOLS_MSHV_PC_DISK_H

#include "virtio_pci.h"

struct disk {
	struct virtio_pci virtio;
	const struct memory *memory;
	int file;
	uint64_t sectors;
};

/* @file is open for both. The caller then sets the virtio device's host. */
void disk_init(struct disk *disk, const struct memory *memory, int file, uint32_t gpa);

/* Serves what is in the queue, after a kick. */
void disk_serve(struct disk *disk);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtio device on PCI (virtio 1.2, chapter 4.1): modern, one queue, MSI-X.
 */
#ifndef TOOLS_MSHV_PC_VIRTIO_PCI_H
#define TOOLS_MSHV_PC_VIRTIO_PCI_H

#include "pci.h"
#include "virtqueue.h"

#define VIRTIO_PCI_BAR_SIZE	0x8000u
#define VIRTIO_PCI_VECTORS	2
#define VIRTIO_PCI_CONFIG	64

/*
 * What the device has from its machine. @doorbell: from now on, or no more, a write to @gpa need
 * not come to virtio_pci_write() if kick()'s work is begun otherwise. @message: send this one.
 */
struct virtio_host {
	void (*kick)(void *context);	/* the queue has work */
	void (*doorbell)(void *context, uint64_t gpa, bool on);
	void (*message)(void *context, unsigned int vector, uint64_t address, uint32_t data);
	void *context;
};

struct virtio_pci {
	struct pci_device pci;
	struct virtqueue queue;
	struct virtio_host host;
	uint64_t doorbell;			/* where there is one, or 0 */
	uint64_t features, driver_features;
	uint8_t config[VIRTIO_PCI_CONFIG];	/* of the kind of device */
	uint8_t status, isr;
	uint16_t config_vector;
	uint32_t feature_select, driver_select;
	uint16_t queue_select;
	uint32_t msix[VIRTIO_PCI_VECTORS][4];	/* address, its upper half, data, control */
	uint32_t pending;
};

/* @type: 2 for a block device. @gpa: where its BAR is at first. */
void virtio_pci_init(struct virtio_pci *device, uint16_t type, uint32_t class_code,
		     uint32_t gpa);

/* Returns: whether @gpa is in its BAR, and then where in *@offset. */
bool virtio_pci_claims(const struct virtio_pci *device, uint64_t gpa, uint32_t *offset);

uint32_t virtio_pci_read(struct virtio_pci *device, uint32_t offset, unsigned int size);
void virtio_pci_write(struct virtio_pci *device, uint32_t offset, unsigned int size,
		      uint32_t value);

/* Interrupts for the queue. */
void virtio_pci_interrupt(struct virtio_pci *device);

/* The device gives up: what the guest put into the queue can't be served. */
void virtio_pci_broken(struct virtio_pci *device);

#endif

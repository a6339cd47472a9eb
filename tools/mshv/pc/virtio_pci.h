/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtio device on PCI (virtio 1.2, chapter 4.1): modern, one queue, MSI-X. A kick is reported
 * by kick(), the queue's interrupts go out by @sink: where the hypervisor's driver can do both
 * by eventfds, these two are all that has to change.
 */
#ifndef TOOLS_MSHV_PC_VIRTIO_PCI_H
#define TOOLS_MSHV_PC_VIRTIO_PCI_H

#include "interrupt.h"
#include "pci.h"
#include "virtqueue.h"

#define VIRTIO_PCI_BAR_SIZE	0x8000u
#define VIRTIO_PCI_VECTORS	2
#define VIRTIO_PCI_CONFIG	64

struct virtio_pci {
	struct pci_device pci;
	struct virtqueue queue;
	struct interrupt_sink sink;
	void (*kick)(void *context);	/* the queue has work */
	void *context;
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

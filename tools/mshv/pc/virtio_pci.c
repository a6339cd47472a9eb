// SPDX-License-Identifier: GPL-2.0
/* A virtio device on PCI. */
#include <stddef.h>
#include <string.h>

#include "virtio_pci.h"

#define VENDOR			0x1af4u
#define FIRST_DEVICE		0x1040u

/* The BAR. */
#define COMMON			0x0000
#define COMMON_SIZE		0x38
#define ISR			0x1000
#define CONFIG			0x2000
#define NOTIFY			0x3000
#define TABLE			0x4000
#define PENDING			0x5000

/* Capabilities. */
#define CAP_VENDOR		0x09
#define CAP_MSIX		0x11
#define CAP_FIRST		0x40
#define CAP_MSIX_AT		0xa0
#define TYPE_COMMON		1
#define TYPE_NOTIFY		2
#define TYPE_ISR		3
#define TYPE_DEVICE		4
#define MSIX_CONTROL		(CAP_MSIX_AT + 2)
#define MSIX_ENABLE		0x8000
#define MSIX_MASK_ALL		0x4000
#define ENTRY_MASKED		1
#define NO_VECTOR		0xffff

#define STATUS_DRIVER_OK	0x04
#define STATUS_NEEDS_RESET	0x40
#define ISR_CONFIG		0x02

/* Common configuration. */
enum {
	FEATURE_SELECT = 0x00, FEATURE = 0x04, DRIVER_SELECT = 0x08, DRIVER = 0x0c,
	CONFIG_VECTOR = 0x10, QUEUES = 0x12, STATUS = 0x14, GENERATION = 0x15,
	QUEUE_SELECT = 0x16, QUEUE_SIZE = 0x18, QUEUE_VECTOR = 0x1a, QUEUE_ENABLE = 0x1c,
	QUEUE_NOTIFY = 0x1e, QUEUE_DESCRIPTORS = 0x20, QUEUE_AVAILABLE = 0x28, QUEUE_USED = 0x30,
};

static unsigned int add_capability(struct virtio_pci *device, unsigned int at, uint8_t type,
				   uint32_t offset, uint32_t size)
{
	unsigned int length = type == TYPE_NOTIFY ? 20 : 16, next = at + length;

	if (type == TYPE_DEVICE)
		next = CAP_MSIX_AT;
	pci_put(&device->pci, at, CAP_VENDOR | next << 8 | length << 16 | (uint32_t)type << 24,
		4);
	pci_put(&device->pci, at + 8, offset, 4);
	pci_put(&device->pci, at + 12, size, 4);
	return next;
}

static void set_doorbell(struct virtio_pci *device, uint64_t gpa)
{
	const struct virtio_host *host = &device->host;

	if (device->doorbell && host->doorbell)
		host->doorbell(host->context, device->doorbell, false);
	device->doorbell = gpa;
	if (gpa && host->doorbell)
		host->doorbell(host->context, gpa, true);
}

static void reset(struct virtio_pci *device)
{
	set_doorbell(device, 0);
	device->status = 0;
	device->isr = 0;
	device->driver_features = 0;
	device->config_vector = NO_VECTOR;
	device->queue = (struct virtqueue){ .size = VIRTQUEUE_SIZE, .vector = NO_VECTOR };
}

void virtio_pci_init(struct virtio_pci *device, uint16_t type, uint32_t class_code, uint32_t gpa)
{
	unsigned int at = CAP_FIRST, i;

	pci_identify(&device->pci, VENDOR | (FIRST_DEVICE + type) << 16, class_code | 1);
	pci_put(&device->pci, PCI_SUBSYSTEM, VENDOR | (FIRST_DEVICE + type) << 16, 4);
	pci_put(&device->pci, PCI_STATUS, 0x10, 2);	/* has capabilities */
	pci_put(&device->pci, PCI_CAPABILITY, at, 1);
	pci_add_bar(&device->pci, gpa, VIRTIO_PCI_BAR_SIZE);
	at = add_capability(device, at, TYPE_COMMON, COMMON, COMMON_SIZE);
	at = add_capability(device, at, TYPE_ISR, ISR, 1);
	at = add_capability(device, at, TYPE_NOTIFY, NOTIFY, 4);
	add_capability(device, at, TYPE_DEVICE, CONFIG, VIRTIO_PCI_CONFIG);
	pci_put(&device->pci, CAP_MSIX_AT, CAP_MSIX | (VIRTIO_PCI_VECTORS - 1) << 16, 4);
	pci_put(&device->pci, CAP_MSIX_AT + 4, TABLE, 4);
	pci_put(&device->pci, CAP_MSIX_AT + 8, PENDING, 4);
	device->pci.writable[MSIX_CONTROL + 1] = (MSIX_ENABLE | MSIX_MASK_ALL) >> 8;
	for (i = 0; i < VIRTIO_PCI_VECTORS; i++)
		device->msix[i][3] = ENTRY_MASKED;
	reset(device);
}

bool virtio_pci_claims(const struct virtio_pci *device, uint64_t gpa, uint32_t *offset)
{
	uint64_t base = pci_get(&device->pci, PCI_BAR0, 4);

	*offset = gpa - base;
	return device->pci.config[PCI_COMMAND] & PCI_COMMAND_MEMORY &&
	       gpa - base < VIRTIO_PCI_BAR_SIZE;
}

/* Sends vector @vector, or keeps it until it is unmasked. */
static void send(struct virtio_pci *device, uint16_t vector)
{
	uint16_t control = pci_get(&device->pci, MSIX_CONTROL, 2);
	const uint32_t *entry = device->msix[vector % VIRTIO_PCI_VECTORS];

	if (vector >= VIRTIO_PCI_VECTORS || !(control & MSIX_ENABLE))
		return;
	if (control & MSIX_MASK_ALL || entry[3] & ENTRY_MASKED) {
		device->pending |= 1u << vector;
		return;
	}
	device->pending &= ~(1u << vector);
	device->host.message(device->host.context, vector, (uint64_t)entry[1] << 32 | entry[0],
			     entry[2]);
}

void virtio_pci_interrupt(struct virtio_pci *device)
{
	device->isr |= 1;
	send(device, device->queue.vector);
}

void virtio_pci_broken(struct virtio_pci *device)
{
	device->status |= STATUS_NEEDS_RESET;
	device->queue.enabled = false;
	device->isr |= ISR_CONFIG;
	send(device, device->config_vector);
}

static uint32_t read_queue(const struct virtqueue *queue, uint32_t offset)
{
	switch (offset) {
	case QUEUE_SIZE: return queue->size;
	case QUEUE_VECTOR: return queue->vector;
	case QUEUE_ENABLE: return queue->enabled;
	case QUEUE_DESCRIPTORS: return queue->descriptors;
	case QUEUE_DESCRIPTORS + 4: return queue->descriptors >> 32;
	case QUEUE_AVAILABLE: return queue->available;
	case QUEUE_AVAILABLE + 4: return queue->available >> 32;
	case QUEUE_USED: return queue->used;
	case QUEUE_USED + 4: return queue->used >> 32;
	default: return 0;
	}
}

static uint32_t half(uint64_t value, uint32_t select)
{
	return select > 1 ? 0 : value >> (32 * select);
}

static uint32_t read_common(const struct virtio_pci *device, uint32_t offset)
{
	switch (offset) {
	case FEATURE_SELECT: return device->feature_select;
	case FEATURE: return half(device->features, device->feature_select);
	case DRIVER_SELECT: return device->driver_select;
	case DRIVER: return half(device->driver_features, device->driver_select);
	case CONFIG_VECTOR: return device->config_vector;
	case QUEUES: return 1;
	case STATUS: return device->status;
	case GENERATION: return 0;
	case QUEUE_SELECT: return device->queue_select;
	default: return device->queue_select ? 0 : read_queue(&device->queue, offset);
	}
}

uint32_t virtio_pci_read(struct virtio_pci *device, uint32_t offset, unsigned int size)
{
	uint32_t value = 0;

	switch (offset & ~0xfffu) {
	case COMMON:
		return read_common(device, offset);
	case ISR:
		value = device->isr;
		device->isr = 0;
		return value;
	case CONFIG:
		if ((offset & 0xfff) + size <= VIRTIO_PCI_CONFIG)
			memcpy(&value, device->config + (offset & 0xfff), size);
		return value;
	case TABLE:
		offset = (offset & 0xfff) / 4;
		return offset < 4 * VIRTIO_PCI_VECTORS ? device->msix[offset / 4][offset % 4] : 0;
	case PENDING:
		return offset == PENDING ? device->pending : 0;
	default:
		return 0;
	}
}

static void set_half(uint64_t *value, unsigned int high, uint32_t to)
{
	if (high)
		*value = (uint32_t)*value | (uint64_t)to << 32;
	else
		*value = (*value & 0xffffffff00000000ull) | to;
}

static uint16_t vector_or_none(uint32_t value)
{
	return value < VIRTIO_PCI_VECTORS ? value : NO_VECTOR;
}

static void write_queue(struct virtqueue *queue, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case QUEUE_VECTOR:
		queue->vector = vector_or_none(value);
		return;
	case QUEUE_ENABLE:
		queue->enabled = value == 1;
		return;
	}
	if (queue->enabled)		/* the rest is fixed now */
		return;
	if (offset == QUEUE_SIZE && value && value <= VIRTQUEUE_SIZE && !(value & (value - 1)))
		queue->size = value;
	else if (offset >= QUEUE_USED)
		set_half(&queue->used, offset & 4, value);
	else if (offset >= QUEUE_AVAILABLE)
		set_half(&queue->available, offset & 4, value);
	else if (offset >= QUEUE_DESCRIPTORS)
		set_half(&queue->descriptors, offset & 4, value);
}

static void write_common(struct virtio_pci *device, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case FEATURE_SELECT:
		device->feature_select = value;
		break;
	case DRIVER_SELECT:
		device->driver_select = value;
		break;
	case DRIVER:
		if (device->driver_select < 2)
			set_half(&device->driver_features, device->driver_select, value);
		device->driver_features &= device->features;
		break;
	case CONFIG_VECTOR:
		device->config_vector = vector_or_none(value);
		break;
	case STATUS:
		if (value & ~device->status & STATUS_DRIVER_OK)
			set_doorbell(device, pci_get(&device->pci, PCI_BAR0, 4) + NOTIFY);
		device->status = value;
		if (!device->status)
			reset(device);
		break;
	case QUEUE_SELECT:
		device->queue_select = value;
		break;
	default:
		if (!device->queue_select && offset < COMMON_SIZE)
			write_queue(&device->queue, offset, value);
	}
}

static void write_table(struct virtio_pci *device, uint32_t index, uint32_t value)
{
	unsigned int vector = index / 4;

	if (vector >= VIRTIO_PCI_VECTORS)
		return;
	device->msix[vector][index % 4] = index % 4 == 3 ? value & ENTRY_MASKED : value;
	if (device->pending >> vector & 1)
		send(device, vector);
}

void virtio_pci_write(struct virtio_pci *device, uint32_t offset, unsigned int size,
		      uint32_t value)
{
	switch (offset & ~0xfffu) {
	case COMMON:
		write_common(device, offset, value);
		break;
	case CONFIG:
		break;
	case NOTIFY:
		if (device->queue.enabled && device->status & STATUS_DRIVER_OK)
			device->host.kick(device->host.context);
		break;
	case TABLE:
		if (size == 4)
			write_table(device, (offset & 0xfff) / 4, value);
		break;
	}
}

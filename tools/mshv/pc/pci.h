/* SPDX-License-Identifier: GPL-2.0 */
/* PCI: one bus behind ports 0xcf8 and 0xcfc, with a host bridge as device 0. */
#ifndef TOOLS_MSHV_PC_PCI_H
#define TOOLS_MSHV_PC_PCI_H

#include <stdint.h>

#define PCI_PORT	0xcf8
#define PCI_DEVICES	4
#define PCI_CONFIG	256

#define PCI_VENDOR	0x00
#define PCI_COMMAND	0x04
#define PCI_STATUS	0x06
#define PCI_REVISION	0x08
#define PCI_BAR0	0x10
#define PCI_SUBSYSTEM	0x2c
#define PCI_CAPABILITY	0x34

#define PCI_COMMAND_MEMORY	0x02
#define PCI_COMMAND_MASTER	0x04

/* @writable has the bits that the guest may change. */
struct pci_device {
	uint8_t config[PCI_CONFIG], writable[PCI_CONFIG];
};

struct pci {
	uint32_t address;
	struct pci_device bridge;
	struct pci_device *device[PCI_DEVICES];
	unsigned int count;
};

/* @pci must not move. */
void pci_init(struct pci *pci);
void pci_add(struct pci *pci, struct pci_device *device);

/* @port: 0 to 7, from 0xcf8 on. */
uint32_t pci_read(const struct pci *pci, unsigned int port, unsigned int size);
void pci_write(struct pci *pci, unsigned int port, unsigned int size, uint32_t value);

/* For a device's own use. */
void pci_put(struct pci_device *device, unsigned int at, uint32_t value, unsigned int size);
uint32_t pci_get(const struct pci_device *device, unsigned int at, unsigned int size);

/* @id: vendor and device; @class_code: class, subclass, interface and revision. */
void pci_identify(struct pci_device *device, uint32_t id, uint32_t class_code);

/* Memory of @size bytes, a power of two, as BAR 0; at @gpa until the guest moves it. */
void pci_add_bar(struct pci_device *device, uint32_t gpa, uint32_t size);

#endif

// SPDX-License-Identifier: GPL-2.0
/* PCI configuration (PCI Local Bus 3.0, 3.2.2.3 and 6.1). */
#include <stddef.h>
#include <string.h>

#include "pci.h"

#define DATA		4		/* port 0xcfc */
#define ENABLE		0x80000000u
#define ADDRESS_BITS	0x80fffffcu
#define BRIDGE_ID	0x00081b36u
#define BRIDGE_CLASS	0x06000000u

void pci_put(struct pci_device *device, unsigned int at, uint32_t value, unsigned int size)
{
	memcpy(device->config + at, &value, size);
}

uint32_t pci_get(const struct pci_device *device, unsigned int at, unsigned int size)
{
	uint32_t value = 0;

	memcpy(&value, device->config + at, size);
	return value;
}

void pci_identify(struct pci_device *device, uint32_t id, uint32_t class_code)
{
	*device = (struct pci_device){ 0 };
	pci_put(device, PCI_VENDOR, id, 4);
	pci_put(device, PCI_REVISION, class_code, 4);
	device->writable[PCI_COMMAND] = 0x07;
	device->writable[PCI_COMMAND + 1] = 0x04;	/* INTx off */
}

void pci_add_bar(struct pci_device *device, uint32_t gpa, uint32_t size)
{
	uint32_t mask = ~(size - 1);

	pci_put(device, PCI_BAR0, gpa, 4);
	memcpy(device->writable + PCI_BAR0, &mask, 4);
}

void pci_init(struct pci *pci)
{
	*pci = (struct pci){ 0 };
	pci_identify(&pci->bridge, BRIDGE_ID, BRIDGE_CLASS);
	pci_add(pci, &pci->bridge);
}

void pci_add(struct pci *pci, struct pci_device *device)
{
	if (pci->count < PCI_DEVICES)
		pci->device[pci->count++] = device;
}

/* Returns: the device that the address names, or NULL; function 0 of bus 0. */
static struct pci_device *addressed(const struct pci *pci)
{
	unsigned int number = pci->address >> 11 & 0x1f;

	if (!(pci->address & ENABLE) || pci->address >> 8 & 7 ||
	    pci->address >> 16 & 0xff || number >= pci->count)
		return NULL;
	return pci->device[number];
}

uint32_t pci_read(const struct pci *pci, unsigned int port, unsigned int size)
{
	const struct pci_device *device = addressed(pci);
	unsigned int at = (pci->address & 0xfc) + (port & 3);

	if (port < DATA)
		return port || size != 4 ? 0xffffffff : pci->address;
	if (!device || (port & 3) + size > 4)
		return 0xffffffff;
	return pci_get(device, at, size);
}

void pci_write(struct pci *pci, unsigned int port, unsigned int size, uint32_t value)
{
	struct pci_device *device = addressed(pci);
	unsigned int at = (pci->address & 0xfc) + (port & 3), i;

	if (port < DATA) {
		if (!port && size == 4)
			pci->address = value & ADDRESS_BITS;
		return;
	}
	if (!device || (port & 3) + size > 4)
		return;
	for (i = 0; i < size; i++, value >>= 8)
		device->config[at + i] = (device->config[at + i] & ~device->writable[at + i]) |
					 (value & device->writable[at + i]);
}

// SPDX-License-Identifier: GPL-2.0
/* PCI configuration (PCI Local Bus 3.0, 3.2.2.3 and 6.1). */
#include <stddef.h>

#include "pci.h"

#define DATA		4		/* port 0xcfc */
#define ADDRESS_BITS	0x80fffffcu
#define BRIDGE_ID	0x00081b36
#define BRIDGE_CLASS	0x06000000

static struct pci_device bridge = {
	.config = { [PCI_VENDOR_ID / 4] = BRIDGE_ID, [PCI_CLASS_REVISION / 4] = BRIDGE_CLASS },
};

/* Returns: the device that the address names, or NULL; function 0 of bus 0. */
static struct pci_device *addressed(const struct pci *pci)
{
	switch (pci->address & ~0xffu) {
	case 0x80000000: return &bridge;
	case 0x80000800: return pci->device;
	default: return NULL;
	}
}

uint32_t pci_read(void *context, uint16_t port, unsigned int size)
{
	const struct pci *pci = context;
	const struct pci_device *device = addressed(pci);

	if (!port && size == 4)
		return pci->address;
	if (port < DATA || !device || port % 4 + size > 4)
		return ~0u;
	return device->config[(pci->address & 0xfc) / 4] >> (8 * (port % 4));
}

void pci_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pci *pci = context;
	struct pci_device *device = addressed(pci);
	unsigned int at = (pci->address & 0xfc) / 4, shift = 8 * (port % 4);
	uint32_t mask;

	if (!port && size == 4)
		pci->address = value & ADDRESS_BITS;
	if (port < DATA || !device || port % 4 + size > 4)
		return;
	mask = device->writable[at] & (0xffffffff >> (32 - 8 * size)) << shift;
	device->config[at] = (device->config[at] & ~mask) | (value << shift & mask);
}

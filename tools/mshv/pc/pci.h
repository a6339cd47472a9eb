/* SPDX-License-Identifier: GPL-2.0 */
/* PCI: one bus behind ports 0xcf8 and 0xcfc, with a host bridge as device 0 and one more. */
#ifndef TOOLS_MSHV_PC_PCI_H
#define TOOLS_MSHV_PC_PCI_H

#include <linux/pci_regs.h>
#include <stdint.h>

/* @writable has the bits that the guest may change. */
struct pci_device {
	uint32_t config[64], writable[64];
};

struct pci {
	uint32_t address;
	struct pci_device *device;	/* number 1, or NULL */
};

/* As struct port_device wants them: @context is the bus, @port 0 to 7, from 0xcf8 on. */
uint32_t pci_read(void *context, uint16_t port, unsigned int size);
void pci_write(void *context, uint16_t port, unsigned int size, uint32_t value);

#endif

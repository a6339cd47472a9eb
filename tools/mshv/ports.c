// SPDX-License-Identifier: GPL-2.0
/* Who answers at ports and in memory. */
#include <err.h>
#include <stdio.h>

#include "ports.h"
#include "status.h"

void ports_add(struct ports *ports, const struct port_device *device)
{
	if (ports->count == PORTS_DEVICES)
		errx(STATUS_FAILED, "too many port devices");
	ports->device[ports->count++] = *device;
}

static const struct port_device *find(const struct ports *ports, uint16_t port)
{
	const struct port_device *device = ports->device;

	for (; device < ports->device + ports->count; device++) {
		if ((uint16_t)(port - device->base) < device->count)
			return device;
	}
	return NULL;
}

static uint32_t simple_read(const struct ports *ports, uint16_t port)
{
	switch (port) {
	case 0x61: return 0x20;		/* timer 2 has run down, whoever waits for it */
	case 0xe9:
	case 0x402: return 0xe9;	/* by which a guest knows that somebody listens */
	case 0x3fd: return 0x60;	/* the serial port has sent all */
	default: return ports->empty;
	}
}

uint32_t ports_read(const struct ports *ports, uint16_t port, unsigned int size)
{
	const struct port_device *device = find(ports, port);
	uint32_t value;

	if (device && device->read)
		value = device->read(device->context, port - device->base, size);
	else
		value = simple_read(ports, port);
	return ports_cut(value, size);
}

void ports_write(struct ports *ports, uint16_t port, unsigned int size, uint32_t value)
{
	const struct port_device *device = find(ports, port);

	value = ports_cut(value, size);
	if (device && device->write)
		device->write(device->context, port - device->base, size, value);
	else if (port == 0xf4)
		ports->exit_code = (uint8_t)value;
	else if (port == 0xe9 || port == 0x402 || port == 0x3f8)
		putchar((uint8_t)value);
}

void mmio_add(struct mmio *mmio, const struct mmio_device *device)
{
	if (mmio->count == MMIO_DEVICES)
		errx(STATUS_FAILED, "too many devices in memory");
	mmio->device[mmio->count++] = *device;
}

const struct mmio_device *mmio_find(const struct mmio *mmio, uint64_t gpa, uint32_t *offset)
{
	const struct mmio_device *device = mmio->device;

	for (; device < mmio->device + mmio->count; device++) {
		if (device->claims(device->context, gpa, offset))
			return device;
	}
	return NULL;
}

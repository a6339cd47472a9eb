// SPDX-License-Identifier: GPL-2.0
/* Who answers at ports and in memory, and the few devices that small guests have. */
#include <err.h>
#include <stdio.h>

#include "ports.h"
#include "status.h"

static uint32_t debug_read(void *context, uint16_t port, unsigned int size)
{
	return 0xe9;			/* by which a guest knows that somebody listens */
}

static void debug_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	putchar((uint8_t)value);
}

static uint32_t serial_read(void *context, uint16_t port, unsigned int size)
{
	return port == 5 ? 0x60 : 0;	/* transmitter ready, and done */
}

static void serial_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	if (!port)
		putchar((uint8_t)value);
}

static uint32_t control_read(void *context, uint16_t port, unsigned int size)
{
	return 0x20;			/* timer 2 has run down, whoever waits for it */
}

static void exit_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct ports *ports = context;

	ports->exit_code = (uint8_t)value;
}

void ports_init(struct ports *ports)
{
	*ports = (struct ports){ .exit_code = STATUS_GO_ON };
	ports_add(ports, &(struct port_device){ 0x402, 1, debug_read, debug_write, NULL });
	ports_add(ports, &(struct port_device){ 0xe9, 1, debug_read, debug_write, NULL });
	ports_add(ports, &(struct port_device){ 0xf4, 1, NULL, exit_write, ports });
}

void ports_add_simple(struct ports *ports)
{
	ports_add(ports, &(struct port_device){ 0x3f8, 8, serial_read, serial_write, NULL });
	ports_add(ports, &(struct port_device){ 0x61, 1, control_read, NULL, NULL });
}

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

uint32_t ports_read(const struct ports *ports, uint16_t port, unsigned int size)
{
	const struct port_device *device = find(ports, port);

	if (!device || !device->read)
		return ports_cut(ports->empty, size);
	return ports_cut(device->read(device->context, port - device->base, size), size);
}

void ports_write(const struct ports *ports, uint16_t port, unsigned int size, uint32_t value)
{
	const struct port_device *device = find(ports, port);

	if (device && device->write)
		device->write(device->context, port - device->base, size, ports_cut(value, size));
}

uint64_t ports_merge(uint64_t old, uint64_t value, unsigned int size)
{
	return ports_cut(value, size) | (size < 4 ? old - ports_cut(old, size) : 0);
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

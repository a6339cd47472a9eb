// SPDX-License-Identifier: GPL-2.0
/* The I/O ports, and the few devices that every guest has. */
#include <err.h>
#include <stdio.h>

#include "ports.h"
#include "status.h"

#define SERIAL_DATA		0
#define SERIAL_LINE_CONTROL	3
#define SERIAL_LINE_STATUS	5
#define LINE_CONTROL_DLAB	0x80	/* the data port is the divisor's */
#define LINE_STATUS_EMPTY	0x60	/* transmitter ready, and done */

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
	const struct ports *ports = context;

	if (port == SERIAL_LINE_STATUS)
		return LINE_STATUS_EMPTY;
	return port == SERIAL_LINE_CONTROL ? ports->line_control : 0;
}

static void serial_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct ports *ports = context;

	if (port == SERIAL_LINE_CONTROL)
		ports->line_control = value;
	else if (port == SERIAL_DATA && !(ports->line_control & LINE_CONTROL_DLAB))
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
	*ports = (struct ports){ .exit_code = -1 };
	ports_add(ports, &(struct port_device){ 0x402, 1, debug_read, debug_write, NULL });
	ports_add(ports, &(struct port_device){ 0xe9, 1, debug_read, debug_write, NULL });
	ports_add(ports, &(struct port_device){ 0xf4, 1, NULL, exit_write, ports });
}

void ports_add_simple(struct ports *ports)
{
	ports_add(ports, &(struct port_device){ 0x3f8, 8, serial_read, serial_write, ports });
	ports_add(ports, &(struct port_device){ 0x61, 1, control_read, NULL, NULL });
}

void ports_add(struct ports *ports, const struct port_device *device)
{
	if (ports->count == PORTS_DEVICES)
		errx(STATUS_FAILED, "too many port devices");
	ports->device[ports->count++] = *device;
}

static struct port_device *find(struct ports *ports, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < ports->count; i++) {
		if ((uint16_t)(port - ports->device[i].base) < ports->device[i].count)
			return &ports->device[i];
	}
	return NULL;
}

static uint32_t cut(uint32_t value, unsigned int size)
{
	return size == 4 ? value : value & ((1u << (8 * size)) - 1);
}

uint32_t ports_read(struct ports *ports, uint16_t port, unsigned int size)
{
	struct port_device *device = find(ports, port);

	if (!device || !device->read)
		return cut(ports->empty, size);
	return cut(device->read(device->context, port - device->base, size), size);
}

void ports_write(struct ports *ports, uint16_t port, unsigned int size, uint32_t value)
{
	struct port_device *device = find(ports, port);

	if (device && device->write)
		device->write(device->context, port - device->base, size, cut(value, size));
}

uint64_t ports_merge(uint64_t old, uint64_t value, unsigned int size)
{
	uint64_t mask = size >= 4 ? ~0ull : (1ull << (8 * size)) - 1;

	if (size == 4)
		value &= 0xffffffff;
	return (old & ~mask) | (value & mask);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The I/O ports. A port that no device claims ignores what is written, and reads 0 unless
 * @empty says otherwise: SeaBIOS takes 0 for a machine without the device.
 */
#ifndef TOOLS_MSHV_PORTS_H
#define TOOLS_MSHV_PORTS_H

#include <stdint.h>

#define PORTS_DEVICES	24

/* @read and @write get the port relative to @base, and the size in bytes: 1, 2 or 4. */
struct port_device {
	uint16_t base, count;
	uint32_t (*read)(void *context, uint16_t port, unsigned int size);
	void (*write)(void *context, uint16_t port, unsigned int size, uint32_t value);
	void *context;
};

struct ports {
	struct port_device device[PORTS_DEVICES];
	unsigned int count;
	uint8_t line_control;		/* of the serial port */
	uint32_t empty;			/* what a port without a device reads */
	int exit_code;			/* what the guest wrote to port 0xf4; -1 until then */
};

/* Sets up debug ports and exit port. @ports must not move. */
void ports_init(struct ports *ports);

/* A serial port and a system control port that are enough for small guests. */
void ports_add_simple(struct ports *ports);

void ports_add(struct ports *ports, const struct port_device *device);
uint32_t ports_read(struct ports *ports, uint16_t port, unsigned int size);
void ports_write(struct ports *ports, uint16_t port, unsigned int size, uint32_t value);

/* Returns: what a register of value @old holds after a read of @size bytes gave @value. */
uint64_t ports_merge(uint64_t old, uint64_t value, unsigned int size);

#endif

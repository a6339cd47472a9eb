/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who answers at I/O ports, and at guest-physical addresses without RAM. Debug ports, exit port and
 * a serial port that is enough for small guests are there unless a device claims them. Others
 * ignore what is written, and read 0 unless @empty says otherwise: SeaBIOS takes 0 for a machine
 * without the device.
 */
#ifndef TOOLS_MSHV_PORTS_H
#define TOOLS_MSHV_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#define PORTS_DEVICES	24
#define MMIO_DEVICES	4

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
	uint32_t empty;			/* what a port without a device reads */
	int exit_code;			/* what the guest wrote to port 0xf4; -1 until then */
};

/*
 * @claims says whether a GPA is the device's (what PCI maps can move), and where in it. Sizes
 * are 1, 2, 4 or 8 bytes.
 */
struct mmio_device {
	bool (*claims)(void *context, uint64_t gpa, uint32_t *offset);
	uint64_t (*read)(void *context, uint32_t offset, unsigned int size);
	void (*write)(void *context, uint32_t offset, unsigned int size, uint64_t value);
	void *context;
};

struct mmio {
	struct mmio_device device[MMIO_DEVICES];
	unsigned int count;
};

void ports_add(struct ports *ports, const struct port_device *device);
uint32_t ports_read(const struct ports *ports, uint16_t port, unsigned int size);
void ports_write(struct ports *ports, uint16_t port, unsigned int size, uint32_t value);

/* Returns: the lowest @size bytes. */
static inline uint64_t ports_cut(uint64_t value, unsigned int size)
{
	return size == 8 ? value : value & ((1ull << (8 * size)) - 1);
}

/* Returns: what a register of value @old holds after @size bytes, @value, were put into it. */
static inline uint64_t ports_merge(uint64_t old, uint64_t value, unsigned int size)
{
	return ports_cut(value, size) | (size < 4 ? old - ports_cut(old, size) : 0);
}

void mmio_add(struct mmio *mmio, const struct mmio_device *device);

/* Returns: the device that has @gpa, at *@offset, or NULL. */
const struct mmio_device *mmio_find(const struct mmio *mmio, uint64_t gpa, uint32_t *offset);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Devices in memory: which guest-physical addresses without RAM somebody answers for. */
#ifndef TOOLS_MSHV_MMIO_H
#define TOOLS_MSHV_MMIO_H

#include <stdbool.h>
#include <stdint.h>

#define MMIO_DEVICES	4

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

void mmio_add(struct mmio *mmio, const struct mmio_device *device);

/* Returns: the device that has @gpa, at *@offset, or NULL. */
const struct mmio_device *mmio_find(const struct mmio *mmio, uint64_t gpa, uint32_t *offset);

#endif

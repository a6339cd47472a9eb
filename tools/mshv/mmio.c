// SPDX-License-Identifier: GPL-2.0
/* Devices in memory. */
#include <err.h>
#include <stddef.h>

#include "mmio.h"
#include "status.h"

void mmio_add(struct mmio *mmio, const struct mmio_device *device)
{
	if (mmio->count == MMIO_DEVICES)
		errx(STATUS_FAILED, "too many devices in memory");
	mmio->device[mmio->count++] = *device;
}

const struct mmio_device *mmio_find(const struct mmio *mmio, uint64_t gpa, uint32_t *offset)
{
	unsigned int i;

	for (i = 0; i < mmio->count; i++) {
		if (mmio->device[i].claims(mmio->device[i].context, gpa, offset))
			return &mmio->device[i];
	}
	return NULL;
}

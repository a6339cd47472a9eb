/* SPDX-License-Identifier: GPL-2.0 */
/* An interrupt as a local APIC gets it, and who takes it there. */
#ifndef TOOLS_MSHV_PC_INTERRUPT_H
#define TOOLS_MSHV_PC_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* @type is the delivery mode: 0 fixed, 1 lowest priority, 4 NMI, 7 ExtINT; 8 the pin LINT0. */
struct interrupt {
	uint8_t type, vector, destination;
	bool logical, level;
};

struct interrupt_sink {
	void (*send)(void *context, const struct interrupt *interrupt);
	void *context;
};

/* A wire: of a device to its interrupt controllers. */
struct wire {
	void (*set)(void *context, unsigned int number, bool level);
	void *context;
	unsigned int number;
};

static inline void wire_set(const struct wire *wire, bool level)
{
	wire->set(wire->context, wire->number, level);
}

#endif

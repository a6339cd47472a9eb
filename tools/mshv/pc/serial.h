/* SPDX-License-Identifier: GPL-2.0 */
/* A 16550 serial port: what the guest writes goes out at once, what comes in waits in a FIFO. */
#ifndef TOOLS_MSHV_PC_SERIAL_H
#define TOOLS_MSHV_PC_SERIAL_H

#include "interrupt.h"

#define SERIAL_FIFO	64

struct serial {
	struct wire irq;
	void (*output)(void *context, uint8_t byte);
	void *context;
	uint8_t interrupt_enable, fifo_control, line_control, modem_control, scratch;
	uint8_t divisor[2];
	bool sent;			/* the transmitter's interrupt is due */
	uint8_t fifo[SERIAL_FIFO];
	unsigned int first, count;
};

uint8_t serial_read(struct serial *serial, unsigned int reg);
void serial_write(struct serial *serial, unsigned int reg, uint8_t value);

/* Returns: how many bytes serial_input() would take. */
unsigned int serial_room(const struct serial *serial);
void serial_input(struct serial *serial, uint8_t byte);

#endif

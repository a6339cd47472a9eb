// SPDX-License-Identifier: GPL-2.0
/* A 16550 serial port (National Semiconductor PC16550D). */
#include <linux/serial_reg.h>

#include "devices.h"

#define IIR_FIFOS	0xc0

static const uint8_t implemented[8] = { 0, 0x0f, 0xff, 0xff, 0x1f, 0, 0, 0xff };

static uint8_t interrupt_id(const struct serial *serial)
{
	if (serial->reg[UART_IER] & UART_IER_RDI && serial->count)
		return UART_IIR_RDI;
	if (serial->reg[UART_IER] & UART_IER_THRI && serial->sent)
		return UART_IIR_THRI;
	return UART_IIR_NO_INT;
}

static void update(const struct serial *serial)
{
	wire_set(&serial->irq, interrupt_id(serial) != UART_IIR_NO_INT);
}

static uint8_t modem_status(uint8_t mcr)
{
	if (!(mcr & UART_MCR_LOOP))
		return UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS;
	/* OUT2, OUT1, DTR and RTS come back as DCD, RI, DSR and CTS. */
	return (mcr & 0x0c) << 4 | (mcr & 0x01) << 5 | (mcr & 0x02) << 3;
}

static uint8_t take(struct serial *serial)
{
	uint8_t byte = serial->fifo[serial->first];

	if (!serial->count)
		return 0;
	serial->first = (serial->first + 1) % SERIAL_FIFO;
	serial->count--;
	update(serial);
	return byte;
}

static uint8_t identify(struct serial *serial)
{
	uint8_t id = interrupt_id(serial);

	if (id == UART_IIR_THRI) {	/* reading it acknowledges this one */
		serial->sent = false;
		update(serial);
	}
	return id | (serial->reg[UART_FCR] & UART_FCR_ENABLE_FIFO ? IIR_FIFOS : 0);
}

uint32_t serial_read(void *context, uint16_t port, unsigned int size)
{
	struct serial *serial = context;

	if (serial->reg[UART_LCR] & UART_LCR_DLAB && port <= UART_DLM)
		return serial->divisor[port];
	switch (port) {
	case UART_RX: return take(serial);
	case UART_IIR: return identify(serial);
	case UART_LSR:
		return UART_LSR_TEMT | UART_LSR_THRE | (serial->count ? UART_LSR_DR : 0);
	case UART_MSR: return modem_status(serial->reg[UART_MCR]);
	default: return serial->reg[port];
	}
}

static void send(struct serial *serial, uint8_t byte)
{
	if (serial->reg[UART_MCR] & UART_MCR_LOOP)
		serial_input(serial, byte);
	else
		serial->output(byte);
	serial->sent = true;
	/* Its interrupt is an edge even if the one before has not been looked at. */
	if (interrupt_id(serial) == UART_IIR_THRI)
		wire_set(&serial->irq, false);
}

void serial_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct serial *serial = context;

	if (serial->reg[UART_LCR] & UART_LCR_DLAB && port <= UART_DLM) {
		serial->divisor[port] = value;
		return;
	}
	if (port == UART_TX)
		send(serial, value);
	if (port == UART_IER && value & ~serial->reg[UART_IER] & UART_IER_THRI)
		serial->sent = true;	/* the transmitter has nothing to do */
	if (port == UART_FCR && value & UART_FCR_CLEAR_RCVR)
		serial->count = 0;
	serial->reg[port] = value & implemented[port];
	update(serial);
}

unsigned int serial_room(const struct serial *serial)
{
	return SERIAL_FIFO - serial->count;
}

void serial_input(struct serial *serial, uint8_t byte)
{
	if (serial->count == SERIAL_FIFO)
		return;
	serial->fifo[(serial->first + serial->count++) % SERIAL_FIFO] = byte;
	update(serial);
}

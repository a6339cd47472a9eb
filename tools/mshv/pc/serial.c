// SPDX-License-Identifier: GPL-2.0
/* A 16550 serial port (National Semiconductor PC16550D). */
#include "serial.h"

#define DATA			0
#define INTERRUPT_ENABLE	1
#define INTERRUPT_ID		2	/* read; written: FIFO control */
#define LINE_CONTROL		3
#define MODEM_CONTROL		4
#define LINE_STATUS		5
#define MODEM_STATUS		6
#define SCRATCH			7

#define IER_RECEIVED		0x01
#define IER_SENT		0x02
#define IER_BITS		0x0f
#define IIR_NONE		0x01
#define IIR_SENT		0x02
#define IIR_RECEIVED		0x04
#define IIR_FIFOS		0xc0
#define FCR_ENABLE		0x01
#define FCR_CLEAR_RECEIVER	0x02
#define LCR_DLAB		0x80
#define MCR_LOOP		0x10
#define LSR_DATA		0x01
#define LSR_SENT		0x60	/* room, and nothing left to send */
#define MSR_CONNECTED		0xb0	/* DCD, DSR, CTS */

static uint8_t interrupt_id(const struct serial *serial)
{
	if (serial->interrupt_enable & IER_RECEIVED && serial->count)
		return IIR_RECEIVED;
	if (serial->interrupt_enable & IER_SENT && serial->sent)
		return IIR_SENT;
	return IIR_NONE;
}

static void update(const struct serial *serial)
{
	wire_set(&serial->irq, interrupt_id(serial) != IIR_NONE);
}

static uint8_t modem_status(const struct serial *serial)
{
	uint8_t control = serial->modem_control;

	if (!(control & MCR_LOOP))
		return MSR_CONNECTED;
	/* OUT2, OUT1, DTR and RTS come back as DCD, RI, DSR and CTS. */
	return (control & 0x0c) << 4 | (control & 0x01) << 5 | (control & 0x02) << 3;
}

static uint8_t take(struct serial *serial)
{
	uint8_t byte = 0;

	if (serial->count) {
		byte = serial->fifo[serial->first];
		serial->first = (serial->first + 1) % SERIAL_FIFO;
		serial->count--;
		update(serial);
	}
	return byte;
}

static uint8_t identify(struct serial *serial)
{
	uint8_t id = interrupt_id(serial);

	if (id == IIR_SENT) {		/* reading it acknowledges this one */
		serial->sent = false;
		update(serial);
	}
	return id | (serial->fifo_control & FCR_ENABLE ? IIR_FIFOS : 0);
}

uint8_t serial_read(struct serial *serial, unsigned int reg)
{
	if (serial->line_control & LCR_DLAB && reg <= INTERRUPT_ENABLE)
		return serial->divisor[reg];
	switch (reg) {
	case DATA:
		return take(serial);
	case INTERRUPT_ENABLE:
		return serial->interrupt_enable;
	case INTERRUPT_ID:
		return identify(serial);
	case LINE_CONTROL:
		return serial->line_control;
	case MODEM_CONTROL:
		return serial->modem_control;
	case LINE_STATUS:
		return LSR_SENT | (serial->count ? LSR_DATA : 0);
	case MODEM_STATUS:
		return modem_status(serial);
	default:
		return serial->scratch;
	}
}

static void send(struct serial *serial, uint8_t byte)
{
	if (serial->modem_control & MCR_LOOP)
		serial_input(serial, byte);
	else
		serial->output(serial->context, byte);
	serial->sent = true;
	/* Its interrupt is an edge even if the one before has not been looked at. */
	if (interrupt_id(serial) == IIR_SENT)
		wire_set(&serial->irq, false);
	update(serial);
}

static void enable(struct serial *serial, uint8_t value)
{
	if (value & ~serial->interrupt_enable & IER_SENT)
		serial->sent = true;	/* the transmitter has nothing to do */
	serial->interrupt_enable = value & IER_BITS;
	update(serial);
}

static void control_fifo(struct serial *serial, uint8_t value)
{
	serial->fifo_control = value;
	if (value & FCR_CLEAR_RECEIVER)
		serial->count = 0;
	update(serial);
}

void serial_write(struct serial *serial, unsigned int reg, uint8_t value)
{
	if (serial->line_control & LCR_DLAB && reg <= INTERRUPT_ENABLE) {
		serial->divisor[reg] = value;
		return;
	}
	switch (reg) {
	case DATA:
		send(serial, value);
		break;
	case INTERRUPT_ENABLE:
		enable(serial, value);
		break;
	case INTERRUPT_ID:
		control_fifo(serial, value);
		break;
	case LINE_CONTROL:
		serial->line_control = value;
		break;
	case MODEM_CONTROL:
		serial->modem_control = value & 0x1f;
		break;
	case SCRATCH:
		serial->scratch = value;
		break;
	}
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

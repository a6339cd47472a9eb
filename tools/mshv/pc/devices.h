/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The devices that every PC has. Each is a model without a system call, with access functions as
 * struct port_device wants them: @context is the device, @port begins at 0. Of its fields the
 * caller sets those that say so; the others are state, and begin as 0. @now: nanoseconds.
 */
#ifndef TOOLS_MSHV_PC_DEVICES_H
#define TOOLS_MSHV_PC_DEVICES_H

#include <linux/mshv.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000ull

static inline uint64_t ticks(uint64_t nsec, uint64_t hertz)
{
	return nsec / NSEC_PER_SEC * hertz + nsec % NSEC_PER_SEC * hertz / NSEC_PER_SEC;
}

struct partition;

/* A device's line to whoever takes its interrupt. */
struct wire {
	void (*set)(void *context, unsigned int number, bool level);
	void *context;
	unsigned int number;
};

static inline void wire_set(const struct wire *wire, bool level)
{
	wire->set(wire->context, wire->number, level);
}

/* A 16550 serial port: what the guest writes goes out at once, what comes in waits in a FIFO. */
#define SERIAL_FIFO	64

struct serial {
	struct wire irq;		/* by the caller */
	int (*output)(int byte);	/* by the caller */
	uint8_t reg[8], divisor[2];	/* as they were written */
	bool sent;			/* the transmitter's interrupt is due */
	uint8_t fifo[SERIAL_FIFO];
	unsigned int first, count;
};

uint32_t serial_read(void *context, uint16_t port, unsigned int size);
void serial_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/* Returns: how many bytes serial_input() would take. */
unsigned int serial_room(const struct serial *serial);
void serial_input(struct serial *serial, uint8_t byte);

/* One of the two interrupt controllers; the second one's output is input 2 of the first. */
#define PIC_CASCADE	2

struct pic {
	struct wire output;		/* by the caller */
	uint8_t requested, served, mask, levels, base;
	unsigned int init;		/* the initialization word that comes next; 0: none */
	bool auto_eoi, read_served;
};

uint32_t pic_read(void *context, uint16_t port, unsigned int size);
void pic_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/* An input, as a wire's other end: @context is the PIC. */
void pic_set(void *context, unsigned int input, bool level);

/* The processor takes what the first of @pic asks for. Returns: its vector. */
uint8_t pic_acknowledge(struct pic pic[2]);

/* An I/O APIC. */
#define IOAPIC_GPA	0xfec00000ull
#define IOAPIC_PINS	24

struct ioapic {
	const struct partition *partition;	/* by the caller, as the next */
	void (*send)(const struct partition *partition,
		     const struct mshv_assert_interrupt *interrupt);
	uint8_t index;
	uint32_t levels;		/* of the pins */
	uint32_t entry[2 * IOAPIC_PINS];
};

/* Masks all pins. */
void ioapic_init(struct ioapic *ioapic);
void ioapic_set(struct ioapic *ioapic, unsigned int pin, bool level);

/* As struct mmio_device wants them. */
bool ioapic_claims(void *context, uint64_t gpa, uint32_t *offset);
uint64_t ioapic_read(void *context, uint32_t offset, unsigned int size);
void ioapic_write(void *context, uint32_t offset, unsigned int size, uint64_t value);

/* The interval timer: counter 0 interrupts, counter 2 is for whoever polls it. */
#define PIT_NEVER	(~0ull)

struct pit_counter {
	uint64_t begun;			/* when it was loaded */
	uint32_t reload;		/* 1 to 65536; 0 until it is loaded */
	uint16_t latch;
	uint8_t mode, status, low;
	bool latched, status_latched, high_next;
};

struct pit {
	struct wire irq;		/* by the caller, as the next two */
	uint64_t (*now)(void);
	void (*arm)(void *context, uint64_t deadline);	/* for pit_tick(); @context: irq's */
	uint64_t deadline;		/* of counter 0, or PIT_NEVER */
	struct pit_counter counter[3];
	uint8_t control;		/* port 0x61: gate of counter 2, and the speaker */
};

uint32_t pit_read(void *context, uint16_t port, unsigned int size);
void pit_write(void *context, uint16_t port, unsigned int size, uint32_t value);
void pit_tick(struct pit *pit);

/* Port 0x61: gate and output of counter 2. */
uint32_t pit_control_read(void *context, uint16_t port, unsigned int size);
void pit_control_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/* The clock, which never interrupts, and its memory. */
struct rtc {
	time_t (*now)(time_t *now);	/* by the caller: time() */
	uint8_t index;
	uint8_t memory[128];
};

uint32_t rtc_read(void *context, uint16_t port, unsigned int size);
void rtc_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/*
 * Power management, and every way of a PC to switch itself off or reset. Of these ports a
 * hardware-reduced machine has only the last three.
 */
#define PM_EVENT		0x600
#define PM_CONTROL		0x604
#define PM_TIMER		0x608
#define PM_SLEEP_CONTROL	0x60c
#define PM_SLEEP_STATUS		0x60d
#define PM_RESET		0x60e

#define PM_RESET_VALUE		1

struct pm {
	uint64_t (*now)(void);		/* by the caller */
	int *exit_code;			/* by the caller: where the guest's request goes */
	uint16_t enable;
};

uint32_t pm_read(void *context, uint16_t port, unsigned int size);
void pm_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/* Port 0x64: a keyboard controller without a keyboard, ready for the command to reset. */
uint32_t pm_keyboard_read(void *context, uint16_t port, unsigned int size);
void pm_keyboard_write(void *context, uint16_t port, unsigned int size, uint32_t value);

/* Port 0xcf9. */
void pm_reset_write(void *context, uint16_t port, unsigned int size, uint32_t value);

#endif

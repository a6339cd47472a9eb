// SPDX-License-Identifier: GPL-2.0
/* A PC: which device is where. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "pc.h"
#include "pc/acpi.h"
#include "status.h"

#define IRQ_TIMER	0
#define IRQ_SERIAL	4
#define PIN_TIMER	2
#define SECOND		1000000000ull

uint64_t pc_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void send_interrupt(void *context, const struct interrupt *interrupt)
{
	const struct pc *pc = context;

	partition_assert(pc->partition, &(struct mshv_assert_interrupt){
		.interrupt_type = interrupt->type,
		.flags = (interrupt->level ? 1 : 0) | (interrupt->logical ? 2 : 0),
		.dest_addr = interrupt->destination, .vector = interrupt->vector,
	});
}

static struct interrupt_sink sink(struct pc *pc)
{
	return (struct interrupt_sink){ send_interrupt, pc };
}

/*
 * The PICs' output is the first processor's LINT0, which may be masked; the vector goes along. What
 * isn't taken is lost, and only the PICs' next initialization brings them back.
 */
static void update_pic(struct pc *pc)
{
	struct interrupt interrupt = { .type = MSHV_HV_X64_INTERRUPT_TYPE_LOCALINT0 };

	if (!pic_pending(&pc->pic))
		return;
	interrupt.vector = pic_acknowledge(&pc->pic);
	send_interrupt(pc, &interrupt);
}

static void set_irq(void *context, unsigned int irq, bool level)
{
	struct pc *pc = context;

	pic_set(&pc->pic, irq, level);
	update_pic(pc);
	ioapic_set(&pc->ioapic, irq == IRQ_TIMER ? PIN_TIMER : irq, level);
}

static void output(void *context, uint8_t byte)
{
	(void)context;
	putchar(byte);
}

static uint32_t read_serial(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	return size == 1 ? serial_read(&pc->serial, port) : 0xffffffff;
}

static void write_serial(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	if (size == 1)
		serial_write(&pc->serial, port, value);
}

static uint32_t read_pic(void *context, uint16_t port, unsigned int size)
{
	const struct pc_pic_port *at = context;

	(void)size;
	return pic_read(&at->pc->pic, at->base + port);
}

static void write_pic(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	const struct pc_pic_port *at = context;

	(void)size;
	pic_write(&at->pc->pic, at->base + port, value);
	update_pic(at->pc);
}

static void arm_timer(struct pc *pc)
{
	uint64_t deadline = pit_deadline(&pc->pit);
	struct itimerspec when = { 0 };

	if (deadline != PIT_NEVER) {
		when.it_value.tv_sec = deadline / SECOND;
		when.it_value.tv_nsec = deadline % SECOND;
	}
	timerfd_settime(pc->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void pc_tick(struct pc *pc)
{
	if (pit_expire(&pc->pit, pc_now())) {
		set_irq(pc, IRQ_TIMER, true);
		set_irq(pc, IRQ_TIMER, false);
	}
	arm_timer(pc);
}

static uint32_t read_pit(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	(void)size;
	return pit_read(&pc->pit, port, pc_now());
}

static void write_pit(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	(void)size;
	pit_write(&pc->pit, port, value, pc_now());
	arm_timer(pc);
}

static uint32_t read_control(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	(void)port;
	(void)size;
	return pit_control_read(&pc->pit, pc_now());
}

static void write_control(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	(void)port;
	(void)size;
	pit_control_write(&pc->pit, value, pc_now());
}

static uint32_t read_rtc(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	(void)size;
	return rtc_read(&pc->rtc, port, time(NULL));
}

static void write_rtc(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	(void)size;
	rtc_write(&pc->rtc, port, value);
}

/* The run ends when a device asks for it. */
static void obey(struct pc *pc)
{
	if (pc->pm.request == PM_POWER_OFF)
		pc->ports->exit_code = 0;
	else if (pc->pm.request == PM_DO_RESET)
		pc->ports->exit_code = STATUS_RESET;
}

static uint32_t read_pm(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	(void)size;
	return pm_read(&pc->pm, port, pc_now());
}

static void write_pm(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	pm_write(&pc->pm, port, size, value);
	obey(pc);
}

/* Port 0x64: a keyboard controller without a keyboard, ready for the command to reset. */
static uint32_t read_keyboard(void *context, uint16_t port, unsigned int size)
{
	(void)context;
	(void)port;
	(void)size;
	return 0;
}

static void write_keyboard(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	(void)port;
	(void)size;
	pm_keyboard_command(&pc->pm, value);
	obey(pc);
}

static uint32_t read_pci(void *context, uint16_t port, unsigned int size)
{
	struct pc *pc = context;

	return pci_read(&pc->pci, port, size);
}

static void write_pci(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pc *pc = context;

	if (port == PM_RESET_CONTROL - PCI_PORT && size == 1)
		pm_reset_control(&pc->pm, value);
	else
		pci_write(&pc->pci, port, size, value);
	obey(pc);
}

static bool claims_ioapic(void *context, uint64_t gpa, uint32_t *offset)
{
	(void)context;
	*offset = gpa - IOAPIC_GPA;
	return gpa - IOAPIC_GPA < IOAPIC_SIZE;
}

static uint64_t read_ioapic(void *context, uint32_t offset, unsigned int size)
{
	struct pc *pc = context;

	(void)size;
	return ioapic_read(&pc->ioapic, offset);
}

static void write_ioapic(void *context, uint32_t offset, unsigned int size, uint64_t value)
{
	struct pc *pc = context;

	(void)size;
	ioapic_write(&pc->ioapic, offset, value);
}

static void add_ports(struct pc *pc)
{
	const struct port_device devices[] = {
		{ 0x20, 2, read_pic, write_pic, &pc->pic_port[0] },
		{ 0x40, 4, read_pit, write_pit, pc },
		{ 0x61, 1, read_control, write_control, pc },
		{ 0x64, 1, read_keyboard, write_keyboard, pc },
		{ 0x70, 2, read_rtc, write_rtc, pc },
		{ 0xa0, 2, read_pic, write_pic, &pc->pic_port[1] },
		{ 0x3f8, 8, read_serial, write_serial, pc },
		{ 0x4d0, 2, read_pic, write_pic, &pc->pic_port[2] },
		{ PM_EVENT, PM_SIZE, read_pm, write_pm, pc },
		{ PCI_PORT, 8, read_pci, write_pci, pc },
	};
	unsigned int i;

	for (i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		ports_add(pc->ports, &devices[i]);
	pc->ports->empty = 0xffffffff;	/* as on a bus */
}

void pc_init(struct pc *pc, const struct partition *partition, struct ports *ports,
	     struct mmio *mmio)
{
	*pc = (struct pc){
		.serial = { .irq = { set_irq, pc, IRQ_SERIAL }, .output = output },
		.pic.chip = { { .mask = 0xff }, { .mask = 0xff } },
		.pic_port = { { pc, 0x20 }, { pc, 0xa0 }, { pc, 0x4d0 } },
		.partition = partition, .ports = ports,
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	if (pc->timer < 0 || pc->kick < 0)
		err(STATUS_FAILED, "a timer and an event");
	ioapic_init(&pc->ioapic, sink(pc));
	pci_init(&pc->pci);
	add_ports(pc);
	mmio_add(mmio, &(struct mmio_device){ claims_ioapic, read_ioapic, write_ioapic, pc });
}

static void kick(void *context)
{
	struct pc *pc = context;

	eventfd_write(pc->kick, 1);
}

/* The disk's write to its doorbell wakes its thread, without an exit. */
static void doorbell(void *context, uint64_t gpa, bool on)
{
	struct pc *pc = context;

	partition_ioeventfd(pc->partition, pc->kick, gpa, on);
}

/* The kernel knows each message by number; it is told when the guest has changed one. */
static void message(void *context, unsigned int vector, uint64_t address, uint32_t data)
{
	struct pc *pc = context;
	struct mshv_msi_routing_entry *route = &pc->route[vector];

	if (route->address_lo != address || route->data != data) {
		route->address_lo = address;
		route->data = data;
		partition_route(pc->partition, pc->route, VIRTIO_PCI_VECTORS);
	}
	eventfd_write(pc->interrupt[vector], 1);
}

static void add_interrupts(struct pc *pc)
{
	unsigned int vector;

	for (vector = 0; vector < VIRTIO_PCI_VECTORS; vector++) {
		pc->interrupt[vector] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (pc->interrupt[vector] < 0)
			err(STATUS_FAILED, "an event");
		pc->route[vector].gsi = IOAPIC_PINS + vector;
		partition_irqfd(pc->partition, pc->interrupt[vector], IOAPIC_PINS + vector);
	}
}

static bool claims_disk(void *context, uint64_t gpa, uint32_t *offset)
{
	return virtio_pci_claims(context, gpa, offset);
}

static uint64_t read_disk(void *context, uint32_t offset, unsigned int size)
{
	return virtio_pci_read(context, offset, size);
}

static void write_disk(void *context, uint32_t offset, unsigned int size, uint64_t value)
{
	virtio_pci_write(context, offset, size, value);
}

void pc_add_disk(struct pc *pc, struct mmio *mmio, const struct memory *memory, const char *file)
{
	const struct mmio_device device = { claims_disk, read_disk, write_disk,
					    &pc->disk.virtio };
	int fd = open(file, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(STATUS_FAILED, "%s", file);
	disk_init(&pc->disk, memory, fd, ACPI_PCI_BASE);
	pc->disk.virtio.host = (struct virtio_host){ kick, doorbell, message, pc };
	add_interrupts(pc);
	pci_add(&pc->pci, &pc->disk.virtio.pci);
	mmio_add(mmio, &device);
}

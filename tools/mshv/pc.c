// SPDX-License-Identifier: GPL-2.0
/* A PC: which device is where. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "pc.h"
#include "pc/acpi.h"
#include "status.h"

#define IRQ_TIMER	0
#define IRQ_SERIAL	4
#define PIN_TIMER	2

/* The time that all devices share. */
uint64_t pc_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/*
 * The PICs' output is the first processor's LINT0, which may be masked; the vector goes along. What
 * isn't taken is lost, and only the PICs' next initialization brings them back.
 */
static void take_interrupt(void *context, unsigned int number, bool level)
{
	struct mshv_assert_interrupt interrupt = {
		.interrupt_type = MSHV_HV_X64_INTERRUPT_TYPE_LOCALINT0
	};
	struct pc *pc = context;

	if (!level)
		return;
	interrupt.vector = pic_acknowledge(pc->pic);
	partition_assert(pc->partition, &interrupt);
}

static void set_irq(void *context, unsigned int irq, bool level)
{
	struct pc *pc = context;

	pic_set(&pc->pic[irq / 8], irq % 8, level);
	ioapic_set(&pc->ioapic, irq == IRQ_TIMER ? PIN_TIMER : irq, level);
}

static void arm_timer(void *context, uint64_t deadline)
{
	const struct pc *pc = context;
	struct itimerspec when = { 0 };

	if (deadline != PIT_NEVER) {
		when.it_value.tv_sec = deadline / NSEC_PER_SEC;
		when.it_value.tv_nsec = deadline % NSEC_PER_SEC;
	}
	timerfd_settime(pc->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void pc_tick(struct pc *pc)
{
	pit_tick(&pc->pit);
}

static int make_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		err(STATUS_FAILED, "an event");
	return fd;
}

void pc_init(struct pc *pc, const struct partition *partition, struct ports *ports,
	     struct mmio *mmio)
{
	const struct port_device devices[] = {
		{ 0x20, 2, pic_read, pic_write, &pc->pic[0] },
		{ 0x40, 4, pit_read, pit_write, &pc->pit },
		{ 0x61, 1, pit_control_read, pit_control_write, &pc->pit },
		{ 0x64, 1, pm_keyboard_read, pm_keyboard_write, &pc->pm },
		{ 0x70, 2, rtc_read, rtc_write, &pc->rtc },
		{ 0xa0, 2, pic_read, pic_write, &pc->pic[1] },
		{ 0x3f8, 8, serial_read, serial_write, &pc->serial },
		{ PM_EVENT, 0x10, pm_read, pm_write, &pc->pm },
		{ 0xcf9, 1, NULL, pm_reset_write, &pc->pm },
		{ 0xcf8, 8, pci_read, pci_write, &pc->pci },
	};
	const struct mmio_device ioapic = {
		ioapic_claims, ioapic_read, ioapic_write, &pc->ioapic
	};
	unsigned int i;

	*pc = (struct pc){
		.serial = { .irq = { set_irq, pc, IRQ_SERIAL }, .output = putchar },
		.ioapic = { .send = partition_assert, .partition = partition },
		.pic = {
			{ .output = { take_interrupt, pc, 0 }, .mask = 0xff },
			{ .output = { pic_set, &pc->pic[0], PIC_CASCADE }, .mask = 0xff },
		},
		.pit = { .irq = { set_irq, pc, IRQ_TIMER }, .now = pc_now, .arm = arm_timer },
		.rtc.now = time,
		.pm = { .now = pc_now, .exit_code = &ports->exit_code },
		.partition = partition,
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.kick = make_event(),
	};
	if (pc->timer < 0)
		err(STATUS_FAILED, "a timer");
	ioapic_init(&pc->ioapic);
	for (i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		ports_add(ports, &devices[i]);
	ports->empty = ~0u;		/* as on a bus */
	mmio_add(mmio, &ioapic);
}

/* The disk's write to its doorbell wakes its thread, without an exit. */
static void ring(void *context, uint64_t gpa, bool on)
{
	const struct pc *pc = context;

	partition_ioeventfd(pc->partition, pc->kick, gpa, on);
}

/* The kernel knows each message by number; it is told when the guest has changed one. */
static void interrupt(void *context, unsigned int number, const struct disk_vector *vector)
{
	struct pc *pc = context;
	struct mshv_msi_routing_entry *route = &pc->route[number];

	if (route->address_lo != vector->address || route->data != vector->data) {
		route->address_lo = vector->address;
		route->data = vector->data;
		partition_route(pc->partition, pc->route, DISK_VECTORS);
	}
	eventfd_write(pc->interrupt[number], 1);
}

void pc_add_disk(struct pc *pc, struct mmio *mmio, const struct memory *memory, const char *file)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);
	unsigned int i;

	if (fd < 0)
		err(STATUS_FAILED, "%s", file);
	disk_init(&pc->disk, memory, fd, ACPI_PCI_BASE);
	pc->disk.ring = ring;
	pc->disk.interrupt = interrupt;
	pc->disk.context = pc;
	for (i = 0; i < DISK_VECTORS; i++) {
		pc->interrupt[i] = make_event();
		pc->route[i].gsi = IOAPIC_PINS + i;
		partition_irqfd(pc->partition, pc->interrupt[i], IOAPIC_PINS + i);
	}
	pc->pci.device = &pc->disk.pci;
	mmio_add(mmio, &(struct mmio_device){ disk_claims, disk_read, disk_write, &pc->disk });
}

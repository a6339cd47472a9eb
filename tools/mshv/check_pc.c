// SPDX-License-Identifier: GPL-2.0
/* Tests of the PC's devices: what a guest reads after what it has written. */
#include <string.h>

#include "check_pc.h"
#include "expect.h"
#include "pc/acpi.h"
#include "pc/devices.h"
#include "status.h"

#define MILLISECOND	1000000ull

static struct {
	unsigned int sent, rises;
	bool level;
	uint8_t byte;
	struct mshv_assert_interrupt interrupt;
	uint64_t now, deadline;
} seen;

static void see_wire(void *context, unsigned int number, bool level)
{
	seen.rises += level && !seen.level;
	seen.level = level;
}

static int see_byte(int byte)
{
	seen.byte = byte;
	return byte;
}

static void see_interrupt(const struct partition *partition,
			  const struct mshv_assert_interrupt *interrupt)
{
	seen.sent++;
	seen.interrupt = *interrupt;
}

static void see_deadline(void *context, uint64_t deadline)
{
	seen.deadline = deadline;
}

static uint64_t now(void)
{
	return seen.now;
}

static time_t now_seconds(time_t *to)
{
	return seen.now;
}

static void check_serial(void)
{
	struct serial serial = { .irq = { see_wire, NULL, 4 }, .output = see_byte };
	unsigned int i;

	memset(&seen, 0, sizeof(seen));
	serial_write(&serial, 3, 1, 0x83);
	serial_write(&serial, 0, 1, 0x01);		/* the divisor's */
	CHECK(!seen.byte && serial_read(&serial, 0, 1) == 1);
	serial_write(&serial, 3, 1, 0x03);
	serial_write(&serial, 0, 1, 'x');
	CHECK(seen.byte == 'x' && serial_read(&serial, 5, 1) == 0x60 && !seen.level);

	serial_write(&serial, 1, 1, 0x02);		/* THRE: at once, until it is looked at */
	CHECK(seen.level && serial_read(&serial, 2, 1) == 0x02);
	CHECK(!seen.level && serial_read(&serial, 2, 1) == 0x01);
	serial_write(&serial, 0, 1, 'y');
	serial_write(&serial, 0, 1, 'z');
	CHECK(seen.level && seen.rises == 3);	/* each an edge */

	serial_write(&serial, 2, 1, 0x01);
	serial_write(&serial, 1, 1, 0x01);
	CHECK(serial_read(&serial, 2, 1) == 0xc1 && !seen.level);
	for (i = 0; i < SERIAL_FIFO + 5; i++)
		serial_input(&serial, i);
	CHECK(seen.level && !serial_room(&serial) && serial_read(&serial, 2, 1) == 0xc4);
	CHECK(serial_read(&serial, 5, 1) == 0x61 && !serial_read(&serial, 0, 1));
	CHECK(serial_read(&serial, 0, 1) == 1 && serial_room(&serial) == 2);
	serial_write(&serial, 2, 1, 0x03);
	CHECK(!seen.level && serial_read(&serial, 5, 1) == 0x60);

	CHECK(serial_read(&serial, 6, 1) == 0xb0);
	serial_write(&serial, 4, 1, 0x1a);		/* the loop: OUT2 and RTS */
	serial_write(&serial, 0, 1, 'l');
	CHECK(serial_read(&serial, 6, 1) == 0x90 && serial_read(&serial, 0, 1) == 'l');
	CHECK(seen.byte == 'z');
}

static void set_entry(struct ioapic *ioapic, unsigned int pin, uint32_t low, uint32_t high)
{
	ioapic_write(ioapic, 0, 4, 0x11 + 2 * pin);
	ioapic_write(ioapic, 0x10, 4, high);
	ioapic_write(ioapic, 0, 4, 0x10 + 2 * pin);
	ioapic_write(ioapic, 0x10, 4, low);
}

static void check_ioapic(void)
{
	struct ioapic ioapic = { .send = see_interrupt };

	memset(&seen, 0, sizeof(seen));
	ioapic_init(&ioapic);
	ioapic_write(&ioapic, 0, 4, 1);
	CHECK(ioapic_read(&ioapic, 0x10, 4) == 0x170011);
	ioapic_set(&ioapic, 4, true);		/* masked: lost */
	set_entry(&ioapic, 4, 0x0931, 0x03000000);
	CHECK(!seen.sent);
	ioapic_set(&ioapic, 4, false);
	ioapic_set(&ioapic, 4, true);
	ioapic_set(&ioapic, 4, true);		/* no edge */
	CHECK(seen.sent == 1 && seen.interrupt.vector == 0x31);
	CHECK(seen.interrupt.interrupt_type == 1);
	CHECK(seen.interrupt.flags == MSHV_INTERRUPT_LOGICAL_DEST && seen.interrupt.dest_addr == 3);

	ioapic_set(&ioapic, 9, true);		/* masked: waits */
	set_entry(&ioapic, 9, 0x8040, 0);
	CHECK(seen.sent == 2 && seen.interrupt.flags == MSHV_INTERRUPT_LEVEL_TRIGGERED);
	CHECK(ioapic_read(&ioapic, 0x10, 4) == 0x8040);
	ioapic_set(&ioapic, 9, true);
	ioapic_set(&ioapic, 9, false);
	CHECK(seen.sent == 2);
	ioapic_set(&ioapic, 9, true);
	CHECK(seen.sent == 3);
	ioapic_write(&ioapic, 0, 4, 0x40);		/* behind the last pin */
	ioapic_write(&ioapic, 0x10, 4, 0xffffffff);
	CHECK(!ioapic_read(&ioapic, 0x10, 4) && ioapic_read(&ioapic, 0, 4) == 0x40);
}

static void start_pics(struct pic pic[2])
{
	static const struct { uint8_t chip, port, value; } words[] = {
		{ 0, 0, 0x11 }, { 0, 1, 0x30 }, { 0, 1, 4 }, { 0, 1, 1 },
		{ 1, 0, 0x11 }, { 1, 1, 0x38 }, { 1, 1, 2 }, { 1, 1, 1 },
		{ 0, 1, 0xe0 }, { 1, 1, 0x00 },
	};
	unsigned int i;

	memset(&seen, 0, sizeof(seen));
	pic[0] = (struct pic){ .output = { see_wire, NULL, 0 } };
	pic[1] = (struct pic){ .output = { pic_set, &pic[0], PIC_CASCADE } };
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		pic_write(&pic[words[i].chip], words[i].port, 1, words[i].value);
}

static void check_pic(void)
{
	struct pic pic[2];

	start_pics(pic);
	CHECK(pic_read(&pic[0], 1, 1) == 0xe0 && !pic_read(&pic[1], 1, 1) && !seen.level);
	pic_set(&pic[0], 5, true);		/* masked */
	CHECK(!seen.level && pic_read(&pic[0], 0, 1) == 0x20);
	pic_set(&pic[0], 4, true);
	pic_set(&pic[0], 0, true);
	pic_set(&pic[0], 0, false);		/* gone before anybody saw it */
	CHECK(seen.level && pic_acknowledge(pic) == 0x34);
	pic_write(&pic[0], 0, 1, 0x0b);
	CHECK(pic_read(&pic[0], 0, 1) == 0x10 && !seen.level);
	pic_set(&pic[0], 0, true);		/* goes before 4 */
	CHECK(seen.level && pic_acknowledge(pic) == 0x30);
	pic_write(&pic[0], 0, 1, 0x20);
	CHECK(pic_read(&pic[0], 0, 1) == 0x10);
	pic_write(&pic[0], 0, 1, 0x64);
	CHECK(!pic_read(&pic[0], 0, 1));

	pic_write(&pic[0], 0, 1, 0x11);		/* begins anew, and unmasked */
	pic_set(&pic[0], 0, false);
	pic_set(&pic[0], 0, true);
	CHECK(!seen.level);

	start_pics(pic);
	pic_set(&pic[1], 6, true);
	CHECK(pic_acknowledge(pic) == 0x3e && !seen.level);
	pic_set(&pic[1], 4, true);		/* waits for the first's end of the cascade */
	pic_write(&pic[1], 0, 1, 0x20);
	CHECK(!seen.level);
	pic_write(&pic[0], 0, 1, 0x20);
	CHECK(seen.level && pic_acknowledge(pic) == 0x3c);
	CHECK(pic_acknowledge(pic) == 0x37);	/* spurious */
}

static void load_pit(struct pit *pit, uint8_t control, uint16_t count, uint64_t now)
{
	unsigned int counter = control >> 6;

	seen.now = now;
	pit_write(pit, 3, 1, control);
	pit_write(pit, counter, 1, count & 0xff);
	pit_write(pit, counter, 1, count >> 8);
}

/* Returns: how often the timer has interrupted at that time. */
static unsigned int tick_pit(struct pit *pit, uint64_t now)
{
	unsigned int before = seen.rises;

	seen.now = now;
	pit_tick(pit);
	return seen.rises - before;
}

static uint8_t read_pit(struct pit *pit, uint64_t now)
{
	seen.now = now;
	return pit_read(pit, 2, 1);
}

static uint8_t read_control(struct pit *pit, uint64_t now)
{
	seen.now = now;
	return pit_control_read(pit, 0, 1);
}

static void check_pit(void)
{
	struct pit pit = { .irq = { see_wire, NULL, 0 }, .now = now, .arm = see_deadline };
	uint8_t low;

	memset(&seen, 0, sizeof(seen));
	CHECK(!tick_pit(&pit, 0));
	load_pit(&pit, 0x34, 11932, 0);		/* 10 ms, again and again */
	CHECK(seen.deadline / MILLISECOND == 10 && !tick_pit(&pit, MILLISECOND));
	CHECK(tick_pit(&pit, 11 * MILLISECOND) == 1 && seen.deadline / MILLISECOND == 20);
	CHECK(!seen.level && !tick_pit(&pit, 12 * MILLISECOND));
	CHECK(tick_pit(&pit, 1000 * MILLISECOND) == 1);
	CHECK(seen.deadline / MILLISECOND == 1010);	/* what was missed is dropped */

	load_pit(&pit, 0x30, 1193, 0);		/* 1 ms, once */
	CHECK(tick_pit(&pit, 2 * MILLISECOND) == 1 && seen.deadline == PIT_NEVER);
	load_pit(&pit, 0x30, 1193, 0);
	pit_write(&pit, 3, 1, 0x30);		/* how Linux stops it */
	CHECK(seen.deadline == PIT_NEVER && !tick_pit(&pit, 2 * MILLISECOND));

	seen.now = 0;
	pit_control_write(&pit, 0, 1, 1);
	load_pit(&pit, 0xb0, 59659, 0);		/* 50 ms, polled */
	CHECK(!(read_control(&pit, 49 * MILLISECOND) & 0x20));
	CHECK(read_control(&pit, 51 * MILLISECOND) & 0x20);
	seen.now = MILLISECOND;
	pit_write(&pit, 3, 1, 0x80);		/* the count, held */
	low = read_pit(&pit, 2 * MILLISECOND);
	CHECK((read_pit(&pit, 3 * MILLISECOND) << 8 | low) == 59659 - 1193);
	seen.now = 51 * MILLISECOND;
	pit_write(&pit, 3, 1, 0xe8);
	CHECK(read_pit(&pit, 51 * MILLISECOND) == 0xb0);
}

static uint8_t rtc_get(struct rtc *rtc, uint8_t index)
{
	rtc_write(rtc, 0, 1, index);
	return rtc_read(rtc, 1, 1);
}

static void check_rtc(void)
{
	struct rtc rtc = { .now = now_seconds };

	seen.now = 1795409489;			/* 23 November 2026, 04:51:29, a Monday */
	CHECK(rtc_get(&rtc, 0) == 0x29 && rtc_get(&rtc, 2) == 0x51);
	CHECK(rtc_get(&rtc, 4) == 0x04 && rtc_get(&rtc, 6) == 2);
	CHECK(rtc_get(&rtc, 7) == 0x23 && rtc_get(&rtc, 8) == 0x11);
	CHECK(rtc_get(&rtc, 9) == 0x26 && rtc_get(&rtc, 0x32) == 0x20);
	rtc_write(&rtc, 0, 1, 0x0b);
	rtc_write(&rtc, 1, 1, 0x06);
	CHECK(rtc_get(&rtc, 0) == 29 && rtc_get(&rtc, 0x32) == 20);
	rtc_write(&rtc, 0, 1, 0x40);
	rtc_write(&rtc, 1, 1, 0x77);
	CHECK(rtc_get(&rtc, 0x40) == 0x77 && rtc_read(&rtc, 0, 1) == 0x40);
}

/* Returns: how the run ends after that, or -1. */
static int asked(unsigned int port, unsigned int size, uint32_t value)
{
	int exit_code = -1;
	struct pm pm = { .exit_code = &exit_code };

	pm_write(&pm, port - PM_EVENT, size, value);
	return exit_code;
}

static uint32_t pm_timer(struct pm *pm, uint64_t now)
{
	seen.now = now;
	return pm_read(pm, PM_TIMER - PM_EVENT, 4);
}

static void check_pm(void)
{
	int exit_code = -1;
	struct pm pm = { .now = now, .exit_code = &exit_code };

	CHECK(pm_timer(&pm, 1000 * MILLISECOND) == 3579545);
	CHECK(pm_timer(&pm, 5000 * MILLISECOND) == (5 * 3579545 & 0xffffff));
	CHECK(pm_read(&pm, 4, 2) == 1 && !pm_read(&pm, 0, 2));
	CHECK(asked(PM_CONTROL, 2, 0x3401) == 0);
	CHECK(asked(PM_CONTROL, 2, 0x1401) == -1);
	CHECK(asked(PM_CONTROL, 2, 0x2401) == -1);
	CHECK(asked(PM_SLEEP_CONTROL, 1, 0x34) == 0);
	CHECK(asked(PM_RESET, 1, 1) == STATUS_RESET);
	pm_keyboard_write(&pm, 0, 1, 0xd1);
	pm_reset_write(&pm, 0, 1, 0x02);
	CHECK(exit_code == -1);
	pm_keyboard_write(&pm, 0, 1, 0xfe);
	CHECK(exit_code == STATUS_RESET);
	exit_code = -1;
	pm_reset_write(&pm, 0, 1, 0x06);
	CHECK(exit_code == STATUS_RESET);
}

static uint8_t sum(const uint8_t *from, uint32_t size)
{
	uint8_t sum = 0;

	while (size--)
		sum += *from++;
	return sum;
}

/* Returns: the table at @gpa, if its length and checksum are good. */
static const uint8_t *table(const uint8_t *tables, uint64_t gpa, const char *signature)
{
	const uint8_t *at = tables + (gpa - ACPI_GPA);
	uint32_t size;

	memcpy(&size, at + 4, 4);
	if (gpa < ACPI_GPA || gpa + size > ACPI_GPA + ACPI_SIZE || sum(at, size) ||
	    memcmp(at, signature, 4))
		return NULL;
	return at;
}

/* Two devices, from behind _S5_ to the end, each with a length of one byte or of two. */
static void check_devices(const uint8_t *dsdt)
{
	const uint8_t *at = dsdt + 49, *end = dsdt + dsdt[4] + (dsdt[5] << 8);
	static const char *const names[] = { "._SB_PCI0", "._SB_COM1" };
	unsigned int i, more;

	for (i = 0; i < 2; i++) {
		CHECK(at + 13 < end && at[0] == 0x5b && at[1] == 0x82 && at[2] >> 6 < 2);
		more = at[2] >> 6;
		CHECK(!memcmp(at + 3 + more, names[i], 9));
		at += 2 + (more ? (at[2] & 0xf) + (at[3] << 4) : at[2]);
	}
	CHECK(at == end);
}

static void check_acpi(bool reduced)
{
	static uint8_t tables[ACPI_SIZE];
	const uint8_t *xsdt, *fadt, *madt, *dsdt;
	uint64_t gpa[3];
	uint32_t flags;

	memset(tables, 0, sizeof(tables));
	acpi_write(tables, 3, reduced);
	CHECK(!memcmp(tables, "RSD PTR ", 8) && !sum(tables, 20) && !sum(tables, 36));
	memcpy(gpa, tables + 24, 8);
	xsdt = table(tables, gpa[0], "XSDT");
	CHECK(xsdt);
	if (!xsdt)
		return;
	memcpy(gpa, xsdt + 36, 16);
	fadt = table(tables, gpa[0], "FACP");
	madt = table(tables, gpa[1], "APIC");
	CHECK(fadt && madt);
	if (!fadt || !madt)
		return;
	memcpy(&flags, fadt + 112, 4);
	CHECK(!(flags & 1 << 20) == !reduced && !fadt[76] == reduced);
	CHECK(madt[44 + 16] == 0 && madt[44 + 18] == 2 && madt[44 + 24] == 1);
	memcpy(&gpa[2], fadt + 140, 8);
	dsdt = table(tables, gpa[2], "DSDT");
	CHECK(dsdt && !memcmp(dsdt + 36, "\x08_S5_\x12", 6));
	if (dsdt)
		check_devices(dsdt);
}

void check_pc(void)
{
	check_serial();
	check_ioapic();
	check_pic();
	check_pit();
	check_rtc();
	check_pm();
	check_acpi(false);
	check_acpi(true);
}

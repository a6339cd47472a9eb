// SPDX-License-Identifier: GPL-2.0
/* Tests of the PC's devices: what a guest reads after what it has written. */
#include <string.h>

#include "check_pc.h"
#include "expect.h"
#include "pc/acpi.h"
#include "pc/ioapic.h"
#include "pc/pic.h"
#include "pc/pit.h"
#include "pc/pm.h"
#include "pc/rtc.h"
#include "pc/serial.h"

#define MILLISECOND	1000000ull

static struct {
	unsigned int sent, rises;
	bool level;
	uint8_t byte;
	struct interrupt interrupt;
} seen;

static void see_wire(void *context, unsigned int number, bool level)
{
	(void)context;
	(void)number;
	seen.rises += level && !seen.level;
	seen.level = level;
}

static void see_byte(void *context, uint8_t byte)
{
	(void)context;
	seen.byte = byte;
}

static void see_interrupt(void *context, const struct interrupt *interrupt)
{
	(void)context;
	seen.sent++;
	seen.interrupt = *interrupt;
}

static void check_serial(void)
{
	struct serial serial = { .irq = { see_wire, NULL, 4 }, .output = see_byte };
	unsigned int i;

	memset(&seen, 0, sizeof(seen));
	serial_write(&serial, 3, 0x83);
	serial_write(&serial, 0, 0x01);		/* the divisor's */
	CHECK(!seen.byte && serial_read(&serial, 0) == 1);
	serial_write(&serial, 3, 0x03);
	serial_write(&serial, 0, 'x');
	CHECK(seen.byte == 'x' && serial_read(&serial, 5) == 0x60 && !seen.level);

	serial_write(&serial, 1, 0x02);		/* THRE: at once, until it is looked at */
	CHECK(seen.level && serial_read(&serial, 2) == 0x02);
	CHECK(!seen.level && serial_read(&serial, 2) == 0x01);
	serial_write(&serial, 0, 'y');
	serial_write(&serial, 0, 'z');
	CHECK(seen.level && seen.rises == 3);	/* each an edge */

	serial_write(&serial, 2, 0x01);
	serial_write(&serial, 1, 0x01);
	CHECK(serial_read(&serial, 2) == 0xc1 && !seen.level);
	for (i = 0; i < SERIAL_FIFO + 5; i++)
		serial_input(&serial, i);
	CHECK(seen.level && !serial_room(&serial) && serial_read(&serial, 2) == 0xc4);
	CHECK(serial_read(&serial, 5) == 0x61 && !serial_read(&serial, 0));
	CHECK(serial_read(&serial, 0) == 1 && serial_room(&serial) == 2);
	serial_write(&serial, 2, 0x03);
	CHECK(!seen.level && serial_read(&serial, 5) == 0x60);

	CHECK(serial_read(&serial, 6) == 0xb0);
	serial_write(&serial, 4, 0x1a);		/* the loop: OUT2 and RTS */
	serial_write(&serial, 0, 'l');
	CHECK(serial_read(&serial, 6) == 0x90 && serial_read(&serial, 0) == 'l');
	CHECK(seen.byte == 'z');
}

static void set_entry(struct ioapic *ioapic, unsigned int pin, uint32_t low, uint32_t high)
{
	ioapic_write(ioapic, 0, 0x11 + 2 * pin);
	ioapic_write(ioapic, 0x10, high);
	ioapic_write(ioapic, 0, 0x10 + 2 * pin);
	ioapic_write(ioapic, 0x10, low);
}

static void check_ioapic(void)
{
	struct ioapic ioapic;

	memset(&seen, 0, sizeof(seen));
	ioapic_init(&ioapic, (struct interrupt_sink){ see_interrupt, NULL });
	ioapic_write(&ioapic, 0, 1);
	CHECK(ioapic_read(&ioapic, 0x10) == 0x170011);
	ioapic_set(&ioapic, 4, true);		/* masked: lost */
	set_entry(&ioapic, 4, 0x0931, 0x03000000);
	CHECK(!seen.sent);
	ioapic_set(&ioapic, 4, false);
	ioapic_set(&ioapic, 4, true);
	ioapic_set(&ioapic, 4, true);		/* no edge */
	CHECK(seen.sent == 1 && seen.interrupt.vector == 0x31 && seen.interrupt.type == 1);
	CHECK(seen.interrupt.logical && seen.interrupt.destination == 3 && !seen.interrupt.level);

	ioapic_set(&ioapic, 9, true);		/* masked: waits */
	set_entry(&ioapic, 9, 0x8040, 0);
	CHECK(seen.sent == 2 && seen.interrupt.level && ioapic_read(&ioapic, 0x10) == 0x8040);
	ioapic_set(&ioapic, 9, true);
	ioapic_set(&ioapic, 9, false);
	CHECK(seen.sent == 2);
	ioapic_set(&ioapic, 9, true);
	CHECK(seen.sent == 3);
	ioapic_write(&ioapic, 0, 0x40);		/* behind the last pin */
	ioapic_write(&ioapic, 0x10, 0xffffffff);
	CHECK(!ioapic_read(&ioapic, 0x10) && ioapic_read(&ioapic, 0) == 0x40);
}

static void start_pic(struct pic *pic)
{
	static const struct { uint16_t port; uint8_t value; } words[] = {
		{ 0x20, 0x11 }, { 0x21, 0x30 }, { 0x21, 4 }, { 0x21, 1 },
		{ 0xa0, 0x11 }, { 0xa1, 0x38 }, { 0xa1, 2 }, { 0xa1, 1 },
		{ 0x21, 0xe0 }, { 0xa1, 0x00 },
	};
	unsigned int i;

	*pic = (struct pic){ 0 };
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		pic_write(pic, words[i].port, words[i].value);
}

static void check_pic(void)
{
	struct pic pic;

	start_pic(&pic);
	CHECK(pic_read(&pic, 0x21) == 0xe0 && !pic_read(&pic, 0xa1) && !pic_pending(&pic));
	pic_set(&pic, 5, true);			/* masked */
	CHECK(!pic_pending(&pic) && pic_read(&pic, 0x20) == 0x20);
	pic_set(&pic, 4, true);
	pic_set(&pic, 0, true);
	pic_set(&pic, 0, false);		/* gone before anybody saw it */
	CHECK(pic_pending(&pic) && pic_acknowledge(&pic) == 0x34);
	pic_write(&pic, 0x20, 0x0b);
	CHECK(pic_read(&pic, 0x20) == 0x10 && !pic_pending(&pic));
	pic_set(&pic, 0, true);			/* goes before 4 */
	CHECK(pic_acknowledge(&pic) == 0x30);
	pic_write(&pic, 0x20, 0x20);
	CHECK(pic_read(&pic, 0x20) == 0x10);
	pic_write(&pic, 0x20, 0x64);
	CHECK(!pic_read(&pic, 0x20));

	pic_write(&pic, 0x20, 0x11);		/* begins anew, and unmasked */
	pic_set(&pic, 0, false);
	pic_set(&pic, 0, true);
	CHECK(!pic_pending(&pic));

	start_pic(&pic);
	pic_set(&pic, 14, true);
	CHECK(pic_acknowledge(&pic) == 0x3e && !pic_pending(&pic));
	pic_set(&pic, 12, true);		/* waits for the first's end of the cascade */
	pic_write(&pic, 0xa0, 0x20);
	pic_write(&pic, 0x20, 0x20);
	CHECK(pic_acknowledge(&pic) == 0x3c);
	CHECK(pic_acknowledge(&pic) == 0x37);	/* spurious */
}

static void load_pit(struct pit *pit, uint8_t control, uint16_t count, uint64_t now)
{
	unsigned int counter = control >> 6;

	pit_write(pit, 3, control, now);
	pit_write(pit, counter, count, now);
	pit_write(pit, counter, count >> 8, now);
}

static void check_pit(void)
{
	struct pit pit = { 0 };
	uint8_t low;

	CHECK(pit_deadline(&pit) == PIT_NEVER && !pit_expire(&pit, 0));
	load_pit(&pit, 0x34, 11932, 0);		/* 10 ms, again and again */
	CHECK(pit_deadline(&pit) / MILLISECOND == 10 && !pit_expire(&pit, MILLISECOND));
	CHECK(pit_expire(&pit, 11 * MILLISECOND) && pit_deadline(&pit) / MILLISECOND == 20);
	CHECK(pit_expire(&pit, 1000 * MILLISECOND));
	CHECK(pit_deadline(&pit) / MILLISECOND == 1010);	/* what was missed is dropped */

	load_pit(&pit, 0x30, 1193, 0);		/* 1 ms, once */
	CHECK(pit_expire(&pit, 2 * MILLISECOND) && pit_deadline(&pit) == PIT_NEVER);
	pit_write(&pit, 3, 0x30, 0);		/* how Linux stops it */
	CHECK(pit_deadline(&pit) == PIT_NEVER);

	pit_control_write(&pit, 1, 0);
	load_pit(&pit, 0xb0, 59659, 0);		/* 50 ms, polled */
	CHECK(!(pit_control_read(&pit, 49 * MILLISECOND) & 0x20));
	CHECK(pit_control_read(&pit, 51 * MILLISECOND) & 0x20);
	pit_write(&pit, 3, 0x80, MILLISECOND);	/* the count, held */
	low = pit_read(&pit, 2, 2 * MILLISECOND);
	CHECK((pit_read(&pit, 2, 3 * MILLISECOND) << 8 | low) == 59659 - 1193);
	pit_write(&pit, 3, 0xe8, 51 * MILLISECOND);
	CHECK(pit_read(&pit, 2, 51 * MILLISECOND) == 0xb0);
}

static uint8_t rtc_get(struct rtc *rtc, uint8_t index, time_t now)
{
	rtc_write(rtc, 0, index);
	return rtc_read(rtc, 1, now);
}

static void check_rtc(void)
{
	struct rtc rtc = { 0 };
	time_t now = 1795409489;		/* 23 November 2026, 04:51:29, a Monday */

	CHECK(rtc_get(&rtc, 0, now) == 0x29 && rtc_get(&rtc, 2, now) == 0x51);
	CHECK(rtc_get(&rtc, 4, now) == 0x04 && rtc_get(&rtc, 6, now) == 2);
	CHECK(rtc_get(&rtc, 7, now) == 0x23 && rtc_get(&rtc, 8, now) == 0x11);
	CHECK(rtc_get(&rtc, 9, now) == 0x26 && rtc_get(&rtc, 0x32, now) == 0x20);
	rtc_write(&rtc, 0, 0x0b);
	rtc_write(&rtc, 1, 0x06);
	CHECK(rtc_get(&rtc, 0, now) == 29 && rtc_get(&rtc, 0x32, now) == 20);
	rtc_write(&rtc, 0, 0x40);
	rtc_write(&rtc, 1, 0x77);
	CHECK(rtc_get(&rtc, 0x40, now) == 0x77 && rtc_read(&rtc, 0, now) == 0x40);
}

static enum pm_request asked(unsigned int port, unsigned int size, uint32_t value)
{
	struct pm pm = { 0 };

	pm_write(&pm, port - PM_EVENT, size, value);
	return pm.request;
}

static void check_pm(void)
{
	struct pm pm = { 0 };

	CHECK(pm_read(&pm, 8, 1000 * MILLISECOND) == 3579545);
	CHECK(pm_read(&pm, 8, 5000 * MILLISECOND) == (5 * 3579545 & 0xffffff));
	CHECK(pm_read(&pm, 4, 0) == 1 && !pm_read(&pm, 0, 0));
	CHECK(asked(PM_CONTROL, 2, 0x3401) == PM_POWER_OFF);
	CHECK(asked(PM_CONTROL, 2, 0x1401) == PM_NOTHING);
	CHECK(asked(PM_CONTROL, 2, 0x2401) == PM_NOTHING);
	CHECK(asked(PM_SLEEP_CONTROL, 1, 0x34) == PM_POWER_OFF);
	CHECK(asked(PM_RESET, 1, 1) == PM_DO_RESET);
	pm_keyboard_command(&pm, 0xd1);
	pm_reset_control(&pm, 0x02);
	CHECK(pm.request == PM_NOTHING);
	pm_keyboard_command(&pm, 0xfe);
	CHECK(pm.request == PM_DO_RESET);
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

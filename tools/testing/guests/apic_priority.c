// SPDX-License-Identifier: GPL-2.0
/* Priorities: order, TPR and CR8, PPR, EOI, nesting, coalescing. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "test.h"

#define LOW	0x41
#define MIDDLE	0x52
#define HIGH	0x63

static volatile uint8_t order[16];
static volatile uint32_t calls;
static volatile uint32_t isr_seen, ppr_seen;
static volatile bool nest;

static void remember(struct frame *frame)
{
	order[calls++ % 16] = frame->vector;
	isr_seen = apic_bit(APIC_ISR, frame->vector);
	ppr_seen = apic_read(APIC_PPR);
	if (nest && frame->vector == LOW) {
		/* A higher one comes in, an equal or lower one doesn't. */
		apic_ipi(APIC_SELF | HIGH, 0);
		apic_ipi(APIC_SELF | (LOW + 1), 0);
		sti_nop_cli();
		order[calls++ % 16] = 0;
	}
	apic_eoi();
}

static void self(uint8_t vector)
{
	apic_ipi(APIC_SELF | APIC_ASSERT | vector, 0);
}

static void begin(void)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		order[i] = 0xff;
	calls = 0;
}

static void test_order(void)
{
	begin();
	self(LOW);
	self(HIGH);
	self(MIDDLE);
	check(apic_bit(APIC_IRR, LOW) && apic_bit(APIC_IRR, MIDDLE) && apic_bit(APIC_IRR, HIGH),
	      "three wait in the IRR");
	check_equal(calls, 0, "none comes while IF=0");
	sti_nop_cli();
	check(order[0] == HIGH && order[1] == MIDDLE && order[2] == LOW, "highest first");
	check_equal(calls, 3, "each once");
	check(isr_seen, "in service in its handler");
	check_equal(ppr_seen, LOW & 0xf0, "PPR is the class in service");
	check_equal(apic_read(APIC_PPR), 0, "PPR falls with the EOI");
}

static void test_coalesce(void)
{
	begin();
	self(LOW);
	self(LOW);
	sti_nop_cli();
	check_equal(calls, 1, "two of a vector that nobody took are one");
}

static void test_tpr(void)
{
	begin();
	apic_write(APIC_TPR, 0x50);
	check_equal(read_cr8(), 5, "TPR is seen in CR8");
	self(MIDDLE);
	self(HIGH);
	sti_nop_cli();
	check(calls == 1 && order[0] == HIGH, "TPR blocks its own class");
	write_cr8(6);
	check_equal(apic_read(APIC_TPR), 0x60, "CR8 is seen in TPR");
	check_equal(apic_read(APIC_PPR), 0x60, "and in PPR");
	self(HIGH);
	sti_nop_cli();
	check_equal(calls, 1, "CR8 blocks");
	sti();
	write_cr8(5);
	clock_wait(1000);
	cli();
	check(calls == 2 && order[1] == HIGH, "lowering CR8 delivers");
	sti();
	apic_write(APIC_TPR, 0);
	clock_wait(1000);
	cli();
	check(calls == 3 && order[2] == MIDDLE, "lowering TPR delivers");
	check_equal(read_cr8(), 0, "CR8 is 0 again");
}

static void test_nesting(void)
{
	begin();
	nest = true;
	self(LOW);
	sti_nop_cli();
	sti_nop_cli();
	nest = false;
	check(order[0] == LOW && order[1] == HIGH && order[2] == 0 && order[3] == LOW + 1,
	      "a higher class nests, the same class waits for the EOI");
}

static void test_eoi(void)
{
	begin();
	apic_eoi();
	check_equal(apic_read(APIC_PPR), 0, "an EOI with nothing in service does nothing");
	self(LOW);
	sti_nop_cli();
	check_equal(calls, 1, "and the next interrupt comes");
	check(!apic_bit(APIC_ISR, LOW) && !apic_bit(APIC_IRR, LOW), "all bits are clear");
	check(!apic_bit(APIC_TMR, LOW), "TMR is clear for an edge");
}

static void test_off(void)
{
	if (machine_qemu) {
		skip("off", "QEMU's local APIC takes IPIs nevertheless");
		return;
	}
	begin();
	apic_write(APIC_SVR, 0xff);
	self(LOW);
	sti_nop_cli();
	apic_enable();
	sti_nop_cli();
	check_equal(calls, 0, "an IPI to an APIC that is off is dropped");
	self(LOW);
	sti_nop_cli();
	check_equal(calls, 1, "one to an APIC that is on isn't");
}

void guest_main(void)
{
	fault_handler(LOW, remember);
	fault_handler(LOW + 1, remember);
	fault_handler(MIDDLE, remember);
	fault_handler(HIGH, remember);
	test_order();
	test_coalesce();
	test_tpr();
	test_nesting();
	test_eoi();
	test_off();
}

// SPDX-License-Identifier: GPL-2.0
/* Synthetic timers, and the messages and interrupts by which they tell. */
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "paging.h"
#include "test.h"

#define MSR_TIME	0x40000020
#define MSR_EOI		0x40000070
#define MSR_TPR		0x40000072
#define MSR_SCONTROL	0x40000080
#define MSR_SVERSION	0x40000081
#define MSR_SIMP	0x40000083
#define MSR_EOM		0x40000084
#define MSR_SINT(n)	(0x40000090 + (n))
#define MSR_CONFIG(n)	(0x400000b0 + 2 * (n))
#define MSR_COUNT(n)	(0x400000b1 + 2 * (n))
#define MSR_IDLE	0x400000f0

#define ENABLE		1ull
#define PERIODIC	2ull
#define AUTO_ENABLE	8ull
#define SINT(n)		((uint64_t)(n) << 16)
#define MASKED		0x10000ull
#define AUTO_EOI	0x20000ull
#define POLLING		0x40000ull
#define VECTOR		0x52
#define TIMER_EXPIRED	0x80000010
#define MS		10000ull
#define PENDING		1

struct message {
	volatile uint32_t type;
	volatile uint8_t size, flags, reserved[2];
	volatile uint64_t sender;
	volatile uint32_t index, reserved2;
	volatile uint64_t expiration, delivery;
	uint8_t rest[256 - 40];
};

static struct message *slots;
static volatile uint32_t interrupts, in_service;

static void on_message(struct frame *frame)
{
	interrupts++;
	in_service = apic_bit(APIC_ISR, frame->vector);
	wrmsr(MSR_EOI, 0);
}

/* An interrupt that must not be acknowledged. */
static void on_auto_eoi(struct frame *frame)
{
	interrupts++;
	in_service = apic_bit(APIC_ISR, frame->vector);
}

/* The guest's side of the protocol (TLFS, 11.8). */
static void release(unsigned int sint)
{
	uint8_t pending;

	pending = slots[sint].flags & PENDING;
	__atomic_store_n(&slots[sint].type, 0, __ATOMIC_SEQ_CST);
	pending |= slots[sint].flags & PENDING;
	if (pending)
		wrmsr(MSR_EOM, 0);
}

static void wait_interrupts(uint32_t count, uint64_t microseconds)
{
	sti();
	clock_wait_for(&interrupts, count, microseconds);
	cli();
}

/* A message comes in its time; 20 ms later also what should not come. */
static void wait_message(unsigned int sint, uint8_t flags)
{
	uint64_t end = clock_us() + CLOCK_PATIENCE;

	sti();
	while ((!slots[sint].type || slots[sint].flags != flags) && clock_us() < end)
		pause();
	clock_wait(20000);
	cli();
}

static void test_registers(void)
{
	unsigned int i, wrong = 0;

	check_equal(rdmsr(MSR_SCONTROL), 0, "SCONTROL after reset");
	check_equal(rdmsr(MSR_SVERSION), 1, "SVERSION");
	check_equal(wrmsr_fault(MSR_SVERSION, 1), FAULT_GP, "SVERSION is read-only");
	check_equal(rdmsr(MSR_EOM), 0, "EOM reads 0");
	for (i = 0; i < 16; i++)
		wrong += rdmsr(MSR_SINT(i)) != MASKED;
	check_equal(wrong, 0, "SINTs are masked after reset");
	check_equal(wrmsr_fault(MSR_SINT(5), 15), FAULT_GP, "vector 15 unmasked");
	check_equal(wrmsr_fault(MSR_SINT(5), MASKED | 15), FAULT_NONE, "vector 15 masked");
	check_equal(wrmsr_fault(MSR_CONFIG(0), 1ull << 12), FAULT_GP, "no direct mode");
	check_equal(wrmsr_fault(MSR_CONFIG(0), 1ull << 13), FAULT_GP, "a reserved bit");
	wrmsr(MSR_CONFIG(0), ENABLE);
	check_equal(rdmsr(MSR_CONFIG(0)), 0, "SINT 0 can't be enabled");
	check_equal(rdmsr_fault(MSR_EOI, &(uint64_t){ 0 }), FAULT_GP, "EOI can't be read");
	check_equal(wrmsr_fault(MSR_EOI, 1ull << 32), FAULT_GP, "EOI has 32 bits");
	check_equal(rdmsr(MSR_TPR), 0, "TPR");
	wrmsr(MSR_TPR, 0x20);
	check_equal(read_cr8(), 2, "TPR is CR8");
	check_equal(apic_read(APIC_TPR), 0x20, "and the APIC's register");
	check_equal(wrmsr_fault(MSR_TPR, 0x100), FAULT_GP, "TPR has 8 bits");
	wrmsr(MSR_TPR, 0);
}

static void test_one_shot(void)
{
	uint64_t at = rdmsr(MSR_TIME) + 20 * MS;

	fault_handler(VECTOR, on_message);
	wrmsr(MSR_SINT(2), VECTOR);
	interrupts = 0;
	wrmsr(MSR_CONFIG(1), SINT(2) | ENABLE);
	wrmsr(MSR_COUNT(1), at);
	wait_interrupts(1, 1000000);
	check_equal(interrupts, 1, "one-shot: an interrupt");
	check_equal(in_service, 1, "in service until its EOI");
	check_equal(slots[2].type, TIMER_EXPIRED, "a message");
	check_equal(slots[2].size, 24, "of 24 bytes");
	check_equal(slots[2].index, 1, "of timer 1");
	check_equal(slots[2].expiration, at, "expiration time");
	check(slots[2].delivery >= at && rdmsr(MSR_TIME) >= slots[2].delivery,
	      "delivered after it, not later than now");
	check_equal(rdmsr(MSR_CONFIG(1)), SINT(2), "disabled again");
	check_equal(rdmsr(MSR_COUNT(1)), at, "the count is kept");
	release(2);
	interrupts = 0;
	wrmsr(MSR_CONFIG(1), SINT(2) | ENABLE);
	wait_interrupts(1, 1000000);
	check_equal(interrupts, 1, "a time of the past: at once");
	release(2);
}

static void test_busy(void)
{
	interrupts = 0;
	wrmsr(MSR_COUNT(0), 1);
	wrmsr(MSR_COUNT(1), 1);
	wrmsr(MSR_CONFIG(0), SINT(2) | ENABLE);
	wrmsr(MSR_CONFIG(1), SINT(2) | ENABLE);
	wait_message(2, PENDING);
	check_equal(interrupts, 1, "a full slot: one interrupt");
	check_equal(slots[2].flags, PENDING, "and another message behind it");
	check_equal(slots[2].index, 0, "the first one stays");
	release(2);
	wait_interrupts(2, 1000000);
	check_equal(interrupts, 2, "after EOM the second");
	check_equal(slots[2].index, 1, "of timer 1");
	check_equal(slots[2].flags, 0, "with none behind it");
	release(2);
}

static void test_masked(void)
{
	wrmsr(MSR_SINT(3), MASKED | VECTOR);
	interrupts = 0;
	wrmsr(MSR_COUNT(0), 1);
	wrmsr(MSR_CONFIG(0), SINT(3) | ENABLE);
	wait_message(3, 0);
	check_equal(slots[3].type, TIMER_EXPIRED, "masked: a message");
	check_equal(interrupts, 0, "and no interrupt");
	release(3);
	wrmsr(MSR_SINT(3), POLLING | VECTOR);
	wrmsr(MSR_CONFIG(0), SINT(3) | ENABLE);
	wait_message(3, 0);
	check_equal(slots[3].type, TIMER_EXPIRED, "polling: a message");
	check_equal(interrupts, 0, "and no interrupt either");
	release(3);
	fault_handler(VECTOR, on_auto_eoi);
	wrmsr(MSR_SINT(3), AUTO_EOI | VECTOR);
	in_service = 1;
	wrmsr(MSR_CONFIG(0), SINT(3) | ENABLE);
	wait_interrupts(1, 1000000);
	check_equal(interrupts, 1, "automatic EOI: an interrupt");
	check_equal(in_service, 0, "that is never in service");
	release(3);
	wrmsr(MSR_CONFIG(0), SINT(3) | ENABLE);
	wait_interrupts(2, 1000000);
	check_equal(interrupts, 2, "and doesn't hold up the next one");
	release(3);
	fault_handler(VECTOR, on_message);
	wrmsr(MSR_SINT(3), MASKED);
}

static void on_tick(struct frame *frame)
{
	on_message(frame);
	release(2);
}

/* Counts the ticks of half a second. Returns: the most that there may be. */
static uint32_t half_a_second(uint32_t *count)
{
	uint64_t begin = clock_us();
	uint32_t before = interrupts;

	sti();
	clock_wait(500000);
	cli();
	*count = interrupts - before;
	/* One may have been waiting, another behind it. */
	return (clock_us() - begin) / 5000 + 3;
}

static void test_periodic(void)
{
	uint32_t count, most;
	unsigned int i;

	fault_handler(VECTOR, on_tick);
	interrupts = 0;
	wrmsr(MSR_COUNT(2), 5 * MS);
	wrmsr(MSR_CONFIG(2), SINT(2) | ENABLE | PERIODIC);
	/* Never too many; a busy host may miss some, but not always. */
	for (i = 0; i < 20; i++) {
		most = half_a_second(&count);
		if (count >= 40)
			break;
	}
	check_range(count, 40, most, "ticks of 5 ms in half a second");
	wrmsr(MSR_COUNT(2), 0);
	check_equal(rdmsr(MSR_CONFIG(2)), SINT(2) | PERIODIC, "count 0 disables");
	wait_interrupts(interrupts + 1, 20000);
	count = interrupts;
	wait_interrupts(count + 1, 20000);
	check_equal(interrupts, count, "and nothing comes any more");
	release(2);
	fault_handler(VECTOR, on_message);
}

static void test_short_period(void)
{
	fault_handler(VECTOR, on_tick);
	interrupts = 0;
	wrmsr(MSR_COUNT(2), 1);
	wrmsr(MSR_CONFIG(2), SINT(2) | ENABLE | PERIODIC);
	wait_interrupts(20, 1000000);
	wrmsr(MSR_CONFIG(2), 0);
	check(interrupts >= 20, "a period of 100 ns leaves time for the guest");
	wait_interrupts(~0u, 1000);
	release(2);
	fault_handler(VECTOR, on_message);
}

static void test_auto_enable(void)
{
	interrupts = 0;
	wrmsr(MSR_COUNT(3), 0);
	wrmsr(MSR_CONFIG(3), SINT(2) | AUTO_ENABLE);
	wrmsr(MSR_COUNT(3), rdmsr(MSR_TIME) + 5 * MS);
	check_equal(rdmsr(MSR_CONFIG(3)), SINT(2) | AUTO_ENABLE | ENABLE, "a count enables");
	wait_interrupts(1, 1000000);
	check_equal(interrupts, 1, "and the timer expires");
	release(2);
}

static void test_idle(void)
{
	uint64_t at;

	interrupts = 0;
	at = rdmsr(MSR_TIME) + 20 * MS;
	wrmsr(MSR_COUNT(0), at);
	wrmsr(MSR_CONFIG(0), SINT(2) | ENABLE);
	check_equal(rdmsr(MSR_IDLE), 0, "GUEST_IDLE reads 0");
	check(rdmsr(MSR_TIME) >= at, "after an interrupt has come");
	check(apic_bit(APIC_IRR, VECTOR), "which waits, since IF is 0");
	check_equal(interrupts, 0, "and wasn't taken");
	check_equal(rdmsr(MSR_IDLE), 0, "with one waiting it doesn't block");
	wait_interrupts(1, 1000000);
	check_equal(interrupts, 1, "it comes with IF");
	check_equal(wrmsr_fault(MSR_IDLE, 0), FAULT_GP, "GUEST_IDLE can't be written");
	release(2);
}

void guest_main(void)
{
	cli();
	apic_enable();
	slots = page_alloc();
	test_registers();
	wrmsr(MSR_SIMP, (uint64_t)slots | 1);
	wrmsr(MSR_SCONTROL, 1);
	test_one_shot();
	test_busy();
	test_masked();
	test_periodic();
	test_short_period();
	test_auto_enable();
	test_idle();
}

// SPDX-License-Identifier: GPL-2.0
/* IPIs: every destination form and shorthand, who gets them and who doesn't. */
#include <stddef.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "smp.h"
#include "test.h"

#define VECTOR		0x60
#define SURPLUS_US	3000

static volatile uint32_t got[SMP_CPUS];
static unsigned int count;

static void handler_ipi(struct frame *frame)
{
	(void)frame;
	atomic_add(&got[cpu_self()->index], 1);
	apic_eoi();
}

static void handler_nmi(struct frame *frame)
{
	(void)frame;
	atomic_add(&got[cpu_self()->index], 1);
}

/* Sends with IF=1 here, and checks that exactly the processors in @want got one. */
static void expect(const char *name, uint32_t low, uint8_t destination, uint32_t want)
{
	uint32_t had = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		got[i] = 0;
	sti();
	apic_ipi(low, destination);
	for (i = 0; i < count; i++) {
		if (want >> i & 1)
			clock_wait_for(&got[i], 1, CLOCK_PATIENCE);
	}
	clock_wait(SURPLUS_US);
	cli();
	for (i = 0; i < count; i++)
		had |= got[i] ? (got[i] == 1 ? 1u : 0x100u) << i : 0;
	check_equal(had, want, "%s", name);
}

static void test_shorthands(uint32_t mode, const char *self, const char *all, const char *others)
{
	const uint32_t everybody = (1u << count) - 1;

	if (self)
		expect(self, mode | APIC_SELF | APIC_ASSERT, 0, 1);
	expect(all, mode | APIC_ALL | APIC_ASSERT, 0, everybody);
	expect(others, mode | APIC_OTHERS | APIC_ASSERT, 0, everybody & ~1u);
}

static void test_physical(void)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		expect("physical", APIC_ASSERT | VECTOR, i, 1u << i);
	expect("physical broadcast", APIC_ASSERT | VECTOR, 0xff, (1u << count) - 1);
	expect("physical to nobody", APIC_ASSERT | VECTOR, 0x77, 0);
}

static void set_logical(void *argument)
{
	const uint32_t *dfr = argument;
	unsigned int index = cpu_self()->index;

	apic_write(APIC_DFR, *dfr);
	/* Clusters of two. */
	if (*dfr == 0xffffffff)
		apic_write(APIC_LDR, 1u << (24 + index));
	else
		apic_write(APIC_LDR, (index / 2 << 4 | 1 << index % 2) << 24);
}

static void set_all(uint32_t dfr)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		smp_call(i, set_logical, &dfr);
}

static void test_flat(void)
{
	const uint32_t everybody = (1u << count) - 1;
	unsigned int i;

	set_all(0xffffffff);
	for (i = 0; i < count; i++)
		expect("flat to one", APIC_LOGICAL | APIC_ASSERT | VECTOR, 1u << i, 1u << i);
	expect("flat to all", APIC_LOGICAL | APIC_ASSERT | VECTOR, 0xff, everybody);
	expect("flat to the first two", APIC_LOGICAL | APIC_ASSERT | VECTOR, 3, everybody & 3);
	expect("flat to nobody", APIC_LOGICAL | APIC_ASSERT | VECTOR, 0x80, 0);
}

static void test_cluster(void)
{
	const uint32_t everybody = (1u << count) - 1;
	unsigned int i;

	set_all(0x0fffffff);
	for (i = 0; i < count; i++)
		expect("cluster, one", APIC_LOGICAL | APIC_ASSERT | VECTOR,
		       i / 2 << 4 | 1 << i % 2, 1u << i);
	expect("cluster 0, all", APIC_LOGICAL | APIC_ASSERT | VECTOR, 0x0f, everybody & 3);
	expect("cluster 1, all", APIC_LOGICAL | APIC_ASSERT | VECTOR, 0x1f, everybody & 0xc);
	expect("cluster 2, nobody", APIC_LOGICAL | APIC_ASSERT | VECTOR, 0x2f, 0);
	set_all(0xffffffff);
}

static uint32_t all_got(void)
{
	uint32_t sum = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		sum += got[i];
	return sum;
}

static void test_lowest(void)
{
	uint64_t end = clock_us() + CLOCK_PATIENCE;
	unsigned int i;

	for (i = 0; i < count; i++)
		got[i] = 0;
	sti();
	apic_ipi(APIC_DM_LOWEST | APIC_LOGICAL | APIC_ASSERT | VECTOR, 0xff);
	while (!all_got() && clock_us() < end)
		pause();
	clock_wait(20000);
	cli();
	check_equal(all_got(), 1, "lowest priority goes to one");
}

void guest_main(void)
{
	fault_handler(VECTOR, handler_ipi);
	count = smp_start();
	test_shorthands(VECTOR, "self", "all", "all but self");
	test_physical();
	test_flat();
	test_cluster();
	test_lowest();
	fault_handler(FAULT_NMI, handler_nmi);
	if (count > 1)
		test_shorthands(APIC_DM_NMI, NULL, "NMI to all", "NMI to all but self");
	expect("NMI to oneself", APIC_DM_NMI | APIC_ASSERT, 0, 1);
}

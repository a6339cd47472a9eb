// SPDX-License-Identifier: GPL-2.0
/* The processors. */
#include <stddef.h>

#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "fault.h"
#include "machine.h"
#include "paging.h"
#include "smp.h"
#include "test.h"

#define WORK_US		60000000

struct cpu cpus[SMP_CPUS];
static bool has_apic;
static unsigned int count;
static volatile bool tables_ready;	/* without an APIC all processors start at once */

static void set_up(uint64_t index)
{
	struct cpu *cpu = &cpus[index];

	cpu->self = cpu;
	cpu->index = index;
	segment_load(&cpu->segments);
	wrmsr(MSR_GS_BASE, (uint64_t)cpu);
	fault_load();
	paging_load();
	write_cr4(read_cr4() | 0x600);		/* OSFXSR, OSXMMEXCPT */
	write_cr0((read_cr0() & ~0xcull) | CR0_WP | 0x22);	/* no EM, TS; MP, NE */
	if (has_apic)
		apic_enable();
}

static void wake(struct frame *frame)
{
	(void)frame;
	apic_eoi();
}

static void spurious(struct frame *frame)
{
	(void)frame;
}

unsigned int smp_count(void)
{
	return count;
}

bool smp_has_apic(void)
{
	return has_apic;
}

void smp_trampoline(void)
{
	volatile char *to = (volatile char *)SMP_TRAMPOLINE;
	const char *from;

	*(volatile uint32_t *)trampoline_root = read_cr3();
	for (from = trampoline; from < trampoline_end; from++)
		*to++ = *from;
}

bool smp_wait_start(unsigned int index, uint32_t before)
{
	return clock_wait_for(&cpus[index].starts, before + 1, CLOCK_PATIENCE);
}

bool smp_restart(unsigned int index)
{
	uint32_t before = cpus[index].starts;

	cpus[index].state = CPU_OFF;
	apic_ipi(APIC_DM_INIT | APIC_ASSERT, index);
	apic_ipi(APIC_DM_SIPI | SMP_TRAMPOLINE >> 12, index);
	apic_ipi(APIC_DM_SIPI | SMP_TRAMPOLINE >> 12, index);
	return smp_wait_start(index, before);
}

unsigned int smp_start(void)
{
	unsigned int i;

	if (has_apic)
		smp_trampoline();
	for (i = 1; i < count; i++) {
		if (has_apic ? !smp_restart(i) : !smp_wait_start(i, 0))
			die("processor %u doesn't start", i);
	}
	return count;
}

void smp_begin(unsigned int index, work_fn work, void *argument)
{
	struct cpu *cpu = &cpus[index];

	cpu->argument = argument;
	cpu->state = CPU_BUSY;
	cpu->work = work;
	if (has_apic)
		apic_ipi(APIC_ASSERT | SMP_WAKE, index);
}

bool smp_wait(unsigned int index)
{
	uint64_t begin = clock_us();

	while (cpus[index].state == CPU_BUSY) {
		if (clock_us() - begin > WORK_US)
			return false;
		pause();
	}
	return cpus[index].state == CPU_IDLE;
}

void smp_call(unsigned int index, work_fn work, void *argument)
{
	if (index == cpu_self()->index) {
		work(argument);
		return;
	}
	smp_begin(index, work, argument);
	if (!smp_wait(index))
		die("processor %u doesn't come back", index);
}

void smp_other(uint64_t index)
{
	struct cpu *cpu = &cpus[index];
	work_fn work;

	while (!tables_ready)
		pause();
	set_up(index);
	cpu->work = NULL;
	cpu->state = CPU_IDLE;
	atomic_add(&cpu->starts, 1);
	for (;;) {
		cli();
		work = cpu->work;
		if (work) {
			cpu->work = NULL;
			work(cpu->argument);
			cpu->state = CPU_IDLE;
		} else if (has_apic) {
			sti_hlt_cli();
		} else {
			pause();
		}
	}
}

void smp_first(uint64_t index, uint64_t qemu)
{
	machine_init(qemu == 1);
	paging_init();
	fault_init();
	has_apic = machine_apic();
	count = machine_cpus();
	if (count > SMP_CPUS)
		count = SMP_CPUS;
	tables_ready = true;
	set_up(index);
	fault_handler(SMP_WAKE, wake);
	fault_handler(APIC_SPURIOUS, spurious);
	cpus[0].state = CPU_BUSY;
	clock_init();
	guest_main();
	test_end();
}

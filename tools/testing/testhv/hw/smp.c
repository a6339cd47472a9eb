// SPDX-License-Identifier: GPL-2.0
/*
 * The processors: exception tables, and starting them.
 *
 * QEMU's first processor, which boots, runs no guest. In QEMU (7.2, target/i386, cpu_clear_ignne())
 * every FXRSTOR, XRSTOR and FLDENV of any processor rewrites the first one's flags word without a
 * lock. If that one is in VMRUN or #VMEXIT on another thread meanwhile, a change of its "nested
 * paging" bit gets lost, and the host goes on in the guest's address space or the guest in the
 * host's. So the boot processor retires, and the root partition's processors are the others.
 */
#include "../lib/lib.h"
#include "apic.h"
#include "clock.h"
#include "cpu.h"
#include "memory.h"
#include "smp.h"

#define TRAMPOLINE	0x8000
#define FW_CFG_SELECT	0x510
#define FW_CFG_DATA	0x511
#define FW_CFG_NB_CPUS	5
#define START_WAIT_MS	20000

struct idt_entry {
	u16 offset_low, selector;
	u16 flags, offset_middle;
	u32 offset_high, reserved;
} __packed;

struct exception_frame {
	u64 vector, error, rip, cs, rflags, rsp, ss;
};

struct cpu cpus[MAX_CPUS];
unsigned int cpu_count;
static struct cpu boot_cpu;
static struct idt_entry idt[EXCEPTIONS];

void host_exception(const struct exception_frame *f)
{
	u64 cr2;

	asm volatile("mov %%cr2, %0" : "=r"(cr2));
	panic("exception %lu error %lx at %lx, cr2 %lx", f->vector, f->error, f->rip, cr2);
}

static void load_idt(void)
{
	struct {
		u16 limit;
		u64 base;
	} __packed pointer = { sizeof(idt) - 1, (u64)idt };

	for (unsigned int i = 0; i < EXCEPTIONS; i++) {
		u64 at = exception_table[i];

		idt[i] = (struct idt_entry){
			.offset_low = (u16)at, .selector = 8, .flags = 0x8e00,
			.offset_middle = (u16)(at >> 16), .offset_high = (u32)(at >> 32),
		};
	}
	asm volatile("lidt %0" : : "m"(pointer));
}

void smp_init_boot_cpu(void)
{
	*(struct cpu **)stacks[0] = &boot_cpu;
	load_idt();
	apic_keep_firmware();
}

void smp_init_cpu(unsigned int index)
{
	struct cpu *cpu = &cpus[index];

	*(struct cpu **)stacks[index + 1] = cpu;
	cpu->index = index;
	cpu->apic_id = cpuid(1, 0).ebx >> 24;
	if (!index)
		apic_restore_firmware();
	list_init(&cpu->runq);
	list_init(&cpu->messages);
	list_init(&cpu->eois);
	list_init(&cpu->timers);
	load_idt();
}

struct cpu *smp_cpu(u32 apic_id)
{
	for (unsigned int i = 0; i < cpu_count; i++)
		if (cpus[i].apic_id == apic_id)
			return &cpus[i];
	return NULL;
}

static unsigned int count_cpus(void)
{
	unsigned int n;

	out16(FW_CFG_SELECT, FW_CFG_NB_CPUS);
	n = in8(FW_CFG_DATA);
	return n | in8(FW_CFG_DATA) << 8;
}

/*
 * QEMU numbers APIC ids from 0 as long as each processor is a socket or core of its own: cpus[i]
 * has i + 1.
 */
static void start_cpu(unsigned int index)
{
	struct cpu *cpu = &cpus[index];

	/*
	 * A second SIPI must not reach a processor that is only slow, because the host is busy: it
	 * would start again while others believe it up. So the waits are long.
	 */
	for (int try = 0; try < 3; try++) {
		apic_send(index + 1, APIC_INIT << 8 | APIC_ASSERT);
		delay_us(1000);
		apic_send(index + 1, APIC_SIPI << 8 | APIC_ASSERT | TRAMPOLINE >> PAGE_SHIFT);
		for (int wait = 0; wait < START_WAIT_MS && !READ_ONCE(cpu->online); wait++)
			delay_us(1000);
		if (READ_ONCE(cpu->online))
			return;
	}
	panic("processor %u does not start", index);
}

void smp_start_cpus(void)
{
	unsigned int all = count_cpus();

	if (all < 2 || all > MAX_CPUS + 1)
		panic("%u processors; the root gets one less (-smp)", all);
	cpu_count = all - 1;
	memcpy(spa_to_virt(TRAMPOLINE), trampoline_start, trampoline_end - trampoline_start);
	for (unsigned int i = 0; i < cpu_count; i++)
		start_cpu(i);
}

void smp_retire(void)
{
	apic_disable();
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
	/* With GIF=0 not even an NMI to all processors gets through (APM 2, 15.17). */
	for (;;)
		asm volatile("clgi; hlt");
}

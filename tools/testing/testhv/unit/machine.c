// SPDX-License-Identifier: GPL-2.0
/* The machine under the tests: memory, and stubs for what runs processors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../serve/root.h"
#include "../serve/serve.h"
#include "../vm/faults.h"
#include "../vm/lapic.h"
#include "../vm/codes.h"
#include "../vm/event_ring.h"
#include "../vm/port.h"
#include "../vm/run.h"
#include "../vm/sched.h"
#include "../vm/synic.h"
#include "machine.h"

static u8 (*ram)[4096];
static u8 tables[64][4096] __aligned(4096);
static unsigned int tables_used;
static struct frame frames[MACHINE_PAGES];
static struct vmcb root_vmcb;
static struct vp root_vp_object;
static u8 call_in[4096] __aligned(8), call_out[4096] __aligned(8);

struct cpu cpus[MAX_CPUS];
unsigned int cpu_count = MACHINE_CPUS;
u64 tsc_hz = 2600000000UL;
struct vp *root_vp = &root_vp_object;
struct faults faults;
struct event_ring machine_rings[MACHINE_CPUS][SINT_COUNT];
bool machine_ring_off[MACHINE_CPUS];
bool machine_armed[MACHINE_CPUS];
unsigned int posted, resumed, kicked, signalled;
u32 eois[LAPIC_BITS];
bool machine_flushing;
void (*machine_flushes)(void);
void (*machine_waits)(void);
u64 machine_features;
struct vp *posted_vp;
const struct cpu *kicked_cpu;

static void *root_table(void *ctx)
{
	(void)ctx;
	if (tables_used == ARRAY_SIZE(tables))
		abort();
	return memset(tables[tables_used++], 0, 4096);
}

void machine_reset(void)
{
	if (!ram)
		ram = aligned_alloc(MACHINE_LARGE * 4096, MACHINE_PAGES * 4096);
	memset(ram, 0, MACHINE_SMALL * 4096);
	memset(frames, 0, sizeof(frames));
	memset(counters, 0, sizeof(counters));
	memset(live, 0, sizeof(live));
	for (unsigned int i = 0; i < MACHINE_PAGES; i++)
		frames[i].owner = FRAME_ROOT;
	tables_used = 0;
	root_partition = (struct partition){ .id = ROOT_PARTITION_ID, .state = PARTITION_ACTIVE };
	root_partition.npt = (struct npt){ .root = root_table(NULL), .alloc = root_table };
	list_init(&partitions);
	ports_init();
	memset(machine_rings, 0, sizeof(machine_rings));
	memset(machine_ring_off, 0, sizeof(machine_ring_off));
	memset(machine_armed, 0, sizeof(machine_armed));
	signalled = 0;
	for (unsigned int i = 0; i < cpu_count; i++) {
		cpus[i] = (struct cpu){ .index = i, .apic_id = i, .online = true };
		list_init(&cpus[i].timers);
		event_ring_init_cpu(&cpus[i]);
	}
	cpus[0].hypercall_in = call_in;
	cpus[0].hypercall_out = call_out;
	root_vmcb = (struct vmcb){ .efer = EFER_LMA, .cs = { .attrib = SEG_L } };
	root_vp_object = (struct vp){ .vmcb = &root_vmcb, .partition = &root_partition };
	posted = 0;
	resumed = 0;
	kicked = 0;
	kicked_cpu = NULL;
	memset(eois, 0, sizeof(eois));
	machine_features = 0;
	machine_waits = NULL;
	machine_flushes = NULL;
	machine_flushing = false;
	window_enabled = true;
	faults.no_purge = false;
}

u8 *machine_page(unsigned int n)
{
	return ram[n];
}

u64 machine_pfn(unsigned int n)
{
	return (u64)ram[n] >> PAGE_SHIFT;
}

struct frame *memory_frame(u64 pfn)
{
	u64 n = pfn - machine_pfn(0);

	return n < MACHINE_PAGES ? &frames[n] : NULL;
}

void run_show_zeros(u64 gpa)
{
	*npt_entry(&root_partition.npt, gpa, 1, true) = 0;
}

void sched_resume(struct vp *vp, struct cpu *cpu)
{
	(void)cpu;
	(void)vp;
	resumed++;
}

void sched_wake(struct vp *vp)
{
	if (vp->running)
		kicked++;
	else if (vp_runnable(vp))
		resumed++;
}

void sched_kick(struct cpu *cpu)
{
	kicked_cpu = cpu;
}

void synic_post_eoi(struct vp *vp, u8 vector)
{
	(void)vp;
	lapic_set_bit(eois, vector);
}

void synic_purge_eois(struct lapic *l)
{
	list_del(&l->eoi_link);
}

void sched_dequeue(struct vp *vp)
{
	list_del(&vp->runq);
}

bool sched_stopped(struct vp *vp)
{
	return !vp->running;
}

void sched_wait(void)
{
	if (!machine_waits)
		abort();
	machine_waits();
}

void sched_flush_partition(struct partition *p)
{
	(void)p;
}

void sched_flush_by(struct vp *vp)
{
	(void)vp;
}

void sched_flush_unmapped(struct partition *p)
{
	(void)p;
}

bool sched_flushing(void)
{
	return machine_flushing;
}

void sched_flush_root(void)
{
	if (machine_flushes)
		machine_flushes();
}

struct event_ring *synic_ring(const struct cpu *cpu, unsigned int sint)
{
	return machine_ring_off[cpu->index] ? NULL : &machine_rings[cpu->index][sint];
}

bool synic_armed(const struct cpu *cpu)
{
	return machine_armed[cpu->index];
}

void synic_signal(const struct cpu *cpu, unsigned int sint)
{
	(void)cpu;
	(void)sint;
	signalled++;
}

void synic_post(struct vp *vp)
{
	posted++;
	posted_vp = vp;
}

bool synic_purge(struct vp *vp)
{
	(void)vp;
	return false;
}

bool synic_raw_message(struct cpu *cpu, const u8 message[MESSAGE_SIZE])
{
	(void)cpu;
	(void)message;
	return true;
}

bool root_hypercalls_enabled(void)
{
	return true;
}

u64 svm_xcr0_all(void)
{
	return 7;
}

void svm_reset_extended(struct extended_state *s)
{
	s->xcr0 = 1;
}

void panic(const char *fmt, ...)
{
	printf("# testhv panics: %s\n", fmt);
	abort();
}

void log_line(const char *fmt, ...)
{
	(void)fmt;
}

u16 hypercall(u64 control, u32 *reps)
{
	root_vp->gprs.rcx = control;
	root_vp->gprs.rdx = (u64)ram[0];
	root_vp->gprs.r8 = (u64)ram[1];
	serve_hypercall(&cpus[0], root_vp);
	if (reps)
		*reps = root_vmcb.rax >> 32;
	return (u16)root_vmcb.rax;
}

void hypercall_input(u32 offset, u64 value)
{
	memcpy(ram[0] + offset, &value, sizeof(value));
}

void hypercall_input32(u32 offset, u32 value)
{
	memcpy(ram[0] + offset, &value, sizeof(value));
}

u64 hypercall_output(u32 offset)
{
	u64 value;

	memcpy(&value, ram[1] + offset, sizeof(value));
	return value;
}

u16 deposit(u64 id, unsigned int from, unsigned int count)
{
	hypercall_input(0, id);
	for (unsigned int i = 0; i < count; i++)
		hypercall_input(8 + 8 * i, machine_pfn(from + i));
	return hypercall(CALL_DEPOSIT_MEMORY | REPS(count), NULL);
}

struct partition *machine_partition(u64 flags)
{
	struct partition *p;

	deposit(ROOT_PARTITION_ID, 8, 1);
	memset(ram[0], 0, 4096);
	hypercall_input(0, flags | PARTITION_FLAG_EXO);
	hypercall_input32(16, 0x0607);
	if (hypercall(CALL_CREATE_PARTITION, NULL))
		abort();
	p = partition_find(hypercall_output(0));
	deposit(p->id, 16, 16);
	p->synthetic_features = machine_features;
	hypercall_input(0, p->id);
	if (hypercall(CALL_INITIALIZE_PARTITION, NULL))
		abort();
	memset(ram[0], 0, 4096);
	hypercall_input(0, p->id);
	hypercall_input32(16, 0xf);
	hypercall_input(24, machine_pfn(40));
	if (hypercall(CALL_MAP_GPA_PAGES | REPS(1), NULL))
		abort();
	memset(ram[0], 0, 4096);
	hypercall_input(0, p->id);
	if (hypercall(CALL_CREATE_VP, NULL))
		abort();
	return p;
}

struct vp *machine_vp(void)
{
	return partition_vp(machine_partition(0), 0);
}

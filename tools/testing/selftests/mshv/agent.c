// SPDX-License-Identifier: GPL-2.0
/* Guest memory and starting state of the agent, and its operations. */
#include <assert.h>
#include <string.h>

#include "agent.h"
#include "mshv_test.h"

#define STUB_SIZE	16
#define GATE		0x8e00		/* present, DPL 0, interrupt gate */
#define CODE_SELECTOR	0x8
#define CODE_DESCRIPTOR	0x00af9b000000ffffull
#define DATA_DESCRIPTOR	0x00cf93000000ffffull
#define PTE_LARGE	0x87
#define RFLAGS_1	0x2

static_assert(sizeof(struct agent_area) == GUEST_PAGE, "area of an agent");
static_assert(AGENT_AREA + AGENT_VPS * GUEST_PAGE < GUEST_SIZE, "areas of agents");
static_assert(offsetof(struct agent_area, fixup) == AREA_FIXUP, "fixup");
static_assert(offsetof(struct agent_area, log) == AREA_LOG, "log");
static_assert(offsetof(struct agent_area, seen) == AREA_SEEN, "seen");
static_assert(offsetof(struct agent_area, stack) == AREA_STACK, "stack");

static __u64 agent_gva(const __u8 *label)
{
	return GUEST_CODE + (label - code_agent64);
}

static void build_idt(__u8 *mem)
{
	__u64 *gate = (__u64 *)(mem + AGENT_IDT);
	__u64 stub = GUEST_CODE + GUEST_PAGE;
	int i;

	for (i = 0; i < 256; i++, stub += STUB_SIZE) {
		gate[2 * i] = (stub & 0xffff) | CODE_SELECTOR << 16 | (__u64)GATE << 32 |
			(stub & 0xffff0000) << 32;
		gate[2 * i + 1] = 0;
	}
}

/* Loads the agent and starts VP 0 with it; the memory is for all VPs. */
void agent_load(struct guest *guest)
{
	__u64 *gdt = (__u64 *)(guest->mem + AGENT_GDT);
	__u64 *pdpt = (__u64 *)(guest->mem + GUEST_PDPT);

	guest_load(guest, MODE_64, code_agent64, code_agent64_end);
	build_idt(guest->mem);
	gdt[0] = 0;
	gdt[1] = CODE_DESCRIPTOR;
	gdt[2] = DATA_DESCRIPTOR;
	/* The local APIC's page is in the fourth GiB. */
	pdpt[3] = 0xc0000000 | PTE_LARGE;
}

static void set_table(int vp, __u32 name, __u64 base, __u16 limit)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	reg.value.table.base = base;
	reg.value.table.limit = limit;
	regs_set(vp, &reg, 1);
}

/* Put @vp, which has APIC id @index, into the agent, with interrupts off. */
void agent_start(struct agent *agent, struct guest *guest, int vp, unsigned int index)
{
	const __u64 gpa = AGENT_AREA + (__u64)index * GUEST_PAGE;
	struct mshv_hv_register_assoc gs = { .name = HV_X64_REGISTER_GS };

	die_if(index >= AGENT_VPS, "agent %u", index);
	agent->guest = guest;
	agent->vp = vp;
	agent->area = (struct agent_area *)(guest->mem + gpa);
	memset(agent->area, 0, GUEST_PAGE);
	vp_start(vp, MODE_64, GUEST_CODE);
	set_table(vp, HV_X64_REGISTER_IDTR, AGENT_IDT, 0xfff);
	set_table(vp, HV_X64_REGISTER_GDTR, AGENT_GDT, 0x17);
	regs_get(vp, &gs, 1);
	gs.value.segment.base = gpa;
	regs_set(vp, &gs, 1);
	reg_set(vp, HV_X64_REGISTER_RSP, gpa + GUEST_PAGE);
}

/* The next run of the VP is @op. */
void agent_goto(struct agent *agent, const __u8 *op)
{
	agent->area->fixup = agent_gva(agent_fault);
	reg_set(agent->vp, HV_X64_REGISTER_RIP, agent_gva(op));
}

/* How an operation ended: 0, or the vector of its exception (never 0) */
int agent_end(struct agent *agent, const struct mshv_hv_message *msg)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)msg->payload;

	die_if(msg->header.message_type != MSHV_HVMSG_X64_IO_PORT_INTERCEPT,
	       "the agent's message %#x", msg->header.message_type);
	die_if(io->port_number == AGENT_PANIC_PORT,
	       "exception %llu at %#llx, code %#llx, CR2 %#llx", io->rax, agent->area->rip,
	       agent->area->error, agent->area->cr2);
	if (io->port_number == AGENT_FAULT_PORT)
		return agent->area->vector;
	die_if(io->port_number != AGENT_PORT, "the agent's port %#x", io->port_number);
	return 0;
}

int agent_do(struct agent *agent, const __u8 *op)
{
	struct mshv_hv_message msg;

	agent_goto(agent, op);
	vp_run(agent->vp, &msg);
	return agent_end(agent, &msg);
}

int __agent_rdmsr(struct agent *agent, __u32 msr, __u64 *value)
{
	int ret;

	reg_set(agent->vp, HV_X64_REGISTER_RCX, msr);
	ret = agent_do(agent, agent_rdmsr);
	*value = reg_get(agent->vp, HV_X64_REGISTER_RDX) << 32 |
		(__u32)reg_get(agent->vp, HV_X64_REGISTER_RAX);
	return ret;
}

int __agent_wrmsr(struct agent *agent, __u32 msr, __u64 value)
{
	reg_set(agent->vp, HV_X64_REGISTER_RCX, msr);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, (__u32)value);
	reg_set(agent->vp, HV_X64_REGISTER_RDX, value >> 32);
	return agent_do(agent, agent_wrmsr);
}

__u64 agent_get_msr(struct agent *agent, __u32 msr)
{
	__u64 value;
	int ret = __agent_rdmsr(agent, msr, &value);

	die_if(ret, "guest's RDMSR %#x: exception %d", msr, ret);
	return value;
}

void agent_set_msr(struct agent *agent, __u32 msr, __u64 value)
{
	int ret = __agent_wrmsr(agent, msr, value);

	die_if(ret, "guest's WRMSR %#x of %#llx: exception %d", msr, value, ret);
}

/* EAX, EBX, ECX, EDX */
void agent_get_cpuid(struct agent *agent, __u32 leaf, __u32 subleaf, __u32 regs[4])
{
	static const __u32 names[] = {
		HV_X64_REGISTER_RAX, HV_X64_REGISTER_RBX, HV_X64_REGISTER_RCX, HV_X64_REGISTER_RDX,
	};
	int i, ret;

	reg_set(agent->vp, HV_X64_REGISTER_RAX, leaf);
	reg_set(agent->vp, HV_X64_REGISTER_RCX, subleaf);
	ret = agent_do(agent, agent_cpuid);
	die_if(ret, "guest's CPUID %#x: exception %d", leaf, ret);
	for (i = 0; i < 4; i++)
		regs[i] = reg_get(agent->vp, names[i]);
}

__u32 agent_read(struct agent *agent, __u64 gva)
{
	int ret;

	reg_set(agent->vp, HV_X64_REGISTER_RBX, gva);
	ret = agent_do(agent, agent_load32);
	die_if(ret, "guest's load from %#llx: exception %d", gva, ret);
	return reg_get(agent->vp, HV_X64_REGISTER_RAX);
}

void agent_write(struct agent *agent, __u64 gva, __u32 value)
{
	int ret;

	reg_set(agent->vp, HV_X64_REGISTER_RBX, gva);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, value);
	ret = agent_do(agent, agent_store32);
	die_if(ret, "guest's store to %#llx: exception %d", gva, ret);
}

__u32 agent_lapic_read(struct agent *agent, __u32 reg)
{
	return agent_read(agent, LAPIC_BASE + reg);
}

void agent_lapic_write(struct agent *agent, __u32 reg, __u32 value)
{
	agent_write(agent, LAPIC_BASE + reg, value);
}

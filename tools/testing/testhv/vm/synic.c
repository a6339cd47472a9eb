// SPDX-License-Identifier: GPL-2.0
/*
 * SynIC of the root VPs and message delivery (TLFS, chapter 11). Only SINT0 ever gets a message.
 *
 * Producer and consumer of a slot meet without a lock: the root clears the type, then looks at
 * msg_pending; testhv sets msg_pending, then looks at the type again. So one of the two always
 * sees the other.
 */
#include "../hw/apic.h"
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "event_ring.h"
#include "faults.h"
#include "lapic.h"
#include "partition.h"
#include "run.h"
#include "synic.h"
#include "vp.h"

#define MSR_EOI			0x40000070
#define MSR_ICR			0x40000071
#define MSR_TPR			0x40000072
#define MSR_VP_ASSIST		0x40000073
#define MSR_SCONTROL		0x40000080
#define MSR_SVERSION		0x40000081
#define MSR_SIEFP		0x40000082
#define MSR_SIMP		0x40000083
#define MSR_EOM			0x40000084
#define MSR_SIRBP		0x40000085
#define MSR_SINT0		0x40000090

#define ENABLE			BIT(0)
#define SINT_VECTOR		0xff
#define SINT_MASKED		BIT(16)
#define SINT_POLLING		BIT(18)
#define SINT_AS_INTERCEPT	BIT(19)
#define SINT_WRITABLE		GENMASK(20, 0)

#define MESSAGE_APIC_EOI	0x80010004u
#define APIC_EOI_SIZE		8
#define MESSAGE_SINT_INTERCEPT	0x80000061u
#define SINT_INTERCEPT_SIZE	4
#define MESSAGE_FLAGS		5	/* offset of the flags byte */
#define MESSAGE_PENDING		0x01
/* An interrupt that a slot's reader seems not to have got is repeated, but not faster than this. */
#define RAISE_AGAIN_US		1000

struct faults faults;
static struct synic synics[MAX_CPUS];

void synic_init_cpu(struct cpu *cpu)
{
	struct synic *s = &synics[cpu->index];

	s->rings = memory_overlay_page();
	s->message_page = memory_overlay_page();
	s->event_page = memory_overlay_page();
	s->assist_page = memory_overlay_page();
	run_show_overlay(s->rings);
	run_show_overlay(s->message_page);
	run_show_overlay(s->event_page);
	run_show_overlay(s->assist_page);
	s->simp = virt_to_spa(s->message_page);
	s->siefp = virt_to_spa(s->event_page);
	s->sirbp = virt_to_spa(s->rings);
	s->vp_assist = virt_to_spa(s->assist_page);
	for (unsigned int i = 0; i < SINT_COUNT; i++)
		s->sint[i] = SINT_MASKED;
	event_ring_init_cpu(cpu);
}

static struct synic *synic_of(const struct cpu *cpu)
{
	return &synics[cpu->index];
}

static bool sint0_enabled(const struct cpu *cpu)
{
	const struct synic *s = synic_of(cpu);

	return s->scontrol & ENABLE && s->simp & ENABLE && !(s->sint[0] & SINT_MASKED);
}

bool synic_armed(const struct cpu *cpu)
{
	const struct synic *s = synic_of(cpu);

	return s->scontrol & ENABLE || s->simp & ENABLE || !(s->sint[0] & SINT_MASKED);
}

static u32 slot_type(const struct synic *s)
{
	return READ_ONCE(*(u32 *)s->message_page);
}

static void interrupt(const struct cpu *cpu, u64 sint)
{
	u8 vector = sint & SINT_VECTOR;

	if (sint & (SINT_POLLING | SINT_MASKED))
		return;
	if (cpu == this_cpu())
		apic_self_interrupt(vector);
	else
		apic_send(cpu->apic_id, APIC_ASSERT | vector);
}

static void raise(const struct cpu *cpu)
{
	struct synic *s = synic_of(cpu);

	if (!sint0_enabled(cpu) || s->sint[0] & SINT_POLLING)
		return;
	counters[CNT_SINT0_RAISED]++;
	s->raised = true;
	s->raise_time = rdtsc();
	interrupt(cpu, s->sint[0]);
}

/* Whether anything is left for the slot. */
static bool waits(const struct cpu *cpu)
{
	return !list_empty(&cpu->messages) || !list_empty(&cpu->eois) || synic_of(cpu)->notices;
}

static void write_slot(const struct cpu *cpu, const u8 *message)
{
	u8 *slot = synic_of(cpu)->message_page;

	memcpy(slot + 4, message + 4, MESSAGE_SIZE - 4);
	if (faults.set_pending || waits(cpu))
		slot[MESSAGE_FLAGS] |= MESSAGE_PENDING;
	/* The type makes the message valid, so it comes last. */
	__atomic_store_n((u32 *)slot, *(const u32 *)message, __ATOMIC_RELEASE);
	counters[CNT_MESSAGES]++;
	raise(cpu);
}

static struct vp *first_due(struct cpu *cpu)
{
	struct list *l;

	list_for_each(l, &cpu->messages) {
		struct vp *vp = list_entry(l, struct vp, message_link);

		if ((s64)(rdtsc() - vp->message_due) >= 0)
			return vp;
	}
	return NULL;
}

/* Whether the slot is free; if not, the reader is told that something waits. */
static bool claim_slot(struct synic *s)
{
	if (!slot_type(s))
		return true;
	__atomic_fetch_or(&s->message_page[MESSAGE_FLAGS], MESSAGE_PENDING, __ATOMIC_SEQ_CST);
	/* Pairs with the reader's barrier between freeing the slot and looking at msg_pending. */
	mb();
	return !slot_type(s);
}

/* The first EOI that waits becomes a message: header, VP index, vector. */
static void write_eoi(struct cpu *cpu)
{
	struct lapic *l = list_entry(cpu->eois.next, struct lapic, eoi_link);
	const struct vp *vp = l->timer.vp;
	u8 vector = lapic_model_highest(l->eoi);
	u8 message[MESSAGE_SIZE] __aligned(8) = { 0 };

	*(u32 *)message = MESSAGE_APIC_EOI;
	message[4] = APIC_EOI_SIZE;
	*(u64 *)(message + 8) = vp->partition->id;
	*(u32 *)(message + 16) = vp->index;
	*(u32 *)(message + 20) = vector;
	lapic_clear_bit(l->eoi, vector);
	list_del(&l->eoi_link);
	if (lapic_model_highest(l->eoi) >= 0)
		list_add_tail(&l->eoi_link, &cpu->eois);
	else
		live[LIVE_QUEUED]--;
	write_slot(cpu, message);
}

/* An event ring has something to read: which SINT's. */
static void write_notice(const struct cpu *cpu)
{
	struct synic *s = synic_of(cpu);
	u8 message[MESSAGE_SIZE] __aligned(8) = { 0 };
	u32 sint = __builtin_ctz(s->notices);

	*(u32 *)message = MESSAGE_SINT_INTERCEPT;
	message[4] = SINT_INTERCEPT_SIZE;
	*(u32 *)(message + 16) = sint;
	s->notices &= ~BIT(sint);
	write_slot(cpu, message);
}

static void deliver(struct cpu *cpu)
{
	struct synic *s = synic_of(cpu);
	struct vp *vp;

	while (sint0_enabled(cpu) && (vp = first_due(cpu)) && claim_slot(s)) {
		list_del(&vp->message_link);
		live[LIVE_QUEUED]--;
		write_slot(cpu, vp->message);
	}
	while (sint0_enabled(cpu) && !list_empty(&cpu->eois) && claim_slot(s))
		write_eoi(cpu);
	while (sint0_enabled(cpu) && s->notices && claim_slot(s))
		write_notice(cpu);
}

static struct cpu *lowest_enabled(void)
{
	for (unsigned int i = 0; i < cpu_count; i++)
		if (sint0_enabled(&cpus[i]))
			return &cpus[i];
	return NULL;
}

static struct cpu *target_of(const struct vp *vp)
{
	if (!sint0_enabled(vp->home) && lowest_enabled())
		return lowest_enabled();
	return vp->home;
}

struct event_ring *synic_ring(const struct cpu *cpu, unsigned int sint)
{
	const struct synic *s = synic_of(cpu);

	if (!(s->scontrol & ENABLE) || !(s->sirbp & ENABLE) || s->sint[sint] & SINT_MASKED)
		return NULL;
	return &s->rings[sint];
}

void synic_signal(const struct cpu *cpu, unsigned int sint)
{
	struct synic *s = synic_of(cpu);

	if (!(s->sint[sint] & SINT_AS_INTERCEPT)) {
		interrupt(cpu, s->sint[sint]);
		return;
	}
	s->notices |= BIT(sint);
	deliver(&cpus[cpu->index]);
}

void synic_post_eoi(struct vp *vp, u8 vector)
{
	struct lapic *l = vp->lapic;
	struct cpu *cpu = target_of(vp);

	lapic_set_bit(l->eoi, vector);
	if (list_empty(&l->eoi_link)) {
		list_add_tail(&l->eoi_link, &cpu->eois);
		live[LIVE_QUEUED]++;
	}
	deliver(cpu);
}

void synic_purge_eois(struct lapic *l)
{
	if (list_empty(&l->eoi_link))
		return;
	list_del(&l->eoi_link);
	live[LIVE_QUEUED]--;
}

void synic_post(struct vp *vp)
{
	struct cpu *cpu = target_of(vp);

	ASSERT(list_empty(&vp->message_link));
	vp->message_due = rdtsc() + faults.delay_us * (tsc_hz / 1000000);
	list_add_tail(&vp->message_link, &cpu->messages);
	live[LIVE_QUEUED]++;
	if (slot_type(synic_of(cpu)))
		counters[CNT_QUEUED]++;
	deliver(cpu);
}

bool synic_purge(struct vp *vp)
{
	if (list_empty(&vp->message_link))
		return false;
	list_del(&vp->message_link);
	live[LIVE_QUEUED]--;
	return true;
}

void synic_retry(struct cpu *cpu)
{
	struct synic *s = synic_of(cpu);

	if (waits(cpu))
		deliver(cpu);
	if (!s->raised)
		return;
	if (!slot_type(s)) {
		s->raised = false;
		return;
	}
	if (rdtsc() - s->raise_time > RAISE_AGAIN_US * (tsc_hz / 1000000) &&
	    !apic_vector_busy(s->sint[0] & SINT_VECTOR))
		raise(cpu);
}

bool synic_raw_message(struct cpu *cpu, const u8 message[MESSAGE_SIZE])
{
	if (slot_type(synic_of(cpu)))
		return false;
	write_slot(cpu, message);
	return true;
}

static void move_all(struct list *from, struct list *to)
{
	while (!list_empty(from)) {
		struct list *l = from->next;

		list_del(l);
		list_add_tail(l, to);
	}
}

/* SINT0 of @cpu was turned on or off: what waits where it can't be delivered moves. */
static void rescan(struct cpu *cpu)
{
	struct cpu *target = lowest_enabled();

	for (unsigned int i = 0; target && i < cpu_count; i++) {
		if (sint0_enabled(&cpus[i]))
			continue;
		move_all(&cpus[i].messages, &target->messages);
		move_all(&cpus[i].eois, &target->eois);
	}
	if (target)
		deliver(target);
	if (!sint0_enabled(cpu))
		return;
	/* A message that came while the SINT was masked has had no interrupt. */
	if (slot_type(synic_of(cpu)))
		raise(cpu);
	deliver(cpu);
}

bool synic_read_msr(struct cpu *cpu, u32 msr, u64 *value)
{
	const struct synic *s = synic_of(cpu);

	switch (msr) {
	case MSR_EOI:
	case MSR_EOM:
		*value = 0;
		return true;
	case MSR_ICR:
		*value = apic_read_icr();
		return true;
	case MSR_TPR:
		*value = apic_read(0x80);
		return true;
	case MSR_VP_ASSIST:
		*value = s->vp_assist;
		return true;
	case MSR_SCONTROL:
		*value = s->scontrol;
		return true;
	case MSR_SVERSION:
		*value = 1;
		return true;
	case MSR_SIEFP:
		*value = s->siefp;
		return true;
	case MSR_SIMP:
		*value = s->simp;
		return true;
	case MSR_SIRBP:
		*value = s->sirbp;
		return true;
	}
	if (msr < MSR_SINT0 || msr >= MSR_SINT0 + SINT_COUNT)
		return false;
	*value = s->sint[msr - MSR_SINT0];
	return true;
}

/* The pages are testhv's: of the page registers only the enable bit can be written. */
static void set_enable(u64 *reg, u64 value)
{
	*reg = (*reg & ~ENABLE) | (value & ENABLE);
}

static bool write_sint(struct synic *s, unsigned int n, u64 value)
{
	if (value & ~SINT_WRITABLE)
		return false;
	if (!(value & SINT_MASKED) && (value & SINT_VECTOR) < 16)
		return false;
	s->sint[n] = value;
	return true;
}

/* A ring that is off announces nothing; once it is on again, what is in it is. */
static void rings_changed(struct cpu *cpu)
{
	struct synic *s = synic_of(cpu);

	for (unsigned int sint = 0; sint < SINT_COUNT; sint++)
		if (!synic_ring(cpu, sint))
			s->notices &= ~BIT(sint);
	event_ring_rescan(cpu);
}

bool synic_write_msr(struct cpu *cpu, u32 msr, u64 value)
{
	struct synic *s = synic_of(cpu);

	switch (msr) {
	case MSR_TPR:
		if (value > 0xff)
			return false;
		apic_write_tpr((u8)value);
		return true;
	case MSR_VP_ASSIST:
		set_enable(&s->vp_assist, value);
		return true;
	case MSR_SCONTROL:
		s->scontrol = value;
		rings_changed(cpu);
		break;
	case MSR_SIEFP:
		set_enable(&s->siefp, value);
		return true;
	case MSR_SIMP:
		set_enable(&s->simp, value);
		break;
	case MSR_EOM:
		counters[CNT_EOM]++;
		deliver(cpu);
		return true;
	case MSR_SIRBP:
		set_enable(&s->sirbp, value);
		rings_changed(cpu);
		return true;
	default:
		if (msr < MSR_SINT0 || msr >= MSR_SINT0 + SINT_COUNT)
			return false;
		if (!write_sint(s, msr - MSR_SINT0, value))
			return false;
		rings_changed(cpu);
		if (msr != MSR_SINT0)
			return true;
	}
	rescan(cpu);
	return true;
}

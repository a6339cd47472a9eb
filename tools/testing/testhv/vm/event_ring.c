// SPDX-License-Identifier: GPL-2.0
/* Events of ports, by the rings of the root VPs. */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "event_ring.h"
#include "port.h"
#include "synic.h"

struct rings {
	u32 next[SINT_COUNT];	/* entry of each ring that is written next */
	struct list waiting;	/* ports whose event found no room */
};

static struct rings rings[MAX_CPUS];

void event_ring_init_cpu(const struct cpu *cpu)
{
	memset(rings[cpu->index].next, 0, sizeof(rings[cpu->index].next));
	list_init(&rings[cpu->index].waiting);
}

static const struct cpu *target_of(const struct port *port, const struct cpu *near)
{
	if (port->vp != PORT_VP_ANY)
		return &cpus[port->vp];
	if (synic_ring(near, port->sint))
		return near;
	for (unsigned int i = 0; i < cpu_count; i++)
		if (synic_ring(&cpus[i], port->sint))
			return &cpus[i];
	return near;
}

static bool has_room(struct event_ring *ring, u32 at)
{
	if (!READ_ONCE(ring->entry[at]))
		return true;
	__atomic_store_n(&ring->full, 1, __ATOMIC_SEQ_CST);
	/* Pairs with the reader's barrier between freeing entries and looking at "full". */
	mb();
	return !READ_ONCE(ring->entry[at]);
}

static bool enqueue(const struct cpu *cpu, const struct port *port)
{
	struct event_ring *ring = synic_ring(cpu, port->sint);
	u32 *next = &rings[cpu->index].next[port->sint];

	if (!ring || !has_room(ring, *next))
		return false;
	__atomic_store_n(&ring->entry[*next], port->id, __ATOMIC_RELEASE);
	*next = (*next + 1) % RING_ENTRIES;
	/* The exchange is the barrier that pairs with the reader's, between masked and entries. */
	if (!__atomic_exchange_n(&ring->masked, 1, __ATOMIC_SEQ_CST))
		synic_signal(cpu, port->sint);
	return true;
}

static bool others_wait(const struct cpu *cpu, unsigned int sint)
{
	struct list *l;

	list_for_each(l, &rings[cpu->index].waiting)
		if (list_entry(l, struct port, waiting)->sint == sint)
			return true;
	return false;
}

void event_ring_post(struct port *port, const struct cpu *near)
{
	const struct cpu *cpu = target_of(port, near);

	counters[CNT_PORT_EVENTS]++;
	if (!list_empty(&port->waiting)) {
		counters[CNT_PORT_EVENTS_MERGED]++;
		return;
	}
	/* In their order. */
	if (!others_wait(cpu, port->sint) && enqueue(cpu, port))
		return;
	counters[CNT_RING_FULL]++;
	list_add_tail(&port->waiting, &rings[cpu->index].waiting);
}

void event_ring_refill(const struct cpu *cpu, unsigned int sint)
{
	struct list *head = &rings[cpu->index].waiting, *l = head->next, *next;

	for (; l != head; l = next) {
		struct port *port = list_entry(l, struct port, waiting);

		next = l->next;
		if (port->sint != sint)
			continue;
		if (!enqueue(cpu, port))
			return;
		list_del(&port->waiting);
	}
}

/* Events that wait where there is no ring any more go where one is. */
static void move_waiting(const struct cpu *from)
{
	struct list *head = &rings[from->index].waiting, *l = head->next, *next;

	for (; l != head; l = next) {
		struct port *port = list_entry(l, struct port, waiting);
		const struct cpu *to = target_of(port, from);

		next = l->next;
		if (to == from)
			continue;
		list_del(&port->waiting);
		list_add_tail(&port->waiting, &rings[to->index].waiting);
	}
}

void event_ring_rescan(const struct cpu *cpu)
{
	for (unsigned int i = 0; i < cpu_count; i++)
		move_waiting(&cpus[i]);
	for (unsigned int i = 0; i < cpu_count; i++)
		for (unsigned int sint = 0; sint < SINT_COUNT; sint++)
			event_ring_refill(&cpus[i], sint);
	/* What was in a ring when its SINT was masked has had no signal that counts. */
	for (unsigned int sint = 0; sint < SINT_COUNT; sint++) {
		struct event_ring *ring = synic_ring(cpu, sint);

		if (ring && READ_ONCE(ring->masked))
			synic_signal(cpu, sint);
	}
}

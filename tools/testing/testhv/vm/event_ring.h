/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event rings of the root VPs' SynICs (TLFS, chapter 11): one for each SINT in the page of
 * SIRBP, through which events of doorbell ports come. Protected by the big lock; the root reads
 * and clears entries without it.
 *
 * Producer and consumer meet like this: testhv writes an entry, then sets "masked", and signals the
 * SINT if it wasn't; the root clears "masked" when it finds no entry, then looks again. What finds
 * the ring full sets "full", then looks again, and waits until NOTIFY_PORT_RING_EMPTY.
 */
#ifndef TESTHV_EVENT_RING_H
#define TESTHV_EVENT_RING_H

#include "../lib/list.h"

struct cpu;
struct port;

#define RING_ENTRIES	63u

struct event_ring {
	u8 masked, full;
	u16 reserved;
	u32 entry[RING_ENTRIES];	/* port ids; 0: free */
};

static_assert(sizeof(struct event_ring) == 256, "event ring");

void event_ring_init_cpu(const struct cpu *cpu);
/*
 * An event of @port: to its VP's ring, or, if any will do, to that of @near or of the lowest VP
 * that has one. One event a port can wait for room; further ones merge with it.
 */
void event_ring_post(struct port *port, const struct cpu *near);
/* The root has emptied the ring of @sint: what waits goes in. */
void event_ring_refill(const struct cpu *cpu, unsigned int sint);
/* The rings of @cpu may be other than they were: what waits anywhere is tried again. */
void event_ring_rescan(const struct cpu *cpu);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader's end of an event ring, by which the hypervisor says which ports
 * have an event; pure, so that it is tested alone.
 *
 * The hypervisor writes a port's number to the next entry that is 0, and signals
 * unless the ring is masked. If the next entry is not 0 it sets full, keeps the
 * event, and goes on when it is told that the ring is empty. The reader clears
 * what it has taken.
 *
 * Where the hypervisor will write next is known only by what is found. So after
 * the first entry, which may be anywhere, they follow each other; and as events of
 * ports have no order among them, nothing is lost if that is not so.
 */
#ifndef _MSHV_RING_H
#define _MSHV_RING_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "tlfs.h"

/**
 * struct mshv_ring - a ring and where its reader is
 * @shared: what the hypervisor writes to; NULL for no ring
 * @next: where the next entry is likely to be
 */
struct mshv_ring {
	struct mshv_hv_event_ring *shared;
	unsigned int next;
};

/* How often an empty ring is looked at again before it is left at that. */
#define MSHV_RING_LOOKS	8

/**
 * mshv_ring_find - clear and return an entry
 * @ring: with @shared
 *
 * Return: a port's number, or 0 if all entries are.
 */
static inline u32 mshv_ring_find(struct mshv_ring *ring)
{
	unsigned int i, at = ring->next;
	u32 port;

	for (i = 0; i < MSHV_EVENT_RING_ENTRIES; i++) {
		port = READ_ONCE(ring->shared->entries[at]);
		if (port)
			WRITE_ONCE(ring->shared->entries[at], 0);
		if (++at == MSHV_EVENT_RING_ENTRIES)
			at = 0;
		if (port) {
			ring->next = at;
			return port;
		}
	}
	return 0;
}

/**
 * mshv_ring_take - take one event
 * @ring: ring
 * @tell_empty: tells the hypervisor that a ring that was full is empty
 *
 * While there may be more, the ring is masked; once it is found empty, it is
 * not.
 *
 * Context: by one reader at a time.
 * Return: a port's number; 0 if there is no event, and the next will signal.
 */
static inline u32 mshv_ring_take(struct mshv_ring *ring,
				 void (*tell_empty)(void))
{
	struct mshv_hv_event_ring *shared = ring->shared;
	bool unmasked = false;
	unsigned int looks;
	u32 port;

	for (looks = 0; shared && looks < MSHV_RING_LOOKS; looks++) {
		port = mshv_ring_find(ring);
		if (port) {
			WRITE_ONCE(shared->masked, 1);
			return port;
		}
		if (READ_ONCE(shared->full)) {
			WRITE_ONCE(shared->full, 0);
			tell_empty();
		} else if (unmasked) {
			break;
		}
		WRITE_ONCE(shared->masked, 0);
		unmasked = true;
		/*
		 * Who writes an entry, or sets full, has a barrier too before it
		 * looks whether the ring is masked, or its entry cleared: either
		 * it sees that, or what it wrote is seen here.
		 */
		mb();
	}
	return 0;
}

#endif /* _MSHV_RING_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual processor, as the driver sees it.
 *
 * Created by its partition, and freed only with it, after a grace period in
 * which no interrupt can hold it any more. Threads with an ioctl and the ISR
 * of any CPU see it at once.
 *
 * The hypervisor runs a VP while both of its suspend bits are 0. It sets
 * INTERCEPT_SUSPEND itself, and sends one message each time; only the driver
 * clears it, once for each message that user space has got. EXPLICIT_SUSPEND is
 * the driver's.
 *
 * Invariants:
 *  - No resume while a message is unread or expected (@unread, @draining).
 *  - The semaphore has a token exactly while @events is not 0 and not taken.
 *  - @message belongs to the ISR until it sets @filled, and to the runner from
 *    then until user space has the message.
 */
#ifndef _MSHV_VP_H
#define _MSHV_VP_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/semaphore.h>
#include <linux/types.h>
#include <asm/mshv.h>

#include "register_page.h"

/* What may end a wait. */
#define MSHV_NO_EVENT		0
#define MSHV_EVENT_MESSAGE	0x1
#define MSHV_EVENT_CANCEL	0x2

/**
 * struct mshv_events - a remembered wake-up
 * @bits: MSHV_EVENT_*, raised and not yet taken
 * @sem: a token while @bits is not 0; its lock is raw, as the ISR needs it
 */
struct mshv_events {
	atomic_t bits;
	struct semaphore sem;
};

/**
 * mshv_events_init - begin with no event
 * @events: to initialize
 */
static inline void mshv_events_init(struct mshv_events *events)
{
	atomic_set(&events->bits, 0);
	sema_init(&events->sem, MSHV_NO_EVENT);
}

/**
 * mshv_events_raise - raise an event, and wake who waits
 * @events: a VP's
 * @bit: MSHV_EVENT_*
 *
 * Context: any, also hard IRQ.
 */
static inline void mshv_events_raise(struct mshv_events *events, int bit)
{
	/*
	 * Who finds a bit set relies on the token of the one who set it, so that one
	 * must not be preempted in between.
	 */
	guard(preempt)();
	/* Full barrier: what was written before is seen by who takes the bit. */
	if (!atomic_fetch_or(bit, &events->bits))
		up(&events->sem);
}

/**
 * mshv_events_take - all events, after a successful down() of the semaphore
 * @events: a VP's
 *
 * Context: any, by one thread at a time.
 * Return: MSHV_EVENT_*
 */
static inline int mshv_events_take(struct mshv_events *events)
{
	return atomic_xchg(&events->bits, 0);
}

/**
 * struct mshv_vp - a virtual processor
 * @partition_id: constant
 * @index: constant
 * @mutex: for short sections only: entering and leaving a run, changing the
 *	suspend bits, registers; never held while the VP runs
 * @runner: a thread is in MSHV_RUN_VP; protected by @mutex
 * @expl: EXPLICIT_SUSPEND is known to be set; protected by @mutex
 * @icpt: INTERCEPT_SUSPEND is known to be set; of the runner
 * @unread: there is a message that user space has not got; of the runner
 * @draining: a message is certain to come; of the runner, and read by others
 *	under @mutex while there is none
 * @dead: the hypervisor failed, its state is unknown; set under @mutex, for ever
 * @events: events
 * @page: register page; own lock
 * @filled: bit 0: @message is occupied
 * @message: the last message
 * @messages: messages taken in; statistics, as the next four
 * @overruns: messages dropped because one was there: a hypervisor's bug
 * @malformed: messages dropped because of their size: likewise
 * @eois: APIC_EOI messages
 * @port_writes: messages that signalled an ioeventfd instead of ending a run
 */
struct mshv_vp {
	u64 partition_id;
	u32 index;

	struct mutex mutex; /* see above */
	bool runner;
	bool expl;
	bool icpt;
	bool unread;
	bool draining;
	bool dead;

	struct mshv_events events;
	struct mshv_register_page page;
	unsigned long filled;
	struct mshv_hv_message message;

	atomic64_t messages;
	atomic64_t overruns;
	atomic64_t malformed;
	atomic64_t eois;
	atomic64_t port_writes;
};

/**
 * mshv_vp_alloc - a VP as the hypervisor creates it: explicitly suspended
 * @partition_id: partition
 * @index: VP
 *
 * Context: may sleep.
 * Return: the VP, or NULL without memory.
 */
struct mshv_vp *mshv_vp_alloc(u64 partition_id, u32 index);

/**
 * mshv_vp_free - free a VP that nobody can find any more
 * @vp: VP, or NULL
 */
void mshv_vp_free(struct mshv_vp *vp);

/**
 * mshv_vp_resume - let a suspended VP run
 * @vp: VP
 *
 * Clears what is known to be set, INTERCEPT first: the VP starts with the last
 * bit that is cleared, and an intercept after that must not be cleared too.
 * After a failure the VP is suspended, or else dead.
 *
 * Context: may sleep; @vp->mutex is held.
 * Return: 0 or a status's errno.
 */
int mshv_vp_resume(struct mshv_vp *vp);

/**
 * mshv_vp_suspend - stop a VP, and learn whether it has a message coming
 * @vp: VP
 * @intercepted: whether INTERCEPT_SUSPEND is set. It is final: an explicitly
 *	suspended VP has no new intercepts
 *
 * Context: may sleep; @vp->mutex is held.
 * Return: 0, or a status's errno and the VP is dead.
 */
int mshv_vp_suspend(struct mshv_vp *vp, bool *intercepted);

/**
 * mshv_vp_set_rip - let a suspended VP go on elsewhere
 * @vp: VP
 * @rip: where
 *
 * Context: may sleep; @vp->mutex is held.
 * Return: 0 or a status's errno.
 */
int mshv_vp_set_rip(struct mshv_vp *vp, u64 rip);

/**
 * mshv_vp_stop - stop a VP for good
 * @vp: VP
 *
 * Context: may sleep; takes @vp->mutex.
 */
void mshv_vp_stop(struct mshv_vp *vp);

#endif /* _MSHV_VP_H */

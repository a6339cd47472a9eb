// SPDX-License-Identifier: GPL-2.0
/*
 * Running a VP. The numbers are those of the steps in
 * Documentation/virt/mshv/run-protocol.rst.
 */
#include <linux/errno.h>
#include <linux/eventfd.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "run.h"
#include "ioeventfd.h"
#include "lock.h"
#include "partition.h"
#include "port_write.h"
#include "trace.h"
#include "vp.h"

/* Set at shutdown, before VPs are stopped: none is resumed after that. */
static bool stopping;

/* 1: one thread at a time. Until end() what is "of the runner" is ours. */
static int begin(struct mshv_vp *vp)
{
	scoped_cond_guard(mutex_kill, return -EINTR, &vp->mutex) {
		if (vp->dead)
			return -EIO;
		if (vp->runner)
			return -EBUSY;
		vp->runner = true;
	}
	return 0;
}

/* 9 */
static void end(struct mshv_vp *vp)
{
	guard(mutex)(&vp->mutex);
	vp->runner = false;
}

/* There is a message, so the VP is suspended, and stays so until it is read. */
static int received(struct mshv_vp *vp, bool cancelled)
{
	vp->icpt = true;
	vp->unread = true;
	vp->draining = false;
	if (cancelled)
		mshv_events_raise(&vp->events, MSHV_EVENT_CANCEL);
	return 0;
}

/* 6: the VP is suspended for an intercept, so its message is certain. */
static int drain(struct mshv_vp *vp, bool cancelled)
{
	int events;

	do {
		if (READ_ONCE(vp->dead))
			return -EIO;
		if (down_killable(&vp->events.sem))
			return -EINTR;
		events = mshv_events_take(&vp->events);
		cancelled |= events & MSHV_EVENT_CANCEL;
	} while (!(events & MSHV_EVENT_MESSAGE));
	return received(vp, cancelled);
}

/* 3 */
static int resume(struct mshv_vp *vp)
{
	guard(mutex)(&vp->mutex);
	if (vp->dead || READ_ONCE(stopping))
		return -EIO;
	return mshv_vp_resume(vp);
}

/* 5: stop it; a message that it has sent by then is returned all the same. */
static int interrupt(struct mshv_vp *vp, bool cancelled)
{
	bool intercepted;

	scoped_guard(mutex, &vp->mutex) {
		if (vp->dead || mshv_vp_suspend(vp, &intercepted))
			return -EIO;
		vp->draining = intercepted;
	}
	return intercepted ? drain(vp, cancelled) : -EINTR;
}

/* 4 */
static int wait_for_message(struct mshv_vp *vp)
{
	int events;

	if (down_interruptible(&vp->events.sem))
		return interrupt(vp, false);
	events = mshv_events_take(&vp->events);
	if (events & MSHV_EVENT_MESSAGE)
		return received(vp, events & MSHV_EVENT_CANCEL);
	return interrupt(vp, true);
}

/* 2: what there is to do before the VP may be resumed. */
static int run(struct mshv_vp *vp)
{
	int events, ret;

	if (vp->draining)
		return drain(vp, false);
	if (signal_pending(current))
		return -EINTR;
	if (!down_trylock(&vp->events.sem)) {
		events = mshv_events_take(&vp->events);
		if (events & MSHV_EVENT_MESSAGE)
			return received(vp, events & MSHV_EVENT_CANCEL);
		return -EINTR;
	}
	ret = resume(vp);
	return ret ?: wait_for_message(vp);
}

static void consumed(struct mshv_vp *vp)
{
	vp->unread = false;
	clear_bit_unlock(0, &vp->filled);
}

static int skip(struct mshv_vp *vp, u64 next_rip)
{
	if (mshv_register_page_set_rip(&vp->page, next_rip))
		return 0;
	guard(mutex)(&vp->mutex);
	return mshv_vp_set_rip(vp, next_rip);
}

/*
 * 8: if the write is one of an ioeventfd, do what its VMM would. While RIP cannot
 * be set nothing is done, and the message is the VMM's. One reader, so that who
 * deassigns the ioeventfd finds each write either there or among the exits.
 */
static bool finish_port_write(struct mshv_partition *partition,
			      struct mshv_vp *vp)
{
	struct mshv_port_write write;
	struct eventfd_ctx *eventfd;

	if (!mshv_port_write_read(&vp->message, &write))
		return false;
	guard(srcu)(&mshv_ioeventfds_srcu);
	eventfd = mshv_ioeventfds_find(&partition->ioeventfds, &write);
	if (!eventfd || skip(vp, write.next_rip))
		return false;
	eventfd_signal(eventfd);
	atomic64_inc(&vp->port_writes);
	consumed(vp);
	return true;
}

/*
 * Signals and cancels are looked at before each resume. A message that its VMM
 * has been told of, by EFAULT, is the VMM's: it may have changed RIP since.
 */
static int run_to_exit(struct mshv_partition *partition, struct mshv_vp *vp)
{
	int ret;

	if (vp->unread)
		return 0;
	do {
		ret = run(vp);
		cond_resched();
	} while (!ret && finish_port_write(partition, vp));
	return ret;
}

/* 7: consumed only when user space has it. */
static int hand_over(struct mshv_vp *vp,
		     struct mshv_hv_message __user *message)
{
	if (copy_to_user(message, &vp->message, sizeof(*message)))
		return -EFAULT;
	consumed(vp);
	return 0;
}

int mshv_run(struct mshv_partition *partition, struct mshv_vp *vp,
	     struct mshv_hv_message __user *message)
{
	int ret = begin(vp);

	if (ret)
		return ret;
	trace_mshv_run(vp->partition_id, vp->index);
	ret = run_to_exit(partition, vp);
	if (!ret)
		ret = hand_over(vp, message);
	trace_mshv_exit(vp->partition_id, vp->index, ret,
			ret ? 0 : vp->message.header.message_type);
	end(vp);
	return ret;
}

void mshv_run_cancel(struct mshv_vp *vp)
{
	mshv_events_raise(&vp->events, MSHV_EVENT_CANCEL);
}

static void stop(struct mshv_vp *vp)
{
	mshv_vp_stop(vp);
	mshv_run_cancel(vp);
}

void mshv_run_stop_all(void)
{
	WRITE_ONCE(stopping, true);
	mshv_partition_visit_vps(stop);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfds: eventfds that a guest's writes signal. Their rules are those of
 * KVM's (virt/kvm/eventfd.c).
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/mshv.h>

#include "ioeventfd.h"
#include "deposit.h"
#include "doorbell.h"
#include "io_match.h"
#include "lock.h"

/* Whoever runs a VP may look at them all for each write to a port. */
#define MAX_IOEVENTFDS	4096

DEFINE_SRCU(mshv_ioeventfds_srcu);

/**
 * struct ioeventfd - one of them
 * @match: which writes; constant
 * @doorbell: holds a reference of its eventfd; without a number for a port
 * @link: in one of the lists
 */
struct ioeventfd {
	struct mshv_io_match match;
	struct mshv_doorbell doorbell;
	struct list_head link;
};

void mshv_ioeventfds_init(struct mshv_ioeventfds *set,
			  struct mshv_deposit *pool)
{
	set->pool = pool;
	mutex_init(&set->lock);
	INIT_LIST_HEAD(&set->doorbells);
	INIT_LIST_HEAD(&set->ports);
}

static struct list_head *list_of(struct mshv_ioeventfds *set,
				 const struct mshv_ioeventfd_spec *spec)
{
	return spec->port ? &set->ports : &set->doorbells;
}

static void ioeventfd_free(struct ioeventfd *io)
{
	eventfd_ctx_put(io->doorbell.eventfd);
	kfree(io);
}

/* Takes over the reference. */
static struct ioeventfd *ioeventfd_alloc(const struct mshv_io_match *match,
					 struct eventfd_ctx *eventfd)
{
	struct ioeventfd *io = kzalloc(sizeof(*io), GFP_KERNEL_ACCOUNT);

	if (!io) {
		eventfd_ctx_put(eventfd);
		return NULL;
	}
	io->match = *match;
	io->doorbell.eventfd = eventfd;
	return io;
}

static bool collides(struct list_head *list, const struct mshv_io_match *match)
{
	const struct ioeventfd *io;

	list_for_each_entry(io, list, link)
		if (mshv_io_match_collide(&io->match, match))
			return true;
	return false;
}

static int add_locked(struct mshv_ioeventfds *set, struct ioeventfd *io,
		      const struct mshv_ioeventfd_spec *spec)
{
	struct list_head *list = list_of(set, spec);
	int ret = 0;

	lockdep_assert_held(&set->lock);
	if (collides(list, &io->match))
		return -EEXIST;
	if (set->count == MAX_IOEVENTFDS)
		return -ENOSPC;
	if (!spec->port)
		ret = mshv_doorbell_connect(&io->doorbell, set->pool,
					    &io->match);
	if (ret)
		return ret;
	list_add_tail_rcu(&io->link, list);
	set->count++;
	return 0;
}

static int add(struct mshv_ioeventfds *set, struct ioeventfd *io,
	       const struct mshv_ioeventfd_spec *spec)
{
	scoped_cond_guard(mutex_kill, return -EINTR, &set->lock)
		return add_locked(set, io, spec);
	return -EINTR;
}

int mshv_ioeventfds_assign(struct mshv_ioeventfds *set,
			   const struct mshv_ioeventfd_spec *spec)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(spec->fd);
	struct ioeventfd *io;
	int ret;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	io = ioeventfd_alloc(spec->match, eventfd);
	if (!io)
		return -ENOMEM;
	ret = add(set, io, spec);
	if (ret)
		ioeventfd_free(io);
	return ret;
}

static struct ioeventfd *find(struct list_head *list,
			      const struct mshv_io_match *match,
			      const struct eventfd_ctx *eventfd)
{
	struct ioeventfd *io;

	list_for_each_entry(io, list, link)
		if (io->doorbell.eventfd == eventfd &&
		    mshv_io_match_equal(&io->match, match))
			return io;
	return NULL;
}

/* No write signals it any more, but somebody may be doing so still. */
static void unpublish(struct mshv_ioeventfds *set, struct ioeventfd *io)
{
	lockdep_assert_held(&set->lock);
	list_del_rcu(&io->link);
	set->count--;
	if (io->doorbell.port_id)
		mshv_doorbell_unpublish(&io->doorbell);
}

/* Threads that run a VP, whatever partition's. */
static void wait_for_runners(void)
{
	synchronize_srcu_expedited(&mshv_ioeventfds_srcu);
}

static int remove_locked(struct mshv_ioeventfds *set,
			 const struct mshv_ioeventfd_spec *spec,
			 const struct eventfd_ctx *eventfd)
{
	struct ioeventfd *io = find(list_of(set, spec), spec->match, eventfd);
	int ret = 0;

	lockdep_assert_held(&set->lock);
	if (!io)
		return -ENOENT;
	if (!spec->port)
		ret = mshv_doorbell_disconnect(&io->doorbell,
					       set->pool->partition_id);
	if (ret)
		return ret;
	unpublish(set, io);
	if (spec->port)
		wait_for_runners();
	else
		synchronize_rcu_expedited();
	mshv_doorbell_release(&io->doorbell);
	ioeventfd_free(io);
	return 0;
}

static int remove(struct mshv_ioeventfds *set,
		  const struct mshv_ioeventfd_spec *spec,
		  const struct eventfd_ctx *eventfd)
{
	scoped_cond_guard(mutex_kill, return -EINTR, &set->lock)
		return remove_locked(set, spec, eventfd);
	return -EINTR;
}

int mshv_ioeventfds_deassign(struct mshv_ioeventfds *set,
			     const struct mshv_ioeventfd_spec *spec)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(spec->fd);
	int ret;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	ret = remove(set, spec, eventfd);
	eventfd_ctx_put(eventfd);
	return ret;
}

struct eventfd_ctx *mshv_ioeventfds_find(struct mshv_ioeventfds *set,
					 const struct mshv_port_write *write)
{
	const struct ioeventfd *io;

	list_for_each_entry_srcu(io, &set->ports, link,
				 srcu_read_lock_held(&mshv_ioeventfds_srcu))
		if (mshv_io_match_hit(&io->match, write))
			return io->doorbell.eventfd;
	return NULL;
}

/*
 * What cannot be disconnected now goes with the partition. VPs may run still: the
 * splice waits for who looks at its list.
 */
void mshv_ioeventfds_release(struct mshv_ioeventfds *set)
{
	struct ioeventfd *io, *next;
	LIST_HEAD(gone);

	guard(mutex)(&set->lock);
	list_for_each_entry(io, &set->doorbells, link) {
		mshv_doorbell_disconnect(&io->doorbell,
					 set->pool->partition_id);
		mshv_doorbell_unpublish(&io->doorbell);
		cond_resched();
	}
	if (!list_empty(&set->doorbells))
		synchronize_rcu();
	list_splice_init(&set->doorbells, &gone);
	list_splice_init_rcu(&set->ports, &gone, wait_for_runners);
	list_for_each_entry_safe(io, next, &gone, link) {
		mshv_doorbell_release(&io->doorbell);
		ioeventfd_free(io);
	}
	set->count = 0;
}

void mshv_ioeventfds_destroy(struct mshv_ioeventfds *set)
{
	WARN_ON_ONCE(set->count);
	mutex_destroy(&set->lock);
}

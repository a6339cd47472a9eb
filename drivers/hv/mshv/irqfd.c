// SPDX-License-Identifier: GPL-2.0
/*
 * irqfds: eventfds whose signals are interrupts of a guest. The rules of their
 * lives are those of KVM's (virt/kvm/eventfd.c).
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/memcontrol.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/mshv.h>

#include "irqfd.h"
#include "deposit.h"
#include "hvcall_partition.h"
#include "routing.h"
#include "trace.h"

/* A hypervisor that is never content must not eat all memory. */
#define DEPOSITS_MAX	16

/* Its own, so that flushing it waits for nothing else. */
static struct workqueue_struct *shutdown_wq;
/* Bound to no CPU: a guest that ends interrupts all the time is not to hog one. */
static struct workqueue_struct *eoi_wq;

/**
 * struct irqfd - one of them
 * @irqfds: whose it is; constant, as are the next three
 * @gsi: what its signals raise
 * @eventfd: holds a reference
 * @resamplefd: holds a reference, or NULL
 * @wait: in the eventfd's queue until the shutdown
 * @link: in the list; empty once somebody has queued @shutdown
 * @resampler: in the list of those with a resamplefd, until the shutdown
 * @retry: raises what took memory that the hypervisor did not have
 * @shutdown: detaches and frees it
 */
struct irqfd {
	struct mshv_irqfds *irqfds;
	u32 gsi;
	struct eventfd_ctx *eventfd;
	struct eventfd_ctx *resamplefd;
	wait_queue_entry_t wait;
	struct list_head link;
	struct list_head resampler;
	struct work_struct retry;
	struct work_struct shutdown;
};

/* The table is looked at and obeyed in one reader: see mshv_routing_set(). */
static int raise_once(const struct irqfd *irqfd)
{
	const struct mshv_route *route;
	struct mshv_assert_interrupt what;

	guard(srcu)(&mshv_routing_srcu);
	route = mshv_routing_find(irqfd->irqfds->routing, irqfd->gsi);
	if (!route)
		return -ENOENT;
	what = (struct mshv_assert_interrupt){
		.interrupt_type = route->type,
		.flags = route->flags,
		.dest_addr = route->dest,
		.vector = route->vector,
	};
	return mshv_hvcall_assert_interrupt(irqfd->irqfds->pool->partition_id,
					    &what);
}

/* Called with the eventfd's lock held, in any context: must not sleep. */
static void raise(struct irqfd *irqfd)
{
	int ret = raise_once(irqfd);

	trace_mshv_irqfd(irqfd->irqfds->pool->partition_id, irqfd->gsi, ret);
	if (ret == -ENOMEM)
		schedule_work(&irqfd->retry);
	else if (ret)
		atomic64_inc(&irqfd->irqfds->dropped);
}

/* Here memory can be had, at the expense of who made the partition. */
static void retry(struct work_struct *work)
{
	struct irqfd *irqfd = container_of(work, struct irqfd, retry);
	struct mshv_irqfds *irqfds = irqfd->irqfds;
	struct mem_cgroup *old = set_active_memcg(irqfds->memcg);
	unsigned int deposits = 0;
	int ret = -ENOMEM;

	while (ret == -ENOMEM && deposits++ < DEPOSITS_MAX &&
	       !mshv_deposit_add(irqfds->pool, 1))
		ret = raise_once(irqfd);
	set_active_memcg(old);
	trace_mshv_irqfd(irqfds->pool->partition_id, irqfd->gsi, ret);
	if (ret)
		atomic64_inc(&irqfds->dropped);
}

static void deactivate(struct irqfd *irqfd)
{
	lockdep_assert_held(&irqfd->irqfds->lock);

	list_del_init(&irqfd->link);
	irqfd->irqfds->count--;
	queue_work(shutdown_wq, &irqfd->shutdown);
}

/* The eventfd is being closed. Somebody else may have been faster. */
static void hang_up(struct irqfd *irqfd)
{
	guard(spinlock_irqsave)(&irqfd->irqfds->lock);
	if (!list_empty(&irqfd->link))
		deactivate(irqfd);
}

/*
 * Called with the eventfd's lock held and interrupts off, by whoever signals or
 * closes it. It is not freed meanwhile: to be detached takes that lock.
 */
static int wake(wait_queue_entry_t *wait, unsigned int mode, int sync,
		void *key)
{
	struct irqfd *irqfd = container_of(wait, struct irqfd, wait);
	__poll_t events = key_to_poll(key);
	u64 count;

	if (events & EPOLLHUP)
		hang_up(irqfd);
	if (!(events & EPOLLIN))
		return 0;
	eventfd_ctx_do_read(irqfd->eventfd, &count);
	raise(irqfd);
	return 1;
}

static void irqfd_free(struct irqfd *irqfd)
{
	if (!IS_ERR_OR_NULL(irqfd->resamplefd))
		eventfd_ctx_put(irqfd->resamplefd);
	if (!IS_ERR_OR_NULL(irqfd->eventfd))
		eventfd_ctx_put(irqfd->eventfd);
	kfree(irqfd);
}

static void remove_resampler(struct irqfd *irqfd)
{
	guard(spinlock_irq)(&irqfd->irqfds->lock);
	list_del_rcu(&irqfd->resampler);
}

static bool has_resampler(const struct mshv_irqfds *irqfds, u32 gsi)
{
	const struct irqfd *irqfd;

	lockdep_assert_held(&irqfds->lock);

	list_for_each_entry(irqfd, &irqfds->resamplers, resampler)
		if (irqfd->gsi == gsi)
			return true;
	return false;
}

/*
 * Only of an external interrupt the hypervisor keeps a line that somebody must
 * lower; each other one is the local APIC's once it is raised.
 */
static bool has_line(const struct mshv_route *route)
{
	return route->type == MSHV_HV_X64_INTERRUPT_TYPE_EXTINT &&
	       route->flags & MSHV_INTERRUPT_LEVEL_TRIGGERED;
}

/*
 * If nobody is left who would lower the line, it is done here. Under the lock
 * with which the next to be asked is published, who can't raise it before that:
 * what he raises stays.
 */
static void lower_line(const struct irqfd *irqfd)
{
	struct mshv_irqfds *irqfds = irqfd->irqfds;
	const struct mshv_route *route;

	guard(srcu)(&mshv_routing_srcu);
	route = mshv_routing_find(irqfds->routing, irqfd->gsi);
	if (!route || !has_line(route))
		return;
	guard(spinlock_irq)(&irqfds->lock);
	if (!has_resampler(irqfds, irqfd->gsi))
		mshv_hvcall_clear_interrupt(irqfds->pool->partition_id);
}

static void shut_down(struct work_struct *work)
{
	struct irqfd *irqfd = container_of(work, struct irqfd, shutdown);
	u64 count;

	/* Nobody is in wake() after this, and none will be. */
	eventfd_ctx_remove_wait_queue(irqfd->eventfd, &irqfd->wait, &count);
	flush_work(&irqfd->retry);
	if (irqfd->resamplefd) {
		remove_resampler(irqfd);
		synchronize_srcu_expedited(&mshv_routing_srcu);
		lower_line(irqfd);
	}
	irqfd_free(irqfd);
}

static struct irqfd *irqfd_alloc(struct mshv_irqfds *irqfds,
				 const struct mshv_irqfd *args,
				 struct file *file)
{
	struct irqfd *irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL_ACCOUNT);

	if (!irqfd)
		return ERR_PTR(-ENOMEM);
	irqfd->irqfds = irqfds;
	irqfd->gsi = args->gsi;
	INIT_LIST_HEAD(&irqfd->link);
	INIT_WORK(&irqfd->retry, retry);
	INIT_WORK(&irqfd->shutdown, shut_down);
	init_waitqueue_func_entry(&irqfd->wait, wake);
	irqfd->eventfd = eventfd_ctx_fileget(file);
	if (args->flags & MSHV_IRQFD_FLAG_RESAMPLE)
		irqfd->resamplefd = eventfd_ctx_fdget(args->resamplefd);
	return irqfd;
}

/* From here on a signal raises the interrupt, and its EOI is looked for. */
static int publish(struct irqfd *irqfd)
{
	struct mshv_irqfds *irqfds = irqfd->irqfds;

	guard(spinlock)(&irqfds->lock);
	if (irqfds->count == MSHV_MAX_IRQFDS)
		return -ENOSPC;
	irqfds->count++;
	list_add_tail(&irqfd->link, &irqfds->list);
	if (irqfd->resamplefd)
		list_add_tail_rcu(&irqfd->resampler, &irqfds->resamplers);
	return 0;
}

/* Somebody takes all signals already: an irqfd of this or another partition. */
static bool has_taker(struct wait_queue_head *queue)
{
	const wait_queue_entry_t *first;

	first = list_first_entry_or_null(&queue->head, wait_queue_entry_t,
					 entry);
	return first && first->flags & WQ_FLAG_PRIORITY;
}

struct attachment {
	poll_table table;
	struct irqfd *irqfd;
	int ret;
};

/*
 * All at once under the eventfd's lock, so that no signal is missed and nobody
 * finds half an irqfd; once it has been published it can be gone when the lock
 * is. What was signalled before counts.
 */
static void attach(struct file *file, struct wait_queue_head *queue,
		   poll_table *table)
{
	struct attachment *a = container_of(table, struct attachment, table);
	struct irqfd *irqfd = a->irqfd;
	u64 count;

	guard(spinlock_irqsave)(&queue->lock);
	a->ret = has_taker(queue) ? -EBUSY : publish(irqfd);
	if (a->ret)
		return;
	irqfd->wait.flags |= WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY;
	__add_wait_queue(queue, &irqfd->wait);
	eventfd_ctx_do_read(irqfd->eventfd, &count);
	if (!count)
		return;
	raise(irqfd);
	/*
	 * For writers that waited for the count to become less. Who is woken must not
	 * signal an eventfd on the spot: it may be this one, whose lock is held.
	 */
	current->in_eventfd = 1;
	wake_up_locked_poll(queue, EPOLLOUT);
	current->in_eventfd = 0;
}

int mshv_irqfds_assign(struct mshv_irqfds *irqfds,
		       const struct mshv_irqfd *args)
{
	/* It cannot be closed before all is done. */
	CLASS(fd, eventfd)(args->fd);
	struct attachment a = { .ret = -EINVAL };

	if (fd_empty(eventfd))
		return -EBADF;
	a.irqfd = irqfd_alloc(irqfds, args, fd_file(eventfd));
	if (IS_ERR(a.irqfd))
		return PTR_ERR(a.irqfd);

	if (IS_ERR(a.irqfd->eventfd)) {
		a.ret = PTR_ERR(a.irqfd->eventfd);
	} else if (IS_ERR(a.irqfd->resamplefd)) {
		a.ret = PTR_ERR(a.irqfd->resamplefd);
	} else {
		init_poll_funcptr(&a.table, attach);
		vfs_poll(fd_file(eventfd), &a.table);
	}
	if (a.ret)
		irqfd_free(a.irqfd);
	return a.ret;
}

int mshv_irqfds_deassign(struct mshv_irqfds *irqfds,
			 const struct mshv_irqfd *args)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(args->fd);
	struct irqfd *irqfd, *next;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	scoped_guard(spinlock_irq, &irqfds->lock) {
		list_for_each_entry_safe(irqfd, next, &irqfds->list, link)
			if (irqfd->eventfd == eventfd &&
			    irqfd->gsi == args->gsi)
				deactivate(irqfd);
	}
	eventfd_ctx_put(eventfd);
	flush_workqueue(shutdown_wq);
	return 0;
}

void mshv_irqfds_release(struct mshv_irqfds *irqfds)
{
	struct irqfd *irqfd, *next;

	scoped_guard(spinlock_irq, &irqfds->lock) {
		list_for_each_entry_safe(irqfd, next, &irqfds->list, link)
			deactivate(irqfd);
	}
	flush_workqueue(shutdown_wq);
}

static bool ends(const struct irqfd *irqfd, u8 vector, bool *line)
{
	const struct mshv_route *route;

	route = mshv_routing_find(irqfd->irqfds->routing, irqfd->gsi);
	if (!route || !mshv_route_ends(route, vector))
		return false;
	*line |= has_line(route);
	return true;
}

/*
 * The line is lowered once, and then all who share it are asked: a line that is
 * lowered after that could be one that has just been raised again.
 */
static void end_vector(struct mshv_irqfds *irqfds, u8 vector)
{
	bool line = false;
	struct irqfd *irqfd;

	guard(srcu)(&mshv_routing_srcu);
	list_for_each_entry_srcu(irqfd, &irqfds->resamplers, resampler,
				 srcu_read_lock_held(&mshv_routing_srcu)) {
		ends(irqfd, vector, &line);
		cond_resched();
	}
	if (line)
		mshv_hvcall_clear_interrupt(irqfds->pool->partition_id);
	list_for_each_entry_srcu(irqfd, &irqfds->resamplers, resampler,
				 srcu_read_lock_held(&mshv_routing_srcu)) {
		cond_resched();
		if (!ends(irqfd, vector, &line))
			continue;
		trace_mshv_resample(irqfds->pool->partition_id, irqfd->gsi,
				    vector);
		eventfd_signal(irqfd->resamplefd);
	}
}

static void eoi_work(struct work_struct *work)
{
	struct mshv_irqfds *irqfds = container_of(work, struct mshv_irqfds,
						  eoi_work);
	unsigned int vector;

	for_each_set_bit(vector, irqfds->ended, MSHV_VECTORS)
		if (test_and_clear_bit(vector, irqfds->ended))
			end_vector(irqfds, vector);
}

/*
 * There may be thousands to be asked, and who is asked may himself be an irqfd,
 * so that the guest, by ending interrupts, has more of them raised: nothing to
 * be done with interrupts off. To queue a work takes raw locks only.
 */
void mshv_irqfds_end_from_isr(struct mshv_irqfds *irqfds, u32 vector)
{
	if (vector >= MSHV_VECTORS || list_empty(&irqfds->resamplers))
		return;
	set_bit(vector, irqfds->ended);
	queue_work(eoi_wq, &irqfds->eoi_work);
}

void mshv_irqfds_init(struct mshv_irqfds *irqfds, struct mshv_deposit *pool,
		      struct mshv_routing *routing)
{
	irqfds->pool = pool;
	irqfds->routing = routing;
	irqfds->memcg = get_mem_cgroup_from_mm(current->mm);
	spin_lock_init(&irqfds->lock);
	INIT_LIST_HEAD(&irqfds->list);
	INIT_LIST_HEAD(&irqfds->resamplers);
	INIT_WORK(&irqfds->eoi_work, eoi_work);
}

void mshv_irqfds_destroy(struct mshv_irqfds *irqfds)
{
	WARN_ON_ONCE(!list_empty(&irqfds->list) ||
		     !list_empty(&irqfds->resamplers));
	cancel_work_sync(&irqfds->eoi_work);
	mem_cgroup_put(irqfds->memcg);
}

int mshv_irqfds_setup(void)
{
	shutdown_wq = alloc_workqueue("mshv-irqfd", 0, 0);
	if (!shutdown_wq)
		return -ENOMEM;
	eoi_wq = alloc_workqueue("mshv-eoi", WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (eoi_wq)
		return 0;
	destroy_workqueue(shutdown_wq);
	return -ENOMEM;
}

void mshv_irqfds_teardown(void)
{
	destroy_workqueue(eoi_wq);
	destroy_workqueue(shutdown_wq);
}

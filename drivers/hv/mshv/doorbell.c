// SPDX-License-Identifier: GPL-2.0
/* Doorbells, and the event ring of each root processor. */
#include <linux/cleanup.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>
#include <linux/eventfd.h>
#include <linux/io.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/mshyperv.h>

#include "doorbell.h"
#include "deposit.h"
#include "hvcall_port.h"
#include "ring.h"
#include "tlfs.h"

/* Events that are handled at a time: what a ring holds, and again. */
#define BUDGET	(2 * MSHV_EVENT_RING_ENTRIES)

/* More than ports can have waiting behind one ring. */
#define DRAIN_LIMIT	4096

#define SINT_MSR	(HV_MSR_SINT0 + MSHV_DOORBELL_SINT)

/**
 * struct reader - a processor's reader of its ring
 * @ring: ring; of this processor, with interrupts off
 * @work: goes on when there is too much for an interrupt
 */
struct reader {
	struct mshv_ring ring;
	struct work_struct work;
};

static DEFINE_PER_CPU(struct reader, readers);
static int cpuhp_state;

/* Set when the first ring is found. */
static bool have_rings;

/* By port's number; writers take its lock, readers RCU. */
static DEFINE_XARRAY_ALLOC1(doorbells);
static u32 next_id;

/* Numbers of ports have 24 bits. */
static const struct xa_limit port_ids = XA_LIMIT(1, BIT(24) - 1);

static void ring_doorbell(u32 port_id)
{
	const struct mshv_doorbell *doorbell;

	/* One reader: the eventfd is put after a grace period. */
	guard(rcu)();
	doorbell = xa_load(&doorbells, port_id);
	if (doorbell)
		eventfd_signal(doorbell->eventfd);
}

static void tell_empty(void)
{
	mshv_hvcall_notify_port_ring_empty(MSHV_DOORBELL_SINT);
}

/* False if this processor's ring is empty. */
static bool drain(unsigned int budget)
{
	u32 port_id;

	while (budget--) {
		scoped_guard(irqsave)
			port_id = mshv_ring_take(this_cpu_ptr(&readers.ring),
						 tell_empty);
		if (!port_id)
			return false;
		ring_doorbell(port_id);
	}
	return true;
}

/* The ring stays masked meanwhile. On another processor it does no harm. */
static void go_on(struct work_struct *work)
{
	while (drain(BUDGET))
		cond_resched();
}

/*
 * An eventfd's lock is none for a hard interrupt where locks sleep; there all
 * is left to the work.
 */
static DEFINE_WAIT_OVERRIDE_MAP(eventfd_map, LD_WAIT_CONFIG);

static bool drain_from_isr(void)
{
	bool more;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return true;
	lock_map_acquire_try(&eventfd_map);
	more = drain(BUDGET);
	lock_map_release(&eventfd_map);
	return more;
}

bool mshv_doorbell_from_isr(const struct mshv_hv_message *message)
{
	struct reader *reader = this_cpu_ptr(&readers);

	if (message->header.payload_size < sizeof(u32) ||
	    (u32)message->payload[0] != MSHV_DOORBELL_SINT)
		return false;
	if (reader->ring.shared && drain_from_isr())
		queue_work_on(smp_processor_id(), system_highpri_wq,
			      &reader->work);
	return true;
}

static u64 sint_value(void)
{
	union hv_synic_sint sint = {
		.vector = HYPERVISOR_CALLBACK_VECTOR,
		.auto_eoi = !(ms_hyperv.hints &
			      HV_DEPRECATING_AEOI_RECOMMENDED),
	};

	return sint.as_uint64 | MSHV_SINT_AS_INTERCEPT;
}

/* The page is the hypervisor's; a hypervisor without one has no such MSR. */
static u64 ring_page_gpa(void)
{
	u64 value;

	return rdmsrl_safe(MSHV_MSR_SIRBP, &value) ? 0 :
						     value & HV_HYP_PAGE_MASK;
}

static int doorbell_up(unsigned int cpu)
{
	u64 gpa = ring_page_gpa();
	struct mshv_hv_event_ring *rings;

	if (!gpa)
		return 0;
	rings = memremap(gpa, HV_HYP_PAGE_SIZE, MEMREMAP_WB);
	if (!rings)
		return -ENOMEM;
	hv_set_msr(MSHV_MSR_SIRBP, gpa | 1);
	scoped_guard(irqsave)
		this_cpu_ptr(&readers)->ring = (struct mshv_ring){
			.shared = &rings[MSHV_DOORBELL_SINT],
		};
	hv_set_msr(SINT_MSR, sint_value());
	WRITE_ONCE(have_rings, true);
	/* Left from before; guests may ring faster than it takes to come here. */
	if (drain(BUDGET))
		queue_work_on(cpu, system_highpri_wq, &this_cpu_ptr(&readers)->work);
	return 0;
}

static int doorbell_down(unsigned int cpu)
{
	struct reader *reader = this_cpu_ptr(&readers);
	struct mshv_hv_event_ring *ring = reader->ring.shared;
	unsigned int i;

	if (!ring)
		return 0;
	hv_set_msr(SINT_MSR, hv_get_msr(SINT_MSR) | HV_SYNIC_SINT_MASKED);
	for (i = 0; i < DRAIN_LIMIT && drain(BUDGET); i++)
		cond_resched();
	scoped_guard(irqsave)
		reader->ring.shared = NULL;
	cancel_work_sync(&reader->work);
	hv_set_msr(MSHV_MSR_SIRBP, hv_get_msr(MSHV_MSR_SIRBP) & ~BIT_ULL(0));
	memunmap(ring - MSHV_DOORBELL_SINT);
	return 0;
}

int mshv_doorbell_init(void)
{
	int cpu, ret;

	for_each_possible_cpu(cpu)
		INIT_WORK(&per_cpu(readers, cpu).work, go_on);
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "hv/mshv:doorbell",
				doorbell_up, doorbell_down);
	if (ret < 0)
		return ret;
	cpuhp_state = ret;
	return 0;
}

void mshv_doorbell_quiesce(void)
{
	int state = xchg(&cpuhp_state, 0);

	if (state)
		cpuhp_remove_state(state);
}

/* From the port's creation on it can be found; nothing rings it before. */
static int create_port(struct mshv_doorbell *doorbell, u64 partition_id)
{
	int ret;

	ret = xa_alloc_cyclic(&doorbells, &doorbell->port_id, doorbell,
			      port_ids, &next_id, GFP_KERNEL_ACCOUNT);
	if (ret < 0)
		return ret == -EBUSY ? -ENOSPC : ret;
	ret = mshv_hvcall_create_port(partition_id, doorbell->port_id);
	if (ret) {
		xa_erase(&doorbells, doorbell->port_id);
		synchronize_rcu();
	}
	return ret;
}

int mshv_doorbell_connect(struct mshv_doorbell *doorbell,
			  struct mshv_deposit *pool,
			  const struct mshv_io_match *match)
{
	int ret;

	if (!READ_ONCE(have_rings))
		return -EOPNOTSUPP;
	ret = create_port(doorbell, pool->partition_id);
	if (ret)
		return ret;
	ret = mshv_hvcall_connect_port(pool, doorbell->port_id, match);
	if (ret) {
		mshv_doorbell_unpublish(doorbell);
		synchronize_rcu();
		mshv_doorbell_release(doorbell);
	}
	return ret;
}

int mshv_doorbell_disconnect(struct mshv_doorbell *doorbell, u64 partition_id)
{
	return mshv_hvcall_disconnect_port(partition_id, doorbell->port_id);
}

/* The number of a port that cannot be deleted is not given out again. */
void mshv_doorbell_unpublish(struct mshv_doorbell *doorbell)
{
	/* Keeps it reserved, without a new node. */
	xa_store(&doorbells, doorbell->port_id, NULL, GFP_KERNEL);
	if (mshv_hvcall_delete_port(doorbell->port_id))
		doorbell->port_id = 0;
}

void mshv_doorbell_release(struct mshv_doorbell *doorbell)
{
	if (doorbell->port_id)
		xa_erase(&doorbells, doorbell->port_id);
	doorbell->port_id = 0;
}

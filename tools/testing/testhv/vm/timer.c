// SPDX-License-Identifier: GPL-2.0
/* Lists of deadlines, one a processor, the earliest first. */
#include "../hw/cpu.h"
#include "sched.h"
#include "timer.h"
#include "vp.h"

void timer_init(struct vp_timer *t, struct vp *vp, void (*expire)(struct vp_timer *t))
{
	list_init(&t->link);
	t->vp = vp;
	t->expire = expire;
}

static struct vp_timer *timer_of(struct list *l)
{
	return list_entry(l, struct vp_timer, link);
}

void timer_arm(struct vp_timer *t, u64 deadline_tsc)
{
	struct list *l, *head = &t->vp->home->timers;

	list_del(&t->link);
	t->deadline_tsc = deadline_tsc;
	list_for_each(l, head)
		if (timer_of(l)->deadline_tsc > deadline_tsc)
			break;
	/* Before the first one that is later. */
	list_add_tail(&t->link, l);
	/* That processor, if it is another one, may be in a guest and know of no deadline. */
	if (head->next == &t->link)
		sched_kick(t->vp->home);
}

void timer_cancel(struct vp_timer *t)
{
	list_del(&t->link);
}

void timer_run(struct cpu *cpu)
{
	u64 now = rdtsc();
	struct list due;

	if (timer_next(cpu) > now)
		return;
	list_init(&due);
	while (timer_next(cpu) <= now) {
		struct list *l = cpu->timers.next;

		list_del(l);
		list_add_tail(l, &due);
	}
	/* What is armed again meanwhile has its turn another time: this comes to an end. */
	while (!list_empty(&due)) {
		struct vp_timer *t = timer_of(due.next);

		list_del(&t->link);
		t->expire(t);
	}
}

u64 timer_next(const struct cpu *cpu)
{
	return list_empty(&cpu->timers) ? ~0ULL : timer_of(cpu->timers.next)->deadline_tsc;
}

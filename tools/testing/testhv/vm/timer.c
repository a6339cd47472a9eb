// SPDX-License-Identifier: GPL-2.0
/* Lists of deadlines, one a processor, the earliest first. */
#include "../hw/cpu.h"
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
		if ((s64)(timer_of(l)->deadline_tsc - deadline_tsc) > 0)
			break;
	/* Before the first one that is later. */
	list_add_tail(&t->link, l);
}

void timer_cancel(struct vp_timer *t)
{
	list_del(&t->link);
}

void timer_run(struct cpu *cpu)
{
	while (!list_empty(&cpu->timers)) {
		struct vp_timer *t = timer_of(cpu->timers.next);

		if ((s64)(rdtsc() - t->deadline_tsc) < 0)
			return;
		list_del(&t->link);
		t->expire(t);
	}
}

u64 timer_next(const struct cpu *cpu)
{
	return list_empty(&cpu->timers) ? ~0ULL : timer_of(cpu->timers.next)->deadline_tsc;
}

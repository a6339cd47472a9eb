// SPDX-License-Identifier: GPL-2.0
/* The choice of the next event. Pure. */
#include "event.h"

static enum event first_event(const struct event_view *v)
{
	if (v->busy)
		return EVENT_NONE;
	if (v->exception)
		return EVENT_EXCEPTION;
	/* The entry doesn't restore the shadow (QEMU): nothing may be injected into it. */
	if (v->shadow)
		return EVENT_NONE;
	if (v->nmi && !v->nmi_masked)
		return EVENT_NMI;
	if (!v->interrupts)
		return EVENT_NONE;
	if (v->external)
		return EVENT_EXTERNAL;
	return v->fixed ? EVENT_FIXED : EVENT_NONE;
}

struct event_choice event_choose(const struct event_view *v)
{
	struct event_choice c = { .event = first_event(v) };
	bool maskable;

	/* A fixed one that goes in keeps the next one back until its EOI, which exits. */
	maskable = (v->external && c.event != EVENT_EXTERNAL) ||
		   (v->fixed && c.event != EVENT_FIXED);
	/* A V_IRQ in the shadow would end the run in the shadow, for ever. */
	c.window = maskable && !v->shadow;
	c.soon = maskable && v->shadow;
	/* A masked NMI waits for the IRET. */
	if (v->nmi && !v->nmi_masked && c.event != EVENT_NMI)
		c.soon = true;
	c.tpr = v->below_tpr;
	return c;
}

// SPDX-License-Identifier: GPL-2.0
/* Before a child is entered: its events, and what the parent is to hear of them instead. */
#include "../lib/lib.h"
#include "../vm/event.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

#define OPCODE_HLT	0xf4
#define HLT_LENGTH	1

static void deliverable(struct vp *vp)
{
	struct deliverable_intercept *m = (void *)(vp->message + sizeof(struct message_head));

	intercept_header(vp, 0, ACCESS_EXECUTE);
	m->type = vp->deliverable;
	intercept_raise(vp, MESSAGE_DELIVERABLE, sizeof(*m));
}

/*
 * It was stopped between its STI and HLT. An interrupt that is taken before the HLT is slept over,
 * and no entry restores the shadow: let the HLT be done already.
 */
static void keep_sti_hlt_together(struct vp *vp)
{
	u8 code;

	if (!vp->lapic || !(vp->vmcb->int_state & INT_STATE_SHADOW) || vp->vmcb->cpl ||
	    vp->vmcb->eventinj & EVENTINJ_VALID)
		return;
	if (!guest_fetch(vp, &code, 1) || code != OPCODE_HLT)
		return;
	child_skip(vp, HLT_LENGTH);
	vp->halted = true;
}

bool serve_child_entry(struct vp *vp)
{
	keep_sti_hlt_together(vp);
	switch (event_prepare(vp)) {
	case EVENT_ENTER:
		return true;
	case EVENT_NOTIFY:
		deliverable(vp);
		return false;
	case EVENT_WAIT:
		break;
	}
	return false;
}

bool child_sipi(struct vp *vp, struct vp *target, u8 vector)
{
	struct sipi_intercept *m = (void *)(vp->message + sizeof(struct message_head));

	/* It has another message to give: the SIPI goes its usual way. */
	if (vp->intercept_suspend)
		return false;
	intercept_header(vp, 0, ACCESS_WRITE);
	m->target_vp = target->index;
	m->vector = vector;
	intercept_raise(vp, MESSAGE_SIPI, sizeof(*m));
	return true;
}

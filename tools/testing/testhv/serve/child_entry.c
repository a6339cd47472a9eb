// SPDX-License-Identifier: GPL-2.0
/* Before a child is entered: its events, and what the parent is to hear of them instead. */
#include "../lib/lib.h"
#include "../vm/event.h"
#include "../vm/vp.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

static void deliverable(struct vp *vp)
{
	struct deliverable_intercept *m = (void *)(vp->message + sizeof(struct message_head));

	intercept_header(vp, 0, ACCESS_EXECUTE);
	m->type = vp->deliverable;
	intercept_raise(vp, MESSAGE_DELIVERABLE, sizeof(*m));
}

bool serve_child_entry(struct vp *vp)
{
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

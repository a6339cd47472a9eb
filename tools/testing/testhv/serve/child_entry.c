// SPDX-License-Identifier: GPL-2.0
/* Before a child is entered: its events, and what the parent is to hear of them instead. */
#include "../lib/lib.h"
#include "../vm/event.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "message.h"
#include "serve.h"

#define OPCODE_NOP	0x90
#define OPCODE_HLT	0xf4
#define NOP_LENGTH	1
#define HLT_LENGTH	1

static void deliverable(struct vp *vp)
{
	struct deliverable_intercept *m = (void *)(vp->message + sizeof(struct message_head));

	intercept_header(vp, 0, ACCESS_EXECUTE);
	m->type = vp->deliverable;
	intercept_raise(vp, MESSAGE_DELIVERABLE, sizeof(*m));
}

/*
 * It was stopped in the shadow of its STI, and no entry restores that. An interrupt that is taken
 * before a HLT would be slept over; one that comes later than behind a NOP may miss its window
 * (STI, NOP, CLI). So let what usually stands there be done already.
 */
static void finish_shadow(struct vp *vp)
{
	u8 code;

	if (!(vp->vmcb->int_state & INT_STATE_SHADOW) || vp->vmcb->eventinj & EVENTINJ_VALID)
		return;
	if (!guest_fetch(vp, &code, 1))
		return;
	if (code == OPCODE_NOP) {
		child_skip(vp, NOP_LENGTH);
	} else if (code == OPCODE_HLT && vp->lapic && !vp->vmcb->cpl) {
		child_skip(vp, HLT_LENGTH);
		vp->halted = true;
	}
}

bool serve_child_entry(struct vp *vp)
{
	finish_shadow(vp);
	/* The step that this was is the parent's to know. */
	if (vp->intercept_suspend)
		return false;
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

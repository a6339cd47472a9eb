// SPDX-License-Identifier: GPL-2.0
/*
 * Messages to the SINTs of child VPs. The guest frees a slot without a lock, as the root does with
 * its own (synic.c): testhv sets msg_pending, then looks at the type again.
 */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "child_synic.h"
#include "hv.h"
#include "lapic.h"
#include "stimer.h"
#include "vp.h"

#define ENABLE		BIT(0)
#define PENDING		0x01

/* A slot of the message page (TLFS, 11.8.2). */
struct slot {
	u32 type;
	u8 size, flags;
	u16 reserved;
	u64 sender;
	u8 payload[240];
};

static_assert(sizeof(struct slot) == 256, "a slot");

static bool claim(struct slot *s)
{
	if (!__atomic_load_n(&s->type, __ATOMIC_ACQUIRE))
		return true;
	__atomic_fetch_or(&s->flags, PENDING, __ATOMIC_SEQ_CST);
	/* Pairs with the guest's barrier between freeing the slot and looking at msg_pending. */
	mb();
	return !__atomic_load_n(&s->type, __ATOMIC_ACQUIRE);
}

static void raise(struct vp *vp, u64 sint)
{
	u8 vector = sint & SINT_VECTOR;

	if (sint & (SINT_MASKED | SINT_POLLING) || !vp->lapic)
		return;
	if (sint & SINT_AUTO_EOI)
		lapic_auto_eoi_raise(vp, vector);
	else
		lapic_raise(vp, vector, false);
}

bool child_synic_post(struct vp *vp, u32 sint, const struct sint_message *m)
{
	struct vp_hv *hv = vp->hv;
	struct slot *s = (struct slot *)hv->message_page.page + sint;

	if (!hv->message_page.page || !(hv->scontrol & ENABLE) || !(hv->simp & ENABLE))
		return false;
	if (!claim(s))
		return false;
	s->size = m->size;
	s->flags = m->more ? PENDING : 0;
	s->reserved = 0;
	s->sender = m->sender;
	memset(s->payload, 0, sizeof(s->payload));
	memcpy(s->payload, m->payload, m->size);
	/* The type makes the message valid, so it comes last. */
	__atomic_store_n(&s->type, m->type, __ATOMIC_RELEASE);
	raise(vp, hv->sint[sint]);
	return true;
}

void child_synic_eoi(struct vp *vp, u8 vector)
{
	for (unsigned int i = 0; i < HV_SINTS; i++)
		if ((vp->hv->sint[i] & SINT_VECTOR) == vector)
			stimer_rescan(vp);
}

// SPDX-License-Identifier: GPL-2.0
/* A child's stores that are doorbells: carried out here, so that the VP goes on. */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../svm/svm.h"
#include "../vm/event_ring.h"
#include "../vm/insn.h"
#include "../vm/mmio.h"
#include "../vm/port.h"
#include "../vm/slat.h"
#include "../vm/vp.h"
#include "guest.h"
#include "intercept.h"
#include "serve.h"

/*
 * The instruction at RIP, if it is a plain store of which nothing but the @gpa is missing. What
 * reads as well is the parent's, who knows what is there to be read.
 */
static bool find_store(struct vp *vp, u64 gpa, struct insn *insn, struct mmio_insn *store)
{
	u8 bytes[INSN_MAX_LENGTH], count = guest_fetch(vp, bytes, sizeof(bytes));
	u64 offset = gpa & ~PAGE_MASK;
	struct insn_context context;

	guest_insn_context(vp, &context, bytes, count);
	if (!insn_decode(&context, insn) || !mmio_decode(&context, insn->length, store))
		return false;
	if (!mmio_writes(store) || mmio_reads(store) || insn->operands != 1)
		return false;
	/* One that begins on the page before, or goes on behind this one, is two accesses. */
	return (insn->linear[0] & ~PAGE_MASK) == offset && offset + store->size <= PAGE_SIZE;
}

bool child_doorbell(struct vp *vp)
{
	u64 info = vp->vmcb->exitinfo1, gpa = vp->vmcb->exitinfo2, value;
	struct connection *connection;
	struct mmio_insn store;
	struct insn insn;

	/* A store of an event that is being delivered is not the instruction's. */
	if (vp->vmcb->eventinj & EVENTINJ_VALID)
		return false;
	if (info & (NPF_FETCH | NPF_WALK) || !(info & NPF_WRITE) ||
	    !doorbell_at(vp->partition, gpa) ||
	    slat_check(vp->partition, gpa, SLAT_WRITE) != SLAT_UNMAPPED ||
	    !find_store(vp, gpa, &insn, &store))
		return false;
	value = store.immediate ? store.value : *guest_register(vp, store.reg);
	connection = doorbell_match(vp->partition, gpa, store.size, mmio_register(&store, value));
	if (!connection)
		return false;
	counters[CNT_DOORBELLS]++;
	child_skip(vp, insn.length);
	event_ring_post(connection->port, vp->home);
	return true;
}

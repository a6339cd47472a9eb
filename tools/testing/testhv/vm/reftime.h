/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reference time of a child partition: 100 ns units since its creation, by one formula for the
 * MSR and for the page that its guest reads (TLFS, 12.7): ((TSC * scale) >> 64) + offset. The TSC
 * is the guest's, with one offset for all VPs. Protected by the big lock.
 */
#ifndef TESTHV_REFTIME_H
#define TESTHV_REFTIME_H

#include "../lib/types.h"

struct partition;
struct vp;

struct reftime {
	u64 tsc_offset;		/* guest's TSC less the processor's, in all VPs */
	u64 scale;
	s64 offset;
	u32 sequence;		/* last one published */
	bool apart;		/* a VP has a TSC of its own: the page isn't valid for it */
	bool frozen;
	u64 frozen_at;		/* reference time meanwhile */
};

/* HV_REFERENCE_TSC_PAGE */
struct reftime_page {
	u32 sequence, reserved;
	u64 scale;
	s64 offset;
};

#define REFTIME_INVALID		0u	/* a sequence that says: read the MSR */
#define REFTIME_RESERVED	0xffffffffu

void reftime_init(struct partition *p);
u64 reftime_now(const struct partition *p);
/* Let the time be @now from now on (a VMM restores a partition). */
void reftime_set(struct partition *p, u64 now);
/* Stop it, or let it go on where it stopped (property TIME_FREEZE). */
void reftime_freeze(struct partition *p, bool freeze);

/*
 * A VMM sets the TSC of a VP. Before the partition's first run it is that of all VPs; later, what
 * is nearly the common one or 0 before the VP's own first run means the common one.
 */
void reftime_set_tsc(struct vp *vp, u64 value);
/* The guest sets it, of one VP alone. */
void reftime_guest_tsc(struct vp *vp, u64 value);
/* TSC of the processor when the reference time will be @time, for a timer. */
u64 reftime_to_tsc(const struct partition *p, u64 time);

#endif

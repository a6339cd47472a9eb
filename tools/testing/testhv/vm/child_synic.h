/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages to the SINTs of a child VP (TLFS, 11.8). What can't be delivered yet stays with its
 * sender, which is asked again (stimer_rescan()) whenever a slot may have become free.
 */
#ifndef TESTHV_CHILD_SYNIC_H
#define TESTHV_CHILD_SYNIC_H

#include "../lib/types.h"

struct vp;

#define SINT_VECTOR	0xffu
#define SINT_MASKED	BIT(16)
#define SINT_AUTO_EOI	BIT(17)
#define SINT_POLLING	BIT(18)

struct sint_message {
	u32 type;
	u8 size;		/* of the payload */
	u64 sender;
	const void *payload;
	bool more;		/* another one waits for the same slot */
};

/*
 * Put @m into the slot of @sint and raise its interrupt. False: the slot is full, and its reader
 * is told so, or the SynIC is off.
 */
bool child_synic_post(struct vp *vp, u32 sint, const struct sint_message *m);
/* A vector's service is over: what waits for a slot whose interrupt it is may go on. */
void child_synic_eoi(struct vp *vp, u8 vector);

#endif

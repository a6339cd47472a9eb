/* SPDX-License-Identifier: GPL-2.0 */
/* Misbehaviour that the test window orders (serve/window.c), for the rooms that obey. */
#ifndef TESTHV_FAULTS_H
#define TESTHV_FAULTS_H

#include "../lib/types.h"

struct faults {
	u64 delay_us;		/* of each intercept message */
	bool set_pending;	/* msg_pending, though nothing waits */
	bool no_purge;		/* FINALIZE leaves the messages of its VPs in their queues */
};

extern struct faults faults;

#endif

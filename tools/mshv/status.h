/* SPDX-License-Identifier: GPL-2.0 */
/* How mshv-vmm ends: with the guest's exit code, 0 if it just halts, or with one of these. */
#ifndef TOOLS_MSHV_STATUS_H
#define TOOLS_MSHV_STATUS_H

#define STATUS_GO_ON		-1	/* it doesn't */
#define STATUS_FAILED		120	/* bad options, or something was refused */
#define STATUS_UNHANDLED	121	/* an exit that the VMM doesn't handle */
#define STATUS_WRONG		122	/* guest64 or the VMM found a wrong answer */
#define STATUS_RESET		123	/* the guest resets its machine */
#define STATUS_TIMEOUT		124	/* --timeout */
#define STATUS_INTERRUPTED	130	/* Ctrl-C */

#endif

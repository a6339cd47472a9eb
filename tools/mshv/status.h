/* SPDX-License-Identifier: GPL-2.0 */
/* How mshv-vmm ends: with the guest's own exit code, 0 when it just halts, or with one of these. */
#ifndef TOOLS_MSHV_STATUS_H
#define TOOLS_MSHV_STATUS_H

#define STATUS_FAILED		120	/* bad options, or the driver or the system refused something */
#define STATUS_UNHANDLED	121	/* an exit that the VMM doesn't handle */
#define STATUS_WRONG		122	/* guest64 or the VMM found a wrong answer */
#define STATUS_INTERRUPTED	130	/* Ctrl-C */

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a run ends: the value for QEMU's isa-debug-exit device, whose exit status is twice that and
 * one.
 */
#ifndef TESTHV_LOG_H
#define TESTHV_LOG_H

#include "../lib/types.h"

enum run_end {
	END_CLEAN = 0x10,	/* 33 */
	END_LEAK = 0x11,	/* 35 */
	END_PANIC = 0x12,	/* 37 */
};

void leave_qemu(enum run_end end) __noreturn;

#endif

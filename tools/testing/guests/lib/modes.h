/* SPDX-License-Identifier: GPL-2.0 */
/* Code for other modes: each adds 1 to TPR once or twice, and returns where it came from, far. */
#ifndef GUESTS_MODES_H
#define GUESTS_MODES_H

/* 16-bit code must be copied below 64 KiB. */
extern const char modes_32[], modes_16[], modes_16_end[];

#endif

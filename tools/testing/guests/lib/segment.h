/* SPDX-License-Identifier: GPL-2.0 */
/* The segments, in a table a processor. */
#ifndef GUESTS_SEGMENT_H
#define GUESTS_SEGMENT_H

#define SEGMENT_CODE		0x08
#define SEGMENT_DATA		0x10
#define SEGMENT_CODE32		0x18
#define SEGMENT_CODE16		0x20
#define SEGMENT_USER_DATA	0x2b
#define SEGMENT_USER_CODE	0x33
#define SEGMENT_TASK		0x38

#ifndef __ASSEMBLER__

#include <stdint.h>

struct task {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t interrupt_stack[7];	/* 1 is the first */
	uint64_t reserved2;
	uint16_t reserved3, io_map;
} __attribute__((packed));

struct segments {
	uint64_t descriptor[9];
	struct task task;
	uint8_t interrupt_stack[4096] __attribute__((aligned(16)));
	uint8_t ring0_stack[4096];	/* for who comes from ring 3 */
};

/* Fills @segments and loads them on this processor. */
void segment_load(struct segments *segments);

#endif
#endif

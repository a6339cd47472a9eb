// SPDX-License-Identifier: GPL-2.0
/* The segments. */
#include "segment.h"

void segment_load(struct segments *segments)
{
	uint64_t task = (uint64_t)&segments->task;
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} pointer = { sizeof(segments->descriptor) - 1, (uint64_t)segments->descriptor };

	*segments = (struct segments){
		.descriptor = {
			0,
			0x00af9b000000ffff,	/* 64-bit code */
			0x00cf93000000ffff,	/* data */
			0x00cf9b000000ffff,	/* 32-bit code */
			0x008f9b000000ffff,	/* 16-bit code, 4 GiB of it */
			0x00cff3000000ffff,	/* data of ring 3 */
			0x00affb000000ffff,	/* 64-bit code of ring 3 */
			0x0000890000000000 | (task & 0xffffff) << 16 | (task >> 24 & 0xff) << 56 |
				(sizeof(struct task) - 1),
			task >> 32,
		},
		.task = {
			.rsp = { (uint64_t)&segments->ring0_stack[4096] },
			.interrupt_stack = { (uint64_t)&segments->interrupt_stack[4096] },
			.io_map = sizeof(struct task),
		},
	};
	asm volatile("lgdt %0\n\t"
		     "push %1\n\t"
		     "lea 1f(%%rip), %%rax\n\t"
		     "push %%rax\n\t"
		     "lretq\n"
		     "1:\tmov %w2, %%ds\n\t"
		     "mov %w2, %%es\n\t"
		     "mov %w2, %%ss\n\t"
		     "ltr %w3"
		     : : "m"(pointer), "i"(SEGMENT_CODE), "r"(SEGMENT_DATA), "r"(SEGMENT_TASK)
		     : "rax", "memory");
}

// SPDX-License-Identifier: GPL-2.0
/* The IDT. */
#include <stddef.h>

#include "cpu.h"
#include "fault.h"
#include "segment.h"
#include "test.h"

#define INTERRUPT_GATE	0x8e

struct gate fault_idt[256] __attribute__((aligned(4096)));
static handler handlers[256];

void fault_init(void)
{
	unsigned int vector;

	for (vector = 0; vector < 256; vector++) {
		uint64_t entry = (uint64_t)fault_entries[vector];

		fault_idt[vector] = (struct gate){
			.offset_low = entry, .selector = SEGMENT_CODE, .type = INTERRUPT_GATE,
			.offset_middle = entry >> 16, .offset_high = entry >> 32,
		};
	}
	fault_stack(FAULT_DF, 1);
}

void fault_load(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} pointer = { sizeof(fault_idt) - 1, (uint64_t)fault_idt };

	asm volatile("lidt %0" : : "m"(pointer));
}

void fault_stack(uint8_t vector, unsigned int stack)
{
	fault_idt[vector].stack = stack;
}

handler fault_handler(uint8_t vector, handler new)
{
	handler before = handlers[vector];

	handlers[vector] = new;
	return before;
}

static const struct fixup *find(uint64_t rip)
{
	const struct fixup *fixup;

	for (fixup = fixups_begin; fixup < fixups_end; fixup++) {
		if (fixup->at == rip)
			return fixup;
	}
	return NULL;
}

void fault_enter(struct frame *frame)
{
	const struct fixup *fixup = frame->vector < 32 ? find(frame->rip) : NULL;

	if (handlers[frame->vector]) {
		handlers[frame->vector](frame);
		return;
	}
	if (!fixup || frame->vector == FAULT_NMI)
		die("vector %lu, error 0x%lx, RIP 0x%lx, CS 0x%lx, RSP 0x%lx, CR2 0x%lx",
		    frame->vector, frame->error, frame->rip, frame->cs, frame->rsp, read_cr2());
	frame->r10 = frame->error;
	frame->r11 = frame->vector;
	frame->rip = fixup->next;
}

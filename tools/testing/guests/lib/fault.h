/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IDT. An exception at an instruction within ATTEMPT() (cpu.h) goes on behind it; else a
 * handler is called; without one the run ends.
 */
#ifndef GUESTS_FAULT_H
#define GUESTS_FAULT_H

#include <stdint.h>

/* What entry.S saves, upwards from its stack pointer. */
struct frame {
	uint64_t rax, rcx, rdx, rbx, rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

typedef void (*handler)(struct frame *frame);

/* The entries, 16 bytes apart, so that the IDT can be computed. */
extern const char fault_entries[256][16];

/* Fills the IDT, which all processors share, and loads it on this one. */
void fault_init(void);
void fault_load(void);

/* One of @vector's gate uses interrupt stack 1 if @stack is 1, the present one if 0. */
void fault_stack(uint8_t vector, unsigned int stack);

/* NULL: none. A handler of an interrupt sends the EOI itself. Returns: the one before. */
handler fault_handler(uint8_t vector, handler new);

/* Called by entry.S. */
void fault_enter(struct frame *frame);

/* What ATTEMPT() leaves in .fixups. */
struct fixup {
	uint64_t at, next;
};

extern const struct fixup fixups_begin[], fixups_end[];

/* The IDT itself, for those who want to move or spoil it. */
struct gate {
	uint16_t offset_low, selector;
	uint8_t stack, type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
};

extern struct gate fault_idt[256];

#endif

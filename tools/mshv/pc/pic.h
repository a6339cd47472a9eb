/* SPDX-License-Identifier: GPL-2.0 */
/* The two interrupt controllers of a PC, the second behind input 2 of the first. */
#ifndef TOOLS_MSHV_PC_PIC_H
#define TOOLS_MSHV_PC_PIC_H

#include <stdbool.h>
#include <stdint.h>

struct pic_chip {
	uint8_t requested, served, mask, levels, base;
	uint8_t level_triggered;	/* edge/level control */
	unsigned int init;		/* the initialization word that comes next; 0: none */
	bool init4, auto_eoi, read_served;
};

struct pic {
	struct pic_chip chip[2];
};

/* @port: 0x20, 0x21, 0xa0, 0xa1, 0x4d0 or 0x4d1. */
uint8_t pic_read(const struct pic *pic, uint16_t port);
void pic_write(struct pic *pic, uint16_t port, uint8_t value);

void pic_set(struct pic *pic, unsigned int irq, bool level);

/* Returns: whether the processor is asked for an interrupt. */
bool pic_pending(const struct pic *pic);

/* The processor takes it. Returns: its vector. */
uint8_t pic_acknowledge(struct pic *pic);

#endif

// SPDX-License-Identifier: GPL-2.0
/* An interrupt controller (Intel 8259A): fully nested, edges only, initialized by four words. */
#include "devices.h"

#define NOTHING		8
#define ICW1		0x10
#define ICW4_AUTO_EOI	0x02
#define OCW3		0x08
#define OCW3_READ	0x02
#define OCW3_SERVED	0x01
#define OCW2_EOI	0x20
#define OCW2_SPECIFIC	0x40

static unsigned int lowest(uint8_t bits)
{
	return bits ? __builtin_ctz(bits) : NOTHING;
}

/* Returns: the input that the PIC wants served now, or NOTHING. */
static unsigned int wanted(const struct pic *pic)
{
	unsigned int input = lowest(pic->requested & ~pic->mask);

	if (pic->init)			/* it has no vectors yet */
		return NOTHING;
	return input < lowest(pic->served) ? input : NOTHING;
}

static void update(const struct pic *pic)
{
	wire_set(&pic->output, wanted(pic) != NOTHING);
}

void pic_set(void *context, unsigned int input, bool level)
{
	struct pic *pic = context;
	uint8_t bit = 1u << input;

	if (!level)
		pic->requested &= ~bit;
	else if (!(pic->levels & bit))
		pic->requested |= bit;
	pic->levels = level ? pic->levels | bit : pic->levels & ~bit;
	update(pic);
}

static uint8_t acknowledge(struct pic *pic)
{
	unsigned int input = wanted(pic);

	if (input == NOTHING)
		return pic->base + 7;	/* spurious */
	if (!pic->auto_eoi)
		pic->served |= 1u << input;
	pic->requested &= ~(1u << input);
	wire_set(&pic->output, false);
	return pic->base + input;
}

uint8_t pic_acknowledge(struct pic pic[2])
{
	uint8_t vector = acknowledge(&pic[0]);

	return vector == pic[0].base + PIC_CASCADE ? acknowledge(&pic[1]) : vector;
}

static void write_command(struct pic *pic, uint8_t value)
{
	if (value & ICW1) {
		*pic = (struct pic){
			.output = pic->output, .levels = pic->levels, .init = 2,
		};
	} else if (value & OCW3) {
		if (value & OCW3_READ)
			pic->read_served = value & OCW3_SERVED;
	} else if (value & OCW2_EOI) {
		if (value & OCW2_SPECIFIC)
			pic->served &= ~(1u << (value & 7));
		else
			pic->served &= pic->served - 1;
	}
}

static void write_data(struct pic *pic, uint8_t value)
{
	switch (pic->init) {
	case 0:
		pic->mask = value;
		return;
	case 2:
		pic->base = value & 0xf8;
		break;
	case 4:				/* the third is known: how they are wired */
		pic->auto_eoi = value & ICW4_AUTO_EOI;
		break;
	}
	pic->init = (pic->init + 1) % 5;
}

uint32_t pic_read(void *context, uint16_t port, unsigned int size)
{
	const struct pic *pic = context;

	if (port)
		return pic->mask;
	return pic->read_served ? pic->served : pic->requested;
}

void pic_write(void *context, uint16_t port, unsigned int size, uint32_t value)
{
	struct pic *pic = context;

	if (port)
		write_data(pic, value);
	else
		write_command(pic, value);
	update(pic);
}

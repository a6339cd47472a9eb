// SPDX-License-Identifier: GPL-2.0
/* The two interrupt controllers of a PC (Intel 8259A), in fully nested mode. */
#include "pic.h"

#define CASCADE		2
#define NOTHING		8
#define ICW1		0x10
#define ICW1_ICW4	0x01
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

/* Returns: the input that a chip wants served now, or NOTHING. */
static unsigned int wanted(const struct pic_chip *chip)
{
	unsigned int input = lowest(chip->requested & ~chip->mask);

	if (chip->init)			/* it has no vectors yet */
		return NOTHING;
	return input < lowest(chip->served) ? input : NOTHING;
}

static void set_input(struct pic_chip *chip, unsigned int input, bool level)
{
	uint8_t bit = 1u << input;

	if (level && (chip->level_triggered & bit || !(chip->levels & bit)))
		chip->requested |= bit;
	if (!level)
		chip->requested &= ~bit;
	chip->levels = level ? chip->levels | bit : chip->levels & ~bit;
}

static void cascade(struct pic *pic)
{
	set_input(&pic->chip[0], CASCADE, wanted(&pic->chip[1]) != NOTHING);
}

void pic_set(struct pic *pic, unsigned int irq, bool level)
{
	set_input(&pic->chip[irq / 8], irq % 8, level);
	cascade(pic);
}

bool pic_pending(const struct pic *pic)
{
	return wanted(&pic->chip[0]) != NOTHING;
}

static uint8_t acknowledge(struct pic_chip *chip)
{
	unsigned int input = wanted(chip);

	if (input == NOTHING)
		return chip->base + 7;	/* spurious */
	if (!chip->auto_eoi)
		chip->served |= 1u << input;
	if (!(chip->level_triggered >> input & 1))
		chip->requested &= ~(1u << input);
	return chip->base + input;
}

uint8_t pic_acknowledge(struct pic *pic)
{
	uint8_t vector = acknowledge(&pic->chip[0]);

	if (vector == pic->chip[0].base + CASCADE)
		vector = acknowledge(&pic->chip[1]);
	cascade(pic);
	return vector;
}

static void write_command(struct pic_chip *chip, uint8_t value)
{
	if (value & ICW1) {
		*chip = (struct pic_chip){
			.levels = chip->levels, .level_triggered = chip->level_triggered,
			.init = 2, .init4 = value & ICW1_ICW4,
		};
	} else if (value & OCW3) {
		if (value & OCW3_READ)
			chip->read_served = value & OCW3_SERVED;
	} else if (value & OCW2_EOI) {
		uint8_t done = value & OCW2_SPECIFIC ? 1u << (value & 7) :
						       chip->served & -chip->served;

		chip->served &= ~done;
		chip->requested |= chip->levels & chip->level_triggered & done;
	}
}

static void write_data(struct pic_chip *chip, uint8_t value)
{
	switch (chip->init) {
	case 2:
		chip->base = value & 0xf8;
		chip->init = 3;
		break;
	case 3:				/* how they are wired is known */
		chip->init = chip->init4 ? 4 : 0;
		break;
	case 4:
		chip->auto_eoi = value & ICW4_AUTO_EOI;
		chip->init = 0;
		break;
	default:
		chip->mask = value;
	}
}

uint8_t pic_read(const struct pic *pic, uint16_t port)
{
	const struct pic_chip *chip = &pic->chip[port >> 7 & 1];

	if (port >> 8)
		return pic->chip[port & 1].level_triggered;
	if (port & 1)
		return chip->mask;
	return chip->read_served ? chip->served : chip->requested;
}

void pic_write(struct pic *pic, uint16_t port, uint8_t value)
{
	struct pic_chip *chip = &pic->chip[port >> 7 & 1];

	if (port >> 8)			/* timer, keyboard, cascade and clock are always edges */
		pic->chip[port & 1].level_triggered = value & (port & 1 ? 0xde : 0xf8);
	else if (port & 1)
		write_data(chip, value);
	else
		write_command(chip, value);
	cascade(pic);
}

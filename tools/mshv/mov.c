// SPDX-License-Identifier: GPL-2.0
/* Decodes MOV (opcodes 88 to 8B, and A0 to A3). */
#include <string.h>

#include "mov.h"

struct prefixes {
	bool data, address;
	uint8_t rex;
	unsigned int length;
};

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || byte == 0x26 || byte == 0x2e || byte == 0x36 ||
	       byte == 0x3e || byte == 0x64 || byte == 0x65;
}

static struct prefixes prefixes(const uint8_t *bytes, unsigned int count, unsigned int bits)
{
	struct prefixes found = { 0 };

	while (found.length < count && is_prefix(bytes[found.length])) {
		found.data |= bytes[found.length] == 0x66;
		found.address |= bytes[found.length] == 0x67;
		found.length++;
	}
	if (bits == 64 && found.length < count && (bytes[found.length] & 0xf0) == 0x40)
		found.rex = bytes[found.length++];
	return found;
}

/* Returns: how many bytes ModRM, SIB and displacement take; 0 if the operand is no memory. */
static unsigned int operand_length(const uint8_t *modrm, unsigned int address_bits)
{
	unsigned int mode = modrm[0] >> 6, rm = modrm[0] & 7, length = 1;

	if (mode == 3)
		return 0;
	if (address_bits == 16)
		return length + (mode == 2 || (mode == 0 && rm == 6) ? 2 : mode);
	if (rm == 4) {
		length++;
		if (mode == 0 && (modrm[1] & 7) == 5)
			return length + 4;
	}
	if (mode == 2 || (mode == 0 && rm == 5))
		return length + 4;
	return length + mode;
}

int mov_decode(const uint8_t *bytes, unsigned int count, unsigned int bits, struct mov *mov)
{
	struct prefixes prefix = prefixes(bytes, count, bits);
	unsigned int at = prefix.length, operand = 0, address_bits = bits;
	uint8_t code[24] = { 0 }, opcode;

	if (count > 15)
		count = 15;
	if (count < at + 2)
		return -1;
	memcpy(code, bytes, count);	/* a SIB byte may be looked at behind the end */
	opcode = code[at];
	if (prefix.address)
		address_bits = bits == 32 ? 16 : 32;
	if ((opcode & 0xfc) == 0x88) {
		operand = operand_length(code + at + 1, address_bits);
		mov->store = !(opcode & 2);
		mov->reg = (code[at + 1] >> 3 & 7) | (prefix.rex & 4) << 1;
	} else if ((opcode & 0xfc) == 0xa0) {
		operand = address_bits / 8;	/* the address itself */
		mov->store = opcode & 2;
		mov->reg = 0;
	}
	mov->length = at + 1 + operand;
	if (!operand || mov->length > count)
		return -1;

	if (!(opcode & 1)) {
		mov->size = 1;
		if (!prefix.rex && mov->reg > 3)	/* AH, CH, DH, BH */
			return -1;
	} else if (prefix.rex & 8) {
		mov->size = 8;
	} else {
		mov->size = (bits == 16) != prefix.data ? 2 : 4;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Decodes INS and OUTS (opcodes 6C to 6F) and MOV (88 to 8B, and A0 to A3). */
#include <asm/processor-flags.h>
#include <string.h>
#include <sys/param.h>

#include "instruction.h"

#define LENGTH_MAX	15

/* Returns: how many bytes ModRM, SIB and displacement take; 0 if the operand is no memory. */
static unsigned int operand_length(const uint8_t *modrm, unsigned int address_size)
{
	unsigned int mode = modrm[0] >> 6, rm = modrm[0] & 7;
	bool sib = address_size > 2 && rm == 4;

	if (mode == 3)
		return 0;
	if (address_size == 2)
		return 1 + (mode == 2 || (mode == 0 && rm == 6) ? 2 : mode);
	if (sib)
		rm = modrm[1] & 7;
	return 1 + sib + (mode == 2 || (mode == 0 && rm == 5) ? 4 : mode);
}

int instruction_decode(const uint8_t *bytes, unsigned int count, unsigned int bits,
		       struct instruction *found)
{
	static const uint8_t overrides[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 };
	uint8_t code[LENGTH_MAX + 3] = { 0 };	/* ModRM and SIB are looked at behind the end */
	unsigned int at, operand = 0;
	const uint8_t *override;
	uint8_t rex = 0, opcode;
	bool data = false;

	*found = (struct instruction){ .segment = HV_X64_REGISTER_DS, .address_size = bits / 8 };
	count = MIN(count, LENGTH_MAX);
	memcpy(code, bytes, count);
	for (at = 0; at < count; at++) {
		override = memchr(overrides, code[at], sizeof(overrides));
		if (override)
			found->segment = HV_X64_REGISTER_ES + (override - overrides);
		else if (code[at] == 0x66)
			data = true;
		else if (code[at] == 0x67)
			found->address_size = bits == 32 ? 2 : 4;
		else if (code[at] != 0xf2 && code[at] != 0xf3)
			break;
	}
	if (bits == 64 && (code[at] & 0xf0) == 0x40)
		rex = code[at++];
	opcode = code[at++];
	found->store = !(opcode & 2);
	switch (opcode & 0xfc) {
	case 0x6c:
		found->string = true;
		if (found->store)	/* INS writes to ES, whatever the prefixes say */
			found->segment = HV_X64_REGISTER_ES;
		break;
	case 0x88:
		found->reg = (code[at] >> 3 & 7) | (rex & 4) << 1;
		operand = operand_length(code + at, found->address_size);
		break;
	case 0xa0:
		found->store = opcode & 2;
		operand = found->address_size;	/* the address itself */
		break;
	default:
		return -1;
	}
	found->length = at + operand;
	found->size = !(opcode & 1) ? 1 : rex & 8 ? 8 : (bits == 16) != data ? 2 : 4;
	if (found->length > count || (!operand && !found->string))
		return -1;
	/* AH, CH, DH and BH aren't emulated. */
	return found->size == 1 && !rex && found->reg > 3 ? -1 : 0;
}

int instruction_string(struct mshv_hv_x64_io_port_intercept_message *io, unsigned int address_size,
		       const struct linear *linear, struct ports *ports)
{
	bool out = io->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE;
	unsigned int size = io->access_info.access_size;
	int64_t step = io->header.rflags & X86_EFLAGS_DF ? -(int64_t)size : size;
	__u64 *index = out ? &io->rsi : &io->rdi;
	uint32_t element;

	while (!io->access_info.rep_prefix || ports_cut(io->rcx, address_size)) {
		element = out ? 0 : ports_read(ports, io->port_number, size);
		if (linear_copy(linear, ports_cut(*index, address_size), &element, size,
				out ? LINEAR_READ : LINEAR_WRITE))
			return -1;
		if (out)
			ports_write(ports, io->port_number, size, element);
		*index = ports_merge(*index, *index + step, address_size);
		if (!io->access_info.rep_prefix)
			break;
		io->rcx = ports_merge(io->rcx, io->rcx - 1, address_size);
	}
	return 0;
}

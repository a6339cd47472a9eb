// SPDX-License-Identifier: GPL-2.0
/* INS and OUTS. */
#include "string_io.h"

#define RFLAGS_DF	0x400

static uint32_t override(uint8_t prefix)
{
	switch (prefix) {
	case 0x26: return HV_X64_REGISTER_ES;
	case 0x2e: return HV_X64_REGISTER_CS;
	case 0x36: return HV_X64_REGISTER_SS;
	case 0x3e: return HV_X64_REGISTER_DS;
	case 0x64: return HV_X64_REGISTER_FS;
	case 0x65: return HV_X64_REGISTER_GS;
	default: return 0;
	}
}

static unsigned int default_bits(const struct mshv_hv_x64_segment_register *cs)
{
	if (cs->_long)
		return 64;
	return cs->_default ? 32 : 16;
}

int string_io_decode(const struct mshv_hv_x64_io_port_intercept_message *message,
		     const uint8_t *bytes, unsigned int count, struct string_io *io)
{
	unsigned int bits = default_bits(&message->header.cs_segment);
	unsigned int i, other = bits == 32 ? 16 : 32;

	*io = (struct string_io){
		.address_bits = bits, .segment = HV_X64_REGISTER_DS,
		.rcx = message->rcx, .rsi = message->rsi, .rdi = message->rdi,
	};
	for (i = 0; i < count; i++) {
		uint8_t byte = bytes[i];

		if (byte == 0x67)
			io->address_bits = other;
		else if (override(byte))
			io->segment = override(byte);
		else if (byte != 0x66 && byte != 0xf2 && byte != 0xf3 &&
			 !(bits == 64 && (byte & 0xf0) == 0x40))
			break;
	}
	if (i >= count || (bytes[i] & 0xfc) != 0x6c)
		return -1;
	if (!(bytes[i] & 2))		/* INS writes to ES, whatever the prefixes say */
		io->segment = HV_X64_REGISTER_ES;
	return 0;
}

/* Counts @reg up by @step in the instruction's address size. */
static uint64_t add(uint64_t reg, int64_t step, unsigned int bits)
{
	if (bits == 16)
		return (reg & ~0xffffull) | ((reg + step) & 0xffff);
	return bits == 32 ? (reg + step) & 0xffffffff : reg + step;
}

static uint64_t cut(uint64_t reg, unsigned int bits)
{
	return bits == 64 ? reg : reg & ((1ull << bits) - 1);
}

int string_io_run(const struct mshv_hv_x64_io_port_intercept_message *message,
		  const struct linear *linear, struct ports *ports, struct string_io *io)
{
	unsigned int size = message->access_info.access_size;
	int64_t step = message->header.rflags & RFLAGS_DF ? -(int64_t)size : size;
	uint32_t element;

	while (!message->access_info.rep_prefix || cut(io->rcx, io->address_bits)) {
		if (message->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE) {
			element = 0;
			if (linear_read(linear, io->base + cut(io->rsi, io->address_bits),
					&element, size))
				return -1;
			ports_write(ports, message->port_number, size, element);
			io->rsi = add(io->rsi, step, io->address_bits);
		} else {
			element = ports_read(ports, message->port_number, size);
			if (linear_write(linear, io->base + cut(io->rdi, io->address_bits),
					 &element, size))
				return -1;
			io->rdi = add(io->rdi, step, io->address_bits);
		}
		if (!message->access_info.rep_prefix)
			break;
		io->rcx = add(io->rcx, -1, io->address_bits);
	}
	return 0;
}

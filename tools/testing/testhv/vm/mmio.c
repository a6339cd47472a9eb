// SPDX-License-Identifier: GPL-2.0
/* Memory operands that are device registers. */
#include "insn.h"
#include "mmio.h"

#define FLAG_CF		BIT(0)
#define FLAG_PF		BIT(2)
#define FLAG_AF		BIT(4)
#define FLAG_ZF		BIT(6)
#define FLAG_SF		BIT(7)
#define FLAG_OF		BIT(11)
#define FLAGS		(FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF)
#define REX_R		4u
#define REX_W		8u

struct opcode {
	const u8 *bytes;	/* behind it: ModRM */
	u8 byte;
	bool two;		/* of the second map */
	u8 rex;
	bool has_rex;
	u8 operand;
};

static bool is_prefix(u8 byte)
{
	return byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e || byte == 0x64 ||
	       byte == 0x65 || byte == 0x66 || byte == 0x67 || byte == 0xf0 || byte == 0xf2 ||
	       byte == 0xf3;
}

/* insn_decode() has taken it, so it ends within @length. */
static struct opcode find_opcode(const struct insn_context *c, u8 length)
{
	struct opcode o = { .operand = c->bits == 16 ? 2 : 4 };
	u8 at = 0;

	for (; at < length && is_prefix(c->bytes[at]); at++)
		if (c->bytes[at] == 0x66)
			o.operand = c->bits == 16 ? 4 : 2;
	if (at < length && c->bits == 64 && (c->bytes[at] & 0xf0) == 0x40) {
		o.rex = c->bytes[at++];
		o.has_rex = true;
	}
	if (o.rex & REX_W)
		o.operand = 8;
	if (at + 1 < length && c->bytes[at] == 0x0f) {
		o.two = true;
		at++;
	}
	if (at < length)
		o.byte = c->bytes[at++];
	o.bytes = c->bytes + at;
	return o;
}

static u64 tail_immediate(const struct insn_context *c, u8 length, u8 size)
{
	u64 v = 0;

	for (u8 i = 0; i < size; i++)
		v |= (u64)c->bytes[length - size + i] << (8 * i);
	return (u64)((s64)(v << (64 - 8 * size)) >> (64 - 8 * size));
}

static void use_register(const struct opcode *o, struct mmio_insn *insn, u8 width)
{
	insn->reg = ((o->bytes[0] >> 3) & 7) | (o->rex & REX_R ? 8 : 0);
	insn->high = width == 1 && !o->has_rex && insn->reg >= 4 && insn->reg < 8;
	if (insn->high)
		insn->reg -= 4;
	insn->width = width;
}

static bool decode_extend(const struct opcode *o, struct mmio_insn *insn)
{
	if ((o->byte & 0xf6) != 0xb6)
		return false;
	insn->op = MMIO_LOAD;
	insn->size = o->byte & 1 ? 2 : 1;
	insn->sign_extend = o->byte & 8;
	use_register(o, insn, o->operand);
	return true;
}

/* ADD to CMP with a register: 00 to 3b. */
static bool decode_arithmetic(const struct opcode *o, struct mmio_insn *insn)
{
	if (o->byte >= 0x40 || (o->byte & 7) > 3)
		return false;
	insn->op = o->byte >> 3;
	insn->to_register = o->byte & 2;
	use_register(o, insn, insn->size);
	return true;
}

static bool decode_immediate(const struct insn_context *c, u8 length, const struct opcode *o,
			     struct mmio_insn *insn)
{
	u8 extension = (o->bytes[0] >> 3) & 7, bytes = MIN(insn->size, 4);

	switch (o->byte) {
	case 0x80:
	case 0x81:
	case 0x83:
		insn->op = extension;
		if (o->byte == 0x83)
			bytes = 1;
		break;
	case 0xc6:
	case 0xc7:
		insn->op = MMIO_STORE;
		break;
	case 0xf6:
	case 0xf7:
		if (extension > 1)
			return false;
		insn->op = MMIO_TEST;
		break;
	default:
		return false;
	}
	insn->immediate = true;
	insn->value = tail_immediate(c, length, bytes);
	return true;
}

static bool decode_move(const struct opcode *o, struct mmio_insn *insn)
{
	switch (o->byte) {
	case 0x84:
	case 0x85:
		insn->op = MMIO_TEST;
		break;
	case 0x86:
	case 0x87:
		insn->op = MMIO_EXCHANGE;
		break;
	case 0x88:
	case 0x89:
		insn->op = MMIO_STORE;
		break;
	case 0x8a:
	case 0x8b:
		insn->op = MMIO_LOAD;
		break;
	case 0xa0 ... 0xa3:
		insn->op = o->byte & 2 ? MMIO_STORE : MMIO_LOAD;
		insn->width = insn->size;
		return true;
	default:
		return false;
	}
	use_register(o, insn, insn->size);
	return true;
}

bool mmio_decode(const struct insn_context *c, u8 length, struct mmio_insn *insn)
{
	struct opcode o = find_opcode(c, length);

	*insn = (struct mmio_insn){ .size = o.byte & 1 ? o.operand : 1 };
	if (o.two)
		return decode_extend(&o, insn);
	return decode_arithmetic(&o, insn) || decode_immediate(c, length, &o, insn) ||
	       decode_move(&o, insn);
}

static u64 truncate(u64 v, u8 size)
{
	return size == 8 ? v : v & (BIT(8 * size) - 1);
}

u64 mmio_register(const struct mmio_insn *insn, u64 reg)
{
	return truncate(insn->high ? reg >> 8 : reg, insn->size);
}

/* A write of 32 bits clears the upper half, one of 8 or 16 leaves the rest. */
u64 mmio_merge(const struct mmio_insn *insn, u64 reg, u64 value)
{
	u8 bits = 8 * insn->size;

	value = truncate(value, insn->size);
	if (insn->sign_extend)
		value = (u64)((s64)(value << (64 - bits)) >> (64 - bits));
	value = truncate(value, insn->width);
	if (insn->high)
		return (reg & ~0xff00ULL) | value << 8;
	if (insn->width >= 4)
		return value;
	return (reg & ~(BIT(8 * insn->width) - 1)) | value;
}

bool mmio_reads(const struct mmio_insn *insn)
{
	return insn->op != MMIO_STORE;
}

bool mmio_writes(const struct mmio_insn *insn)
{
	if (insn->op == MMIO_STORE || insn->op == MMIO_EXCHANGE)
		return true;
	return insn->op < MMIO_CMP && !insn->to_register;
}

static u64 sum_flags(u64 a, u64 b, u64 r, u64 carries)
{
	u64 flags = carries & 1 ? FLAG_CF : 0;

	flags |= (a ^ b ^ r) & FLAG_AF;
	return flags;
}

static u64 result_flags(u64 r, u8 size)
{
	u64 flags = r ? 0 : FLAG_ZF;

	flags |= r >> (8 * size - 1) ? FLAG_SF : 0;
	flags |= __builtin_parity((u8)r) ? 0 : FLAG_PF;
	return flags;
}

static u64 add(const struct mmio_insn *insn, u64 a, u64 b, bool carry, u64 *flags)
{
	unsigned int top = 8 * insn->size - 1;
	u64 r = truncate(a + b + carry, insn->size);

	*flags |= sum_flags(a, b, r, ((a & b) | ((a | b) & ~r)) >> top);
	*flags |= ((a ^ r) & (b ^ r)) >> top & 1 ? FLAG_OF : 0;
	return r;
}

static u64 subtract(const struct mmio_insn *insn, u64 a, u64 b, bool borrow, u64 *flags)
{
	unsigned int top = 8 * insn->size - 1;
	u64 r = truncate(a - b - borrow, insn->size);

	*flags |= sum_flags(a, b, r, ((~a & b) | ((~a | b) & r)) >> top);
	*flags |= ((a ^ b) & (a ^ r)) >> top & 1 ? FLAG_OF : 0;
	return r;
}

u64 mmio_compute(const struct mmio_insn *insn, u64 a, u64 b, u64 *rflags)
{
	bool carry = *rflags & FLAG_CF;
	u64 flags = 0, r = b;

	a = truncate(a, insn->size);
	b = truncate(b, insn->size);
	switch (insn->op) {
	case MMIO_ADD:
	case MMIO_ADC:
		r = add(insn, a, b, insn->op == MMIO_ADC && carry, &flags);
		break;
	case MMIO_SUB:
	case MMIO_CMP:
	case MMIO_SBB:
		r = subtract(insn, a, b, insn->op == MMIO_SBB && carry, &flags);
		break;
	case MMIO_OR:
		r = a | b;
		break;
	case MMIO_AND:
	case MMIO_TEST:
		r = a & b;
		break;
	case MMIO_XOR:
		r = a ^ b;
		break;
	case MMIO_LOAD:
	case MMIO_STORE:
	case MMIO_EXCHANGE:
		return b;
	}
	*rflags = (*rflags & ~FLAGS) | flags | result_flags(r, insn->size);
	return r;
}

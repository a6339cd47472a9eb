// SPDX-License-Identifier: GPL-2.0
/* Instructions: prefixes, opcode, ModRM, SIB, displacement, immediate (APM 3, chapter 1). */
#include "insn.h"

/*
 * What follows an opcode: m ModRM, b ModRM and imm8, z ModRM and imm16/32, G ModRM and for /0 and
 * /1 an immediate (F6, F7), n nothing, 1 imm8, 2 imm16, 3 imm16 and imm8, 4 imm16/32, v imm up to
 * 64 bits, f far pointer, o memory offset, x prefix or escape or unknown.
 */
static const char one_byte[16][17] = {
	"mmmm14nnmmmm14nx",
	"mmmm14nnmmmm14nn",
	"mmmm14xnmmmm14xn",
	"mmmm14xnmmmm14xn",
	"nnnnnnnnnnnnnnnn",
	"nnnnnnnnnnnnnnnn",
	"nnmmxxxx4z1bnnnn",
	"1111111111111111",
	"bzbbmmmmmmmmmmmm",
	"nnnnnnnnnnfnnnnn",
	"oooonnnn14nnnnnn",
	"11111111vvvvvvvv",
	"bb2nmmbz3n2nn1nn",
	"mmmm11nnmmmmmmmm",
	"1111111144f1nnnn",
	"xnxxnnGGnnnnnnmm",
};

static const char two_byte[16][17] = {
	"mmmmxnnnnnxnxmnb",
	"mmmmmmmmmmmmmmmm",
	"mmmmxxxxmmmmmmmm",
	"nnnnnnxnxxxxxxxx",
	"mmmmmmmmmmmmmmmm",
	"mmmmmmmmmmmmmmmm",
	"mmmmmmmmmmmmmmmm",
	"bbbbmmmnmmxxmmmm",
	"4444444444444444",
	"mmmmmmmmmmmmmmmm",
	"nnnmbmxxnnnmbmmm",
	"mmmmmmmmmmbmmmmm",
	"mmbmbbbmnnnnnnnn",
	"mmmmmmmmmmmmmmmm",
	"mmmmmmmmmmmmmmmm",
	"mmmmmmmmmmmmmmmm",
};

enum map { MAP_ONE, MAP_0F, MAP_0F38, MAP_0F3A };

#define REX_B	1u
#define REX_X	2u
#define REX_R	4u
#define REX_W	8u

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

struct state {
	const struct insn_context *c;
	struct insn *insn;
	u8 at;
	bool short_input;
	u8 operand, address;		/* size in bytes */
	u8 rex;
	u8 segment;			/* override, or SEG_COUNT */
	enum map map;
	u8 opcode, mod, reg, rm;
	bool rip_relative;
};

static u64 take(struct state *s, u8 size)
{
	u64 v = 0;

	if (s->at + size > s->c->count || s->at + size > INSN_MAX_LENGTH) {
		s->short_input = true;
		return 0;
	}
	for (u8 i = 0; i < size; i++)
		v |= (u64)s->c->bytes[s->at++] << (8 * i);
	return v;
}

static s64 take_signed(struct state *s, u8 size)
{
	u64 v = take(s, size);
	u8 shift = 64 - 8 * size;

	return (s64)(v << shift) >> shift;
}

static u64 truncate(u64 v, u8 size)
{
	return size == 8 ? v : v & (BIT(8 * size) - 1);
}

/* A memory operand: its linear address. */
static void add_operand(struct state *s, u8 segment, u64 offset, u8 size)
{
	bool flat = s->c->bits == 64 && segment < SEG_FS;
	u64 linear = truncate(offset, size) + (flat ? 0 : s->c->base[segment]);

	if (s->insn->operands < INSN_OPERANDS)
		s->insn->linear[s->insn->operands++] = s->c->bits == 64 ? linear : (u32)linear;
}

static u8 data_segment(const struct state *s, u8 usual)
{
	return s->segment == SEG_COUNT ? usual : s->segment;
}

static u8 stack_size(const struct state *s)
{
	return s->c->bits == 64 ? 8 : s->c->stack_bits / 8;
}

static bool prefix(struct state *s, u8 byte)
{
	static const u8 overrides[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 };

	for (u8 i = 0; i < SEG_COUNT; i++) {
		if (byte != overrides[i])
			continue;
		/* Long mode ignores the first four (APM 3, 1.2.4). */
		if (s->c->bits != 64 || i >= SEG_FS)
			s->segment = i;
		return true;
	}
	switch (byte) {
	case 0x66:
		s->operand = s->c->bits == 16 ? 4 : 2;
		return true;
	case 0x67:
		s->address = s->c->bits == 32 ? 2 : 4;
		return true;
	case 0xf0:
	case 0xf2:
	case 0xf3:
		return true;
	}
	return false;
}

/* VEX (APM 3, 1.4): only in the forms that are no LES or LDS. */
static bool vex(struct state *s, u8 byte)
{
	u8 next = s->at < s->c->count ? s->c->bytes[s->at] : 0, p;

	if ((byte != 0xc4 && byte != 0xc5) || (s->c->bits != 64 && next < 0xc0))
		return false;
	s->map = MAP_0F;
	p = take(s, 1);
	s->rex = p & 0x80 ? 0 : REX_R;
	if (byte == 0xc4) {
		s->rex |= (p & 0x40 ? 0 : REX_X) | (p & 0x20 ? 0 : REX_B);
		s->map = p & 0x1f ? p & 0x1f : MAP_0F3A + 1;
		if (take(s, 1) & 0x80)
			s->rex |= REX_W;
	}
	s->opcode = take(s, 1);
	return true;
}

static void opcode(struct state *s)
{
	u8 byte = take(s, 1);

	while (!s->short_input && prefix(s, byte))
		byte = take(s, 1);
	if (s->c->bits == 64 && (byte & 0xf0) == 0x40) {
		s->rex = byte & 0xf;
		byte = take(s, 1);
	}
	if (vex(s, byte))
		return;
	if (s->rex & REX_W)
		s->operand = 8;
	s->map = MAP_ONE;
	if (byte == 0x0f) {
		s->map = MAP_0F;
		byte = take(s, 1);
		if (byte == 0x38 || byte == 0x3a) {
			s->map = byte == 0x38 ? MAP_0F38 : MAP_0F3A;
			byte = take(s, 1);
		}
	}
	s->opcode = byte;
}

/* Base of a 16-bit address; @rm as in ModRM (APM 3, table A-34). */
static u64 address16(struct state *s, u8 *segment)
{
	const u64 *g = s->c->gpr;
	const u64 bases[8] = { g[RBX] + g[RSI], g[RBX] + g[RDI], g[RBP] + g[RSI], g[RBP] + g[RDI],
			       g[RSI], g[RDI], g[RBP], g[RBX] };

	if (s->mod == 0 && s->rm == 6)
		return take(s, 2);
	if (s->rm == 2 || s->rm == 3 || s->rm == 6)
		*segment = SEG_SS;
	return bases[s->rm] + (s->mod ? take_signed(s, s->mod) : 0);
}

static u64 sib(struct state *s, u8 *segment)
{
	u8 byte = take(s, 1);
	u8 base = (byte & 7) | (s->rex & REX_B ? 8 : 0);
	u8 index = ((byte >> 3) & 7) | (s->rex & REX_X ? 8 : 0);
	u64 address = 0;

	if ((byte & 7) == RBP && !s->mod)
		address = take_signed(s, 4);
	else
		address = s->c->gpr[base];
	if ((byte & 7) != RBP || s->mod)
		*segment = base == RSP || base == RBP ? SEG_SS : *segment;
	if (index != RSP)
		address += s->c->gpr[index] << (byte >> 6);
	return address;
}

/* Base of a 32- or 64-bit address. */
static u64 address32(struct state *s, u8 *segment)
{
	u64 address;

	if (s->rm == RSP) {
		address = sib(s, segment);
	} else if (s->rm == RBP && !s->mod) {
		address = take_signed(s, 4);
		s->rip_relative = s->c->bits == 64;
	} else {
		u8 base = s->rm | (s->rex & REX_B ? 8 : 0);

		address = s->c->gpr[base];
		*segment = base == RBP ? SEG_SS : SEG_DS;
	}
	if (s->mod)
		address += take_signed(s, s->mod == 1 ? 1 : 4);
	return address;
}

static char follows(const struct state *s)
{
	switch (s->map) {
	case MAP_ONE:
		return one_byte[s->opcode >> 4][s->opcode & 15];
	case MAP_0F:
		return two_byte[s->opcode >> 4][s->opcode & 15];
	case MAP_0F38:
		return 'm';
	case MAP_0F3A:
		return 'b';
	}
	return 'x';
}

/* LEA, MOV to and from control and debug registers, NOP and prefetches touch no memory. */
static bool touches_memory(const struct state *s)
{
	if (s->map == MAP_ONE)
		return s->opcode != 0x8d;
	return s->map != MAP_0F || (s->opcode >> 2 != 0x20 >> 2 && s->opcode != 0x0d &&
				    (s->opcode < 0x18 || s->opcode > 0x1f));
}

static u8 immediate_size(const struct state *s, char kind)
{
	switch (kind) {
	case 'b':
	case '1':
		return 1;
	case '2':
		return 2;
	case '3':
		return 3;
	case 'z':
	case '4':
		return MIN(s->operand, 4);
	case 'v':
		return s->operand;
	case 'f':
		return s->operand + 2;
	case 'G':
		if (s->reg > 1)
			return 0;
		return s->opcode == 0xf6 ? 1 : MIN(s->operand, 4);
	}
	return 0;
}

/* Operands that the opcode implies: strings, XLAT. */
static void string_operands(struct state *s)
{
	const u64 *g = s->c->gpr;
	u8 op = s->opcode, data = data_segment(s, SEG_DS);

	if (s->map != MAP_ONE)
		return;
	/* MOVS CMPS LODS OUTS read at rSI; MOVS CMPS STOS SCAS INS are at rDI */
	if (op == 0xa4 || op == 0xa5 || op == 0xa6 || op == 0xa7 || op == 0xac || op == 0xad ||
	    op == 0x6e || op == 0x6f) {
		s->insn->segment = data;
		add_operand(s, data, g[RSI], s->address);
	}
	if ((op >= 0xa4 && op <= 0xa7) || op == 0xaa || op == 0xab || op == 0xae || op == 0xaf ||
	    op == 0x6c || op == 0x6d)
		add_operand(s, SEG_ES, g[RDI], s->address);
	if (op == 0xd7)
		add_operand(s, data, g[RBX] + (u8)g[RAX], s->address);
}

enum stack { STACK_NONE, STACK_PUSH, STACK_POP };

static enum stack stack_use(const struct state *s)
{
	u8 op = s->opcode;

	if (s->map == MAP_0F)
		return op == 0xa0 || op == 0xa8 ? STACK_PUSH :
		       op == 0xa1 || op == 0xa9 ? STACK_POP : STACK_NONE;
	if (s->map != MAP_ONE)
		return STACK_NONE;
	if ((op >= 0x50 && op <= 0x57) || op == 0x68 || op == 0x6a || op == 0x9c || op == 0xe8 ||
	    op == 0x06 || op == 0x0e || op == 0x16 || op == 0x1e || op == 0x60 || op == 0x9a ||
	    op == 0xc8 || (op == 0xff && (s->reg == 2 || s->reg == 3 || s->reg == 6)))
		return STACK_PUSH;
	if ((op >= 0x58 && op <= 0x5f) || op == 0x8f || op == 0x9d || op == 0xc2 || op == 0xc3 ||
	    op == 0xca || op == 0xcb || op == 0xcf || op == 0x07 || op == 0x17 || op == 0x1f ||
	    op == 0x61 || op == 0xc9)
		return STACK_POP;
	return STACK_NONE;
}

static void stack_operands(struct state *s)
{
	u8 size = s->c->bits == 64 && s->operand != 2 ? 8 : s->operand;

	switch (stack_use(s)) {
	case STACK_PUSH:
		add_operand(s, SEG_SS, s->c->gpr[RSP] - size, stack_size(s));
		break;
	case STACK_POP:
		/* LEAVE pops from where RBP points. */
		add_operand(s, SEG_SS, s->c->gpr[s->opcode == 0xc9 ? RBP : RSP], stack_size(s));
		break;
	case STACK_NONE:
		break;
	}
}

static void modrm_operand(struct state *s, u64 address, u8 segment)
{
	if (s->rip_relative)
		address += s->c->rip + s->at;
	s->insn->segment = data_segment(s, segment);
	if (touches_memory(s))
		add_operand(s, s->insn->segment, address, s->address);
}

static void tail(struct state *s)
{
	char kind = follows(s);
	u8 segment = SEG_DS;
	u64 address = 0;
	bool memory = false;

	if (kind == 'm' || kind == 'b' || kind == 'z' || kind == 'G') {
		u8 byte = take(s, 1);

		s->mod = byte >> 6;
		s->reg = (byte >> 3) & 7;
		s->rm = byte & 7;
		memory = s->mod != 3;
		if (memory && s->address == 2)
			address = address16(s, &segment);
		else if (memory)
			address = address32(s, &segment);
	}
	if (kind == 'o') {
		s->insn->segment = data_segment(s, SEG_DS);
		add_operand(s, s->insn->segment, take(s, s->address), s->address);
	}
	/* Far pointers and ENTER have up to six bytes: take() has no word that long. */
	for (u8 n = immediate_size(s, kind); n; n--)
		take(s, 1);
	if (memory)
		modrm_operand(s, address, segment);
	string_operands(s);
	stack_operands(s);
}

bool insn_decode(const struct insn_context *c, struct insn *insn)
{
	struct state s = { .c = c, .insn = insn, .segment = SEG_COUNT,
			   .operand = c->bits == 16 ? 2 : 4, .address = c->bits / 8 };

	*insn = (struct insn){ .segment = SEG_DS };
	opcode(&s);
	if (s.short_input || s.map > MAP_0F3A || follows(&s) == 'x')
		return false;
	tail(&s);
	if (s.short_input)
		return false;
	insn->length = s.at;
	return true;
}

// SPDX-License-Identifier: GPL-2.0
/* The instruction decoder, by encodings as an assembler makes them. */
#include <string.h>

#include "../vm/insn.h"
#include "unit.h"

/*
 * RAX 0x1000, RCX 0x2000 ... R15 0x10000, in this order; FS at 0x700000, GS at 0x800000, the other
 * segments, but in 64-bit code, n * 0x100000; RIP 0x5000.
 */
static const struct row {
	u8 bits, length, operands;
	u8 code[15];
	u64 linear[2];
} rows[] = {
	/* 64 bits */
	{ 64, 2, 1, "\x8b\x03", { 0x4000 } },				/* mov (%rbx), %eax */
	{ 64, 3, 1, "\x8b\x43\x08", { 0x4008 } },			/* mov 8(%rbx), %eax */
	{ 64, 3, 1, "\x8b\x43\xf8", { 0x3ff8 } },			/* mov -8(%rbx), %eax */
	{ 64, 6, 1, "\x8b\x83\x00\x10\x00\x00", { 0x5000 } },		/* mov 0x1000(%rbx) */
	{ 64, 3, 1, "\x48\x89\x03", { 0x4000 } },			/* mov %rax, (%rbx) */
	{ 64, 3, 1, "\x4d\x8b\x00", { 0x9000 } },			/* mov (%r8), %r8 */
	{ 64, 3, 1, "\x8b\x04\x4b", { 0x4000 + 2 * 0x2000 } },		/* (%rbx,%rcx,2) */
	{ 64, 5, 1, "\x48\x8b\x44\xcb\x08", { 0x4000 + 8 * 0x2000 + 8 } },
	{ 64, 4, 1, "\x4a\x8b\x04\xe3", { 0x4000 + 8 * 0xd000 } },	/* (%rbx,%r12,8) */
	{ 64, 4, 1, "\x49\x8b\x04\x24", { 0xd000 } },			/* (%r12) */
	{ 64, 4, 1, "\x48\x8b\x04\x24", { 0x5000 } },			/* (%rsp) */
	{ 64, 7, 1, "\x8b\x04\x25\x00\x20\x00\x00", { 0x2000 } },	/* disp32 */
	{ 64, 6, 1, "\x8b\x05\x10\x00\x00\x00", { 0x5016 } },		/* 0x10(%rip) */
	{ 64, 10, 1, "\xc7\x05\x10\x00\x00\x00\x01\x00\x00\x00", { 0x501a } },
	{ 64, 6, 1, "\xc7\x03\x78\x56\x34\x12", { 0x4000 } },		/* movl imm, (%rbx) */
	{ 64, 5, 1, "\x66\xc7\x03\x34\x12", { 0x4000 } },		/* movw imm, (%rbx) */
	{ 64, 3, 1, "\xc6\x03\x12", { 0x4000 } },			/* movb imm, (%rbx) */
	{ 64, 9, 1, "\xa1\x88\x77\x66\x55\x44\x33\x22\x11", { 0x1122334455667788 } },
	{ 64, 6, 1, "\x67\xa1\x44\x33\x22\x11", { 0x11223344 } },
	{ 64, 3, 1, "\x64\x8b\x03", { 0x704000 } },			/* mov %fs:(%rbx) */
	{ 64, 3, 1, "\x3e\x8b\x03", { 0x4000 } },			/* DS counts for nothing */
	{ 64, 3, 1, "\x67\x8b\x03", { 0x4000 } },			/* mov (%ebx) */
	{ 64, 3, 1, "\x0f\xb6\x03", { 0x4000 } },			/* movzbl */
	{ 64, 3, 1, "\x0f\x10\x0b", { 0x4000 } },			/* movups */
	{ 64, 4, 1, "\xc5\xf8\x10\x0b", { 0x4000 } },			/* vmovups */
	{ 64, 5, 1, "\xc4\xc1\x78\x10\x09", { 0xa000 } },		/* vmovups (%r9) */
	{ 64, 6, 1, "\x66\x0f\x3a\x0f\x0b\x04", { 0x4000 } },		/* palignr */
	{ 64, 4, 1, "\x66\x0f\x7f\x0b", { 0x4000 } },			/* movdqa store */
	{ 64, 3, 0, "\x48\x8d\x03", { 0 } },				/* lea */
	{ 64, 3, 0, "\x0f\x22\xd8", { 0 } },				/* mov %rax, %cr3 */
	{ 64, 3, 0, "\x0f\x1f\x03", { 0 } },				/* nop (%rbx) */
	{ 64, 2, 0, "\x89\xd8", { 0 } },				/* mov %ebx, %eax */
	{ 64, 10, 0, "\x48\xb8\1\2\3\4\5\6\7\x8", { 0 } },		/* movabs imm64 */
	{ 64, 1, 1, "\xab", { 0x8000 } },				/* stosl */
	{ 64, 2, 2, "\xf3\xa4", { 0x7000, 0x8000 } },			/* rep movsb */
	{ 64, 2, 1, "\x48\xac", { 0x7000 } },				/* lodsb */
	{ 64, 1, 1, "\x50", { 0x4ff8 } },				/* push %rax */
	{ 64, 2, 1, "\x66\x50", { 0x4ffe } },				/* push %ax */
	{ 64, 1, 1, "\x58", { 0x5000 } },				/* pop %rax */
	{ 64, 5, 1, "\xe8\x00\x00\x00\x00", { 0x4ff8 } },		/* call */
	{ 64, 1, 1, "\xc3", { 0x5000 } },				/* ret */
	{ 64, 2, 2, "\xff\x13", { 0x4000, 0x4ff8 } },			/* call *(%rbx) */
	{ 64, 2, 2, "\xff\x33", { 0x4000, 0x4ff8 } },			/* push (%rbx) */
	{ 64, 6, 1, "\xf7\x03\x01\x00\x00\x00", { 0x4000 } },		/* testl imm */
	{ 64, 3, 1, "\xf6\x03\x01", { 0x4000 } },			/* testb imm */
	{ 64, 2, 1, "\xf7\x1b", { 0x4000 } },				/* negl */
	{ 64, 4, 1, "\xf0\x0f\xc1\x0b", { 0x4000 } },			/* lock xadd */
	{ 64, 4, 1, "\x0f\xba\x23\x05", { 0x4000 } },			/* bt imm8 */
	{ 64, 2, 0, "\x0f\xa2", { 0 } },				/* cpuid */
	{ 64, 2, 0, "\xe6\x80", { 0 } },				/* out imm8 */
	{ 64, 2, 1, "\xf3\x6e", { 0x7000 } },				/* rep outsb */
	/* 32 bits */
	{ 32, 2, 1, "\x8b\x03", { 0x304000 } },				/* mov (%ebx), %eax */
	{ 32, 3, 1, "\x8b\x45\x08", { 0x206008 } },			/* 8(%ebp) is in SS */
	{ 32, 4, 1, "\x8b\x44\x8b\x08", { 0x304000 + 4 * 0x2000 + 8 } },
	{ 32, 5, 1, "\xa1\x44\x33\x22\x11", { 0x11523344 } },
	{ 32, 6, 1, "\x8b\x0d\x00\x10\x00\x00", { 0x301000 } },		/* disp32, no RIP */
	{ 32, 3, 1, "\x67\x8b\x07", { 0x304000 } },			/* mov (%bx), %eax */
	{ 32, 3, 1, "\x2e\x8b\x03", { 0x104000 } },			/* mov %cs:(%ebx) */
	{ 32, 1, 1, "\x50", { 0x204ffc } },				/* push %eax */
	{ 32, 6, 1, "\x66\xc7\x43\x04\x34\x12", { 0x304004 } },	/* movw imm, 4(%ebx) */
	{ 32, 7, 0, "\xea\0\0\0\0\x8\0", { 0 } },			/* ljmp */
	{ 32, 4, 1, "\xc8\x10\0\0", { 0x204ffc } },			/* enter */
	{ 32, 2, 1, "\xc4\x03", { 0x304000 } },				/* les */
	/* 16 bits */
	{ 16, 2, 1, "\x8b\x07", { 0x304000 } },				/* mov (%bx), %ax */
	{ 16, 3, 1, "\x89\x47\x04", { 0x304004 } },			/* mov %ax, 4(%bx) */
	{ 16, 2, 1, "\x8b\x02", { 0x20d000 } },				/* (%bp,%si) in SS */
	{ 16, 4, 1, "\x8b\x0e\x34\x12", { 0x301234 } },			/* disp16 */
	{ 16, 3, 1, "\x66\x8b\x07", { 0x304000 } },			/* mov (%bx), %eax */
	{ 16, 3, 1, "\x67\x8b\x03", { 0x304000 } },			/* mov (%ebx), %ax */
	{ 16, 3, 1, "\xa1\x34\x12", { 0x301234 } },
	{ 16, 4, 1, "\xc7\x07\x34\x12", { 0x304000 } },			/* movw imm, (%bx) */
	{ 16, 1, 1, "\x50", { 0x204ffe } },				/* push %ax */
	{ 16, 1, 1, "\xab", { 0x8000 } },				/* stosw: ES is 0 */
	{ 16, 2, 1, "\x26\xac", { 0x7000 } },				/* lodsb %es: */
	{ 16, 5, 0, "\xea\0\0\0\xf0", { 0 } },				/* ljmp at reset */
};

static struct insn_context context(const struct row *r, u8 count)
{
	struct insn_context c = { .bits = r->bits, .stack_bits = r->bits == 16 ? 16 : 32,
				  .count = count, .bytes = r->code, .rip = 0x5000 };

	for (unsigned int i = 0; i < 16; i++)
		c.gpr[i] = 0x1000 * (i + 1);
	for (unsigned int i = 0; i < SEG_COUNT; i++)
		c.base[i] = i * 0x100000;
	c.base[SEG_FS] = 0x700000;
	c.base[SEG_GS] = 0x800000;
	return c;
}

static void encodings(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct insn_context c = context(&rows[i], 15);
		struct insn insn;

		about("row", i);
		EXPECT(insn_decode(&c, &insn));
		EXPECT_EQ(rows[i].length, insn.length);
		EXPECT_EQ(rows[i].operands, insn.operands);
		for (unsigned int j = 0; j < MIN(rows[i].operands, 2); j++)
			EXPECT_EQ(rows[i].linear[j], insn.linear[j]);
	}
}

/* With a byte less none of them is whole. */
static void short_input(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct insn_context c = context(&rows[i], rows[i].length - 1);
		struct insn insn;

		about("row", i);
		EXPECT(!insn_decode(&c, &insn));
		EXPECT_EQ(0, insn.length);
	}
}

static u8 segment_of(u8 bits, const char *code, u8 count)
{
	struct row r = { .bits = bits };
	struct insn_context c;
	struct insn insn;

	memcpy(r.code, code, count);
	c = context(&r, count);
	EXPECT(insn_decode(&c, &insn));
	return insn.segment;
}

static void segments(void)
{
	EXPECT_EQ(SEG_DS, segment_of(16, "\x6e", 1));
	EXPECT_EQ(SEG_ES, segment_of(16, "\x26\x6e", 2));
	EXPECT_EQ(SEG_CS, segment_of(16, "\xf3\x2e\x6e", 3));
	EXPECT_EQ(SEG_FS, segment_of(64, "\x64\x6e", 2));
	EXPECT_EQ(SEG_DS, segment_of(64, "\x26\x6e", 2));
	EXPECT_EQ(SEG_SS, segment_of(32, "\x8b\x45\x00", 3));
}

/* Whatever it is given, it stays inside. */
static void random_bytes(void)
{
	u64 seed = 1;

	for (unsigned int i = 0; i < 200000; i++) {
		struct row r = { .bits = 16 << (i % 3) };
		struct insn_context c;
		struct insn insn;

		for (unsigned int b = 0; b < sizeof(r.code); b++) {
			seed = seed * 6364136223846793005UL + 1442695040888963407UL;
			r.code[b] = seed >> 56;
		}
		c = context(&r, i % 16);
		if (insn_decode(&c, &insn))
			EXPECT(insn.length && insn.length <= c.count &&
			       insn.operands <= INSN_OPERANDS && insn.segment < SEG_COUNT);
	}
}

static void prefixes_only(void)
{
	struct row r = { .bits = 64 };
	struct insn_context c;
	struct insn insn;

	memset(r.code, 0x66, sizeof(r.code));
	c = context(&r, sizeof(r.code));
	EXPECT(!insn_decode(&c, &insn));
}

const struct test insn_tests[] = {
	{ "insn: encodings", encodings },
	{ "insn: too few bytes", short_input },
	{ "insn: segments", segments },
	{ "insn: random bytes", random_bytes },
	{ "insn: nothing but prefixes", prefixes_only },
	{ }
};

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Port instructions, each with what its exit must say: struct io_case of
 * exits_io.c, in the section guest_io.
 */
#define IN	0
#define OUT	1
#define STRING	1
#define REP	2

.macro io bits, write, size, port, flags, insn:vararg
	.pushsection .rodata
	.code\bits
771:	\insn
772:	.code64
	.popsection
	.pushsection guest_io, "a"
	.quad	771b
	.byte	772b - 771b, \bits, \write, \size, \flags, 0
	.word	\port
	.popsection
.endm

/* The port of the forms with DX is what the test loads into it. */
#define DX_PORT	0xabcd

.macro scalar bits
	io	\bits, OUT, 1, 0x10, 0, outb	%al, $0x10
	io	\bits, OUT, 2, 0x11, 0, outw	%ax, $0x11
	io	\bits, OUT, 4, 0xff, 0, outl	%eax, $0xff
	io	\bits, OUT, 1, DX_PORT, 0, outb	%al, %dx
	io	\bits, OUT, 2, DX_PORT, 0, outw	%ax, %dx
	io	\bits, OUT, 4, DX_PORT, 0, outl	%eax, %dx
	io	\bits, IN, 1, 0x10, 0, inb	$0x10, %al
	io	\bits, IN, 2, 0x11, 0, inw	$0x11, %ax
	io	\bits, IN, 4, 0xff, 0, inl	$0xff, %eax
	io	\bits, IN, 1, DX_PORT, 0, inb	%dx, %al
	io	\bits, IN, 2, DX_PORT, 0, inw	%dx, %ax
	io	\bits, IN, 4, DX_PORT, 0, inl	%dx, %eax
.endm

.macro string bits
	io	\bits, OUT, 1, DX_PORT, STRING, outsb
	io	\bits, OUT, 2, DX_PORT, STRING, outsw
	io	\bits, OUT, 4, DX_PORT, STRING, outsl
	io	\bits, IN, 1, DX_PORT, STRING, insb
	io	\bits, IN, 2, DX_PORT, STRING, insw
	io	\bits, IN, 4, DX_PORT, STRING, insl
	io	\bits, OUT, 1, DX_PORT, STRING | REP, rep outsb
	io	\bits, OUT, 2, DX_PORT, STRING | REP, rep outsw
	io	\bits, OUT, 4, DX_PORT, STRING | REP, rep outsl
	io	\bits, IN, 1, DX_PORT, STRING | REP, rep insb
	io	\bits, IN, 2, DX_PORT, STRING | REP, rep insw
	io	\bits, IN, 4, DX_PORT, STRING | REP, rep insl
.endm

	scalar	16
	scalar	32
	scalar	64
	string	16
	string	32
	string	64
	.section .note.GNU-stack, "", @progbits

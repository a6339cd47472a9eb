/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory instructions that leave guest memory, each with what its exit must
 * say: struct mem_case of exits_memory.c, in the section guest_mem.
 *
 * BX, SI, DI and SP hold the target address, CX is 2.  The access is at
 * target + offset.
 */
#include "snippet.S"

#define READ	0
#define WRITE	1

.macro mem bits, write, offset, insn:vararg
	.pushsection .rodata
	.code\bits
771:	\insn
772:	.code64
	.popsection
	.pushsection guest_mem, "a"
	.quad	771b
	.byte	772b - 771b, \bits, \write, \offset
	.long	0
	.popsection
.endm

	mem	16, READ, 0, movb	(%bx), %al
	mem	16, READ, 0, movw	(%bx), %ax
	mem	16, READ, 0, movl	(%bx), %eax
	mem	16, WRITE, 0, movb	%al, (%bx)
	mem	16, WRITE, 4, movw	%ax, 4(%bx)
	mem	16, WRITE, 0, movl	%eax, (%si)
	mem	16, WRITE, 0, movw	$0x1234, (%bx)
	mem	16, WRITE, 0, stosw
	mem	16, READ, 0, lodsb
	mem	16, WRITE, -2, pushw	%ax
	mem	16, READ, 0, popw	%ax
	mem	16, WRITE, 0, movl	%eax, (%ebx)

	mem	32, READ, 0, movb	(%ebx), %al
	mem	32, READ, 0, movw	(%ebx), %ax
	mem	32, READ, 0, movl	(%ebx), %eax
	mem	32, READ, 16, movl	8(%ebx, %ecx, 4), %eax
	mem	32, WRITE, 0, movb	%al, (%ebx)
	mem	32, WRITE, 0, movw	%ax, (%ebx)
	mem	32, WRITE, 0, movl	%eax, (%ebx)
	mem	32, WRITE, 0, movl	$0x12345678, (%ebx)
	mem	32, READ, 0, movzbl	(%ebx), %eax
	mem	32, READ, 0, movswl	(%ebx), %eax
	mem	32, WRITE, 0, stosl
	mem	32, READ, 0, lodsl
	mem	32, WRITE, -4, pushl	%eax
	mem	32, READ, 0, popl	%eax
	mem	32, READ, 0, testl	%eax, (%ebx)
	mem	32, READ, 0, cmpb	$1, (%ebx)

	mem	64, READ, 0, movb	(%rbx), %al
	mem	64, READ, 0, movw	(%rbx), %ax
	mem	64, READ, 0, movl	(%rbx), %eax
	mem	64, READ, 0, movq	(%rbx), %r9
	mem	64, READ, 24, movq	8(%rbx, %rcx, 8), %rax
	mem	64, READ, 64, movl	0x40(%rbx), %r15d
	mem	64, WRITE, 0, movb	%al, (%rbx)
	mem	64, WRITE, 0, movw	%ax, (%rbx)
	mem	64, WRITE, 0, movl	%eax, (%rbx)
	mem	64, WRITE, 0, movq	%r12, (%rbx)
	mem	64, WRITE, -8, movl	$0x12345678, -8(%rbx)
	mem	64, READ, 0, movzwl	(%rbx), %eax
	mem	64, READ, 0, movsbq	(%rbx), %rax
	mem	64, WRITE, 0, movabsl	%eax, GUEST_ALIAS + GUEST_HOLE + 0x100
	mem	64, READ, 0, movabsl	GUEST_ALIAS + GUEST_HOLE + 0x100, %eax
	mem	64, WRITE, 0, stosq
	mem	64, READ, 0, lodsq
	mem	64, WRITE, -8, pushq	%rax
	mem	64, READ, 0, popq	%rax
	mem	64, READ, 0, movups	(%rbx), %xmm1
	mem	64, WRITE, 0, movups	%xmm1, (%rbx)

/* Read, then write, a word in the hole; show what was read. */
snippet code_demand64, 64
	movl	GUEST_HOLE, %eax
	outl	%eax, $GUEST_PORT
	movl	$0x600d, GUEST_HOLE
	outl	%eax, $GUEST_PORT
endsnippet code_demand64

/* Read, write and execute one page, and show that each went well. */
snippet code_access64, 64
	movl	GUEST_HOLE, %eax
	movl	$1, %eax
	outl	%eax, $GUEST_PORT
	movl	%eax, GUEST_HOLE + 8
	movl	$2, %eax
	outl	%eax, $GUEST_PORT
	movl	$GUEST_HOLE, %ecx
	jmp	*%rcx
endsnippet code_access64

/* What code_access64 jumps to */
snippet code_landing64, 64
	movl	$3, %eax
	outl	%eax, $GUEST_PORT
endsnippet code_landing64

/* Through page tables of which one isn't there */
snippet code_walk64, 64
	movl	(%rbx), %eax
endsnippet code_walk64
/* Counts in the hole, reading and writing apart */
snippet code_spinhole64, 64
1:	movl	GUEST_HOLE, %eax
	incl	%eax
	movl	%eax, GUEST_HOLE
	jmp	1b
endsnippet code_spinhole64
	.section .note.GNU-stack, "", @progbits

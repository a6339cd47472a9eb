/* SPDX-License-Identifier: GPL-2.0 */
/* Writes that may signal an eventfd: see event.h. */
#include "snippet.S"

.macro event name, insn:vararg
	.globl	\name
\name:	\insn
\name\()_end:
	.globl	\name\()_end
	outb	%al, $GUEST_PORT
.endm

snippet code_event64, 64
	event	event_store8, movb %al, (%rbx)
	event	event_store16, movw %ax, (%rbx)
	event	event_store32, movl %eax, (%rbx)
	event	event_store64, movq %rax, (%rbx)
	event	event_store8_high, movb %ah, (%rbx)
	event	event_imm16, movw $0x1234, (%rbx)
	event	event_imm64, movq $-2, (%rbx)
	event	event_far, movl %eax, 0x80(%rbx, %rcx, 4)
	event	event_load32, movl (%rbx), %eax
	event	event_add32, addl %eax, (%rbx)
	event	event_xchg32, xchgl %eax, (%rbx)
	event	event_stos32, stosl
	event	event_rep_stos32, rep stosl
	event	event_out8, outb %al, %dx
	event	event_out16, outw %ax, %dx
	event	event_out32, outl %eax, %dx
	event	event_out8_imm, outb %al, $EVENT_PORT
	event	event_in32, inl %dx, %eax
	event	event_outs8, outsb
	event	event_rep_outs8, rep outsb

/* R9D writes, counted in memory at RSI, behind each as many turns as ECX says */
	.globl	event_store_storm
event_store_storm:
	movl	%eax, (%rbx)
	incq	(%rsi)
	movl	%ecx, %edi
1:	decl	%edi
	jns	1b
	decl	%r9d
	jnz	event_store_storm
	outb	%al, $GUEST_PORT

	.globl	event_out_storm
event_out_storm:
	outl	%eax, %dx
	incq	(%rsi)
	decl	%r9d
	jnz	event_out_storm
	outb	%al, $GUEST_PORT
endsnippet code_event64
	.section .note.GNU-stack, "", @progbits

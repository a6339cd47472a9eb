/* SPDX-License-Identifier: GPL-2.0 */
/* The ways into interrupts and exceptions, one a vector. */

	.text
	.balign	16
	.globl	fault_entries
fault_entries:
	.set	vector, 0
	.rept	256
	.balign	16
	.set	special, vector == 17 || vector == 21 || vector == 29 || vector == 30
	.if	vector != 8 && (vector < 10 || vector > 14) && !special
	push	$0			/* where the processor pushes no error code */
	.endif
	push	$vector
	jmp	common
	.set	vector, vector + 1
	.endr

common:
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdi
	push	%rsi
	push	%rbp
	push	%rbx
	push	%rdx
	push	%rcx
	push	%rax
	mov	%rsp, %rdi		/* struct frame */
	cld
	mov	%rsp, %rbp
	and	$-16, %rsp
	call	fault_enter
	mov	%rbp, %rsp
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rbx
	pop	%rbp
	pop	%rsi
	pop	%rdi
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	add	$16, %rsp
	.globl	fault_return
fault_return:
	iretq

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: GPL-2.0 */
/* guest64 from its first instruction to C; and the ways into its exceptions. */

	.section .text.start, "ax"
	.globl	start
start:
	cli
	lea	stack_end(%rip), %rsp
	call	paging_init		/* returns the root of our own page tables */
	mov	%rax, %cr3
	mov	%cr4, %rax
	or	$0x600, %rax		/* OSFXSR, OSXMMEXCPT */
	mov	%rax, %cr4
	mov	%cr0, %rax
	and	$~0x0c, %rax		/* EM, TS */
	or	$0x10022, %rax		/* WP, NE, MP */
	mov	%rax, %cr0

	lgdt	gdt_pointer(%rip)
	push	$8
	lea	1f(%rip), %rax
	push	%rax
	lretq
1:	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs
	call	exceptions_init
	call	guest64_main
	outb	%al, $0xf4
2:	hlt
	jmp	2b

/* One entry a vector, 16 bytes apart, so that the IDT can be computed. */
	.balign	16
	.globl	exception_entries
exception_entries:
	.set	vector, 0
	.rept	32
	.balign	16
	.if	vector != 8 && (vector < 10 || vector > 14) && vector != 17
	push	$0			/* where the processor pushes no error code */
	.endif
	push	$vector
	jmp	exception_common
	.set	vector, vector + 1
	.endr

exception_common:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	lea	72(%rsp), %rdi		/* struct exception_frame */
	mov	%cr2, %rsi
	cld
	call	exception
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	add	$16, %rsp
	iretq

	.section .rodata
	.balign	8
gdt:	.quad	0
	.quad	0x00af9b000000ffff	/* 8: 64-bit code */
	.quad	0x00cf93000000ffff	/* 16: data */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.quad	gdt

	.bss
	.balign	16
	.skip	16384
stack_end:

	.section .note.GNU-stack, "", @progbits

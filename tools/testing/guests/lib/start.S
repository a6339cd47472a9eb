/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first instructions. The first processor, and without a local APIC every one, comes from the
 * VMM in 64-bit mode with its index in RDI, or from the multiboot wrapper with RSI = 1; the others
 * come from a SIPI in real mode, at the copy of the trampoline.
 */
#include "segment.h"
#include "smp.h"

	.section .text.start, "ax"
	.globl	start
start:
	cli
	cld
	mov	%rdi, %rax
	and	$(SMP_CPUS - 1), %eax
	inc	%eax
	imul	$SMP_STACK_SIZE, %rax, %rax
	lea	stacks(%rax), %rsp
	xor	%ebp, %ebp
	test	%edi, %edi
	jnz	1f
	call	smp_first
1:	call	smp_other

	.text
	.code16
	.balign	16
	.globl	trampoline, trampoline_end
trampoline:
	cli
	movl	%cs:(trampoline_root - trampoline), %eax
	movl	%eax, %cr3
	movl	$0x620, %eax		/* PAE, OSFXSR, OSXMMEXCPT */
	movl	%eax, %cr4
	movl	$0xc0000080, %ecx
	rdmsr
	orl	$0x100, %eax		/* LME */
	wrmsr
	lgdtl	%cs:(trampoline_gdt_pointer - trampoline)
	movl	$0x80010033, %eax	/* PG, WP, NE, ET, MP, PE; caches on */
	movl	%eax, %cr0
	ljmpl	$SEGMENT_CODE, $1f

	.balign	8
	.globl	trampoline_root
trampoline_root:
	.long	0
trampoline_gdt_pointer:
	.word	23
	.long	gdt
trampoline_end:

	.code64
1:	mov	$SEGMENT_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	/* Each has its own stack, by the APIC id that CPUID tells. */
	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	mov	%ebx, %edi
	jmp	start

	.section .rodata
	.balign	8
gdt:	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff

	.bss
	.balign	16
stacks:
	.skip	SMP_CPUS * SMP_STACK_SIZE

	.section .note.GNU-stack, "", @progbits

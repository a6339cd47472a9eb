/* SPDX-License-Identifier: GPL-2.0 */
/* From QEMU's multiboot loader to a guest image: interrupts silenced, 64-bit mode, RSI = 1. */

	.section .head, "ax"
	.balign	4
	.long	0x1badb002		/* multiboot: magic, flags, checksum */
	.long	0
	.long	-0x1badb002

	.globl	entry
entry:
	cli
	mov	$stack, %esp
	mov	$0xff, %al		/* both 8259s quiet */
	outb	%al, $0x21
	outb	%al, $0xa1
	movl	$0x10000, 0xfee00350	/* LINT0 and LINT1 as after a reset */
	movl	$0x10000, 0xfee00360
	movl	$0, 0xfee00380

	/* Page tables for 4 GiB, as the VMM's. */
	mov	$0x1000, %edi
	movl	$0x2003, (%edi)
	mov	$0, %ecx
1:	mov	%ecx, %eax
	shl	$12, %eax
	add	$0x3003, %eax
	mov	%eax, 0x2000(, %ecx, 8)
	inc	%ecx
	cmp	$4, %ecx
	jne	1b
	mov	$0, %ecx
2:	mov	%ecx, %eax
	shl	$21, %eax
	or	$0x83, %eax
	mov	%eax, 0x3000(, %ecx, 8)
	movl	$0, 0x3004(, %ecx, 8)
	inc	%ecx
	cmp	$2048, %ecx
	jne	2b

	mov	%cr4, %eax
	or	$0x20, %eax
	mov	%eax, %cr4
	mov	$0x1000, %eax
	mov	%eax, %cr3
	mov	$0xc0000080, %ecx
	rdmsr
	or	$0x100, %eax
	wrmsr
	mov	%cr0, %eax
	or	$0x80000000, %eax
	mov	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$8, $3f
3:	.code64
	mov	$image, %esi
	mov	$0x100000, %edi
	mov	$image_end, %ecx
	sub	%esi, %ecx
	rep movsb
	xor	%edi, %edi
	mov	$1, %esi
	mov	$0x100000, %eax
	jmp	*%rax
	.code32

	.balign	8
gdt:	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	gdt
	.skip	64
stack:

	.section .image, "ax"
image:	.incbin	IMAGE

	.section .note.GNU-stack, "", @progbits

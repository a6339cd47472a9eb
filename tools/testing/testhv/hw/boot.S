/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way into 64-bit C: from QEMU's multiboot loader on the first processor, from a SIPI on the
 * others; and the host's exception entries.
 */
	.set	MAGIC, 0x1badb002
	.set	FLAGS, 3			/* page-aligned modules, memory map */
	.set	TRAMPOLINE, 0x8000
	.set	STACK_SIZE, 16384
	.set	CR0_ON, 0x80000033		/* PG NE ET MP PE */
	.set	CR4_ON, 0x620			/* OSXMMEXCPT OSFXSR PAE */
	.set	EFER_ON, 0x900			/* NXE LME */

	.section .multiboot, "a"
	.long	MAGIC, FLAGS, -(MAGIC + FLAGS)

	.text
	.code32
	.globl	multiboot_entry
multiboot_entry:
	cli
	cld
	movl	%ebx, %ebp			/* multiboot_info */
	/* 512 GiB one to one in pages of 1 GiB */
	movl	$boot_pdpt, %eax
	orl	$3, %eax
	movl	%eax, boot_pml4
	movl	$boot_pdpt, %edi
	xorl	%ecx, %ecx
1:	movl	%ecx, %eax
	shll	$30, %eax
	orl	$0x83, %eax
	movl	%eax, (%edi)
	movl	%ecx, %eax
	shrl	$2, %eax
	movl	%eax, 4(%edi)
	addl	$8, %edi
	incl	%ecx
	cmpl	$512, %ecx
	jne	1b
	movl	$CR4_ON, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	movl	$EFER_ON, %eax
	xorl	%edx, %edx
	wrmsr
	movl	$CR0_ON, %eax
	movl	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$8, $long_mode

	.code64
long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	$stacks + STACK_SIZE, %esp
	movl	%ebp, %edi
	call	main
	ud2

/* Copied to TRAMPOLINE: a processor starts here in real mode, CS = TRAMPOLINE >> 4. */
	.code16
	.globl	trampoline_start, trampoline_end
trampoline_start:
	cli
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	TRAMPOLINE + (trampoline_gdt_pointer - trampoline_start)
	movl	$CR4_ON, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	movl	$EFER_ON, %eax
	xorl	%edx, %edx
	wrmsr
	movl	$CR0_ON, %eax
	movl	%eax, %cr0
	ljmpl	$8, $ap_long_mode
	.balign	8
trampoline_gdt_pointer:
	.word	gdt_end - gdt - 1
	.long	gdt
trampoline_end:

	.code64
ap_long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	lgdt	gdt_pointer
	/* Each finds its stack by its APIC id; stack 0 is the boot processor's. */
	movl	$1, %eax
	cpuid
	shrl	$24, %ebx
	movl	%ebx, %edi
	incl	%ebx
	imull	$STACK_SIZE, %ebx
	leal	stacks(%ebx), %esp
	call	ap_main
	ud2

/*
 * Wait, with GIF=1 and IF=0, for an NMI. One that comes between STGI and HLT must not leave us
 * asleep: nmi_entry skips the HLT then.
 */
	.globl	park
park:
	stgi
park_window:
	hlt
park_done:
	clgi
	ret

nmi_entry:
	cmpq	$park, (%rsp)
	jb	1f
	cmpq	$park_done, (%rsp)
	jae	1f
	movq	$park_done, (%rsp)
1:	iretq

	.macro	exception n, has_error
exception_\n:
	.if	!\has_error
	pushq	$0
	.endif
	pushq	$\n
	jmp	exception_common
	.endm

	.irp	n, 0, 1, 3, 4, 5, 6, 7, 9, 15, 16, 18, 19
	exception \n, 0
	.endr
	.irp	n, 8, 10, 11, 12, 13, 14, 17
	exception \n, 1
	.endr
exception_2 = nmi_entry

exception_common:
	movq	%rsp, %rdi
	andq	$~15, %rsp
	call	host_exception
	ud2

	.section .rodata
	.balign	8
	.globl	exception_table
exception_table:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
	.quad	exception_\n
	.endr

	.data
	.balign	16
gdt:	.quad	0
	.quad	0x00af9b000000ffff		/* 8: 64-bit code */
	.quad	0x00cf93000000ffff		/* 16: data */
gdt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	gdt

	.bss
	.balign	4096
boot_pml4:	.skip	4096
boot_pdpt:	.skip	4096
	.balign	STACK_SIZE
	.globl	stacks
stacks:	.skip	STACK_SIZE * 9
	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: GPL-2.0 */
/* Code that is called far in compatibility mode; see modes.h. */

	.text
	.code32
	.globl	modes_32
modes_32:
	movl	0xfee00080, %eax
	inc	%eax
	movl	%eax, 0xfee00080
	movl	$0xfee00080, %ecx
	movl	(%ecx), %eax
	inc	%eax
	movl	%eax, (%ecx)
	lretl

	.code16
	.globl	modes_16, modes_16_end
modes_16:
	movl	$0xfee00080, %ecx
	movl	(%ecx), %eax
	inc	%eax
	movl	%eax, (%ecx)
	lretl
modes_16_end:

	.section .note.GNU-stack, "", @progbits

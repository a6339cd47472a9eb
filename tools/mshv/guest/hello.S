/* SPDX-License-Identifier: GPL-2.0 */
/* The smallest guest, 16- or 32-bit: says hello by one REP OUTSB, ends with exit code 0. */

#if BITS == 16
	.code16
#else
	.code32
#endif
	.text
	.globl	start
start:
	cld
	mov	$text, %esi
	mov	$(end - text), %ecx
	mov	$0x402, %dx
	rep outsb
	xor	%al, %al
	out	%al, $0xf4
1:	hlt
	jmp	1b

#if BITS == 16
text:	.ascii	"hello from 16-bit code\n"
#else
text:	.ascii	"hello from 32-bit code\n"
#endif
end:

	.section .note.GNU-stack, "", @progbits

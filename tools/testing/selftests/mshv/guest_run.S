/* SPDX-License-Identifier: GPL-2.0 */
/* Guests that run, spin and answer each other. */
#include "snippet.S"

/* Numbers its exits: 1, 2, 3 ... in EAX, to GUEST_PORT. */
snippet code_count16, 16
	xorl	%eax, %eax
1:	incl	%eax
	outl	%eax, $GUEST_PORT
	jmp	1b
endsnippet code_count16

/* One exit: at the same instruction for as long as nobody skips it. */
snippet code_out16, 16
	outb	%al, $GUEST_PORT
	hlt
endsnippet code_out16

/* Counts in memory and never exits. */
snippet code_spin16, 16
1:	incl	GUEST_DATA
	jmp	1b
endsnippet code_spin16

/* Write 1, 3, 5 ... to the shared word, wait for 2, 4, 6 ... between. */
snippet code_ping64, 64
	movl	$1, %eax
1:	movl	%eax, GUEST_DATA
	incl	%eax
2:	cmpl	%eax, GUEST_DATA
	jne	2b
	incl	%eax
	jmp	1b
endsnippet code_ping64

/* The other half */
snippet code_pong64, 64
	movl	$1, %eax
1:	cmpl	%eax, GUEST_DATA
	jne	1b
	incl	%eax
	movl	%eax, GUEST_DATA
	incl	%eax
	jmp	1b
endsnippet code_pong64
	.section .note.GNU-stack, "", @progbits

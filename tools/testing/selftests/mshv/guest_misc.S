/* SPDX-License-Identifier: GPL-2.0 */
/* Guests that halt, die, or do what must not exit. */
#include "snippet.S"

snippet code_halt16, 16
	nop
	hlt
	outb	%al, $GUEST_PORT
endsnippet code_halt16

snippet code_halt64, 64
	nop
	hlt
	outb	%al, $GUEST_PORT
endsnippet code_halt64

/* No interrupt table: each exception is fatal. */
snippet code_triple16, 16
	ud2
endsnippet code_triple16

snippet code_triple32, 32
	ud2
endsnippet code_triple32

snippet code_triple64, 64
	ud2
endsnippet code_triple64

/* A jump to a TSS */
snippet code_task32, 32
	ljmp	$0x28, $0
endsnippet code_task32

/* Answers a port read with its complement. */
snippet code_echo64, 64
1:	inl	$GUEST_PORT, %eax
	notl	%eax
	outl	%eax, $GUEST_PORT
	jmp	1b
endsnippet code_echo64

/* String I/O that the test carries out, then the registers it left. */
snippet code_string64, 64
	rep outsb
	rep insw
	outl	%eax, $GUEST_PORT
endsnippet code_string64

/* The port of the handlers and of the end */
#define TRACE	0x20

/*
 * CPUID, MSRs that are there and one that isn't, exceptions and a software
 * interrupt: none of it may exit.  Each handler counts in memory.
 */
snippet code_quiet16, 16
	movw	$(quiet_gp - code_quiet16), 13 * 4
	movw	$(GUEST_CODE >> 4), 13 * 4 + 2
	movw	$(quiet_ud - code_quiet16), 6 * 4
	movw	$(GUEST_CODE >> 4), 6 * 4 + 2
	movw	$(quiet_int - code_quiet16), 0x40 * 4
	movw	$(GUEST_CODE >> 4), 0x40 * 4 + 2
	xorl	%eax, %eax
	cpuid
	movl	$0xc0000080, %ecx
	rdmsr
	wrmsr
	movl	$0x10, %ecx
	rdmsr
	movl	$0x12345, %ecx
	rdmsr
	ud2
	int	$0x40
	movl	GUEST_DATA, %eax
	outl	%eax, $TRACE
	hlt
quiet_gp:
	incb	GUEST_DATA
	jmp	quiet_skip
quiet_ud:
	incb	GUEST_DATA + 1
quiet_skip:
	movw	%sp, %bp
	addw	$2, (%bp)
	iretw
quiet_int:
	incb	GUEST_DATA + 2
	iretw
endsnippet code_quiet16

/* An exit in the shadow of STI */
snippet code_shadow64, 64
	sti
	outb	%al, $GUEST_PORT
endsnippet code_shadow64

/* SSE and x87 state must survive exits, other guests and the root. */
snippet code_vector64, 64
	movl	$1, %ecx
1:	movd	%ecx, %xmm7
	fildl	GUEST_DATA
	outb	%al, $GUEST_PORT
	movd	%xmm7, %eax
	fistpl	GUEST_DATA + 4
	cmpl	%ecx, %eax
	jne	2f
	movl	GUEST_DATA + 4, %eax
	cmpl	GUEST_DATA, %eax
	jne	2f
	incl	GUEST_DATA
	incl	%ecx
	jmp	1b
2:	outl	%eax, $TRACE
endsnippet code_vector64
/* CPUID with the leaf that the test puts into EAX */
snippet code_cpuid16, 16
	cpuid
	outb	%al, $GUEST_PORT
endsnippet code_cpuid16
	.section .note.GNU-stack, "", @progbits

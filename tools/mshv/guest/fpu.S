/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic begun before a round of exits and ended after it: a lost or mixed-up register of the
 * FPU gives a wrong root.
 */

	.text

/*
 * void fpu_square(const int64_t in[16]): squares in XMM0 to XMM15, both halves; and of in[0] to
 * in[7] on the x87 stack.
 */
	.globl	fpu_square
fpu_square:
	fninit
	fldcw	fpu_control(%rip)
	ldmxcsr	sse_control(%rip)
	.set	n, 0
	.rept	8
	fildll	8*n(%rdi)
	fmul	%st(0), %st(0)
	.set	n, n + 1
	.endr
	.altmacro
	.macro	square reg
	cvtsi2sdq 8*\reg(%rdi), %xmm\reg
	unpcklpd %xmm\reg, %xmm\reg
	mulpd	%xmm\reg, %xmm\reg
	.endm
	.set	n, 0
	.rept	16
	square	%n
	.set	n, n + 1
	.endr
	ret

/*
 * uint64_t fpu_root(int64_t out[40]): the roots of XMM0 to XMM15, low halves, then high halves,
 * then of the x87 stack from its top. Returns MXCSR, and the x87 control word above it.
 */
	.globl	fpu_root
fpu_root:
	.macro	root reg
	sqrtpd	%xmm\reg, %xmm\reg
	cvttsd2si %xmm\reg, %rax
	mov	%rax, 8*\reg(%rdi)
	unpckhpd %xmm\reg, %xmm\reg
	cvttsd2si %xmm\reg, %rax
	mov	%rax, 128+8*\reg(%rdi)
	.endm
	.set	n, 0
	.rept	16
	root	%n
	.set	n, n + 1
	.endr
	.set	n, 0
	.rept	8
	fsqrt
	fistpll	256+8*n(%rdi)
	.set	n, n + 1
	.endr
	sub	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movw	$0, 6(%rsp)
	pop	%rax
	ret

	.section .rodata
	.balign	4
sse_control:
	.long	0x7f80			/* all masked, towards zero */
fpu_control:
	.word	0x0f7f			/* all masked, extended precision, towards zero */

	.section .note.GNU-stack, "", @progbits

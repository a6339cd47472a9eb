/* SPDX-License-Identifier: GPL-2.0 */
/*
 * void svm_run(struct vmcb *vmcb, struct gprs *gprs, bool host_if)
 *
 * VMRUN and the exit exchange RAX, RSP, RIP, RFLAGS and the control registers; VMLOAD and VMSAVE
 * the hidden segment state and the system-call MSRs; the general registers are ours. The host uses
 * neither FS, GS nor TR, so it needs nothing back.
 */
	.text
	.globl	svm_run
svm_run:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rsi
	movq	%rdi, %rax
	vmload	%rax
	/*
	 * GIF is 0: IF now only decides whether physical interrupts end the guest's run (APM
	 * 15.21.1).
	 */
	testb	%dl, %dl
	jz	1f
	sti
1:	movq	0x00(%rsi), %rbx
	movq	0x08(%rsi), %rcx
	movq	0x10(%rsi), %rdx
	movq	0x20(%rsi), %rdi
	movq	0x28(%rsi), %rbp
	movq	0x30(%rsi), %r8
	movq	0x38(%rsi), %r9
	movq	0x40(%rsi), %r10
	movq	0x48(%rsi), %r11
	movq	0x50(%rsi), %r12
	movq	0x58(%rsi), %r13
	movq	0x60(%rsi), %r14
	movq	0x68(%rsi), %r15
	movq	0x18(%rsi), %rsi
	vmrun	%rax
	cli
	cld
	vmsave	%rax
	xchgq	%rsi, (%rsp)		/* the guest's RSI; RSI = gprs */
	movq	%rbx, 0x00(%rsi)
	movq	%rcx, 0x08(%rsi)
	movq	%rdx, 0x10(%rsi)
	popq	0x18(%rsi)
	movq	%rdi, 0x20(%rsi)
	movq	%rbp, 0x28(%rsi)
	movq	%r8, 0x30(%rsi)
	movq	%r9, 0x38(%rsi)
	movq	%r10, 0x40(%rsi)
	movq	%r11, 0x48(%rsi)
	movq	%r12, 0x50(%rsi)
	movq	%r13, 0x58(%rsi)
	movq	%r14, 0x60(%rsi)
	movq	%r15, 0x68(%rsi)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: GPL-2.0 */
/* The agent's code: see agent.h. */
#include "snippet.S"
#include "agent.h"

.macro op name, insn:vararg
	.globl	\name
\name:	\insn
	outb	%al, $AGENT_PORT
.endm

snippet code_agent64, 64
	op	agent_out, nop
	op	agent_rdmsr, rdmsr
	op	agent_wrmsr, wrmsr
	op	agent_cpuid, cpuid
	op	agent_load32, movl (%rbx), %eax
	op	agent_store32, movl %eax, (%rbx)
	op	agent_vmmcall, vmmcall
	op	agent_xsetbv, xsetbv
	op	agent_ud2, ud2
	op	agent_int3, int3
	op	agent_icebp, .byte 0xf1
	op	agent_execute, call *%rbx
	op	agent_cr0, movq %rbx, %cr0
	op	agent_cr4, movq %rbx, %cr4
	op	agent_xsave, xsave (%rbx)
	op	agent_xrstor, xrstor (%rbx)
	op	agent_read_cr8, movq %cr8, %rax
	op	agent_halt_off, hlt

/*
 * Interrupts may come between STI's shadow and CLI. What an exit in the shadow has kept back
 * comes with the next exit, however late a busy machine is with it: so there is one at the end.
 */
	.globl	agent_window
agent_window:
	movl	$100000, %ecx
	sti
1:	decl	%ecx
	jnz	1b
	pushq	%rax
	pushq	%rbx
	pushq	%rdx
	xorl	%eax, %eax
	cpuid
	popq	%rdx
	popq	%rbx
	popq	%rax
	xorl	%ecx, %ecx
	cli
	outb	%al, $AGENT_PORT

	.globl	agent_halt
agent_halt:
	sti
	hlt
	cli
	outb	%al, $AGENT_PORT

/* Runs, with interrupts, until it is told to stop. */
	.globl	agent_spin
agent_spin:
	sti
1:	incq	%gs:AREA_TICKS
	cmpl	$0, %gs:AREA_STOP
	je	1b
	cli
	outb	%al, $AGENT_PORT

/* The same, asleep in between */
	.globl	agent_sleep
agent_sleep:
	sti
	hlt
	cli
	incq	%gs:AREA_TICKS
	cmpl	$0, %gs:AREA_STOP
	je	agent_sleep
	outb	%al, $AGENT_PORT


/*
 * Sends at most R9D interrupts by writing EAX to the ICR, at RCX: each some time after
 * the number at R8 has changed for the last one. R11 is the seed, ESI the mask of the
 * time.
 */
	.globl	agent_ipi
agent_ipi:
	movl	(%r8), %r10d
	movq	%r11, %rbx
	shlq	$13, %rbx
	xorq	%rbx, %r11
	movq	%r11, %rbx
	shrq	$7, %rbx
	xorq	%rbx, %r11
	movq	%r11, %rbx
	shlq	$17, %rbx
	xorq	%rbx, %r11
	movl	%r11d, %ebx
	andl	%esi, %ebx
	incl	%ebx
1:	decl	%ebx
	jnz	1b
	movl	%eax, (%rcx)
2:	pause
	cmpl	%r10d, (%r8)
	je	2b
	incq	%gs:AREA_TICKS
	cmpl	$0, %gs:AREA_STOP
	jne	3f
	decl	%r9d
	jnz	agent_ipi
3:	outb	%al, $AGENT_PORT

/* Sleeps until its own timer, set anew each time, has come R9D times, or it is told to stop. */
	.globl	agent_timer
agent_timer:
	movl	$LAPIC_BASE, %ebx
	movq	%r11, %rcx
	shlq	$13, %rcx
	xorq	%rcx, %r11
	movq	%r11, %rcx
	shrq	$7, %rcx
	xorq	%rcx, %r11
	movl	%r11d, %eax
	andl	%esi, %eax
	incl	%eax
	movl	%eax, 0x380(%rbx)
	sti
	hlt
	cli
	incq	%gs:AREA_TICKS
	cmpl	$0, %gs:AREA_STOP
	jne	1f
	decl	%r9d
	jnz	agent_timer
1:	outb	%al, $AGENT_PORT

/* Writes down what it finds in its registers. */
	.macro	see slot, from
	movq	\from, %rax
	movq	%rax, %gs:AREA_SEEN + 8 * \slot
	.endm
	.macro	see_selector slot, from
	movl	\from, %eax
	movw	%ax, %gs:AREA_SEEN + 8 * 29 + 2 * \slot
	.endm
	.globl	agent_see
agent_see:
	.set	slot, 0
	.irp	reg, rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	movq	%\reg, %gs:AREA_SEEN + 8 * slot
	.set	slot, slot + 1
	.endr
	pushfq
	popq	%gs:AREA_SEEN + 8 * 16
	see	17, %cr0
	see	18, %cr2
	see	19, %cr3
	see	20, %cr4
	see	21, %cr8
	xorl	%ecx, %ecx
	xgetbv
	shlq	$32, %rdx
	orq	%rdx, %rax
	movq	%rax, %gs:AREA_SEEN + 8 * 22
	see	23, %db0
	see	24, %db1
	see	25, %db2
	see	26, %db3
	see	27, %db6
	see	28, %db7
	see_selector 0, %es
	see_selector 1, %cs
	see_selector 2, %ss
	see_selector 3, %ds
	see_selector 4, %fs
	see_selector 5, %gs
	sldt	%gs:AREA_SEEN + 8 * 29 + 2 * 6
	str	%gs:AREA_SEEN + 8 * 29 + 2 * 7
	sidt	%gs:AREA_TABLES
	sgdt	%gs:AREA_TABLES + (AREA_IMAGE - AREA_TABLES) / 2
	fxsave64 %gs:AREA_IMAGE
	outb	%al, $AGENT_PORT

/* An exception ends an operation here. */
agent_fault:
	outb	%al, $AGENT_FAULT_PORT

/* Stack: RAX, RCX, vector, error code, RIP, CS, RFLAGS, RSP, SS */
agent_common:
	pushq	%rcx
	pushq	%rax
	movl	16(%rsp), %eax
	lock incl %gs:AREA_COUNTS(, %rax, 4)
	cmpl	$32, %eax
	jb	agent_exception
	/* None comes with IF=0: those are counted at vector 0. */
	testl	$0x200, 48(%rsp)
	jnz	4f
	lock incl %gs:AREA_COUNTS
4:
	movl	%gs:AREA_LOGGED, %ecx
	cmpl	$AREA_LOG_SIZE, %ecx
	jae	1f
	movb	%al, %gs:AREA_LOG(%rcx)
	incl	%gs:AREA_LOGGED
1:	testl	$AGENT_NO_EOI, %gs:AREA_FLAGS
	jnz	agent_return
	testl	$AGENT_MSR_EOI, %gs:AREA_FLAGS
	jnz	2f
	movl	$LAPIC_BASE + 0xb0, %ecx
	movl	$0, (%rcx)
	jmp	agent_return
2:	pushq	%rdx
	xorl	%eax, %eax
	xorl	%edx, %edx
	movl	$0x40000070, %ecx
	wrmsr
	popq	%rdx
agent_return:
	popq	%rax
	popq	%rcx
	addq	$16, %rsp
	iretq
agent_exception:
	movq	24(%rsp), %rcx
	movq	%rcx, %gs:AREA_ERROR
	movq	32(%rsp), %rcx
	movq	%rcx, %gs:AREA_RIP
	movq	%cr2, %rcx
	movq	%rcx, %gs:AREA_CR2
	cmpl	$2, %eax
	je	agent_return
	movq	%gs:AREA_FIXUP, %rcx
	testq	%rcx, %rcx
	jz	3f
	movl	%eax, %gs:AREA_VECTOR
	movq	%rcx, 32(%rsp)
	movq	$0, %gs:AREA_FIXUP
	jmp	agent_return
3:	outl	%eax, $AGENT_PANIC_PORT

	.fill	GUEST_PAGE - (. - code_agent64), 1, 0xcc

/* Sixteen bytes a vector: those that have no error code push one. */
agent_stubs:
	.set	vector, 0
	.rept	256
771:	.if	vector != 8 && (vector < 10 || vector > 14) && vector != 17 && vector != 21
	pushq	$0
	.endif
	pushq	$vector
	jmp	agent_common
	.fill	16 - (. - 771b), 1, 0xcc
	.set	vector, vector + 1
	.endr
endsnippet code_agent64
	.globl	agent_fault
	.section .note.GNU-stack, "", @progbits

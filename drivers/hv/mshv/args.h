/* SPDX-License-Identifier: GPL-2.0 */
/* The pages through which this CPU passes arguments to the hypervisor. */
#ifndef _MSHV_ARGS_H
#define _MSHV_ARGS_H

#include <linux/cleanup.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <asm/mshyperv.h>

/**
 * struct mshv_args - this CPU's argument pages
 * @in: input page, with stale content: clear what you fill
 * @out: output page
 * @flags: interrupt state to return to
 */
struct mshv_args {
	void *in;
	void *out;
	unsigned long flags;
};

/**
 * mshv_args_get - for CLASS(mshv_args, ...) only
 *
 * Return: the pages of this CPU, with interrupts off.
 */
static inline struct mshv_args mshv_args_get(void)
{
	struct mshv_args args;

	local_irq_save(args.flags);
	args.in = *this_cpu_ptr(hyperv_pcpu_input_arg);
	args.out = *this_cpu_ptr(hyperv_pcpu_output_arg);
	return args;
}

/*
 * CLASS(mshv_args, args)() owns the pages, with interrupts off, to the end of
 * the scope: from filling them to copying the result out. Nothing in between
 * may sleep or make another hypercall.
 */
DEFINE_CLASS(mshv_args, struct mshv_args, local_irq_restore(_T.flags),
	     mshv_args_get(), void)

#endif /* _MSHV_ARGS_H */

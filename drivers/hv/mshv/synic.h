/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The synthetic interrupt controller (SynIC) of each root processor, as far as
 * intercept messages need it: its message page, SINT 0, and the ISR.
 */
#ifndef _MSHV_SYNIC_H
#define _MSHV_SYNIC_H

struct mshv_hv_message;

/**
 * mshv_synic_init - take over the SynIC of all processors, now and to come
 * @deliver: called for each message, with interrupts off; the slot is freed
 *	when it returns
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int mshv_synic_init(void (*deliver)(const struct mshv_hv_message *message));

/**
 * mshv_synic_quiesce - release the SynIC of all processors
 *
 * What is in their slots is delivered first. Can be called twice.
 *
 * Context: may sleep.
 */
void mshv_synic_quiesce(void);

/**
 * mshv_synic_exit - release the SynIC and the interrupt
 *
 * Context: may sleep.
 */
void mshv_synic_exit(void);

#endif /* _MSHV_SYNIC_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What PID 1 tells the runner at the end, one line a fact, through COM2. */
#ifndef RIG_REPORT_H
#define RIG_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* The first word of file @path; false if there is none. */
bool read_word(const char *path, char *word, size_t size);

/*
 * TAINT, LOCKS and LEAKS lines, only for what is wrong: a taint flag that
 * tests do not set by themselves, lockdep switched off after a report, memory
 * that kmemleak found (its text goes to the console).
 */
void report_kernel_state(void);

/* "EXIT n": the last line; without it the run did not end properly. */
void report_exit(int status);

#endif

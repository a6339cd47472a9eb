/* SPDX-License-Identifier: GPL-2.0 */
/* Results: lines "PASS: name", "FAIL: name: what", "SKIP: name: why", counted at the end. */
#ifndef GUESTS_TEST_H
#define GUESTS_TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

/*
 * The name of the tests is printf-like. Context: any processor, not a handler.
 * Return: whether it passed.
 */
__attribute__((format(printf, 2, 3))) bool check(bool good, const char *name, ...);
__attribute__((format(printf, 3, 4)))
bool check_equal(uint64_t got, uint64_t want, const char *name, ...);

/* @low to @high, both included. */
__attribute__((format(printf, 4, 5)))
bool check_range(uint64_t got, uint64_t low, uint64_t high, const char *name, ...);

void skip(const char *name, const char *why);

/* Prints the sums and ends the run with the number of failures. */
noreturn void test_end(void);

/* A failure after which nothing can go on. */
__attribute__((format(printf, 1, 2))) noreturn void die(const char *name, ...);

/* The topic: each guest has its own. */
void guest_main(void);

#endif

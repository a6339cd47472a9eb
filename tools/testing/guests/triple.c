// SPDX-License-Identifier: GPL-2.0
/* A triple fault: the VMM is told, and nothing hangs. */
#include "cpu.h"
#include "test.h"

void guest_main(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} nothing = { 0, 0 };

	check(true, "a triple fault is next");
	asm volatile("lidt %0\n\tud2" : : "m"(nothing));
	check(false, "and it ends the run");
}

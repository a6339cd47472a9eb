/* SPDX-License-Identifier: GPL-2.0 */
/* What the root partition's own interface shares among its files. */
#ifndef TESTHV_ROOT_H
#define TESTHV_ROOT_H

#include "../lib/types.h"

/* Boot options: what CPUID lets the root take itself for instead. */
extern bool root_as_guest, root_as_nested;

/* The hypercall and reference TSC pages. */
void root_msr_init(void);
/* GUEST_OS_ID is set and the hypercall page enabled: VMMCALL is no #UD. */
bool root_hypercalls_enabled(void);
/* The root powers off or resets: print the accounting and leave QEMU. */
void root_end(const char *how) __noreturn;

#endif

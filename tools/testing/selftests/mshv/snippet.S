/* SPDX-License-Identifier: GPL-2.0 */
/* Included by guest_*.S: pieces of guest code, in C by GUEST_SNIPPET(name). */
#include "guest.h"

.macro snippet name, bits
	.section .rodata
	.globl	\name
	.globl	\name\()_end
	.code\bits
\name:
.endm

.macro endsnippet name
\name\()_end:
.endm

// SPDX-License-Identifier: GPL-2.0
/* halt.c for long: no wake-up is lost in a million. */
#define ROUNDS	1000000
#include "halt.c"

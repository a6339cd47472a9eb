// SPDX-License-Identifier: GPL-2.0
/* The driver's KUnit tests: what they are as a module. */
#include <linux/module.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of the Microsoft Hypervisor driver");

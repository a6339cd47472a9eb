/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of the PC's devices. */
#ifndef TOOLS_MSHV_CHECK_PC_H
#define TOOLS_MSHV_CHECK_PC_H

void check_pc(void);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of PCI and of the disk. */
#ifndef TOOLS_MSHV_CHECK_DISK_H
#define TOOLS_MSHV_CHECK_DISK_H

void check_disk(void);

#endif

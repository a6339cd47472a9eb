/* SPDX-License-Identifier: GPL-2.0 */
/* A mutex guard that a fatal signal ends: every lock that a task may wait for. */
#ifndef _MSHV_LOCK_H
#define _MSHV_LOCK_H

#include <linux/cleanup.h>
#include <linux/mutex.h>

DEFINE_GUARD_COND(mutex, _kill, mutex_lock_killable(_T) == 0)

#endif /* _MSHV_LOCK_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Root VPs, and the entry into any VP. */
#ifndef TESTHV_RUN_H
#define TESTHV_RUN_H

#include "../lib/types.h"

struct cpu;
struct vp;

/* The root partition's nested table (one to one, testhv's own range and the HPET left out). */
void run_init_root_partition(void);
/* Let the root read zeros at a page of its GPA space, and write nothing. */
void run_show_zeros(u64 gpa);
/* Let the root see an overlay page. */
void run_show_overlay(const void *page);
/* Make the root VP of @cpu, waiting for SIPI. */
void run_init_root_vp(struct cpu *cpu);
/* Bring it to the state after SIPI @vector (APM 2, 14.1.5). */
void run_start_root(struct cpu *cpu, u8 vector);
/* Enter @vp on @cpu and come back after its exit; the big lock is dropped meanwhile. */
void run_vp(struct cpu *cpu, struct vp *vp);

#endif

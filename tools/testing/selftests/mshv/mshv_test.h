/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers of the /dev/mshv selftests.
 *
 * foo() asserts success and ends the test otherwise; __foo() returns the raw
 * result, a negative errno on failure.  Both may be called from any thread.
 */
#ifndef MSHV_TEST_H
#define MSHV_TEST_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <kselftest.h>
#include <linux/mshv.h>
#include <asm/mshv.h>

#include "guest.h"
#include "window.h"

#define die_if(cond, fmt, ...) do {					\
	if (cond)							\
		die(__FILE__, __LINE__, fmt, ##__VA_ARGS__);		\
} while (0)

#define POISON		0x5a

/* util.c */
void __noreturn __printf(3, 4) die(const char *file, int line, const char *fmt, ...);
bool debug_kernel(void);
unsigned int time_scale(void);
unsigned int patience(unsigned int seconds);
unsigned long rounds(unsigned long plain, unsigned long debug);
void random_init(void);
__u64 random_u64(void);
__u64 random_below(__u64 limit);
__u64 now_ns(void);
void sleep_us(unsigned long us);
void pin_to_cpu(int cpu);
int online_cpus(void);
void write_text(const char *path, const char *text);
void catch_signal(int sig);
unsigned long signals_caught(void);
int event_new(void);
void event_signal(int fd);
__u64 event_take(int fd);
bool event_comes(int fd, unsigned int ms);

/* vm.c */
int __dev_open(int flags);
int dev_open(void);
int __part_create(int dev, const struct mshv_create_partition *args);
int part_create(int dev, __u64 flags);
int __mem_map(int part, const struct mshv_user_mem_region *region);
int __mem_unmap(int part, const struct mshv_user_mem_region *region);
void mem_map(int part, const struct mshv_user_mem_region *region);
void mem_unmap(int part, const struct mshv_user_mem_region *region);
struct mshv_user_mem_region mem_region(const void *addr, __u64 gpa, __u64 size, __u32 flags);
int __vp_create(int part, __u32 index);
int vp_create(int part, __u32 index);
int __regs_get(int vp, struct mshv_hv_register_assoc *regs, int count);
int __regs_set(int vp, const struct mshv_hv_register_assoc *regs, int count);
void regs_get(int vp, struct mshv_hv_register_assoc *regs, int count);
void regs_set(int vp, const struct mshv_hv_register_assoc *regs, int count);
int __reg_get(int vp, __u32 name, __u64 *value);
int __reg_set(int vp, __u32 name, __u64 value);
__u64 reg_get(int vp, __u32 name);
void reg_set(int vp, __u32 name, __u64 value);
int __vp_run(int vp, struct mshv_hv_message *msg);
void vp_run(int vp, struct mshv_hv_message *msg);
int __vp_cancel(int vp);
void vp_cancel(int vp);
bool vp_suspended(int vp);
void *pages_alloc(size_t size);
void poison(void *buf, size_t size);
bool poisoned(const void *buf, size_t size);

/* ioctls.c */

/* MSHV_INSTALL_INTERCEPT: HV_INTERCEPT_TYPE and the access mask of the TLFS */
enum intercept_type { INTERCEPT_PORT, INTERCEPT_MSR, INTERCEPT_CPUID, INTERCEPT_EXCEPTION };

#define ACCESS_READ	1
#define ACCESS_WRITE	2
#define ACCESS_EXECUTE	4

/* MSHV_ASSERT_INTERRUPT: HV_INTERRUPT_TYPE of the TLFS */
enum irq_type {
	IRQ_FIXED, IRQ_LOWEST, IRQ_SMI, IRQ_REMOTE_READ, IRQ_NMI, IRQ_INIT, IRQ_SIPI, IRQ_EXTINT,
	IRQ_LINT0, IRQ_LINT1, IRQ_MAXIMUM,
};

#define IRQ_LEVEL	1
#define IRQ_LOGICAL	2

/**
 * struct irq - an interrupt to assert
 * @type: enum irq_type
 * @flags: IRQ_*
 * @dest: APIC id or logical destination
 * @vector: vector
 */
struct irq {
	__u32 type, flags;
	__u64 dest;
	__u32 vector;
};

#define STATE_LAPIC	0
#define STATE_XSAVE	0x80000001

/**
 * struct state - arguments of MSHV_GET_VP_STATE and MSHV_SET_VP_STATE
 * @type: STATE_*
 * @flags: for XSAVE
 * @states: for XSAVE
 * @size: bytes
 * @buf: where
 */
struct state {
	__u32 type;
	__u64 flags, states, size;
	void *buf;
};

/* The local APIC's state as the hypervisor lays it out; private to the tests */
struct lapic_state {
	__u32 id, version, ldr, dfr, spurious, isr[8], tmr[8], irr[8], esr, icr_high, icr_low;
	__u32 lvt_timer, lvt_thermal, lvt_perfmon, lvt_lint0, lvt_lint1, lvt_error, lvt_cmci;
	__u32 error_status, initial_count, counter_value, divide, remote_read;
};

/**
 * struct translation - what MSHV_TRANSLATE_GVA says
 * @result: code in 31:0, cache type in 39:32, overlay page in bit 40
 * @gpa: guest physical address
 */
struct translation {
	__u64 result, gpa;
};

int __intercept(int part, __u32 mask, __u32 type, __u64 parameter);
void intercept(int part, __u32 mask, __u32 type, __u64 parameter);
int __interrupt(int part, const struct irq *irq);
void interrupt(int part, const struct irq *irq);
void interrupt_fixed(int part, __u64 apic_id, __u32 vector);
int __state_get(int vp, const struct state *state);
int __state_set(int vp, const struct state *state);
void lapic_get(int vp, struct lapic_state *lapic);
void lapic_set(int vp, const struct lapic_state *lapic);
int __property_get(int part, __u32 code, __u64 *value);
int __property_set(int part, __u32 code, __u64 value);
__u64 property_get(int part, __u32 code);
void property_set(int part, __u32 code, __u64 value);
int __translate(int vp, __u64 gva, __u64 flags, struct translation *to);
void *register_page_map(int vp);
int __irqfd(int part, const struct mshv_irqfd *args);
void irqfd_assign(int part, int fd, __u32 gsi);
void irqfd_deassign(int part, int fd, __u32 gsi);
int __ioeventfd(int part, const struct mshv_ioeventfd *args);
void ioeventfd(int part, const struct mshv_ioeventfd *args);
int __msi_routing(int part, const struct mshv_msi_routing_entry *entries, __u32 nr);
void msi_route(int part, __u32 gsi, __u32 address, __u32 data);

/* runner.c: a thread that stays in MSHV_RUN_VP */

/**
 * struct runner - a thread in MSHV_RUN_VP
 * @thread: the thread
 * @vp: file descriptor of the VP
 * @cpu: processor to run on, or -1 for any
 * @tid: kernel's id of the thread, 0 until it runs
 * @ret: result of the ioctl, valid once @done
 * @done: the ioctl has returned
 * @msg: the message, poisoned before
 */
struct runner {
	pthread_t thread;
	int vp;
	int cpu;
	pid_t tid;
	int ret;
	bool done;
	struct mshv_hv_message msg;
};

void runner_start(struct runner *r, int vp, int cpu);
bool runner_done(struct runner *r);
bool runner_wait(struct runner *r, unsigned int ms);
void runner_signal(struct runner *r, int sig);
int runner_join(struct runner *r);

#endif /* MSHV_TEST_H */

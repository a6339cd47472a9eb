// SPDX-License-Identifier: GPL-2.0
/* A thread that stays in MSHV_RUN_VP while the test does other things. */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mshv_test.h"

static void *runner_main(void *arg)
{
	struct runner *r = arg;

	if (r->cpu >= 0)
		pin_to_cpu(r->cpu);
	poison(&r->msg, sizeof(r->msg));
	__atomic_store_n(&r->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	r->ret = __vp_run(r->vp, &r->msg);
	__atomic_store_n(&r->done, true, __ATOMIC_RELEASE);
	return NULL;
}

void runner_start(struct runner *r, int vp, int cpu)
{
	r->vp = vp;
	r->cpu = cpu;
	r->tid = 0;
	r->done = false;
	errno = pthread_create(&r->thread, NULL, runner_main, r);
	die_if(errno, "pthread_create");
	while (!__atomic_load_n(&r->tid, __ATOMIC_ACQUIRE))
		sleep_us(50);
}

bool runner_done(struct runner *r)
{
	return __atomic_load_n(&r->done, __ATOMIC_ACQUIRE);
}

/* @ms is as on the plain kernel. */
bool runner_wait(struct runner *r, unsigned int ms)
{
	__u64 end = now_ns() + (__u64)ms * 1000000 * time_scale();

	while (!runner_done(r)) {
		if (now_ns() > end)
			return false;
		sleep_us(200);
	}
	return true;
}

void runner_signal(struct runner *r, int sig)
{
	pthread_kill(r->thread, sig);
}

int runner_join(struct runner *r)
{
	pthread_join(r->thread, NULL);
	return r->ret;
}

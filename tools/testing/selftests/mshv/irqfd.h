/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of irqfds share; included once a program. */
#ifndef MSHV_IRQFD_H
#define MSHV_IRQFD_H

#include "lapic.h"

#define GSI		9
#define VECTOR		0x51
#define MSI_ADDRESS(id)	(LAPIC_BASE | (id) << 12)
#define MSI_LEVEL	0x8000

/* A number of the partition's fdinfo */
static inline long part_stat(int part, const char *name)
{
	char path[64], line[128], format[64];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", part);
	snprintf(format, sizeof(format), "mshv-%s: %%ld", name);
	f = fopen(path, "r");
	die_if(!f, "open %s", path);
	while (fgets(line, sizeof(line), f) && sscanf(line, format, &value) != 1)
		;
	fclose(f);
	return value;
}

static inline int resample(int part, int fd, int resamplefd, __u32 gsi)
{
	const struct mshv_irqfd args = {
		.fd = fd, .resamplefd = resamplefd, .gsi = gsi,
		.flags = MSHV_IRQFD_FLAG_RESAMPLE,
	};

	return __irqfd(part, &args);
}

static inline int assign(int part, int fd, __u32 gsi, __u32 flags)
{
	const struct mshv_irqfd args = { .fd = fd, .gsi = gsi, .flags = flags };

	return __irqfd(part, &args);
}

/* A guest whose VP 0 takes interrupts, from agent_run() on; its partition's fd can go first. */
static inline void target_create(struct guest *guest, struct agent *agent)
{
	guest_create(guest, MSHV_PARTITION_LAPIC_ENABLED);
	agent_load(guest);
	agent_start(agent, guest, guest->vp, 0);
	/* It would wait for a start-up IPI. */
	reg_set(guest->vp, HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0);
	agent_lapic_write(agent, REG_SPURIOUS, SPURIOUS_ENABLED);
}

static inline void target_close_partition(struct guest *guest)
{
	close(guest->part);
	guest->part = -1;
}

/* The VP goes on; so it has taken whatever was pending. */
static inline bool target_runs(struct agent *agent)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();
	__u64 before = __atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE);

	while (__atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE) - before < 100) {
		if (now_ns() > end)
			return false;
		sleep_us(50);
	}
	return true;
}

#endif /* MSHV_IRQFD_H */

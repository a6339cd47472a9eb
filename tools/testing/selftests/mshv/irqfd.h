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

#endif /* MSHV_IRQFD_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * An ioctl whose first, second, ... allocation or copy fails, until none does:
 * each time it says so, and nothing is left behind. Needs a kernel with fault
 * injection.
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define GSI		9

/* Whether this kernel can; then its faults are silent, and those of sleepers count. */
static bool faults_init(void)
{
	if (access(FAIL_NTH, W_OK) || access("/sys/kernel/debug/failslab", X_OK))
		return false;
	write_text("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	write_text("/sys/kernel/debug/failslab/verbose", "0");
	write_text("/sys/kernel/debug/fail_usercopy/verbose", "0");
	return true;
}

/* One request with its @nth fault; the order to stop may itself be what fails. */
static int with_fault(unsigned int nth, int (*request)(int part, int fd), int part)
{
	int fd = open(FAIL_NTH, O_WRONLY | O_CLOEXEC), event = event_new(), ret;
	char text[16];

	die_if(fd < 0, "open " FAIL_NTH);
	snprintf(text, sizeof(text), "%u", nth);
	die_if(write(fd, text, strlen(text)) < 0, "write " FAIL_NTH);
	ret = request(part, event);
	while (write(fd, "0", 1) != 1)
		;
	close(fd);
	close(event);
	return ret;
}

static int irqfd(int part, int fd)
{
	const struct mshv_irqfd args = {
		.fd = fd, .resamplefd = fd, .gsi = GSI, .flags = MSHV_IRQFD_FLAG_RESAMPLE,
	};

	return __irqfd(part, &args);
}

static int ioeventfd_of(int part, const struct mshv_ioeventfd *args)
{
	const struct mshv_ioeventfd off = {
		.addr = args->addr, .len = args->len, .fd = args->fd,
		.flags = args->flags | MSHV_IOEVENTFD_FLAG_DEASSIGN,
	};
	int ret = __ioeventfd(part, args);

	if (ret)
		return ret;
	while ((ret = __ioeventfd(part, &off)) == -ENOMEM || ret == -EFAULT)
		;
	return ret;
}

static int port_ioeventfd(int part, int fd)
{
	const struct mshv_ioeventfd args = {
		.addr = GUEST_PORT, .len = 1, .fd = fd, .flags = MSHV_IOEVENTFD_FLAG_PIO,
	};

	return ioeventfd_of(part, &args);
}

static int memory_ioeventfd(int part, int fd)
{
	const struct mshv_ioeventfd args = { .addr = GUEST_HOLE, .len = 1, .fd = fd };

	return ioeventfd_of(part, &args);
}

static int msi_routing(int part, int fd)
{
	const struct mshv_msi_routing_entry entry = { .gsi = GSI };

	return __msi_routing(part, &entry, 1);
}

/* Counts the failures by errno. */
static void sweep(struct __test_metadata *_metadata, int part,
		  int (*request)(int part, int fd), unsigned int seen[256])
{
	unsigned int nth;
	int ret;

	for (nth = 1; nth < 100; nth++) {
		ret = with_fault(nth, request, part);
		if (!ret)
			return;
		ASSERT_LT(-256, ret);
		seen[-ret]++;
	}
	EXPECT_LT(nth, 100);
}

TEST_F(guest, irqfd)
{
	unsigned int seen[256] = {};

	if (!faults_init())
		SKIP(return, "no fault injection");
	sweep(_metadata, self->guest.part, irqfd, seen);
	EXPECT_ERR(MSHV_IRQFD, ENOMEM, seen[ENOMEM] ? -ENOMEM : 0);
	EXPECT_ERR(MSHV_IRQFD, EFAULT, seen[EFAULT] ? -EFAULT : 0);
}

TEST_F(guest, ioeventfd)
{
	unsigned int seen[256] = {};

	if (!faults_init())
		SKIP(return, "no fault injection");
	sweep(_metadata, self->guest.part, port_ioeventfd, seen);
	EXPECT_ERR(MSHV_IOEVENTFD, ENOMEM, seen[ENOMEM] ? -ENOMEM : 0);
	EXPECT_ERR(MSHV_IOEVENTFD, EFAULT, seen[EFAULT] ? -EFAULT : 0);
	memset(seen, 0, sizeof(seen));
	sweep(_metadata, self->guest.part, memory_ioeventfd, seen);
	EXPECT_LE(1, seen[ENOMEM]);
	EXPECT_EQ(self->books.live[LIVE_PORTS], window_live(LIVE_PORTS));
}

TEST_F(guest, msi_routing)
{
	unsigned int seen[256] = {};

	if (!faults_init())
		SKIP(return, "no fault injection");
	sweep(_metadata, self->guest.part, msi_routing, seen);
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, ENOMEM, seen[ENOMEM] ? -ENOMEM : 0);
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EFAULT, seen[EFAULT] ? -EFAULT : 0);
}

TEST_HARNESS_MAIN

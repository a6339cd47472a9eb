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
	write_text("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	write_text("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	write_text("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_text("/sys/kernel/debug/fail_usercopy/verbose", "0");
	return true;
}

/**
 * struct request - what is to fail
 * @make: does it, and undoes it; @fd is an eventfd
 * @on: whose ioctl it is
 * @lacking: a hypercall for which the hypervisor lacks memory, once; or 0
 */
struct request {
	int (*make)(int on, int fd);
	int on;
	enum call lacking;
};

/*
 * One request with its @nth fault. Says whether it had so many: the order to stop may
 * itself be what fails, or the look at it.
 */
static bool with_fault(unsigned int nth, const struct request *request, int *ret)
{
	int fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC), event = event_new();
	char text[16], left = 0;
	bool fired;

	die_if(fd < 0, "open " FAIL_NTH);
	if (request->lacking)
		window_fault(request->lacking, 1, STATUS_INSUFFICIENT_MEMORY, 0);
	snprintf(text, sizeof(text), "%u", nth);
	die_if(write(fd, text, strlen(text)) < 0, "write " FAIL_NTH);
	*ret = request->make(request->on, event);
	fired = pread(fd, &left, 1, 0) == 1 && left == '0';
	while (write(fd, "0", 1) != 1)
		;
	window_fault_clear();
	close(fd);
	close(event);
	return fired;
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

/* A page, and a failure, leave nothing at its place: the next one has it. */
static int map_memory(int part, int fd)
{
	static __u8 two_pages[2 * GUEST_PAGE];
	const __u64 page = ((__u64)two_pages + GUEST_PAGE - 1) & -(__u64)GUEST_PAGE;
	const struct mshv_user_mem_region region = {
		.size = GUEST_PAGE, .guest_pfn = 0x100000, .userspace_addr = page,
		.flags = HV_MAP_GPA_READABLE,
	};
	int ret = __mem_map(part, &region);

	if (ret)
		return ret;
	while ((ret = __mem_unmap(part, &region)) == -EFAULT)
		;
	return ret;
}

static int create_partition(int dev, int fd)
{
	const struct mshv_create_partition args = {
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	int part = __part_create(dev, &args);

	return part < 0 ? part : close(part);
}

/* An index can be used once; what fails leaves it unused. */
static int create_vp(int part, int fd)
{
	static __u32 index = 1;
	int vp = __vp_create(part, index);

	if (vp < 0)
		return vp;
	index++;
	return close(vp);
}

static int install_intercept(int part, int fd)
{
	return __intercept(part, ACCESS_EXECUTE, INTERCEPT_CPUID, 1);
}

static struct state xsave = { .type = STATE_XSAVE, .size = GUEST_PAGE };

static int get_state(int vp, int fd)
{
	return __state_get(vp, &xsave);
}

static int set_state(int vp, int fd)
{
	return __state_set(vp, &xsave);
}

#define FAULTS_MAX	1000

/* Counts the failures by errno. Some faults the kernel copes with. */
static void sweep(struct __test_metadata *_metadata, const struct request *request,
		  unsigned int seen[256])
{
	unsigned int nth;
	int ret;

	memset(seen, 0, 256 * sizeof(*seen));
	for (nth = 1; nth < FAULTS_MAX; nth++) {
		if (!with_fault(nth, request, &ret)) {
			EXPECT_EQ(0, ret);
			break;
		}
		ASSERT_LT(-256, ret);
		seen[-ret]++;
	}
	EXPECT_LT(nth, FAULTS_MAX);
	TH_LOG("%u faults: %u without effect, %u ENOMEM, %u EFAULT", nth - 1, seen[0],
	       seen[ENOMEM], seen[EFAULT]);
}

#define SWEEP(...)	sweep(_metadata, &(const struct request){ __VA_ARGS__ }, seen)
#define SEEN(err)	(seen[err] ? -(err) : 0)

TEST_F(guest, irqfd)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(irqfd, self->guest.part);
	EXPECT_ERR(MSHV_IRQFD, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_IRQFD, EFAULT, SEEN(EFAULT));
}

TEST_F(guest, ioeventfd)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(port_ioeventfd, self->guest.part);
	EXPECT_ERR(MSHV_IOEVENTFD, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_IOEVENTFD, EFAULT, SEEN(EFAULT));
	SWEEP(memory_ioeventfd, self->guest.part);
	EXPECT_LE(1, seen[ENOMEM]);
	EXPECT_EQ(self->books.live[LIVE_PORTS], window_live(LIVE_PORTS));
}

TEST_F(guest, msi_routing)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(msi_routing, self->guest.part);
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EFAULT, SEEN(EFAULT));
}

TEST_F(guest, map_memory)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(map_memory, self->guest.part);
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EFAULT, SEEN(EFAULT));
	EXPECT_EQ(0, seen[EEXIST] + seen[EINVAL]);
}

/*
 * What is unmapped without any memory is gone all the same: its place is free. To forget the only
 * region takes memory.
 */
TEST_F(device, unmap_without_memory)
{
	__u8 *page = pages_alloc(GUEST_PAGE);
	const struct mshv_user_mem_region region = {
		.size = GUEST_PAGE, .guest_pfn = 0x100000, .userspace_addr = (__u64)page,
		.flags = HV_MAP_GPA_READABLE,
	};
	int part, fd, ret;

	if (!faults_init())
		SKIP(return, "no fault injection");
	part = part_create(self->dev, 0);
	fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	mem_map(part, &region);
	write_text("/sys/kernel/debug/failslab/task-filter", "Y");
	write_text("/sys/kernel/debug/failslab/times", "-1");
	write_text("/sys/kernel/debug/failslab/probability", "100");
	ASSERT_EQ(1, write(fd, "1", 1));
	ret = __mem_unmap(part, &region);
	ASSERT_EQ(1, write(fd, "0", 1));
	write_text("/sys/kernel/debug/failslab/probability", "0");
	EXPECT_EQ(0, ret);
	mem_map(part, &region);
	mem_unmap(part, &region);
	munmap(page, GUEST_PAGE);
	close(fd);
	close(part);
}

TEST_F_TIMEOUT(device, create_partition, 180 * time_scale())
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(create_partition, self->dev);
	EXPECT_ERR(MSHV_CREATE_PARTITION, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_CREATE_PARTITION, EFAULT, SEEN(EFAULT));
}

TEST_F_TIMEOUT(guest, create_vp, 180 * time_scale())
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(create_vp, self->guest.part);
	EXPECT_ERR(MSHV_CREATE_VP, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_CREATE_VP, EFAULT, SEEN(EFAULT));
}

TEST_F(guest, install_intercept)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	SWEEP(install_intercept, self->guest.part, CALL_INSTALL_INTERCEPT);
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_INSTALL_INTERCEPT, EFAULT, SEEN(EFAULT));
}

TEST_F(guest, state)
{
	unsigned int seen[256];

	if (!faults_init())
		SKIP(return, "no fault injection");
	xsave.buf = pages_alloc(xsave.size);
	poison(xsave.buf, xsave.size);
	SWEEP(get_state, self->guest.vp, CALL_GET_VP_STATE);
	EXPECT_ERR(MSHV_GET_VP_STATE, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_GET_VP_STATE, EFAULT, SEEN(EFAULT));
	SWEEP(set_state, self->guest.vp, CALL_SET_VP_STATE);
	EXPECT_ERR(MSHV_SET_VP_STATE, ENOMEM, SEEN(ENOMEM));
	EXPECT_ERR(MSHV_SET_VP_STATE, EFAULT, SEEN(EFAULT));
	munmap(xsave.buf, xsave.size);
}

TEST_HARNESS_MAIN

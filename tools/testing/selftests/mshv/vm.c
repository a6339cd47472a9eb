// SPDX-License-Identifier: GPL-2.0
/* The ioctls of /dev/mshv as functions. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "mshv_test.h"

static int raw(int ret)
{
	return ret < 0 ? -errno : ret;
}

/* As the real clients open it: read-only is enough. */
int __dev_open(int flags)
{
	return raw(open("/dev/mshv", flags));
}

int dev_open(void)
{
	int fd = __dev_open(O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	die_if(fd < 0, "open /dev/mshv: %d", fd);
	return fd;
}

int __part_create(int dev, const struct mshv_create_partition *args)
{
	return raw(ioctl(dev, MSHV_CREATE_PARTITION, args));
}

int part_create(int dev, __u64 flags)
{
	struct mshv_create_partition args = {
		.flags = flags,
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	int fd = __part_create(dev, &args);

	die_if(fd < 0, "MSHV_CREATE_PARTITION: %d", fd);
	return fd;
}

struct mshv_user_mem_region mem_region(const void *addr, __u64 gpa, __u64 size, __u32 flags)
{
	struct mshv_user_mem_region region;

	/* The unnamed padding arrives as it is in real clients: with garbage. */
	memset(&region, POISON, sizeof(region));
	region.size = size;
	region.guest_pfn = gpa >> GUEST_PAGE_SHIFT;
	region.userspace_addr = (__u64)addr;
	region.flags = flags;
	return region;
}

int __mem_map(int part, const struct mshv_user_mem_region *region)
{
	return raw(ioctl(part, MSHV_MAP_GUEST_MEMORY, region));
}

int __mem_unmap(int part, const struct mshv_user_mem_region *region)
{
	return raw(ioctl(part, MSHV_UNMAP_GUEST_MEMORY, region));
}

void mem_map(int part, const struct mshv_user_mem_region *region)
{
	int ret = __mem_map(part, region);

	die_if(ret, "MSHV_MAP_GUEST_MEMORY: %d", ret);
}

void mem_unmap(int part, const struct mshv_user_mem_region *region)
{
	int ret = __mem_unmap(part, region);

	die_if(ret, "MSHV_UNMAP_GUEST_MEMORY: %d", ret);
}

int __vp_create(int part, __u32 index)
{
	struct mshv_create_vp args = { .vp_index = index };

	return raw(ioctl(part, MSHV_CREATE_VP, &args));
}

int vp_create(int part, __u32 index)
{
	int fd = __vp_create(part, index);

	die_if(fd < 0, "MSHV_CREATE_VP %u: %d", index, fd);
	return fd;
}

static int regs_ioctl(int vp, unsigned long request, const void *regs, int count)
{
	struct mshv_vp_registers args;

	memset(&args, POISON, sizeof(args));
	args.count = count;
	args.regs = (__typeof__(args.regs))regs;
	return raw(ioctl(vp, request, &args));
}

int __regs_get(int vp, struct mshv_hv_register_assoc *regs, int count)
{
	return regs_ioctl(vp, MSHV_GET_VP_REGISTERS, regs, count);
}

int __regs_set(int vp, const struct mshv_hv_register_assoc *regs, int count)
{
	return regs_ioctl(vp, MSHV_SET_VP_REGISTERS, regs, count);
}

void regs_get(int vp, struct mshv_hv_register_assoc *regs, int count)
{
	int ret = __regs_get(vp, regs, count);

	die_if(ret, "MSHV_GET_VP_REGISTERS of %d from %#x: %d", count, regs->name, ret);
}

void regs_set(int vp, const struct mshv_hv_register_assoc *regs, int count)
{
	int ret = __regs_set(vp, regs, count);

	die_if(ret, "MSHV_SET_VP_REGISTERS of %d from %#x: %d", count, regs->name, ret);
}

int __reg_get(int vp, __u32 name, __u64 *value)
{
	struct mshv_hv_register_assoc reg = { .name = name };
	int ret;

	memset(&reg.value, POISON, sizeof(reg.value));
	ret = __regs_get(vp, &reg, 1);
	*value = reg.value.reg64;
	return ret;
}

int __reg_set(int vp, __u32 name, __u64 value)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	reg.value.reg64 = value;
	return __regs_set(vp, &reg, 1);
}

__u64 reg_get(int vp, __u32 name)
{
	__u64 value;
	int ret = __reg_get(vp, name, &value);

	die_if(ret, "get register %#x: %d", name, ret);
	return value;
}

void reg_set(int vp, __u32 name, __u64 value)
{
	int ret = __reg_set(vp, name, value);

	die_if(ret, "set register %#x to %#llx: %d", name, value, ret);
}

int __vp_run(int vp, struct mshv_hv_message *msg)
{
	return raw(ioctl(vp, MSHV_RUN_VP, msg));
}

void vp_run(int vp, struct mshv_hv_message *msg)
{
	int ret;

	poison(msg, sizeof(*msg));
	ret = __vp_run(vp, msg);
	die_if(ret, "MSHV_RUN_VP: %d", ret);
}

int __vp_cancel(int vp)
{
	return raw(ioctl(vp, MSHV_CANCEL_RUN));
}

void vp_cancel(int vp)
{
	int ret = __vp_cancel(vp);

	die_if(ret, "MSHV_CANCEL_RUN: %d", ret);
}

/* What must hold after each MSHV_RUN_VP. */
bool vp_suspended(int vp)
{
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_REGISTER_EXPLICIT_SUSPEND },
		{ .name = HV_REGISTER_INTERCEPT_SUSPEND },
	};

	regs_get(vp, regs, 2);
	return (regs[0].value.reg64 & 1) || (regs[1].value.reg64 & 1);
}

void *pages_alloc(size_t size)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	die_if(mem == MAP_FAILED, "mmap of %zu bytes", size);
	return mem;
}

void poison(void *buf, size_t size)
{
	memset(buf, POISON, size);
}

bool poisoned(const void *buf, size_t size)
{
	const __u8 *at = buf;

	while (size && *at == POISON) {
		at++;
		size--;
	}
	return !size;
}

// SPDX-License-Identifier: GPL-2.0
/* The uapi, wrapped. */
#include <err.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "partition.h"
#include "status.h"

void partition_open(struct partition *partition)
{
	struct mshv_create_partition create = { 0 };
	struct mshv_create_vp vp = { .vp_index = 0 };
	int fd = open("/dev/mshv", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(STATUS_FAILED, "/dev/mshv");
	partition->fd = ioctl(fd, MSHV_CREATE_PARTITION, &create);
	if (partition->fd < 0)
		err(STATUS_FAILED, "MSHV_CREATE_PARTITION");
	close(fd);
	partition->vp_fd = ioctl(partition->fd, MSHV_CREATE_VP, &vp);
	if (partition->vp_fd < 0)
		err(STATUS_FAILED, "MSHV_CREATE_VP");
}

void partition_close(struct partition *partition)
{
	close(partition->vp_fd);
	close(partition->fd);
}

void partition_map(const struct partition *partition, const struct memory_region *region)
{
	struct mshv_user_mem_region map = {
		.size = region->size,
		.guest_pfn = region->gpa / MEMORY_PAGE,
		.userspace_addr = (uintptr_t)region->host,
		.flags = region->flags,
	};

	if (ioctl(partition->fd, MSHV_MAP_GUEST_MEMORY, &map))
		err(STATUS_FAILED, "MSHV_MAP_GUEST_MEMORY at 0x%llx",
		    (unsigned long long)region->gpa);
}

int partition_run(const struct partition *partition, struct mshv_hv_message *message)
{
	return ioctl(partition->vp_fd, MSHV_RUN_VP, message);
}

void partition_cancel(const struct partition *partition)
{
	ioctl(partition->vp_fd, MSHV_CANCEL_RUN);
}

void partition_get(const struct partition *partition, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_vp_registers list = { .count = count, .regs = registers };

	if (ioctl(partition->vp_fd, MSHV_GET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_GET_VP_REGISTERS");
}

void partition_set(const struct partition *partition, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_vp_registers list = { .count = count, .regs = registers };

	if (ioctl(partition->vp_fd, MSHV_SET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_SET_VP_REGISTERS");
}

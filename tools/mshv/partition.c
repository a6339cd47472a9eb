// SPDX-License-Identifier: GPL-2.0
/* The uapi, wrapped. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "partition.h"
#include "status.h"

static void vp_open(struct partition *partition, unsigned int index)
{
	struct mshv_create_vp create = { .vp_index = index };
	struct vp *vp = &partition->vp[index];

	vp->index = index;
	vp->fd = ioctl(partition->fd, MSHV_CREATE_VP, &create);
	if (vp->fd < 0)
		err(STATUS_FAILED, "MSHV_CREATE_VP");
}

void partition_open(struct partition *partition, unsigned int count, bool lapic,
		    uint64_t features)
{
	struct mshv_create_partition create = {
		.flags = lapic ? MSHV_PARTITION_LAPIC_ENABLED : 0,
		.synthetic_processor_features = features,
	};
	int fd = open("/dev/mshv", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(STATUS_FAILED, "/dev/mshv");
	partition->fd = ioctl(fd, MSHV_CREATE_PARTITION, &create);
	if (partition->fd < 0)
		err(STATUS_FAILED, "MSHV_CREATE_PARTITION");
	close(fd);
	for (partition->count = 0; partition->count < count; partition->count++)
		vp_open(partition, partition->count);
}

void partition_close(struct partition *partition)
{
	while (partition->count)
		close(partition->vp[--partition->count].fd);
	close(partition->fd);
}

static struct mshv_user_mem_region user_region(const struct memory_region *region)
{
	return (struct mshv_user_mem_region){
		.size = region->size,
		.guest_pfn = region->gpa / MEMORY_PAGE,
		.userspace_addr = (uintptr_t)region->host,
		.flags = region->flags,
	};
}

void partition_map(const struct partition *partition, const struct memory_region *region)
{
	struct mshv_user_mem_region map = user_region(region);

	if (ioctl(partition->fd, MSHV_MAP_GUEST_MEMORY, &map))
		err(STATUS_FAILED, "MSHV_MAP_GUEST_MEMORY at 0x%llx",
		    (unsigned long long)region->gpa);
}

void partition_unmap(const struct partition *partition, const struct memory_region *region)
{
	struct mshv_user_mem_region map = user_region(region);

	if (ioctl(partition->fd, MSHV_UNMAP_GUEST_MEMORY, &map))
		err(STATUS_FAILED, "MSHV_UNMAP_GUEST_MEMORY at 0x%llx",
		    (unsigned long long)region->gpa);
}

void partition_assert(const struct partition *partition,
		      const struct mshv_assert_interrupt *interrupt)
{
	if (ioctl(partition->fd, MSHV_ASSERT_INTERRUPT, interrupt) && errno != EINVAL)
		err(STATUS_FAILED, "MSHV_ASSERT_INTERRUPT");
}

void partition_route(const struct partition *partition, const struct mshv_msi_routing_entry *entries,
		     unsigned int count)
{
	struct mshv_msi_routing *table = calloc(1, sizeof(*table) + count * sizeof(*entries));

	if (!table)
		err(STATUS_FAILED, "a routing table");
	table->nr = count;
	memcpy(table->entries, entries, count * sizeof(*entries));
	if (ioctl(partition->fd, MSHV_SET_MSI_ROUTING, table))
		err(STATUS_FAILED, "MSHV_SET_MSI_ROUTING");
	free(table);
}

void partition_irqfd(const struct partition *partition, int fd, unsigned int gsi)
{
	struct mshv_irqfd irqfd = { .fd = fd, .gsi = gsi };

	if (ioctl(partition->fd, MSHV_IRQFD, &irqfd))
		err(STATUS_FAILED, "MSHV_IRQFD");
}

void partition_ioeventfd(const struct partition *partition, int fd, uint64_t gpa, bool on)
{
	struct mshv_ioeventfd ioeventfd = {
		.fd = fd, .addr = gpa, .flags = on ? 0 : MSHV_IOEVENTFD_FLAG_DEASSIGN,
	};

	if (ioctl(partition->fd, MSHV_IOEVENTFD, &ioeventfd))
		err(STATUS_FAILED, "MSHV_IOEVENTFD");
}

int partition_run(const struct vp *vp, struct mshv_hv_message *message)
{
	return ioctl(vp->fd, MSHV_RUN_VP, message);
}

void partition_cancel(const struct vp *vp)
{
	ioctl(vp->fd, MSHV_CANCEL_RUN);
}

void partition_get(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_vp_registers list = { .count = count, .regs = registers };

	if (ioctl(vp->fd, MSHV_GET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_GET_VP_REGISTERS");
}

void partition_set(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_vp_registers list = { .count = count, .regs = registers };

	if (ioctl(vp->fd, MSHV_SET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_SET_VP_REGISTERS");
}

// SPDX-License-Identifier: GPL-2.0
/* The uapi, wrapped. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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
	vp->page = mmap(NULL, MEMORY_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, vp->fd,
			MSHV_VP_MMAP_REGISTERS_OFFSET);
	if (vp->page == MAP_FAILED)
		err(STATUS_FAILED, "the register page");
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
	while (partition->count) {
		munmap(partition->vp[--partition->count].page, MEMORY_PAGE);
		close(partition->vp[partition->count].fd);
	}
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

void partition_route(const struct partition *partition,
		     const struct mshv_msi_routing_entry *entries, unsigned int count)
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

/* Where the register page has a register, and the class that tells of its change (0: none may). */
struct slot {
	void *at;
	size_t size;
	uint32_t class;
};

static struct slot find_slot(const struct vp *vp, __u32 name)
{
	struct mshv_hv_vp_register_page *page = vp->page;

	if (!page->isvalid)
		return (struct slot){ 0 };
	if (name >= HV_X64_REGISTER_RAX && name <= HV_X64_REGISTER_R15)
		return (struct slot){ &page->gprs[name - HV_X64_REGISTER_RAX], 8,
				      HV_X64_REGISTER_CLASS_GENERAL };
	if (name >= HV_X64_REGISTER_ES && name <= HV_X64_REGISTER_GS)
		return (struct slot){ &page->segment[name - HV_X64_REGISTER_ES], 16,
				      HV_X64_REGISTER_CLASS_SEGMENT };
	switch (name) {
	case HV_X64_REGISTER_RIP: return (struct slot){ &page->rip, 8, HV_X64_REGISTER_CLASS_IP };
	case HV_X64_REGISTER_RFLAGS:
		return (struct slot){ &page->rflags, 8, HV_X64_REGISTER_CLASS_FLAGS };
	case HV_X64_REGISTER_CR0: return (struct slot){ &page->cr0, 8, 0 };
	case HV_X64_REGISTER_CR3: return (struct slot){ &page->cr3, 8, 0 };
	case HV_X64_REGISTER_CR4: return (struct slot){ &page->cr4, 8, 0 };
	case HV_X64_REGISTER_EFER: return (struct slot){ &page->efer, 8, 0 };
	default: return (struct slot){ 0 };
	}
}

void partition_get(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_hv_register_assoc rest[PARTITION_REGISTERS];
	struct mshv_vp_registers list = { .regs = rest };
	struct slot slot;
	unsigned int i;

	for (i = 0; i < count; i++) {
		slot = find_slot(vp, registers[i].name);
		if (slot.at)
			memcpy(&registers[i].value, slot.at, slot.size);
		else
			rest[list.count++] = registers[i];
	}
	if (list.count && ioctl(vp->fd, MSHV_GET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_GET_VP_REGISTERS");
	for (i = list.count = 0; i < count; i++)
		if (!find_slot(vp, registers[i].name).at)
			registers[i] = rest[list.count++];
}

void partition_set(const struct vp *vp, struct mshv_hv_register_assoc *registers,
		   unsigned int count)
{
	struct mshv_hv_register_assoc rest[PARTITION_REGISTERS];
	struct mshv_vp_registers list = { .regs = rest };
	struct slot slot;
	unsigned int i;

	for (i = 0; i < count; i++) {
		slot = find_slot(vp, registers[i].name);
		if (slot.class) {
			memcpy(slot.at, &registers[i].value, slot.size);
			vp->page->dirty |= slot.class;
		} else {
			rest[list.count++] = registers[i];
		}
	}
	if (list.count && ioctl(vp->fd, MSHV_SET_VP_REGISTERS, &list))
		err(STATUS_FAILED, "MSHV_SET_VP_REGISTERS");
}

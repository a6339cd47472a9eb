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

#include "memory.h"
#include "partition.h"
#include "status.h"

#define CALL(fd, request, argument)	call(fd, request, argument, #request)

static int call(int fd, unsigned long request, const void *argument, const char *name)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		err(STATUS_FAILED, "%s", name);
	return result;
}

void partition_open(struct partition *partition, unsigned int count, bool lapic,
		    uint64_t features)
{
	struct mshv_create_partition create = {
		.flags = lapic ? MSHV_PARTITION_LAPIC_ENABLED : 0,
		.synthetic_processor_features = features,
	};
	int fd = open("/dev/mshv", O_RDONLY | O_CLOEXEC);
	struct mshv_create_vp create_vp;
	struct vp *vp;

	if (fd < 0)
		err(STATUS_FAILED, "/dev/mshv");
	partition->fd = CALL(fd, MSHV_CREATE_PARTITION, &create);
	close(fd);
	for (partition->count = 0; partition->count < count; partition->count++) {
		create_vp.vp_index = partition->count;
		vp = &partition->vp[partition->count];
		vp->index = partition->count;
		vp->fd = CALL(partition->fd, MSHV_CREATE_VP, &create_vp);
		vp->page = mmap(NULL, MEMORY_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, vp->fd,
				MSHV_VP_MMAP_REGISTERS_OFFSET);
		if (vp->page == MAP_FAILED)
			err(STATUS_FAILED, "the register page");
	}
}

void partition_map(const struct partition *partition, const struct mshv_user_mem_region *region)
{
	CALL(partition->fd, MSHV_MAP_GUEST_MEMORY, region);
}

void partition_unmap(const struct partition *partition, const struct mshv_user_mem_region *region)
{
	CALL(partition->fd, MSHV_UNMAP_GUEST_MEMORY, region);
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
	CALL(partition->fd, MSHV_SET_MSI_ROUTING, table);
	free(table);
}

void partition_irqfd(const struct partition *partition, int fd, unsigned int gsi)
{
	struct mshv_irqfd irqfd = { .fd = fd, .gsi = gsi };

	CALL(partition->fd, MSHV_IRQFD, &irqfd);
}

void partition_ioeventfd(const struct partition *partition, int fd, uint64_t gpa, bool on)
{
	struct mshv_ioeventfd ioeventfd = {
		.fd = fd, .addr = gpa, .flags = on ? 0 : MSHV_IOEVENTFD_FLAG_DEASSIGN,
	};

	CALL(partition->fd, MSHV_IOEVENTFD, &ioeventfd);
}

/* Where the register page has registers, and the class that tells of a change (0: none may). */
#define PAGE(field)	offsetof(struct mshv_hv_vp_register_page, field)
static const struct slot {
	__u32 first, last;
	uint16_t at, size;
	uint32_t class;
} slots[] = {
	{ HV_X64_REGISTER_RAX, HV_X64_REGISTER_R15, PAGE(gprs), 8, HV_X64_REGISTER_CLASS_GENERAL },
	{ HV_X64_REGISTER_RIP, HV_X64_REGISTER_RIP, PAGE(rip), 8, HV_X64_REGISTER_CLASS_IP },
	{ HV_X64_REGISTER_RFLAGS, HV_X64_REGISTER_RFLAGS, PAGE(rflags), 8,
	  HV_X64_REGISTER_CLASS_FLAGS },
	{ HV_X64_REGISTER_ES, HV_X64_REGISTER_GS, PAGE(segment), 16,
	  HV_X64_REGISTER_CLASS_SEGMENT },
	{ HV_X64_REGISTER_CR0, HV_X64_REGISTER_CR0, PAGE(cr0), 8, 0 },
	{ HV_X64_REGISTER_CR3, HV_X64_REGISTER_CR4, PAGE(cr3), 8, 0 },
	{ HV_X64_REGISTER_EFER, HV_X64_REGISTER_EFER, PAGE(efer), 8, 0 },
};

/* Returns: where the page has register @name now, or NULL; and the class. */
static void *find(const struct vp *vp, __u32 name, const struct slot **slot)
{
	const struct slot *end = slots + sizeof(slots) / sizeof(*slots);

	for (*slot = slots; vp->page->isvalid && *slot < end; (*slot)++) {
		if (name >= (*slot)->first && name <= (*slot)->last)
			return (char *)vp->page + (*slot)->at +
			       (name - (*slot)->first) * (*slot)->size;
	}
	return NULL;
}

union mshv_hv_register_value partition_get(const struct vp *vp, __u32 name)
{
	struct mshv_hv_register_assoc reg = { .name = name };
	struct mshv_vp_registers list = { .count = 1, .regs = &reg };
	const struct slot *slot;
	const void *at = find(vp, name, &slot);

	if (at)
		memcpy(&reg.value, at, slot->size);
	else
		CALL(vp->fd, MSHV_GET_VP_REGISTERS, &list);
	return reg.value;
}

void partition_set(const struct vp *vp, __u32 name, union mshv_hv_register_value value)
{
	struct mshv_hv_register_assoc reg = { .name = name, .value = value };
	struct mshv_vp_registers list = { .count = 1, .regs = &reg };
	const struct slot *slot;
	void *at = find(vp, name, &slot);

	if (at && slot->class) {
		memcpy(at, &value, slot->size);
		vp->page->dirty |= slot->class;
	} else {
		CALL(vp->fd, MSHV_SET_VP_REGISTERS, &list);
	}
}

void partition_set64(const struct vp *vp, __u32 name, uint64_t value)
{
	partition_set(vp, name, (union mshv_hv_register_value){ .reg64 = value });
}

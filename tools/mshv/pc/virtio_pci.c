// SPDX-License-Identifier: GPL-2.0
/* The disk as a virtio device on PCI. */
#include <string.h>
#include <unistd.h>

#include "disk.h"

#define DEVICE_ID	((0x1040 + VIRTIO_ID_BLOCK) << 16 | 0x1af4)
#define CLASS		0x01800001		/* storage; revision 1 */

/* Capabilities. */
#define CAP_FIRST	0x40
#define CAP_SPACE	0x18
#define CAP_MSIX	0xa0
#define MSIX_BITS	((PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 16)

/* What is in the BAR, each with a page of its own. */
enum { COMMON, ISR, CONFIG, NOTIFY, TABLE, PENDING, REGIONS };

#define PAGE		0x1000

static const uint64_t features = 1ull << VIRTIO_BLK_F_SEG_MAX | 1ull << VIRTIO_BLK_F_FLUSH |
				 1ull << VIRTIO_F_VERSION_1;

static void set_doorbell(struct disk *disk, uint64_t gpa)
{
	if (disk->doorbell)
		disk->ring(disk->context, disk->doorbell, false);
	if (gpa)
		disk->ring(disk->context, gpa, true);
	disk->doorbell = gpa;
}

static void reset(struct disk *disk)
{
	set_doorbell(disk, 0);
	disk->isr = 0;
	disk->next = 0;
	disk->common = (struct virtio_pci_common_cfg){
		.device_feature = (uint32_t)features, .num_queues = 1,
		.msix_config = VIRTIO_MSI_NO_VECTOR, .queue_msix_vector = VIRTIO_MSI_NO_VECTOR,
		.queue_size = DISK_QUEUE_SIZE,
	};
}

static void add_capability(struct disk *disk, uint8_t type, unsigned int page, uint32_t size)
{
	unsigned int at = CAP_FIRST + CAP_SPACE * (type - VIRTIO_PCI_CAP_COMMON_CFG);
	const struct virtio_pci_notify_cap cap = { .cap = {
		.cap_vndr = PCI_CAP_ID_VNDR, .cap_next = at + CAP_SPACE, .cap_len = sizeof(cap),
		.cfg_type = type, .offset = page * PAGE, .length = size,
	} };

	memcpy(&disk->pci.config[at / 4], &cap, sizeof(cap));
}

void disk_init(struct disk *disk, const struct memory *memory, int file, uint32_t gpa)
{
	uint32_t *config = disk->pci.config;
	unsigned int i;

	*disk = (struct disk){ .memory = memory, .file = file };
	disk->config.capacity = lseek(file, 0, SEEK_END) / DISK_SECTOR;
	disk->config.seg_max = DISK_QUEUE_SIZE - 2;
	config[PCI_VENDOR_ID / 4] = DEVICE_ID;
	config[PCI_SUBSYSTEM_VENDOR_ID / 4] = DEVICE_ID;
	config[PCI_COMMAND / 4] = PCI_STATUS_CAP_LIST << 16;
	config[PCI_CLASS_REVISION / 4] = CLASS;
	config[PCI_BASE_ADDRESS_0 / 4] = gpa;
	config[PCI_CAPABILITY_LIST / 4] = CAP_FIRST;
	add_capability(disk, VIRTIO_PCI_CAP_COMMON_CFG, COMMON, sizeof(disk->common));
	add_capability(disk, VIRTIO_PCI_CAP_NOTIFY_CFG, NOTIFY, 4);
	add_capability(disk, VIRTIO_PCI_CAP_ISR_CFG, ISR, 1);
	add_capability(disk, VIRTIO_PCI_CAP_DEVICE_CFG, CONFIG, sizeof(disk->config));
	config[CAP_MSIX / 4] = PCI_CAP_ID_MSIX | (DISK_VECTORS - 1) << 16;
	config[(CAP_MSIX + PCI_MSIX_TABLE) / 4] = TABLE * PAGE;
	config[(CAP_MSIX + PCI_MSIX_PBA) / 4] = PENDING * PAGE;
	disk->pci.writable[PCI_COMMAND / 4] = PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
					      PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE;
	disk->pci.writable[PCI_BASE_ADDRESS_0 / 4] = ~(DISK_BAR_SIZE - 1);
	disk->pci.writable[CAP_MSIX / 4] = MSIX_BITS;
	for (i = 0; i < DISK_VECTORS; i++)
		disk->vector[i].control = PCI_MSIX_ENTRY_CTRL_MASKBIT;
	reset(disk);
}

/* Sends an interrupt, or keeps it until it is unmasked. */
static void send(struct disk *disk, uint16_t number)
{
	unsigned int control = disk->pci.config[CAP_MSIX / 4] >> 16;
	const struct disk_vector *vector = &disk->vector[number % DISK_VECTORS];

	if (number >= DISK_VECTORS || !(control & PCI_MSIX_FLAGS_ENABLE))
		return;
	if (control & PCI_MSIX_FLAGS_MASKALL || vector->control & PCI_MSIX_ENTRY_CTRL_MASKBIT) {
		disk->pending |= 1ull << number;
		return;
	}
	disk->pending &= ~(1ull << number);
	disk->interrupt(disk->context, number, vector);
}

void disk_interrupt(struct disk *disk, uint8_t why)
{
	disk->isr |= why;
	send(disk, why == DISK_ISR_QUEUE ? disk->common.queue_msix_vector :
					   disk->common.msix_config);
}

/* Returns: where the register at @offset is, or NULL if none has @size bytes there. */
static uint8_t *find(struct disk *disk, uint32_t offset, unsigned int size)
{
	const struct { void *registers; unsigned int size; } regions[REGIONS] = {
		[COMMON] = { &disk->common, sizeof(disk->common) },
		[ISR] = { &disk->isr, sizeof(disk->isr) },
		[CONFIG] = { &disk->config, sizeof(disk->config) },
		[TABLE] = { disk->vector, sizeof(disk->vector) },
		[PENDING] = { &disk->pending, sizeof(disk->pending) },
	};
	unsigned int region = offset / PAGE, at = offset % PAGE;

	if (region >= REGIONS || at + size > regions[region].size)
		return NULL;
	if (region == COMMON && at >= VIRTIO_PCI_COMMON_Q_SIZE && disk->common.queue_select)
		return NULL;			/* there is one queue */
	return (uint8_t *)regions[region].registers + at;
}

bool disk_claims(void *context, uint64_t gpa, uint32_t *offset)
{
	const struct disk *disk = context;

	*offset = gpa - disk->pci.config[PCI_BASE_ADDRESS_0 / 4];
	return disk->pci.config[PCI_COMMAND / 4] & PCI_COMMAND_MEMORY &&
	       gpa - disk->pci.config[PCI_BASE_ADDRESS_0 / 4] < DISK_BAR_SIZE;
}

uint64_t disk_read(void *context, uint32_t offset, unsigned int size)
{
	struct disk *disk = context;
	const void *at = find(disk, offset, size);
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, size);
	if (at == &disk->isr)
		disk->isr = 0;
	return value;
}

/* Whatever was written: what the guest may not change is put right again. */
static void write_common(struct disk *disk, void *to, unsigned int size, uint64_t value)
{
	struct virtio_pci_common_cfg *common = &disk->common, before = *common;
	unsigned int select;

	memcpy(to, &value, size);
	select = common->device_feature_select;
	common->device_feature = select < 2 ? features >> (32 * select) : 0;
	common->num_queues = before.num_queues;
	common->config_generation = 0;
	common->queue_notify_off = 0;
	if (common->msix_config >= DISK_VECTORS)
		common->msix_config = VIRTIO_MSI_NO_VECTOR;
	if (common->queue_msix_vector >= DISK_VECTORS)
		common->queue_msix_vector = VIRTIO_MSI_NO_VECTOR;
	common->queue_enable = common->queue_enable == 1;
	if (before.queue_enable || !common->queue_size || common->queue_size > DISK_QUEUE_SIZE ||
	    common->queue_size & (common->queue_size - 1))
		common->queue_size = before.queue_size;
	if (to == &common->device_status && !common->device_status)
		reset(disk);
	else if (common->device_status & ~before.device_status & VIRTIO_CONFIG_S_DRIVER_OK)
		set_doorbell(disk, disk->pci.config[PCI_BASE_ADDRESS_0 / 4] + NOTIFY * PAGE);
}

void disk_write(void *context, uint32_t offset, unsigned int size, uint64_t value)
{
	struct disk *disk = context;
	unsigned int number = offset % PAGE / sizeof(struct disk_vector);
	void *at = find(disk, offset, size);

	if (offset == NOTIFY * PAGE)
		disk_serve(disk);
	if (at && offset / PAGE == COMMON)
		write_common(disk, at, size, value);
	if (!at || offset / PAGE != TABLE)
		return;
	memcpy(at, &value, size);
	disk->vector[number].control &= PCI_MSIX_ENTRY_CTRL_MASKBIT;
	if (disk->pending >> number & 1)
		send(disk, number);
}

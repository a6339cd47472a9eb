// SPDX-License-Identifier: GPL-2.0
/* A virtio block device on a file. */
#include <string.h>
#include <unistd.h>

#include "disk.h"

#define TYPE_BLOCK		2
#define CLASS_STORAGE		0x01800000u
#define SECTOR			512
#define SEGMENTS		(VIRTQUEUE_SIZE - 2)

#define FEATURE_SEGMENTS	0x4ull
#define FEATURE_FLUSH		0x200ull
#define FEATURE_VERSION_1	0x100000000ull

#define REQUEST_IN		0
#define REQUEST_OUT		1
#define REQUEST_FLUSH		4
#define REQUEST_ID		8

#define DISK_OK			0
#define DISK_ERROR		1
#define DISK_UNSUPPORTED	2

struct request {
	uint32_t type, reserved;
	uint64_t sector;
};

void disk_init(struct disk *disk, const struct memory *memory, int file, uint32_t gpa)
{
	uint32_t segments = SEGMENTS;

	*disk = (struct disk){ .memory = memory, .file = file };
	disk->sectors = lseek(file, 0, SEEK_END) / SECTOR;
	disk->virtio.features = FEATURE_SEGMENTS | FEATURE_FLUSH | FEATURE_VERSION_1;
	memcpy(disk->virtio.config, &disk->sectors, 8);
	memcpy(disk->virtio.config + 12, &segments, 4);
	virtio_pci_init(&disk->virtio, TYPE_BLOCK, CLASS_STORAGE, gpa);
}

static uint64_t length(const struct iovec *piece, unsigned int count)
{
	uint64_t sum = 0;

	while (count--)
		sum += piece++->iov_len;
	return sum;
}

/* Reads or writes the pieces. Returns: the status that the guest gets. */
static uint8_t transfer(const struct disk *disk, const struct request *request,
			const struct iovec *piece, unsigned int count)
{
	uint64_t bytes = length(piece, count);
	off_t at = request->sector * SECTOR;
	ssize_t done;

	if (bytes % SECTOR || request->sector > disk->sectors ||
	    bytes / SECTOR > disk->sectors - request->sector)
		return DISK_ERROR;
	done = request->type == REQUEST_IN ? preadv(disk->file, piece, count, at) :
					     pwritev(disk->file, piece, count, at);
	return done >= 0 && (uint64_t)done == bytes ? DISK_OK : DISK_ERROR;
}

static uint8_t identify(const struct iovec *piece, unsigned int count)
{
	static const char id[20] = "mshv-vmm";

	if (!count)
		return DISK_ERROR;
	memcpy(piece->iov_base, id, piece->iov_len < sizeof(id) ? piece->iov_len : sizeof(id));
	return DISK_OK;
}

/* Returns: how many bytes were written to @chain, or -1 if it is no request. */
static int serve(const struct disk *disk, const struct virtqueue_chain *chain)
{
	unsigned int read = chain->readable, written = chain->count - read;
	const struct iovec *data, *last = &chain->piece[chain->count - 1];
	struct request request;
	uint8_t status;

	/* Linux, like everybody, has the head and the status in pieces of their own. */
	if (!read || !written || chain->piece[0].iov_len < sizeof(request) || !last->iov_len)
		return -1;
	memcpy(&request, chain->piece[0].iov_base, sizeof(request));
	data = &chain->piece[read];
	switch (request.type) {
	case REQUEST_IN:
		status = transfer(disk, &request, data, written - 1);
		break;
	case REQUEST_OUT:
		status = transfer(disk, &request, &chain->piece[1], read - 1);
		break;
	case REQUEST_FLUSH:
		status = fdatasync(disk->file) ? DISK_ERROR : DISK_OK;
		break;
	case REQUEST_ID:
		status = identify(data, written - 1);
		break;
	default:
		status = DISK_UNSUPPORTED;
	}
	*((uint8_t *)last->iov_base + last->iov_len - 1) = status;
	return length(data, written);
}

void disk_serve(struct disk *disk)
{
	struct virtqueue *queue = &disk->virtio.queue;
	struct virtqueue_chain chain;
	bool tell = false;
	int taken = 0, written;

	while (queue->enabled && (taken = virtqueue_take(queue, disk->memory, &chain)) > 0) {
		written = serve(disk, &chain);
		if (written < 0) {
			taken = -1;
			break;
		}
		tell |= virtqueue_give(queue, disk->memory, &chain, written);
	}
	if (tell)
		virtio_pci_interrupt(&disk->virtio);
	if (taken < 0)
		virtio_pci_broken(&disk->virtio);
}

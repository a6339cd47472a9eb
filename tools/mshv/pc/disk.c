// SPDX-License-Identifier: GPL-2.0
/* The disk's queue, and the requests in it. */
#include <linux/virtio_ring.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk.h"

/* A request: what the device reads, then what it writes. */
struct chain {
	uint16_t head;
	unsigned int readable, count;
	uint32_t written;		/* bytes */
	struct iovec piece[DISK_QUEUE_SIZE];
};

/* The parts of the queue as the guest has them now. */
struct queue {
	const struct vring_desc *table;
	const struct vring_avail *available;
	struct vring_used *used;
	unsigned int size;
};

static void *guest_memory(const struct disk *disk, uint32_t low, uint32_t high, uint64_t size)
{
	return memory_at(disk->memory, (uint64_t)high << 32 | low, size);
}

/* Returns: whether the queue is where the guest has memory. */
static bool find_queue(const struct disk *disk, struct queue *queue)
{
	const struct virtio_pci_common_cfg *common = &disk->common;

	queue->size = common->queue_size;
	queue->table = guest_memory(disk, common->queue_desc_lo, common->queue_desc_hi,
				    queue->size * sizeof(*queue->table));
	queue->available = guest_memory(disk, common->queue_avail_lo, common->queue_avail_hi,
					sizeof(*queue->available) + queue->size * sizeof(__u16));
	queue->used = guest_memory(disk, common->queue_used_lo, common->queue_used_hi,
				   sizeof(*queue->used) +
				   queue->size * sizeof(struct vring_used_elem));
	return queue->table && queue->available && queue->used;
}

/* Adds one piece to @chain. Returns: whether it is one. */
static bool add_piece(const struct disk *disk, const struct vring_desc *descriptor,
		      struct chain *chain)
{
	void *at = memory_at(disk->memory, descriptor->addr, descriptor->len);

	if (!at || chain->count == DISK_QUEUE_SIZE)
		return false;
	if (!(descriptor->flags & VRING_DESC_F_WRITE)) {
		if (chain->readable != chain->count)
			return false;
		chain->readable++;
	}
	chain->piece[chain->count++] = (struct iovec){ at, descriptor->len };
	return true;
}

/* Returns: whether a good chain begins at its head. */
static bool take(const struct disk *disk, const struct queue *queue, struct chain *chain)
{
	struct vring_desc descriptor;
	uint16_t index = chain->head;

	do {
		if (index >= queue->size)
			return false;
		descriptor = queue->table[index];	/* once: the guest may change it */
		if (!add_piece(disk, &descriptor, chain))
			return false;
		index = descriptor.next;
	} while (descriptor.flags & VRING_DESC_F_NEXT);
	return true;
}

/* Gives @chain back. Returns: whether the guest wants to be told. */
static bool give(const struct queue *queue, const struct chain *chain)
{
	struct vring_used *used = queue->used;

	used->ring[used->idx % queue->size] = (vring_used_elem_t){ chain->head, chain->written };
	__atomic_store_n(&used->idx, used->idx + 1, __ATOMIC_RELEASE);
	/* Full barrier: with the guest's between setting the flag and looking at the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(__atomic_load_n(&queue->available->flags, __ATOMIC_RELAXED) &
		 VRING_AVAIL_F_NO_INTERRUPT);
}

static uint64_t length(const struct iovec *piece, unsigned int count)
{
	uint64_t sum = 0;

	while (count--)
		sum += piece++->iov_len;
	return sum;
}

/* Reads or writes the pieces. Returns: the status that the guest gets. */
static uint8_t transfer(const struct disk *disk, const struct virtio_blk_outhdr *request,
			const struct iovec *piece, unsigned int count)
{
	uint64_t bytes = length(piece, count), capacity = disk->config.capacity;
	off_t at = request->sector * DISK_SECTOR;
	ssize_t done;

	if (bytes % DISK_SECTOR || request->sector > capacity ||
	    bytes / DISK_SECTOR > capacity - request->sector)
		return VIRTIO_BLK_S_IOERR;
	done = request->type == VIRTIO_BLK_T_IN ? preadv(disk->file, piece, count, at) :
						  pwritev(disk->file, piece, count, at);
	return done >= 0 && (uint64_t)done == bytes ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

/* Returns: whether it was a request. */
static bool serve(const struct disk *disk, struct chain *chain)
{
	unsigned int read = chain->readable, written = chain->count - read;
	const struct iovec *last = &chain->piece[chain->count - 1];
	struct virtio_blk_outhdr request;
	uint8_t status = VIRTIO_BLK_S_UNSUPP;

	/* Linux, like everybody, has the head and the status in pieces of their own. */
	if (!read || !written || chain->piece[0].iov_len < sizeof(request) || !last->iov_len)
		return false;
	memcpy(&request, chain->piece[0].iov_base, sizeof(request));
	switch (request.type) {
	case VIRTIO_BLK_T_IN:
		status = transfer(disk, &request, &chain->piece[read], written - 1);
		break;
	case VIRTIO_BLK_T_OUT:
		status = transfer(disk, &request, &chain->piece[1], read - 1);
		break;
	case VIRTIO_BLK_T_FLUSH:
		status = fdatasync(disk->file) ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
		break;
	}
	*((uint8_t *)last->iov_base + last->iov_len - 1) = status;
	chain->written = length(&chain->piece[read], written);
	return true;
}

void disk_serve(struct disk *disk)
{
	bool tell = false, good;
	struct queue queue;
	struct chain chain;

	if (!(disk->common.device_status & VIRTIO_CONFIG_S_DRIVER_OK) || !disk->common.queue_enable)
		return;
	good = find_queue(disk, &queue);
	while (good && __atomic_load_n(&queue.available->idx, __ATOMIC_ACQUIRE) != disk->next) {
		chain = (struct chain){
			.head = queue.available->ring[disk->next++ % queue.size]
		};
		good = take(disk, &queue, &chain) && serve(disk, &chain);
		tell |= good && give(&queue, &chain);
	}
	if (tell)
		disk_interrupt(disk, DISK_ISR_QUEUE);
	if (good)
		return;
	disk->common.device_status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	disk->common.queue_enable = 0;
	disk_interrupt(disk, VIRTIO_PCI_ISR_CONFIG);
}

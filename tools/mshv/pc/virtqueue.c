// SPDX-License-Identifier: GPL-2.0
/* A split virtqueue. */
#include <stddef.h>

#include "virtqueue.h"

#define NEXT		1
#define WRITE		2
#define NO_INTERRUPT	1

struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

struct ring {
	uint16_t flags, index;
	uint16_t entry[];
};

struct used_entry {
	uint32_t id, length;
};

struct used_ring {
	uint16_t flags, index;
	struct used_entry entry[];
};

static const struct ring *available(const struct virtqueue *queue, const struct memory *memory)
{
	return memory_at(memory, queue->available,
			 sizeof(struct ring) + queue->size * sizeof(uint16_t));
}

/* One piece of @chain. Returns: whether it is one. */
static bool add_piece(const struct memory *memory, const struct descriptor *descriptor,
		      struct virtqueue_chain *chain)
{
	void *at = memory_at(memory, descriptor->address, descriptor->length);

	if (!at || chain->count == VIRTQUEUE_SIZE)
		return false;
	if (!(descriptor->flags & WRITE)) {
		if (chain->readable != chain->count)
			return false;
		chain->readable++;
	}
	chain->piece[chain->count++] = (struct iovec){ at, descriptor->length };
	return true;
}

int virtqueue_take(struct virtqueue *queue, const struct memory *memory,
		   struct virtqueue_chain *chain)
{
	const struct descriptor *table = memory_at(memory, queue->descriptors,
						   queue->size * sizeof(struct descriptor));
	const struct ring *ring = available(queue, memory);
	struct descriptor descriptor;
	uint16_t index;

	if (!table || !ring || !queue->size)
		return -1;
	if (__atomic_load_n(&ring->index, __ATOMIC_ACQUIRE) == queue->next)
		return 0;
	index = ring->entry[queue->next++ % queue->size];
	*chain = (struct virtqueue_chain){ .head = index };
	do {
		if (index >= queue->size)
			return -1;
		descriptor = table[index];	/* once: the guest may change it */
		if (!add_piece(memory, &descriptor, chain))
			return -1;
		index = descriptor.next;
	} while (descriptor.flags & NEXT);
	return 1;
}

bool virtqueue_give(struct virtqueue *queue, const struct memory *memory,
		    const struct virtqueue_chain *chain, uint32_t written)
{
	const struct ring *ring = available(queue, memory);
	struct used_ring *used = memory_at(memory, queue->used,
					   sizeof(struct used_ring) +
					   queue->size * sizeof(struct used_entry));

	if (!used || !ring)
		return false;
	used->entry[used->index % queue->size] = (struct used_entry){ chain->head, written };
	__atomic_store_n(&used->index, used->index + 1, __ATOMIC_RELEASE);
	/* Full barrier: with the guest's between setting the flag and looking at the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(__atomic_load_n(&ring->flags, __ATOMIC_RELAXED) & NO_INTERRUPT);
}

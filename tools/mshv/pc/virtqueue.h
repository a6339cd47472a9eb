/* SPDX-License-Identifier: GPL-2.0 */
/* A split virtqueue (virtio 1.2, chapter 2.7), the device's side. The guest is not trusted. */
#ifndef TOOLS_MSHV_PC_VIRTQUEUE_H
#define TOOLS_MSHV_PC_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "../memory.h"

#define VIRTQUEUE_SIZE	128		/* and as many pieces has a chain at most */

struct virtqueue {
	uint64_t descriptors, available, used;	/* guest-physical addresses */
	uint16_t size, next, vector;
	bool enabled;
};

/* A request: what the device reads, then what it writes. */
struct virtqueue_chain {
	uint16_t head;
	unsigned int readable, count;
	struct iovec piece[VIRTQUEUE_SIZE];
};

/* Returns: 1 with a chain, 0 if there is none, -1 if what the guest put there is wrong. */
int virtqueue_take(struct virtqueue *queue, const struct memory *memory,
		   struct virtqueue_chain *chain);

/* Gives @chain back, with @written bytes in it. Returns: whether the guest wants to be told. */
bool virtqueue_give(struct virtqueue *queue, const struct memory *memory,
		    const struct virtqueue_chain *chain, uint32_t written);

#endif

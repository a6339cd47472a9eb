/* SPDX-License-Identifier: GPL-2.0 */
/* Which writes of a guest signal an ioeventfd; pure, so that it is tested alone. */
#ifndef _MSHV_IO_MATCH_H
#define _MSHV_IO_MATCH_H

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/types.h>

#include "port_write.h"

/**
 * struct mshv_io_match - a kind of write
 * @addr: guest physical address, or port
 * @len: bytes: 1, 2, 4, 8, or 0 for any
 * @wildcard: whatever is written
 * @value: otherwise, what must be written
 */
struct mshv_io_match {
	u64 addr;
	u32 len;
	bool wildcard;
	u64 value;
};

/* Ports are less than this. */
#define MSHV_IO_PORTS	0x10000

/**
 * mshv_io_match_check - whether a guest can write so at all
 * @match: what user space asks for
 * @port: a port is meant, no memory
 *
 * Return: 0 or -EINVAL: a length that is none, a value that is wider than the
 * length or has no length, or an address that does not exist.
 */
static inline int mshv_io_match_check(const struct mshv_io_match *match,
				      bool port)
{
	u64 end;

	switch (match->len) {
	case 0: case 1: case 2: case 4: case 8:
		break;
	default:
		return -EINVAL;
	}
	if (!match->wildcard &&
	    (!match->len || match->value & ~GENMASK_ULL(match->len * 8 - 1, 0)))
		return -EINVAL;
	if (check_add_overflow(match->addr, match->len, &end))
		return -EINVAL;
	return port && match->addr >= MSHV_IO_PORTS ? -EINVAL : 0;
}

/**
 * mshv_io_match_equal - whether two are the same
 * @a: one
 * @b: another
 *
 * Return: true if so.
 */
static inline bool mshv_io_match_equal(const struct mshv_io_match *a,
				       const struct mshv_io_match *b)
{
	return a->addr == b->addr && a->len == b->len &&
	       a->wildcard == b->wildcard &&
	       (a->wildcard || a->value == b->value);
}

/**
 * mshv_io_match_collide - whether one write can be of both
 * @a: one
 * @b: another
 *
 * As long as no two of a partition collide, their order means nothing.
 *
 * Return: true if so.
 */
static inline bool mshv_io_match_collide(const struct mshv_io_match *a,
					 const struct mshv_io_match *b)
{
	if (a->addr != b->addr)
		return false;
	if (!a->len || !b->len)
		return true;
	return a->len == b->len &&
	       (a->wildcard || b->wildcard || a->value == b->value);
}

/**
 * mshv_io_match_hit - whether a write is of the kind
 * @match: of a port
 * @write: write
 *
 * Return: true if so.
 */
static inline bool mshv_io_match_hit(const struct mshv_io_match *match,
				     const struct mshv_port_write *write)
{
	return match->addr == write->port &&
	       (!match->len || match->len == write->len) &&
	       (match->wildcard || match->value == write->value);
}

#endif /* _MSHV_IO_MATCH_H */

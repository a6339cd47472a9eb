/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest has written to a port, and where it goes on; pure. */
#ifndef _MSHV_PORT_WRITE_H
#define _MSHV_PORT_WRITE_H

#include <linux/bits.h>
#include <linux/types.h>
#include <asm/mshv.h>

/**
 * struct mshv_port_write - one write to a port
 * @port: port
 * @len: bytes: 1, 2 or 4
 * @value: no wider than that
 * @next_rip: where the guest goes on
 */
struct mshv_port_write {
	u16 port;
	u32 len;
	u32 value;
	u64 next_rip;
};

/* CS.L: only then RIP has more than 32 bits. */
#define MSHV_CS_LONG	BIT(13)

/**
 * mshv_port_write_read - what a message says of a write
 * @message: of any type
 * @write: the write, on success
 *
 * Return: false if it is not about a single write, or not all of it is said.
 */
static inline bool mshv_port_write_read(const struct mshv_hv_message *message,
					struct mshv_port_write *write)
{
	const struct mshv_hv_x64_io_port_intercept_message *io =
		(const void *)message->payload;
	u32 len = io->access_info.access_size;

	if (message->header.message_type != MSHV_HVMSG_X64_IO_PORT_INTERCEPT ||
	    io->header.intercept_access_type != HV_INTERCEPT_ACCESS_WRITE ||
	    io->access_info.string_op || io->access_info.rep_prefix ||
	    !io->header.instruction_length ||
	    (len != 1 && len != 2 && len != 4))
		return false;
	*write = (struct mshv_port_write){
		.port = io->port_number,
		.len = len,
		.value = io->rax & GENMASK_ULL(len * 8 - 1, 0),
		.next_rip = io->header.rip + io->header.instruction_length,
	};
	if (!(io->header.execution_state.efer_lma &&
	      io->header.cs_segment.attributes & MSHV_CS_LONG))
		write->next_rip = (u32)write->next_rip;
	return true;
}

#endif /* _MSHV_PORT_WRITE_H */

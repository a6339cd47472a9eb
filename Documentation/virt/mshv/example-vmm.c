// SPDX-License-Identifier: GPL-2.0
/* A whole VMM over /dev/mshv: 16-bit code that says hello to port 0xe9, and HLT. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/mshv.h>

#define MEMORY_SIZE	0x10000
#define ENTRY		0x1000

static const unsigned char code[] =
	"\xbe\x11\x10"		/* mov   $0x1011, %si: the text below */
	"\xba\xe9\x00"		/* mov   $0xe9, %dx */
	"\xac\x84\xc0"		/* 1: lodsb; test %al, %al */
	"\x74\x03"		/* jz    2f */
	"\xee\xeb\xf8"		/* out   %al, %dx; jmp 1b */
	"\xec\xee\xf4"		/* 2: in %dx, %al; out %al, %dx; hlt */
	"hello";

static int checked(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static void set_registers(int vp, struct mshv_hv_register_assoc *regs, int count)
{
	struct mshv_vp_registers args = { .count = count, .regs = regs };

	checked(ioctl(vp, MSHV_SET_VP_REGISTERS, &args), "MSHV_SET_VP_REGISTERS");
}

static int create_partition(void)
{
	struct mshv_create_partition spec = { .flags = 0 };
	int mshv = checked(open("/dev/mshv", O_RDWR | O_CLOEXEC), "/dev/mshv");
	__u32 capability = MSHV_CAP_CANCEL_RUN;

	if (checked(ioctl(mshv, MSHV_CHECK_EXTENSION, &capability), "MSHV_CHECK_EXTENSION"))
		puts("runs can be cancelled");
	return checked(ioctl(mshv, MSHV_CREATE_PARTITION, &spec), "MSHV_CREATE_PARTITION");
}

static void map_memory(int partition)
{
	void *memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct mshv_user_mem_region region = {
		.size = MEMORY_SIZE, .guest_pfn = 0, .userspace_addr = (__u64)memory,
		.flags = HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE,
	};

	if (memory == MAP_FAILED)
		err(1, "memory");
	memcpy((char *)memory + ENTRY, code, sizeof(code));
	checked(ioctl(partition, MSHV_MAP_GUEST_MEMORY, &region), "MSHV_MAP_GUEST_MEMORY");
}

/* Real mode is where a VP begins; only CS and RIP are those of the reset vector. */
static int create_vp(int partition)
{
	struct mshv_create_vp args = { .vp_index = 0 };
	int vp = checked(ioctl(partition, MSHV_CREATE_VP, &args), "MSHV_CREATE_VP");
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_X64_REGISTER_CS,
		  .value.segment = { .base = 0, .limit = 0xffff, .attributes = 0x9b } },
		{ .name = HV_X64_REGISTER_RIP, .value.reg64 = ENTRY },
	};

	set_registers(vp, regs, 2);
	return vp;
}

/* One byte out, or one byte in: a new line. */
static void port_io(int vp, const struct mshv_hv_x64_io_port_intercept_message *io)
{
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_X64_REGISTER_RIP,
		  .value.reg64 = io->header.rip + io->header.instruction_length },
		{ .name = HV_X64_REGISTER_RAX, .value.reg64 = (io->rax & ~0xffULL) | '\n' },
	};
	int out = io->header.intercept_access_type == HV_INTERCEPT_ACCESS_WRITE;

	if (io->port_number != 0xe9 || io->access_info.access_size != 1 ||
	    io->access_info.string_op)
		errx(1, "access to port 0x%x", io->port_number);
	if (out)
		putchar((unsigned char)io->rax);
	set_registers(vp, regs, out ? 1 : 2);
}

int main(void)
{
	int partition = create_partition(), vp;
	struct mshv_hv_message message;

	map_memory(partition);
	vp = create_vp(partition);
	for (;;) {
		if (ioctl(vp, MSHV_RUN_VP, &message)) {
			if (errno == EINTR)
				continue;
			err(1, "MSHV_RUN_VP");
		}
		switch (message.header.message_type) {
		case MSHV_HVMSG_X64_IO_PORT_INTERCEPT:
			port_io(vp, (const void *)message.payload);
			break;
		case MSHV_HVMSG_X64_HALT:
			return 0;
		default:
			errx(1, "message 0x%x", message.header.message_type);
		}
	}
}

// SPDX-License-Identifier: GPL-2.0
/* Ports of the root that end the run; whatever else is written to them reaches the device. */
#include "../hw/cpu.h"
#include "../hw/log.h"
#include "../lib/lib.h"
#include "../svm/svm.h"
#include "../vm/vp.h"
#include "root.h"
#include "serve.h"

#define PORT_KEYBOARD		0x64
#define KEYBOARD_RESET		0xfe
#define PORT_EXIT		0xf4
#define PORT_PM1A_CONTROL	0x604
#define PM1_SLEEP_ENABLE	BIT(13)
#define PORT_RESET		0xcf9
#define RESET_CPU		0x04

void root_end(const char *how)
{
	bool leak;

	log_line("root ends by %s", how);
	leak = accounting_report();
	log_line("end: %s", leak ? "leak" : "clean");
	leave_qemu(leak ? END_LEAK : END_CLEAN);
}

static void check_end(u16 port, u32 value)
{
	if (port == PORT_KEYBOARD && value == KEYBOARD_RESET)
		root_end("keyboard controller reset");
	if (port == PORT_RESET && value & RESET_CPU)
		root_end("reset register");
	if (port == PORT_PM1A_CONTROL && value & PM1_SLEEP_ENABLE)
		root_end("ACPI sleep");
}

static u32 port_in(u16 port, unsigned int size)
{
	return size == 1 ? in8(port) : size == 2 ? in16(port) : in32(port);
}

static void port_out(u16 port, unsigned int size, u32 value)
{
	if (size == 1)
		out8(port, (u8)value);
	else if (size == 2)
		out16(port, (u16)value);
	else
		out32(port, value);
}

void serve_root_io(struct cpu *cpu, struct vp *vp)
{
	u64 info = vp->vmcb->exitinfo1;
	unsigned int size = IOIO_SIZE(info);
	u16 port = IOIO_PORT(info);
	u64 mask = size == 4 ? ~0u : BIT(8 * size) - 1;

	(void)cpu;
	if (info & IOIO_STR)
		panic("root: string I/O to port %x", port);
	if (info & IOIO_IN) {
		u32 value = port == PORT_EXIT ? ~0u : port_in(port, size);

		vp->vmcb->rax = size == 4 ? value : (vp->vmcb->rax & ~mask) | (value & mask);
	} else {
		u32 value = vp->vmcb->rax & mask;

		check_end(port, value);
		/* The way out of QEMU is testhv's. */
		if (port != PORT_EXIT)
			port_out(port, size, value);
	}
	vp->vmcb->rip = vp->vmcb->exitinfo2;
}

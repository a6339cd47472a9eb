// SPDX-License-Identifier: GPL-2.0
/* The log and the ways out of QEMU: port 0xE9 (-debugcon) and port 0xF4 (isa-debug-exit). */
#include "../lib/lib.h"
#include "cpu.h"
#include "log.h"

#define PORT_LOG	0xe9
#define PORT_EXIT	0xf4

static void put_line(const char *s)
{
	for (const char *p = "testhv: "; *p; p++)
		out8(PORT_LOG, *p);
	for (; *s; s++)
		out8(PORT_LOG, *s);
	out8(PORT_LOG, '\n');
}

void log_line(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	put_line(line);
}

void leave_qemu(enum run_end end)
{
	for (;;) {
		out32(PORT_EXIT, end);
		/* Without the device there is nothing left but to stand still. */
		asm volatile("cli; hlt");
	}
}

void panic(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	log_line("PANIC: %s", line);
	leave_qemu(END_PANIC);
}

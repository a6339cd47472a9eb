/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guests of the /dev/mshv selftests: where their memory lies, the code they
 * run (guest_*.S) and the state they start in.
 */
#ifndef MSHV_GUEST_H
#define MSHV_GUEST_H

#define GUEST_PAGE_SHIFT	12
#define GUEST_PAGE		0x1000

/*
 * Guest physical memory:
 *
 *   0x00000  vectors of real mode
 *   0x01000  page tables for 64-bit code: PML4, PDPT, PD, PT
 *   0x05000  page directory for 32-bit code with paging
 *   0x08000  code
 *   0x0a000  data, shared with the test
 *   0x10000  stack, downwards
 *   0x20000  end
 */
#define GUEST_PML4		0x1000
#define GUEST_PDPT		0x2000
#define GUEST_PD		0x3000
#define GUEST_PT		0x4000
#define GUEST_PD32		0x5000
#define GUEST_CODE		0x8000
#define GUEST_DATA		0xa000
#define GUEST_STACK		0x10000
#define GUEST_SIZE		0x20000

/* Paged guests see guest physical 0 to 1 GiB here, too. */
#define GUEST_ALIAS		0x40000000

/* Nothing is ever mapped here. */
#define GUEST_HOLE		0x80000

/* The last 2 MiB of the first GiB are mapped by GUEST_PT, page by page. */
#define GUEST_PT_BASE		0x3fe00000

/* The port that numbered exits are written to */
#define GUEST_PORT		0x10

/* The port of guest_event.S whose number is in the instruction */
#define EVENT_PORT		0x68

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <asm/mshv.h>
#include <linux/types.h>

#define GUEST_SNIPPET(name)	extern const __u8 name[], name##_end[]

/* What real clients pass: no more than they need */
#define CLIENT_SYNTHETIC_FEATURES	0xffb

GUEST_SNIPPET(code_count16);
GUEST_SNIPPET(code_out16);
GUEST_SNIPPET(code_spin16);
GUEST_SNIPPET(code_ping64);
GUEST_SNIPPET(code_pong64);

/* A port instruction of guest_io.S and what its exit must say */
struct io_case {
	const __u8 *code;
	__u8 length, bits, write, size, flags, pad;
	__u16 port;
};

/* Linear array made by the linker */
extern const struct io_case __start_guest_io[], __stop_guest_io[];

/* A memory instruction of guest_mem.S; it accesses the target + offset */
struct mem_case {
	const __u8 *code;
	__u8 length, bits, write;
	__s8 offset;
	__u32 pad;
};

extern const struct mem_case __start_guest_mem[], __stop_guest_mem[];

enum guest_mode {
	MODE_REAL,
	MODE_32,
	MODE_32_PAGED,
	MODE_64,
	MODE_64_USER,
};

/**
 * struct guest - a partition with one VP and GUEST_SIZE bytes of memory at 0
 * @dev: /dev/mshv
 * @part: partition fd
 * @vp: fd of VP 0
 * @mem: guest memory
 */
struct guest {
	int dev;
	int part;
	int vp;
	__u8 *mem;
};

void guest_create(struct guest *guest, __u64 flags);
void guest_destroy(struct guest *guest);
void guest_load(struct guest *guest, enum guest_mode mode, const __u8 *code, const __u8 *end);
#define guest_start(guest, mode, name)	\
	guest_load(guest, mode, name, name##_end)
void vp_start(int vp, enum guest_mode mode, __u64 entry);
void guest_skip(struct guest *guest, const struct mshv_hv_message *msg);
__u32 guest_ticks(const struct guest *guest);
void guest_wait_tick(const struct guest *guest);

#endif /* !__ASSEMBLER__ */
#endif /* MSHV_GUEST_H */

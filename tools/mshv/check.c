// SPDX-License-Identifier: GPL-2.0
/* Tests of the VMM's rooms that need no hypervisor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_disk.h"
#include "check_pc.h"
#include "expect.h"
#include "guest/challenge_abi.h"
#include "instruction.h"
#include "machine.h"

#define RIGHTS	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE)

static const char *parse(const char *line, struct options *options)
{
	char copy[200], *argv[20];
	int argc = 0;

	snprintf(copy, sizeof(copy), "mshv-vmm %s", line);
	for (argv[0] = strtok(copy, " "); argv[argc]; argv[argc] = strtok(NULL, " "))
		argc++;
	return options_parse(argc, argv, options);
}

static void check_options(void)
{
	static const char * const bad[] = {
		"", "--mode 64", "--image x", "--mode 48 x", "--firmware x --mode 16",
		"--firmware x y",
		"--mode 16 x --load-address 0x10000", "--mode 64 x --load-address 0x1000",
		"--kernel x --firmware y", "--kernel x --mode 64", "--mode 64 x --initrd y",
		"--firmware x --disk y",
		"--mode 32 x y", "--mode 64 x --memory 1M", "--mode 64 x --memory 4G",
		"--mode 64 x --memory 3M5", "--mode 64 x --memory -1", "--mode 32 x --challenge",
		"--mode 64 x --challenge=0", "--mode 64 x --cpus 0", "--mode 64 x --cpus 65",
		"--mode 64 x --timeout 0", "--mode 64 x --features y",
		"--mode 64 x --challenge --load-address 2M", "--what", "--mode"
	};
	struct options options;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK(parse(bad[i], &options));
	CHECK(!parse("--firmware bios --memory 64M", &options));
	CHECK(options.memory == 64 << 20 && !strcmp(options.firmware, "bios"));
	CHECK(!parse("--mode 64 guest --challenge", &options));
	CHECK(options.bits == 64 && options.load_address == 0x100000 && options.challenge);
	CHECK(!parse("--kernel x --initrd y --cmdline z --disk d", &options));
	CHECK(options.lapic && options.features == 0xffb && options.memory == 256 << 20);
	CHECK(!parse("--kernel x --features 0 --legacy", &options));
	CHECK(!options.features && options.legacy && options.cpus == 1);
	CHECK(!parse("--mode 16 --image x --trace", &options));
	CHECK(options.load_address == 0x7c00 && options.trace && !options.challenge);
	CHECK(options.cpus == 1 && !options.lapic && !options.features && !options.timeout);
	CHECK(!parse("--mode 64 x --cpus 4 --lapic --features 0xffb --timeout 9 --spread",
		     &options));
	CHECK(options.cpus == 4 && options.lapic && options.features == 0xffb);
	CHECK(options.timeout == 9 && options.spread && !options.lazy && !options.holes);
}

#define MOV(store, size, length, reg)	((struct instruction){ 0, store, size, length, reg, 0, 0 })

static bool mov_is(const char *bytes, unsigned int bits, struct instruction want)
{
	struct instruction mov;

	return !instruction_decode((const uint8_t *)bytes, 15, bits, &mov) && !mov.string &&
	       mov.store == want.store && mov.size == want.size && mov.length == want.length &&
	       mov.reg == want.reg;
}

static void check_mov(void)
{
	static const char pad[16];
	struct instruction mov;

	CHECK(mov_is("\x88\x07\0\0\0\0\0\0\0\0\0\0\0\0", 64, MOV(true, 1, 2, 0)));
	CHECK(mov_is("\x66\x8b\x07\0\0\0\0\0\0\0\0\0\0\0", 64, MOV(false, 2, 3, 0)));
	CHECK(mov_is("\x4c\x89\x84\x91\0\x10\0\0\0\0\0\0\0\0", 64, MOV(true, 8, 8, 8)));
	CHECK(mov_is("\x8b\x04\x25\0\0\0\0\0\0\0\0\0\0\0", 64, MOV(false, 4, 7, 0)));
	CHECK(mov_is("\x89\x0d\0\0\0\0\0\0\0\0\0\0\0\0", 32, MOV(true, 4, 6, 1)));
	CHECK(mov_is("\x89\x0e\0\0\0\0\0\0\0\0\0\0\0\0", 16, MOV(true, 2, 4, 1)));
	CHECK(mov_is("\xa1\x30\0\xe0\xfe\0\0\0\0\0\0\0\0\0", 32, MOV(false, 4, 5, 0)));
	CHECK(mov_is("\x67\xa2\x30\0\xe0\xfe\0\0\0\0\0\0\0\0", 64, MOV(true, 1, 6, 0)));
	CHECK(mov_is("\x66\x26\x89\x47\x04\0\0\0\0\0\0\0\0\0", 16, MOV(true, 4, 5, 0)));
	CHECK(instruction_decode((const uint8_t *)"\x88\x27\0", 3, 64, &mov));	/* AH */
	CHECK(instruction_decode((const uint8_t *)"\x89\xc7\0", 3, 64, &mov));	/* no memory */
	CHECK(instruction_decode((const uint8_t *)"\x89\x80\0", 3, 64, &mov));	/* cut off */
	CHECK(instruction_decode((const uint8_t *)pad, 16, 64, &mov));
}

static uint64_t translate(struct linear *linear, uint64_t address, enum linear_access access)
{
	uint64_t gpa;

	return linear_translate(linear, address, access, &gpa) ? ~0ull : gpa;
}

static void check_long_walk(struct memory *memory)
{
	uint64_t *tables = memory_at(memory, 0x1000, 0x4000);
	struct linear linear = { memory, 0x80010001, 0x1000, 0x20, 0x500, false, 0 };

	tables[0] = 0x2003;
	tables[512] = 0x3003;
	tables[512 + 1] = 0x40000083;		/* 1 GiB */
	tables[1024] = 0x4003;
	tables[1024 + 1] = 0x200081;		/* 2 MiB, read-only */
	tables[1536 + 5] = 0x7003;
	tables[1536 + 6] = 0x8007;
	CHECK(translate(&linear, 0x5123, LINEAR_READ) == 0x7123);
	CHECK(tables[1536 + 5] == 0x7023 && tables[0] == 0x2023);
	CHECK(translate(&linear, 0x5123, LINEAR_WRITE) == 0x7123 && tables[1536 + 5] == 0x7063);
	CHECK(translate(&linear, 0x7123, LINEAR_READ) == ~0ull);
	CHECK(translate(&linear, 0x212345, LINEAR_READ) == 0x212345);
	CHECK(translate(&linear, 0x212345, LINEAR_WRITE) == ~0ull);
	CHECK(translate(&linear, 0x7fffffff, LINEAR_WRITE) == 0x7fffffff);
	CHECK(translate(&linear, 1ull << 47, LINEAR_READ) == ~0ull);
	linear.user = true;			/* upper levels forbid it */
	CHECK(translate(&linear, 0x6000, LINEAR_READ) == ~0ull);
	linear.user = false;
	linear.cr0 = 0x80000001;		/* without WP */
	CHECK(translate(&linear, 0x212345, LINEAR_WRITE) == 0x212345);
}

static void check_other_walks(struct memory *memory)
{
	uint32_t *legacy = memory_at(memory, 0x10000, 0x2000);
	uint64_t *pae = memory_at(memory, 0x12020, 32);
	struct linear linear = { memory, 0x80000001, 0x10000, 0x10, 0, false, 0 };

	legacy[0] = 0x11003;
	legacy[1] = 0x800083;			/* 4 MiB */
	legacy[1024 + 3] = 0x7003;
	CHECK(translate(&linear, 0x3456, LINEAR_READ) == 0x7456);
	CHECK(translate(&linear, 0x412345, LINEAR_WRITE) == 0x812345);
	CHECK(legacy[0] == 0x11023 && legacy[1] == 0x8000e3);
	linear.cr4 = 0x20;
	linear.cr3 = 0x12020;
	pae[0] = 0x13001;			/* no rights in this level */
	*(uint64_t *)memory_at(memory, 0x13000, 8) = 0x200083;
	CHECK(translate(&linear, 0x1234, LINEAR_WRITE) == 0x201234 && pae[0] == 0x13001);
	linear.cr0 = 1;
	CHECK(translate(&linear, 0x100001234, LINEAR_WRITE) == 0x1234);
}

static void check_string_io(struct memory *memory)
{
	struct mshv_hv_x64_io_port_intercept_message out = {
		.header = { .cs_segment = { ._default = 1 }, .rflags = 2,
			    .intercept_access_type = HV_INTERCEPT_ACCESS_WRITE },
		.port_number = 0xf4, .access_info = { .access_size = 1, .string_op = 1 },
		.rcx = 0x100000003, .rsi = 0x20ffff, .rdi = 0x20000,
	};
	const uint8_t *text = memory_at(memory, 0x1ffff, 4);
	struct linear linear = { memory, 1, 0, 0, 0, false, 0x10000 };
	struct mshv_hv_x64_io_port_intercept_message io = out;
	struct instruction found;
	struct ports ports = { .exit_code = -1 };

	memcpy((void *)text, "\x11\x22\x33", 4);
	CHECK(instruction_decode((const uint8_t *)"\x90", 1, 32, &found));
	CHECK(instruction_decode((const uint8_t *)"\xf3", 1, 32, &found));
	CHECK(!instruction_decode((const uint8_t *)"\x2e\xf3\x6e", 3, 32, &found) && found.string);
	CHECK(found.segment == HV_X64_REGISTER_CS && found.address_size == 4);
	CHECK(!instruction_decode((const uint8_t *)"\x2e\x67\x6c", 3, 32, &found) && found.string);
	CHECK(found.segment == HV_X64_REGISTER_ES && found.address_size == 2);

	/* OUTSB, 16 bits: SI wraps, RCX is left alone */
	CHECK(!instruction_string(&io, 2, &linear, &ports));
	CHECK(ports.exit_code == 0x11 && io.rsi == 0x200000 && io.rcx == out.rcx);
	out.access_info.rep_prefix = 1;		/* downwards, 32 bits */
	out.header.rflags |= 0x400;
	out.rsi = 0x20001;
	io = out;
	linear.base = 0;
	CHECK(!instruction_string(&io, 4, &linear, &ports));
	CHECK(ports.exit_code == 0x11 && io.rsi == 0x1fffe && io.rcx == 0);
	out.header.intercept_access_type = HV_INTERCEPT_ACCESS_READ;
	out.port_number = 0x402;
	out.rcx = 2;
	out.rdi = 0x20001;
	io = out;
	CHECK(!instruction_string(&io, 4, &linear, &ports));
	CHECK(!memcmp(text, "\x11\xe9\xe9", 3) && io.rdi == 0x1ffff);
	out.rdi = 0x400000;
	io = out;
	CHECK(instruction_string(&io, 4, &linear, &ports) == -1 && io.rcx == 2);
}

static void check_exits(void)
{
	struct mshv_hv_message message = {
		.header = { .message_type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT, .payload_size = 128 },
	};
	struct mshv_hv_x64_io_port_intercept_message *io = (void *)message.payload;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	io->header.rip = 0x1234;
	io->header.instruction_length = 2;
	io->access_info.access_size = 4;
	io->access_info.rep_prefix = 1;
	io->port_number = 0x402;
	io->instruction_byte_count = 2;
	io->instruction_bytes[0] = 0xf3;
	io->instruction_bytes[1] = 0x6e;
	exits_print(to, &message);
	fflush(to);
	CHECK(strstr(text, "X64_IO_PORT_INTERCEPT ") && strstr(text, " rip=0x1234 "));
	CHECK(strstr(text, " length=0x2 ") && strstr(text, " port=0x402 size=0x4 string=0x0"));
	CHECK(strstr(text, " rep=0x1 ") && strstr(text, " bytes=[f3 6e]\n"));
	message.header.message_type = 0x1234;
	message.header.payload_size = 255;
	exits_print(to, &message);
	fclose(to);
	CHECK(strstr(text, "UNKNOWN type=0x1234 size=255"));
	free(text);
}

static void check_challenge(void)
{
	struct mshv_hv_message message = {
		.header = { .message_type = MSHV_HVMSG_X64_IO_PORT_INTERCEPT },
	};
	struct mshv_hv_x64_io_port_intercept_message *io = (void *)message.payload;
	struct challenge challenge;
	struct memory memory = { 0 };
	struct mmio mmio = { 0 };
	struct ports ports = { .exit_code = -1 };
	const struct mmio_device *window;
	uint32_t offset;
	uint64_t answer;

	challenge_init(&challenge, 1, &memory, &ports, &mmio);
	io->port_number = CHALLENGE_PORT;
	io->header.intercept_access_type = HV_INTERCEPT_ACCESS_WRITE;
	challenge.sequence = 7;
	answer = challenge_answer(challenge.number, 7);
	io->rax = answer;
	CHECK(challenge_exit_begin(&challenge, &message, answer) && !challenge.wrong);
	ports_write(&ports, CHALLENGE_PORT, 2, answer);
	CHECK(!challenge.wrong && challenge.seen[CHALLENGE_OUT] == 1);
	ports_write(&ports, CHALLENGE_PORT, 2, answer);	/* another element, another answer */
	CHECK(challenge.wrong == 1);
	challenge.sequence++;
	CHECK(challenge_exit_begin(&challenge, &message, answer) && challenge.wrong == 2);
	window = mmio_find(&mmio, CHALLENGE_MMIO_GPA + 0xfff8, &offset);
	CHECK(window && offset == 0xfff8);
	CHECK(!mmio_find(&mmio, CHALLENGE_MMIO_GPA + CHALLENGE_MMIO_SIZE, &offset));
	challenge.element = 0;
	window->write(window->context, 8, 2, challenge_answer(challenge.number, 8) & 0xffff);
	CHECK(challenge.wrong == 2);
	CHECK(challenge_result(&challenge, 0) == 122);
	CHECK(ports_read(&ports, 0x3fd, 1) == 0x60 && !ports_read(&ports, 0x60, 4));
}

int main(void)
{
	struct memory memory = { 0 };

	memory_add(&memory, 0, 0x400000, RIGHTS);
	check_options();
	check_mov();
	check_long_walk(&memory);
	check_other_walks(&memory);
	check_string_io(&memory);
	check_exits();
	check_challenge();
	check_pc();
	check_disk();
	return expect_result();
}

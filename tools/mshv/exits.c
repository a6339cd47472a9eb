// SPDX-License-Identifier: GPL-2.0
/*
 * Messages in words: tables of what lies where in the payloads (TLFS, intercept messages). Those of
 * intercepts that this VMM doesn't install aren't among them.
 */
#include <stdint.h>
#include <string.h>
#include <sys/param.h>

#include "machine.h"

/*
 * A field of @bits bits, from bit @shift of the byte at @at on; SEGMENT and BYTES are special, the
 * latter as many as the byte at @shift says.
 */
struct field {
	const char *name;
	uint8_t at, shift, bits;
};

#define SEGMENT		128
#define BYTES		0
#define NUM(name, at, size)		{ name, at, 0, 8 * (size) }
#define BITS(name, at, shift, bits)	{ name, at, shift, bits }
#define SEG(name, at)			{ name, at, 0, SEGMENT }
#define CODE(at, count_at)		{ "bytes", at, count_at, BYTES }

static const struct field header[] = {
	NUM("vp", 0, 4), NUM("rip", 24, 8), NUM("rflags", 32, 8), BITS("length", 4, 0, 4),
	BITS("cr8", 4, 4, 4), NUM("access", 5, 1), SEG("cs", 8), BITS("cpl", 6, 0, 2),
	BITS("pe", 6, 2, 1), BITS("am", 6, 3, 1), BITS("lma", 6, 4, 1), BITS("debug", 6, 5, 1),
	BITS("pending", 6, 6, 1), BITS("vtl", 6, 7, 4), BITS("enclave", 6, 11, 1),
	BITS("shadow", 6, 12, 1), BITS("fault", 6, 13, 1), { }
};

static const struct field memory[] = {
	NUM("gpa", 56, 8), NUM("gva", 48, 8), BITS("gva-valid", 45, 0, 1),
	BITS("gva-gpa-valid", 45, 1, 1), BITS("output-pending", 45, 2, 1),
	BITS("tlb-locked", 45, 3, 1), NUM("cache", 40, 4), NUM("tpr", 46, 1), CODE(64, 44), { }
};

static const struct field io_port[] = {
	NUM("port", 40, 2), BITS("size", 42, 0, 3), BITS("string", 42, 3, 1),
	BITS("rep", 42, 4, 1), NUM("rax", 48, 8), NUM("rcx", 104, 8), NUM("rsi", 112, 8),
	NUM("rdi", 120, 8), SEG("ds", 72), SEG("es", 88), CODE(56, 43), { }
};

static const struct field feature[] = {
	NUM("vp", 0, 4), NUM("feature", 4, 4), NUM("parameter", 8, 8), { }
};

static const struct field invalid_register[] = { NUM("vp", 0, 4), { } };
static const struct field eoi[] = { NUM("vp", 0, 4), NUM("vector", 4, 4), { } };

#define MESSAGE(name, common, fields)	{ MSHV_HVMSG_##name, #name, common, fields }

static const struct message {
	__u32 type;
	const char *name;
	const struct field *common, *fields;
} messages[] = {
	MESSAGE(UNMAPPED_GPA, header, memory),
	MESSAGE(GPA_INTERCEPT, header, memory),
	MESSAGE(INVALID_VP_REGISTER_VALUE, NULL, invalid_register),
	MESSAGE(UNRECOVERABLE_EXCEPTION, header, NULL),
	MESSAGE(UNSUPPORTED_FEATURE, NULL, feature),
	MESSAGE(X64_IO_PORT_INTERCEPT, header, io_port),
	MESSAGE(X64_APIC_EOI, NULL, eoi),
	MESSAGE(X64_HALT, header, NULL),
	{ }
};

static void print_segment(FILE *to, const char *name,
			  const struct mshv_hv_x64_segment_register *segment)
{
	fprintf(to, " %s=%04x:base=0x%llx:limit=0x%x:attributes=0x%x", name, segment->selector,
		segment->base, segment->limit, segment->attributes);
}

static void print_bytes(FILE *to, const char *name, const uint8_t *bytes, unsigned int count)
{
	unsigned int i;

	fprintf(to, " %s=[", name);
	for (i = 0; i < count; i++)
		fprintf(to, "%s%02x", i ? " " : "", bytes[i]);
	fputc(']', to);
}

static void print_fields(FILE *to, const uint8_t *payload, const struct field *field)
{
	uint64_t number;

	for (; field && field->name; field++) {
		const uint8_t *at = payload + field->at;

		if (field->bits == SEGMENT) {
			print_segment(to, field->name, (const void *)at);
		} else if (field->bits == BYTES) {
			print_bytes(to, field->name, at, MIN(payload[field->shift], 16));
		} else {
			memcpy(&number, at, sizeof(number));
			number = number >> field->shift << (64 - field->bits) >> (64 - field->bits);
			fprintf(to, " %s=0x%llx", field->name, (unsigned long long)number);
		}
	}
}

void exits_print(FILE *to, const struct mshv_hv_message *message)
{
	const struct mshv_hv_message_header *head = &message->header;
	const uint8_t *payload = (const uint8_t *)message->payload;
	const struct message *known = messages;

	while (known->name && known->type != head->message_type)
		known++;
	fprintf(to, "%s type=0x%x size=%u flags=0x%x sender=0x%llx",
		known->name ? known->name : "UNKNOWN", head->message_type, head->payload_size,
		head->message_flags.asu8, head->sender);
	print_fields(to, payload, known->common);
	print_fields(to, payload, known->fields);
	if (!known->name)
		print_bytes(to, "payload", payload,
			    MIN(head->payload_size, MSHV_HV_MESSAGE_PAYLOAD_SIZE));
	fputc('\n', to);
}

void exits_print_registers(FILE *to, const struct vp *vp)
{
	static const struct {
		__u32 first;
		const char *names[18];
	} lists[] = {
		{ HV_X64_REGISTER_RAX, { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
					 "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
					 "rip", "rflags" } },
		{ HV_X64_REGISTER_CR0, { "cr0", "cr2", "cr3", "cr4" } },
		{ HV_X64_REGISTER_EFER, { "efer" } },
		{ HV_X64_REGISTER_ES, { "es", "cs", "ss", "ds" } },
	};
	union mshv_hv_register_value value;
	unsigned int i, j, count = 0;

	for (i = 0; i < 4; i++) {
		for (j = 0; j < 18 && lists[i].names[j]; j++) {
			if (count++ % 6 == 0)
				fputs(count > 1 ? "\n   " : "   ", to);
			value = partition_get(vp, lists[i].first + j);
			if (lists[i].first == HV_X64_REGISTER_ES)
				print_segment(to, lists[i].names[j], &value.segment);
			else
				fprintf(to, " %s=0x%llx", lists[i].names[j], value.reg64);
		}
	}
	fputc('\n', to);
}

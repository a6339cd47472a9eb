// SPDX-License-Identifier: GPL-2.0
/* What messages are called and what is in them: tables of the payloads' layouts (TLFS, "Intercept Message"). */
#include <stdint.h>
#include <string.h>

#include "exits.h"

enum kind { END, NUMBER, BYTES, SEGMENT };

/* @at is the offset in the payload; @bits and @shift cut a bit field out of a number. */
struct field {
	const char *name;
	enum kind kind;
	uint8_t at, size, shift, bits;
};

#define NUM(name, at, size)		{ name, NUMBER, at, size, 0, 64 }
#define BIT(name, at, size, shift, bits) { name, NUMBER, at, size, shift, bits }
#define FIELDS(...) (const struct field[]){ __VA_ARGS__ { NULL, END, 0, 0, 0, 0 } }

static const struct field header[] = {
	NUM("vp", 0, 4), NUM("rip", 24, 8), NUM("rflags", 32, 8), BIT("length", 4, 1, 0, 4),
	BIT("cr8", 4, 1, 4, 4), NUM("access", 5, 1), { "cs", SEGMENT, 8, 16, 0, 0 },
	BIT("cpl", 6, 2, 0, 2), BIT("pe", 6, 2, 2, 1), BIT("am", 6, 2, 3, 1),
	BIT("lma", 6, 2, 4, 1), BIT("debug", 6, 2, 5, 1), BIT("pending", 6, 2, 6, 1),
	BIT("vtl", 6, 2, 7, 4), BIT("enclave", 6, 2, 11, 1), BIT("shadow", 6, 2, 12, 1),
	BIT("fault", 6, 2, 13, 1), { NULL, END, 0, 0, 0, 0 }
};

#define MEMORY FIELDS(NUM("gpa", 56, 8), NUM("gva", 48, 8), BIT("gva-valid", 45, 1, 0, 1),	\
		      BIT("gva-gpa-valid", 45, 1, 1, 1), BIT("output-pending", 45, 1, 2, 1),	\
		      BIT("tlb-locked", 45, 1, 3, 1), NUM("cache", 40, 4), NUM("tpr", 46, 1),	\
		      { "bytes", BYTES, 64, 16, 44, 0 },)

/* A field of kind BYTES has the offset of its byte count in @shift. */
static const struct message {
	__u32 type;
	const char *name;
	int has_header;
	const struct field *fields;
} messages[] = {
	{ MSHV_HVMSG_UNMAPPED_GPA, "UNMAPPED_GPA", 1, MEMORY },
	{ MSHV_HVMSG_GPA_INTERCEPT, "GPA_INTERCEPT", 1, MEMORY },
	{ MSHV_HVMSG_INVALID_VP_REGISTER_VALUE, "INVALID_VP_REGISTER_VALUE", 0,
	  FIELDS(NUM("vp", 0, 4),) },
	{ MSHV_HVMSG_UNRECOVERABLE_EXCEPTION, "UNRECOVERABLE_EXCEPTION", 1, FIELDS() },
	{ MSHV_HVMSG_UNSUPPORTED_FEATURE, "UNSUPPORTED_FEATURE", 0,
	  FIELDS(NUM("vp", 0, 4), NUM("feature", 4, 4), NUM("parameter", 8, 8),) },
	{ MSHV_HVMSG_X64_IO_PORT_INTERCEPT, "X64_IO_PORT_INTERCEPT", 1,
	  FIELDS(NUM("port", 40, 2), BIT("size", 42, 1, 0, 3), BIT("string", 42, 1, 3, 1),
		 BIT("rep", 42, 1, 4, 1), NUM("rax", 48, 8), NUM("rcx", 104, 8),
		 NUM("rsi", 112, 8), NUM("rdi", 120, 8), { "ds", SEGMENT, 72, 16, 0, 0 },
		 { "es", SEGMENT, 88, 16, 0, 0 }, { "bytes", BYTES, 56, 16, 43, 0 },) },
	{ MSHV_HVMSG_X64_MSR_INTERCEPT, "X64_MSR_INTERCEPT", 1,
	  FIELDS(NUM("msr", 40, 4), NUM("rdx", 48, 8), NUM("rax", 56, 8),) },
	{ MSHV_HVMSG_X64_CPUID_INTERCEPT, "X64_CPUID_INTERCEPT", 1,
	  FIELDS(NUM("rax", 40, 8), NUM("rcx", 48, 8), NUM("rdx", 56, 8), NUM("rbx", 64, 8),
		 NUM("result-rax", 72, 8), NUM("result-rcx", 80, 8), NUM("result-rdx", 88, 8),
		 NUM("result-rbx", 96, 8),) },
	{ MSHV_HVMSG_X64_EXCEPTION_INTERCEPT, "X64_EXCEPTION_INTERCEPT", 1,
	  FIELDS(NUM("vector", 40, 2), BIT("error-valid", 42, 1, 0, 1),
		 BIT("software", 42, 1, 1, 1), NUM("error", 44, 4), NUM("parameter", 48, 8),
		 NUM("rax", 112, 8), NUM("rcx", 120, 8), NUM("rdx", 128, 8), NUM("rbx", 136, 8),
		 NUM("rsp", 144, 8), NUM("rbp", 152, 8), NUM("rsi", 160, 8), NUM("rdi", 168, 8),
		 NUM("r8", 176, 8), NUM("r9", 184, 8), NUM("r10", 192, 8), NUM("r11", 200, 8),
		 NUM("r12", 208, 8), NUM("r13", 216, 8), NUM("r14", 224, 8), NUM("r15", 232, 8),
		 { "ds", SEGMENT, 80, 16, 0, 0 }, { "ss", SEGMENT, 96, 16, 0, 0 },
		 { "bytes", BYTES, 64, 16, 43, 0 },) },
	{ MSHV_HVMSG_X64_APIC_EOI, "X64_APIC_EOI", 0,
	  FIELDS(NUM("vp", 0, 4), NUM("vector", 4, 4),) },
	{ MSHV_HVMSG_X64_HALT, "X64_HALT", 1, FIELDS() },
	{ MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE, "X64_INTERRUPTION_DELIVERABLE", 1,
	  FIELDS(NUM("type", 40, 4),) },
	{ MSHV_HVMSG_X64_SIPI_INTERCEPT, "X64_SIPI_INTERCEPT", 1,
	  FIELDS(NUM("target-vp", 40, 4), NUM("vector", 44, 4),) },
};

static const struct message *find(__u32 type)
{
	unsigned int i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].type == type)
			return &messages[i];
	}
	return NULL;
}

const char *exits_name(__u32 type)
{
	const struct message *message = find(type);

	return message ? message->name : NULL;
}

static uint64_t number(const uint8_t *payload, const struct field *field)
{
	uint64_t value = 0;

	memcpy(&value, payload + field->at, field->size);
	value >>= field->shift;
	return field->bits == 64 ? value : value & ((1ull << field->bits) - 1);
}

static void print_segment(FILE *to, const char *name, const void *at)
{
	struct mshv_hv_x64_segment_register segment;

	memcpy(&segment, at, sizeof(segment));
	fprintf(to, " %s=%04x:base=0x%llx:limit=0x%x:attributes=0x%x", name, segment.selector,
		segment.base, segment.limit, segment.attributes);
}

static void print_bytes(FILE *to, const uint8_t *bytes, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		fprintf(to, "%s%02x", i ? " " : "", bytes[i]);
}

static void print_fields(FILE *to, const uint8_t *payload, const struct field *field)
{
	for (; field->kind != END; field++) {
		unsigned int count;

		switch (field->kind) {
		case SEGMENT:
			print_segment(to, field->name, payload + field->at);
			break;
		case BYTES:
			count = payload[field->shift];
			fprintf(to, " %s=[", field->name);
			print_bytes(to, payload + field->at,
				    count < field->size ? count : field->size);
			fputc(']', to);
			break;
		default:
			fprintf(to, " %s=0x%llx", field->name,
				(unsigned long long)number(payload, field));
		}
	}
}

void exits_print(FILE *to, const struct mshv_hv_message *message)
{
	const struct message *known = find(message->header.message_type);
	const uint8_t *payload = (const uint8_t *)message->payload;

	fprintf(to, "%s type=0x%x size=%u flags=0x%x sender=0x%llx",
		known ? known->name : "UNKNOWN", message->header.message_type,
		message->header.payload_size, message->header.message_flags.asu8,
		message->header.sender);
	if (!known) {
		unsigned int size = message->header.payload_size;

		fprintf(to, " payload=[");
		print_bytes(to, payload, size < MSHV_HV_MESSAGE_PAYLOAD_SIZE ?
			    size : MSHV_HV_MESSAGE_PAYLOAD_SIZE);
		fputs("]\n", to);
		return;
	}
	if (known->has_header) {
		print_fields(to, payload, header);
		fputs("\n   ", to);
	}
	print_fields(to, payload, known->fields);
	fputc('\n', to);
}

void exits_print_register(FILE *to, const struct mshv_hv_register_assoc *reg)
{
	static const char * const general[] = {
		"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
		"r12", "r13", "r14", "r15", "rip", "rflags"
	};
	static const char * const control[] = { "cr0", "cr2", "cr3", "cr4", "cr8" };
	static const char * const segment[] = { "es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr" };
	__u32 index = reg->name & 0xffff;

	if (reg->name >> 16 == 6) {
		print_segment(to, segment[index & 7], &reg->value.segment);
		return;
	}
	if (reg->name >> 16 == 2 && index < 18)
		fprintf(to, " %s", general[index]);
	else if (reg->name >> 16 == 4 && index < 5)
		fprintf(to, " %s", control[index]);
	else if (reg->name == HV_X64_REGISTER_EFER)
		fputs(" efer", to);
	else
		fprintf(to, " 0x%x", reg->name);
	fprintf(to, "=0x%llx", reg->value.reg64);
}

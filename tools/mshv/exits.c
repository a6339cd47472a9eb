// SPDX-License-Identifier: GPL-2.0
/* Messages in words: tables of what lies where in the payloads (TLFS, intercept messages). */
#include <stdint.h>
#include <string.h>

#include "exits.h"

enum kind { END, NUMBER, BYTES, SEGMENT };

/*
 * @at is the offset in the payload. @shift and @bits cut a bit field out of a number; of BYTES,
 * @shift is the offset of their count.
 */
struct field {
	const char *name;
	enum kind kind;
	uint8_t at, size, shift, bits;
};

#define NUM(name, at, size)			{ name, NUMBER, at, size, 0, 64 }
#define BITS(name, at, size, shift, bits)	{ name, NUMBER, at, size, shift, bits }
#define SEG(name, at)				{ name, SEGMENT, at, 16, 0, 0 }
#define CODE(at, count_at)			{ "bytes", BYTES, at, 16, count_at, 0 }
#define LAST					{ NULL, END, 0, 0, 0, 0 }

static const struct field header[] = {
	NUM("vp", 0, 4), NUM("rip", 24, 8), NUM("rflags", 32, 8), BITS("length", 4, 1, 0, 4),
	BITS("cr8", 4, 1, 4, 4), NUM("access", 5, 1), SEG("cs", 8), BITS("cpl", 6, 2, 0, 2),
	BITS("pe", 6, 2, 2, 1), BITS("am", 6, 2, 3, 1), BITS("lma", 6, 2, 4, 1),
	BITS("debug", 6, 2, 5, 1), BITS("pending", 6, 2, 6, 1), BITS("vtl", 6, 2, 7, 4),
	BITS("enclave", 6, 2, 11, 1), BITS("shadow", 6, 2, 12, 1), BITS("fault", 6, 2, 13, 1),
	LAST
};

static const struct field memory[] = {
	NUM("gpa", 56, 8), NUM("gva", 48, 8), BITS("gva-valid", 45, 1, 0, 1),
	BITS("gva-gpa-valid", 45, 1, 1, 1), BITS("output-pending", 45, 1, 2, 1),
	BITS("tlb-locked", 45, 1, 3, 1), NUM("cache", 40, 4), NUM("tpr", 46, 1), CODE(64, 44),
	LAST
};

static const struct field io_port[] = {
	NUM("port", 40, 2), BITS("size", 42, 1, 0, 3), BITS("string", 42, 1, 3, 1),
	BITS("rep", 42, 1, 4, 1), NUM("rax", 48, 8), NUM("rcx", 104, 8), NUM("rsi", 112, 8),
	NUM("rdi", 120, 8), SEG("ds", 72), SEG("es", 88), CODE(56, 43), LAST
};

static const struct field msr[] = {
	NUM("msr", 40, 4), NUM("rdx", 48, 8), NUM("rax", 56, 8), LAST
};

static const struct field cpuid[] = {
	NUM("rax", 40, 8), NUM("rcx", 48, 8), NUM("rdx", 56, 8), NUM("rbx", 64, 8),
	NUM("result-rax", 72, 8), NUM("result-rcx", 80, 8), NUM("result-rdx", 88, 8),
	NUM("result-rbx", 96, 8), LAST
};

static const struct field exception[] = {
	NUM("vector", 40, 2), BITS("error-valid", 42, 1, 0, 1), BITS("software", 42, 1, 1, 1),
	NUM("error", 44, 4), NUM("parameter", 48, 8), NUM("rax", 112, 8), NUM("rcx", 120, 8),
	NUM("rdx", 128, 8), NUM("rbx", 136, 8), NUM("rsp", 144, 8), NUM("rbp", 152, 8),
	NUM("rsi", 160, 8), NUM("rdi", 168, 8), NUM("r8", 176, 8), NUM("r9", 184, 8),
	NUM("r10", 192, 8), NUM("r11", 200, 8), NUM("r12", 208, 8), NUM("r13", 216, 8),
	NUM("r14", 224, 8), NUM("r15", 232, 8), SEG("ds", 80), SEG("ss", 96), CODE(64, 43), LAST
};

static const struct field invalid_register[] = { NUM("vp", 0, 4), LAST };
static const struct field feature[] = {
	NUM("vp", 0, 4), NUM("feature", 4, 4), NUM("parameter", 8, 8), LAST
};

static const struct field eoi[] = { NUM("vp", 0, 4), NUM("vector", 4, 4), LAST };
static const struct field deliverable[] = { NUM("type", 40, 4), LAST };
static const struct field sipi[] = { NUM("target-vp", 40, 4), NUM("vector", 44, 4), LAST };
static const struct field nothing[] = { LAST };

static const struct message {
	__u32 type;
	const char *name;
	const struct field *common, *fields;
} messages[] = {
	{ MSHV_HVMSG_UNMAPPED_GPA, "UNMAPPED_GPA", header, memory },
	{ MSHV_HVMSG_GPA_INTERCEPT, "GPA_INTERCEPT", header, memory },
	{ MSHV_HVMSG_INVALID_VP_REGISTER_VALUE, "INVALID_VP_REGISTER_VALUE", nothing,
	  invalid_register },
	{ MSHV_HVMSG_UNRECOVERABLE_EXCEPTION, "UNRECOVERABLE_EXCEPTION", header, nothing },
	{ MSHV_HVMSG_UNSUPPORTED_FEATURE, "UNSUPPORTED_FEATURE", nothing, feature },
	{ MSHV_HVMSG_X64_IO_PORT_INTERCEPT, "X64_IO_PORT_INTERCEPT", header, io_port },
	{ MSHV_HVMSG_X64_MSR_INTERCEPT, "X64_MSR_INTERCEPT", header, msr },
	{ MSHV_HVMSG_X64_CPUID_INTERCEPT, "X64_CPUID_INTERCEPT", header, cpuid },
	{ MSHV_HVMSG_X64_EXCEPTION_INTERCEPT, "X64_EXCEPTION_INTERCEPT", header, exception },
	{ MSHV_HVMSG_X64_APIC_EOI, "X64_APIC_EOI", nothing, eoi },
	{ MSHV_HVMSG_X64_HALT, "X64_HALT", header, nothing },
	{ MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE, "X64_INTERRUPTION_DELIVERABLE", header,
	  deliverable },
	{ MSHV_HVMSG_X64_SIPI_INTERCEPT, "X64_SIPI_INTERCEPT", header, sipi },
	{ 0, NULL, NULL, NULL }
};

static const struct message *find(__u32 type)
{
	const struct message *message;

	for (message = messages; message->name; message++) {
		if (message->type == type)
			return message;
	}
	return NULL;
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

static void print_bytes(FILE *to, const uint8_t *bytes, unsigned int count, unsigned int max)
{
	unsigned int i;

	fputc('[', to);
	for (i = 0; i < count && i < max; i++)
		fprintf(to, "%s%02x", i ? " " : "", bytes[i]);
	fputc(']', to);
}

static void print_fields(FILE *to, const uint8_t *payload, const struct field *field)
{
	for (; field->kind != END; field++) {
		switch (field->kind) {
		case SEGMENT:
			print_segment(to, field->name, payload + field->at);
			break;
		case BYTES:
			fprintf(to, " %s=", field->name);
			print_bytes(to, payload + field->at, payload[field->shift], field->size);
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
	if (known) {
		print_fields(to, payload, known->common);
		print_fields(to, payload, known->fields);
	} else {
		fputs(" payload=", to);
		print_bytes(to, payload, message->header.payload_size,
			    MSHV_HV_MESSAGE_PAYLOAD_SIZE);
	}
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

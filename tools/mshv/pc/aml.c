// SPDX-License-Identifier: GPL-2.0
/* ACPI machine language. */
#include <string.h>

#include "aml.h"

#define NAME_OP		0x08
#define BYTE_PREFIX	0x0a
#define DWORD_PREFIX	0x0c
#define SCOPE_OP	0x10
#define BUFFER_OP	0x11
#define PACKAGE_OP	0x12
#define EXT_PREFIX	0x5b
#define DEVICE_OP	0x82

#define LENGTH_BYTES	3		/* of each length: enough for 1 MiB */

static void put(struct aml *aml, const void *from, unsigned int size)
{
	memcpy(aml->at, from, size);
	aml->at += size;
}

/* Leaves room for the length, which counts itself. */
static uint8_t *begin(struct aml *aml)
{
	aml->at += LENGTH_BYTES;
	return aml->at - LENGTH_BYTES;
}

void aml_end(struct aml *aml, uint8_t *begun)
{
	uint32_t length = aml->at - begun;

	begun[0] = (LENGTH_BYTES - 1) << 6 | (length & 0xf);
	begun[1] = length >> 4;
	begun[2] = length >> 12;
}

uint8_t *aml_begin_scope(struct aml *aml, const char *name)
{
	uint8_t *begun;

	*aml->at++ = SCOPE_OP;
	begun = begin(aml);
	put(aml, name, 4);
	return begun;
}

uint8_t *aml_begin_device(struct aml *aml, const char *name)
{
	uint8_t *begun;

	*aml->at++ = EXT_PREFIX;
	*aml->at++ = DEVICE_OP;
	begun = begin(aml);
	put(aml, name, 4);
	return begun;
}

void aml_name(struct aml *aml, const char *name)
{
	*aml->at++ = NAME_OP;
	put(aml, name, 4);
}

void aml_byte(struct aml *aml, uint8_t value)
{
	*aml->at++ = BYTE_PREFIX;
	*aml->at++ = value;
}

static unsigned int hex(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'A' + 10;
}

/* Three letters of five bits and four hexadecimal digits, the highest byte first. */
void aml_eisa_id(struct aml *aml, const char *id)
{
	uint32_t letters = (id[0] & 0x1f) << 10 | (id[1] & 0x1f) << 5 | (id[2] & 0x1f);
	uint8_t bytes[4] = {
		letters >> 8, letters, hex(id[3]) << 4 | hex(id[4]), hex(id[5]) << 4 | hex(id[6])
	};

	*aml->at++ = DWORD_PREFIX;
	put(aml, bytes, sizeof(bytes));
}

void aml_buffer(struct aml *aml, const uint8_t *bytes, unsigned int size)
{
	uint8_t *begun;

	*aml->at++ = BUFFER_OP;
	begun = begin(aml);
	aml_byte(aml, size);
	put(aml, bytes, size);
	aml_end(aml, begun);
}

void aml_package(struct aml *aml, uint8_t value)
{
	uint8_t *begun;
	unsigned int i;

	*aml->at++ = PACKAGE_OP;
	begun = begin(aml);
	*aml->at++ = 4;
	for (i = 0; i < 4; i++)
		aml_byte(aml, i ? 0 : value);
	aml_end(aml, begun);
}

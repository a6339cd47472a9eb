/* SPDX-License-Identifier: GPL-2.0 */
/* As much of ACPI's machine language (ACPI 6.5, chapter 20) as a few devices need. */
#ifndef TOOLS_MSHV_PC_AML_H
#define TOOLS_MSHV_PC_AML_H

#include <stdint.h>

/* @at: where the next byte goes; the caller sees to the room. */
struct aml {
	uint8_t *at;
};

/* What begins here ends with aml_end(), which gets the result. @name has four characters. */
uint8_t *aml_begin_scope(struct aml *aml, const char *name);
uint8_t *aml_begin_device(struct aml *aml, const char *name);
void aml_end(struct aml *aml, uint8_t *begun);

/* Names the object that comes next. */
void aml_name(struct aml *aml, const char *name);

void aml_byte(struct aml *aml, uint8_t value);
void aml_eisa_id(struct aml *aml, const char *id);
void aml_buffer(struct aml *aml, const uint8_t *bytes, unsigned int size);

/* Four numbers, the first is @value, the others 0. */
void aml_package(struct aml *aml, uint8_t value);

#endif

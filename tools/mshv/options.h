/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef TOOLS_MSHV_OPTIONS_H
#define TOOLS_MSHV_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *image;		/* or firmware: one of the two */
	const char *firmware;
	unsigned int bits;		/* of the image: 16, 32 or 64 */
	uint64_t load_address;
	uint64_t memory;		/* bytes */
	uint32_t challenge;		/* rounds; 0: the guest isn't guest64 */
	bool trace;
};

extern const char options_usage[];

/* Returns: NULL, or what is wrong. */
const char *options_parse(int argc, char **argv, struct options *options);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef TOOLS_MSHV_OPTIONS_H
#define TOOLS_MSHV_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *image, *firmware, *kernel;		/* one of the three */
	const char *initrd, *cmdline, *disk;		/* of a Linux guest */
	uint64_t bits, load_address;			/* of the image */
	uint64_t memory;				/* bytes */
	uint64_t challenge;				/* rounds; 0: the guest isn't guest64 */
	uint64_t cpus, features;
	uint64_t timeout;				/* seconds; 0: none */
	bool legacy, lapic, spread, lazy, holes, trace;
};

extern const char options_usage[];

/* Returns: NULL, or what is wrong. */
const char *options_parse(int argc, char **argv, struct options *options);

#endif

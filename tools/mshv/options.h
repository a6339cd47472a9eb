/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef TOOLS_MSHV_OPTIONS_H
#define TOOLS_MSHV_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *image;		/* or firmware, or kernel: one of the three */
	const char *firmware;
	const char *kernel, *initrd, *cmdline, *disk;	/* of a Linux guest */
	unsigned int bits;		/* of the image: 16, 32 or 64 */
	uint64_t load_address;
	uint64_t memory;		/* bytes */
	uint32_t challenge;		/* rounds; 0: the guest isn't guest64 */
	unsigned int cpus;
	bool lapic;
	uint64_t features;		/* synthetic ones */
	unsigned int timeout;		/* seconds; 0: none */
	bool lazy;			/* memory that comes when it is asked for */
	bool holes;			/* where no memory is reads 0 */
	bool spread;			/* VP n keeps to the n-th processor */
	bool legacy;			/* ACPI tables of an older PC, with all its devices */
	bool trace;
};

extern const char options_usage[];

/* Returns: NULL, or what is wrong. */
const char *options_parse(int argc, char **argv, struct options *options);

#endif

// SPDX-License-Identifier: GPL-2.0
/* The command line. */
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "partition.h"

#define MEBIBYTE	0x100000ull
#define MEMORY_MAX	0xc0000000ull	/* what lies above has other uses */
#define TABLES_END	0x8000ull	/* of 64-bit code's first page tables */
#define CHALLENGE_ROUNDS "40"
#define FEATURES_UNSET	(~0ull)
#define FEATURES_LINUX	0xffbull	/* what Linux uses, and VMMs of this interface offer */

const char options_usage[] =
	"usage: mshv-vmm --firmware FILE [--memory SIZE] [--trace]\n"
	"       mshv-vmm --kernel FILE [--initrd FILE] [--cmdline TEXT] [--disk FILE] [--legacy]\n"
	"                [--memory SIZE] [--trace]\n"
	"       mshv-vmm --mode 16|32|64 [--image] FILE [--load-address ADDRESS]\n"
	"                [--memory SIZE] [--challenge[=ROUNDS]] [--trace]\n"
	"       either: [--cpus N] [--lapic] [--features NUMBER] [--timeout SECONDS]\n"
	"               [--spread] [--lazy] [--holes]\n";

/* The first three are called as getopt_long() wants them; OPTIONAL is a number too. */
enum kind { FLAG = no_argument, TEXT = required_argument, OPTIONAL = optional_argument, NUMBER };

#define AT(field)		offsetof(struct options, field)
#define OPTION(name, kind)	{ #name, kind, AT(name), 0, NULL }

static const struct rule {
	const char *name;
	enum kind kind;
	size_t at;
	uint64_t max;			/* of a number, which then is at least 1; 0: any */
	const char *error;
} rules[] = {
	OPTION(image, TEXT), OPTION(firmware, TEXT), OPTION(kernel, TEXT),
	OPTION(initrd, TEXT), OPTION(cmdline, TEXT), OPTION(disk, TEXT),
	OPTION(legacy, FLAG), OPTION(lapic, FLAG), OPTION(spread, FLAG),
	OPTION(lazy, FLAG), OPTION(holes, FLAG), OPTION(trace, FLAG),
	OPTION(memory, NUMBER), OPTION(features, NUMBER),
	{ "mode", NUMBER, AT(bits), 0, NULL },
	{ "load-address", NUMBER, AT(load_address), 0, NULL },
	{ "challenge", OPTIONAL, AT(challenge), 1000000, "1 to 1000000 rounds, please" },
	{ "cpus", NUMBER, AT(cpus), PARTITION_VPS, "1 to 64 processors, please" },
	{ "timeout", NUMBER, AT(timeout), 1000000, "1 to 1000000 seconds, please" },
};

#define RULES	(sizeof(rules) / sizeof(*rules))

/* A number with K, M or G behind it. Returns: whether it is one. */
static bool parse_number(const char *text, uint64_t *number)
{
	static const char units[] = "KMGkmg";
	unsigned int shift = 0;
	const char *unit;
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	if (errno || end == text || *text == '-')
		return false;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * ((unit - units) % 3 + 1);
		end++;
	}
	if (*end || *number << shift >> shift != *number)
		return false;
	*number <<= shift;
	return true;
}

static const char *apply(const struct rule *rule, struct options *options)
{
	void *at = (char *)options + rule->at;
	uint64_t number;

	if (rule->kind == FLAG) {
		*(bool *)at = true;
	} else if (rule->kind == TEXT) {
		*(const char **)at = optarg;
	} else {
		if (!parse_number(optarg ? optarg : CHALLENGE_ROUNDS, &number))
			return "not a number";
		if (rule->max && (!number || number > rule->max))
			return rule->error;
		*(uint64_t *)at = number;
	}
	return NULL;
}

static const char *check_image(struct options *options)
{
	if (options->bits != 16 && options->bits != 32 && options->bits != 64)
		return "an image needs --mode 16, 32 or 64";
	if (!options->load_address)
		options->load_address = options->bits == 16 ? 0x7c00 : MEBIBYTE;
	if (options->bits == 16 && options->load_address > 0xffff)
		return "16-bit code is loaded below 64 KiB";
	if (options->bits == 64 && options->load_address < TABLES_END)
		return "64-bit code is loaded from 32 KiB on, above its page tables";
	if (options->challenge && (options->bits != 64 || options->load_address != MEBIBYTE))
		return "--challenge is for guest64, which is 64-bit code at 1 MiB";
	return NULL;
}

static const char *check(struct options *options)
{
	if (!options->image + !options->firmware + !options->kernel != 2)
		return "either an image, firmware or a kernel, please";
	if (options->kernel)
		options->lapic = true;
	else if (options->initrd || options->cmdline || options->disk)
		return "--initrd, --cmdline and --disk are for kernels";
	if (options->features == FEATURES_UNSET)
		options->features = options->kernel ? FEATURES_LINUX : 0;
	if (!options->memory)
		options->memory = (options->kernel ? 256 : 32) * MEBIBYTE;
	if (options->memory % MEBIBYTE || options->memory < 2 * MEBIBYTE ||
	    options->memory > MEMORY_MAX)
		return "memory is whole MiB, from 2 MiB to 3 GiB";
	if (options->image)
		return check_image(options);
	if (options->bits || options->load_address || options->challenge)
		return "--mode, --load-address and --challenge are for images";
	return NULL;
}

const char *options_parse(int argc, char **argv, struct options *options)
{
	struct option names[RULES + 1] = { 0 };
	const char *error = NULL;
	int found, index;
	size_t i;

	for (i = 0; i < RULES; i++) {
		names[i].name = rules[i].name;
		names[i].has_arg = rules[i].kind == NUMBER ? required_argument : rules[i].kind;
	}
	*options = (struct options){ .cpus = 1, .features = FEATURES_UNSET };
	opterr = 0;
	optind = 0;
	while (!error && (found = getopt_long(argc, argv, "", names, &index)) != -1)
		error = found ? "unknown option, or an argument missing" :
				apply(&rules[index], options);
	if (error)
		return error;
	if (optind < argc && !options->image)
		options->image = argv[optind++];
	return optind < argc ? "too many arguments" : check(options);
}

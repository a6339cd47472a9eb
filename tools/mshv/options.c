// SPDX-License-Identifier: GPL-2.0
/* The command line. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "partition.h"

#define MEBIBYTE	0x100000ull
#define MEMORY_MAX	0xc0000000ull	/* what lies above has other uses */
#define TABLES_END	0x8000ull	/* of 64-bit code's first page tables */
#define CHALLENGE_ROUNDS 40
#define CHALLENGE_MAX	1000000
#define TIMEOUT_MAX	1000000
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

static const struct option names[] = {
	{ "mode", required_argument, NULL, 'm' },
	{ "image", required_argument, NULL, 'i' },
	{ "kernel", required_argument, NULL, 'k' },
	{ "initrd", required_argument, NULL, 'r' },
	{ "cmdline", required_argument, NULL, 'd' },
	{ "disk", required_argument, NULL, 'b' },
	{ "legacy", no_argument, NULL, 'y' },
	{ "firmware", required_argument, NULL, 'f' },
	{ "load-address", required_argument, NULL, 'l' },
	{ "memory", required_argument, NULL, 's' },
	{ "challenge", optional_argument, NULL, 'c' },
	{ "cpus", required_argument, NULL, 'n' },
	{ "lapic", no_argument, NULL, 'a' },
	{ "features", required_argument, NULL, 'e' },
	{ "timeout", required_argument, NULL, 'o' },
	{ "spread", no_argument, NULL, 'p' },
	{ "lazy", no_argument, NULL, 'z' },
	{ "holes", no_argument, NULL, 'h' },
	{ "trace", no_argument, NULL, 't' },
	{ NULL, 0, NULL, 0 }
};

/* A number with K, M or G behind it. Returns: whether it is one. */
static bool parse_number(const char *text, uint64_t *number)
{
	unsigned int shift = 0;
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	if (errno || end == text || *text == '-')
		return false;
	if (*end == 'K' || *end == 'k')
		shift = 10;
	else if (*end == 'M' || *end == 'm')
		shift = 20;
	else if (*end == 'G' || *end == 'g')
		shift = 30;
	if (shift)
		end++;
	if (*end || *number << shift >> shift != *number)
		return false;
	*number <<= shift;
	return true;
}

static const char *set_number(int name, uint64_t number, struct options *options)
{
	switch (name) {
	case 'm':
		options->bits = number;
		break;
	case 'l':
		options->load_address = number;
		break;
	case 's':
		options->memory = number;
		break;
	case 'e':
		options->features = number;
		break;
	case 'n':
		if (!number || number > PARTITION_VPS)
			return "1 to 64 processors, please";
		options->cpus = number;
		break;
	case 'o':
		if (!number || number > TIMEOUT_MAX)
			return "1 to 1000000 seconds, please";
		options->timeout = number;
		break;
	default:
		if (!number || number > CHALLENGE_MAX)
			return "1 to 1000000 rounds, please";
		options->challenge = number;
	}
	return NULL;
}

static bool parse_linux(int name, struct options *options)
{
	switch (name) {
	case 'k':
		options->kernel = optarg;
		break;
	case 'r':
		options->initrd = optarg;
		break;
	case 'd':
		options->cmdline = optarg;
		break;
	case 'b':
		options->disk = optarg;
		break;
	case 'y':
		options->legacy = true;
		break;
	default:
		return false;
	}
	return true;
}

static const char *parse_one(int name, struct options *options)
{
	uint64_t number = 0;

	if (parse_linux(name, options))
		return NULL;
	switch (name) {
	case 'i':
		options->image = optarg;
		return NULL;
	case 'f':
		options->firmware = optarg;
		return NULL;
	case 't':
		options->trace = true;
		return NULL;
	case 'a':
		options->lapic = true;
		return NULL;
	case 'p':
		options->spread = true;
		return NULL;
	case 'z':
		options->lazy = true;
		return NULL;
	case 'h':
		options->holes = true;
		return NULL;
	case 'm':
	case 'l':
	case 's':
	case 'c':
	case 'n':
	case 'e':
	case 'o':
		break;
	default:
		return "unknown option, or an argument missing";
	}
	if (!optarg)
		number = CHALLENGE_ROUNDS;
	else if (!parse_number(optarg, &number))
		return "not a number";

	return set_number(name, number, options);
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

static void set_defaults(struct options *options)
{
	if (options->kernel)
		options->lapic = true;
	if (options->features == FEATURES_UNSET)
		options->features = options->kernel ? FEATURES_LINUX : 0;
	if (!options->memory)
		options->memory = (options->kernel ? 256 : 32) * MEBIBYTE;
}

const char *options_parse(int argc, char **argv, struct options *options)
{
	const char *error = NULL;
	int name;

	*options = (struct options){ .cpus = 1, .features = FEATURES_UNSET };
	opterr = 0;
	optind = 0;
	while (!error && (name = getopt_long(argc, argv, "", names, NULL)) != -1)
		error = parse_one(name, options);
	if (error)
		return error;
	if (optind < argc && !options->image)
		options->image = argv[optind++];
	if (optind < argc)
		return "too many arguments";
	if (!options->image + !options->firmware + !options->kernel != 2)
		return "either an image, firmware or a kernel, please";
	set_defaults(options);
	if (!options->kernel && (options->initrd || options->cmdline || options->disk))
		return "--initrd, --cmdline and --disk are for kernels";
	if (options->memory % MEBIBYTE || options->memory < 2 * MEBIBYTE ||
	    options->memory > MEMORY_MAX)
		return "memory is whole MiB, from 2 MiB to 3 GiB";
	if (options->image)
		return check_image(options);
	if (options->bits || options->load_address || options->challenge)
		return "--mode, --load-address and --challenge are for images";
	return NULL;
}
